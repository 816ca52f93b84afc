import Annals
import AnnalsAnswers
import EventLog

/// `event`: one event in full, and its chain.
struct EventAnswer: Layout {
  let detail: EventDetail
  var document: EventDetail { detail }

  private var fact: Fact { detail.entry.fact }

  func lines(on terminal: Terminal) -> [String] {
    let palette = terminal.output
    var lines = [
      palette.bold("\(fact.position)  \(detail.entry.summary.printable)") + fact.marks, "",
    ]
    var rows: [(String, String)] = [
      ("type", fact.root.type.description),
      ("on", (fact.time?.text ?? "undated") + (fact.basis.map { " (\($0))" } ?? "")),
    ]
    if !detail.event.isErased { rows.append(("confidence", fact.confidence)) }
    rows += Self.fields(fact.data, prefix: "")
    for source in fact.sources {
      let title = source.title.map { "  “\($0)”" } ?? ""
      let url = source.url.map { "  \($0)" } ?? ""
      rows.append(("source", source.text + title + url))
      if let quote = source.quote { rows.append(("quote", "“\(quote)”")) }
    }
    if case .array(let chain) = fact.via {
      for case .object(let link) in chain {
        let parts = ["kind", "name", "note"].compactMap { field -> String? in
          if case .string(let text) = link[field] { text } else { nil }
        }
        rows.append(("via", parts.joined(separator: ", ")))
      }
    }
    if let reason = fact.reason { rows.append(("reason", reason)) }
    if let note = fact.note { rows.append(("note", note)) }
    let batch = fact.root.batch
    rows += [
      ("recorded", "\(batch.recorded) by \(batch.recorder), in batch \(batch.first)"),
      ("id", fact.root.id.description),
      (
        "leaf hash",
        detail.event.leafHash.hexDigits + (detail.isIntact ? "" : "  DOES NOT FIT THE EVENT")
      ),
    ]
    let width = rows.reduce(0) { max($0, $1.0.displayWidth) }
    for (name, value) in rows {
      let padding = String(repeating: " ", count: width - name.displayWidth)
      lines.append("  \(palette.dim(name.printable))\(padding)  \(value.printable)")
    }
    return lines + related("About:", detail.targets, terminal)
      + related("Said about it later:", detail.chain, terminal)
      + related("Named by:", detail.mentions, terminal) + conflictLines(terminal)
      + rollcallLines(terminal)
  }

  /// This account of the vote and those that contradict it, side by side.
  private func conflictLines(_ terminal: Terminal) -> [String] {
    guard !detail.conflicts.isEmpty else { return [] }
    var table = Table(
      [.init("event", right: true), .init("what", give: 1), .init("source", give: 1)],
      hasHeading: false)
    for entry in [detail.entry] + detail.conflicts {
      let sources = entry.fact.sources.map { source in
        source.text + (source.title.map { "  “\($0)”" } ?? "")
      }
      table.add(
        entry.fact.position.description, entry.summary + entry.fact.marks,
        sources.isEmpty ? "no source" : sources.joined(separator: ", "))
    }
    return ["", "Accounts of this vote that contradict each other:"]
      + table.lines(width: terminal.width, palette: terminal.output, indent: 2)
  }

  /// Fields of the payload with dot paths, as `append` takes them.
  static func fields(_ value: JSON, prefix: String) -> [(String, String)] {
    switch value {
    case .object(let members):
      members.flatMap { fields($1, prefix: prefix.isEmpty ? $0 : "\(prefix).\($0)") }
    case .string(let text): [(prefix, text)]
    case .array(let elements):
      [
        (
          prefix,
          elements.map { if case .string(let text) = $0 { text } else { JSONWriter.compact($0) } }
            .joined(separator: ", ")
        )
      ]
    default: [(prefix, JSONWriter.compact(value))]
    }
  }

  private func related(
    _ title: String, _ entries: [TimelineEntry], _ terminal: Terminal
  ) -> [String] {
    guard !entries.isEmpty else { return [] }
    var table = Table(
      [
        .init("event", right: true), .init("what", give: 1), .init("recorded"), .init("by"),
      ], hasHeading: false)
    for entry in entries {
      let batch = entry.fact.root.batch
      table.add(
        entry.fact.position.description, entry.summary,
        DateText.recorded(batch.recorded, delayDays: nil, on: terminal), batch.recorder)
    }
    return ["", title]
      + table.lines(width: terminal.width, palette: terminal.output, indent: 2)
  }

  private func rollcallLines(_ terminal: Terminal) -> [String] {
    guard !detail.rollcalls.isEmpty else { return [] }
    var table = Table(
      [
        .init("rollcall"), .init("on"), .init("tally"), .init("result"),
        .init("event", right: true),
      ], hasHeading: false)
    for tally in detail.rollcalls {
      table.add(
        tally.rollcall, tally.on ?? "undated", tally.text ?? "", tally.result ?? "",
        tally.position.description)
    }
    return ["", "Roll calls that it speaks of:"]
      + table.lines(width: terminal.width, palette: terminal.output, indent: 2)
  }
}
