import Annals
import AnnalsAnswers
import EventLog

/// `timeline`, `log` and `search`: facts, one per line.
struct EntriesTable: Layout {
  let document: EntriesAnswer

  /// Whether the events that corrected or disputed a fact are shown to people below it.
  var showsHistory = false

  func lines(on terminal: Terminal) -> [String] {
    var columns: [Table.Column] = [
      .init("on"), .init("what", give: 1), .init("source", give: 2), .init("event", right: true),
    ]
    if !document.isFacts { columns += [.init("recorded"), .init("by", give: 1)] }
    var table = Table(columns)
    for entry in document.entries {
      let fact = entry.fact
      let marks = fact.marks
      table.rows.append(
        cells(
          on: fact.time?.text ?? "undated", what: entry.summary + marks, source: fact.shownSource,
          fact.root, terminal))
      guard showsHistory else { continue }
      for event in fact.chain {
        table.rows.append(
          cells(on: "", what: "  └ \(event.type.name)", source: "", event, terminal))
      }
    }
    return table.lines(width: terminal.width, palette: terminal.output)
  }

  private func cells(
    on: String, what: String, source: String, _ event: RecordedEvent, _ terminal: Terminal
  ) -> [String] {
    var cells = [on, what, source, event.position.description]
    if !document.isFacts {
      cells += [
        DateText.recorded(event.batch.recorded, delayDays: nil, on: terminal),
        event.batch.recorder,
      ]
    }
    return cells.map(\.printable)
  }
}

extension Fact {
  /// What a reader must not overlook, after the summary.
  var marks: String {
    var marks: [String] = []
    if !isLive { marks.append("retracted") }
    if isDisputed { marks.append("disputed") }
    if let setAsideBy { marks.append("set aside by \(setAsideBy)") }
    if let resolvedBy { marks.append("resolved by \(resolvedBy)") }
    if current != position { marks.append("corrected by \(current)") }
    if confidence != "asserted" { marks.append(confidence) }
    return marks.isEmpty ? "" : " (\(marks.joined(separator: ", ")))"
  }
}
