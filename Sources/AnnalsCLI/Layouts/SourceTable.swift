import Annals
import AnnalsAnswers
import EventLog

/// `source`: versions, what rests on them, and what contradicts it.
struct SourceTable: Layout {
  let answer: SourceAnswer
  var document: SourceAnswer { answer }

  /// How many facts of older versions are printed for people.
  private static let listed = 10

  func lines(on terminal: Terminal) -> [String] {
    let palette = terminal.output
    var lines = [
      palette.bold(answer.source.printable) + ", known by \(answer.knownBy.text)"
    ]
    if let title = answer.title { lines.append(palette.dim("  “\(title.printable)”")) }
    for version in answer.versions { lines += [""] + versionLines(version, terminal) }
    lines += ["", "Facts that rest on it: \(answer.total.grouped)" + span]
    var table = Table([.init("type"), .init("count", right: true)], hasHeading: false)
    for type in answer.facts { table.add(type.type, type.count.grouped) }
    lines += table.lines(width: terminal.width, palette: palette, indent: 2)
    return lines + outdatedLines(terminal) + contradictionLines(terminal)
  }

  private var span: String {
    guard let positions = answer.positions else { return "" }
    return ", first \(positions.lowerBound), last \(positions.upperBound)"
  }

  private func versionLines(
    _ version: SourceAnswer.Version, _ terminal: Terminal
  ) -> [String] {
    let fact = version.entry.fact
    let batch = fact.root.batch
    let name = version.number.map { "Version \($0)" } ?? "Capture"
    let recorded = DateText.recorded(batch.recorded, delayDays: nil, on: terminal)
    var lines = [
      terminal.output.bold(name)
        + "  \(fact.position), recorded \(recorded) by \(batch.recorder)\(fact.marks)".printable
    ]
    var table = Table([.init("field"), .init("value", give: 1)], hasHeading: false)
    if let changes = version.changes {
      if changes.isEmpty { lines.append("  nothing differs from the version before") }
      for change in changes {
        let before = change.before.map(Self.text)
        let after = change.after.map(Self.text)
        table.add(
          change.field,
          "\(change.verb): "
            + [before, after].compactMap { $0 }.joined(separator: "  →  "))
      }
    } else if case .object(let data) = fact.data {
      for (field, value) in data where field != "source" { table.add(field, Self.text(value)) }
    }
    lines += table.lines(width: terminal.width, palette: terminal.output, indent: 2)
    if answer.hasHistory {
      lines += fact.chain.map { "  └ \($0.type.name) \($0.position)" }
    }
    return lines
  }

  private static func text(_ value: JSON) -> String {
    if case .string(let text) = value { text } else { JSONWriter.compact(value) }
  }

  private func outdatedLines(_ terminal: Terminal) -> [String] {
    guard answer.outdatedCount > 0 else { return [] }
    var table = Table(
      [.init("event", right: true), .init("what", give: 1), .init("version")],
      hasHeading: false)
    for fact in answer.outdated.prefix(Self.listed) {
      table.add(
        fact.entry.fact.position.description, fact.entry.summary + fact.entry.fact.marks,
        "rests on version \(fact.version)")
    }
    var lines = ["", "Recorded before the source was captured again: "]
    lines[1] += answer.outdatedCount.grouped
    lines += table.lines(width: terminal.width, palette: terminal.output, indent: 2)
    let more = answer.outdatedCount - min(answer.outdated.count, Self.listed)
    if more > 0 {
      lines.append("  + \(more.grouped) more (annals log --source \(answer.source) --reverse)")
    }
    return lines
  }

  private func contradictionLines(_ terminal: Terminal) -> [String] {
    var table = Table(
      [
        .init("kind"), .init("event", right: true), .init("what", give: 1),
        .init("source", give: 2),
      ], hasHeading: false)
    for found in answer.contradictions {
      add(found.entry, found.kind.words, to: &table)
      if found.kind == .source {
        for source in found.entry.fact.sources where source.relation == "contradicts" {
          table.add("", "", "  against it", source.text)
        }
      }
      for other in found.others { add(other, "", to: &table) }
    }
    if table.rows.isEmpty { return [] }
    let more = answer.contradictionCount - answer.contradictions.count
    return ["", "Contradicted: \(answer.contradictionCount.grouped)"]
      + table.lines(width: terminal.width, palette: terminal.output, indent: 2)
      + (more > 0 ? ["  + \(more.grouped) more"] : [])
  }

  private func add(_ entry: TimelineEntry, _ kind: String, to table: inout Table) {
    table.add(
      kind, entry.fact.position.description, entry.summary + entry.fact.marks,
      entry.fact.sources.isEmpty
        ? "no source" : entry.fact.sources.map(\.text).joined(separator: ", "))
  }
}

extension SourceAnswer.Contradiction.Kind {
  fileprivate var words: String {
    switch self {
    case .source: "by a source"
    case .dispute: "disputed"
    case .vote: "other vote"
    }
  }
}
