import Annals
import EventLog

/// `source`: versions, what rests on them, and what contradicts it.
struct SourceTable: Answer {
  let answer: SourceAnswer

  /// How many facts of older versions are printed for people.
  private static let listed = 10

  private var total: Int { answer.facts.reduce(0) { $0 + $1.count } }

  var json: JSON {
    .members([
      "schema": "annals.source.v1", "source": .string(answer.source),
      "title": .text(answer.title), "knownBy": answer.knownBy.json,
      "versions": .array(records), "facts": .whole(total),
      "types": .keyed(answer.facts.map { ($0.type, .whole($0.count)) }),
      "first": .whole(answer.positions?.lowerBound.rawValue),
      "last": .whole(answer.positions?.upperBound.rawValue),
      "outdatedCount": .whole(answer.outdatedCount),
      "outdated": .array(
        answer.outdated.map { fact in
          guard case .object(var object) = fact.entry.evidenceJSON else { return .null }
          object["version"] = .whole(fact.version)
          return .object(object)
        }),
      "contradictionCount": .whole(answer.contradictionCount),
      "contradictions": .array(
        answer.contradictions.map { found in
          .members([
            "kind": .string(found.kind.rawValue), "fact": found.entry.accountJSON,
            "others": .array(found.others.map(\.accountJSON)),
          ])
        }),
    ])
  }

  var records: [JSON] {
    answer.versions.map { version in
      let fact = version.entry.fact
      return .members([
        "version": .whole(version.number), "seq": .integer(fact.position.rawValue),
        "id": .string(fact.root.id.description),
        "recorded": .string(fact.root.batch.recorded.description),
        "recorder": .string(fact.root.batch.recorder), "on": .text(fact.time?.text),
        "live": .bool(fact.isLive), "disputed": .bool(fact.isDisputed), "data": fact.data,
        "facts": .whole(version.facts),
        "changes": version.changes.map { .array($0.map(Self.json)) },
        "chain": .array(
          fact.chain.map { event in
            .members([
              "seq": .integer(event.position.rawValue), "type": .string(event.type.name),
            ])
          }),
      ])
    }
  }

  private static func json(_ change: SourceAnswer.FieldChange) -> JSON {
    .members([
      "field": .string(change.field), "change": .string(verb(change)),
      "before": change.before ?? .null, "after": change.after ?? .null,
    ])
  }

  private static func verb(_ change: SourceAnswer.FieldChange) -> String {
    if change.before == nil { return "added" }
    return change.after == nil ? "removed" : "changed"
  }

  var sheet: Sheet {
    Sheet(
      columns: ["version", "seq", "recorded", "recorder", "facts", "field", "before", "after"],
      rows: answer.versions.flatMap { version in
        let fact = version.entry.fact
        let start: [JSON] = [
          .whole(version.number), .integer(fact.position.rawValue),
          .string(fact.root.batch.recorded.description), .string(fact.root.batch.recorder),
          .whole(version.facts),
        ]
        let changes = version.changes ?? []
        if changes.isEmpty { return [start + [.null, .null, .null]] }
        return changes.map {
          start + [.string($0.field), $0.before ?? .null, $0.after ?? .null]
        }
      })
  }

  // MARK: for people

  func lines(on terminal: Terminal) -> [String] {
    let palette = terminal.output
    var lines = [
      palette.bold(answer.source.printable) + ", known by \(answer.knownBy.text)"
    ]
    if let title = answer.title { lines.append(palette.dim("  “\(title.printable)”")) }
    for version in answer.versions { lines += [""] + versionLines(version, terminal) }
    lines += ["", "Facts that rest on it: \(total.grouped)" + span]
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
          "\(Self.verb(change)): "
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
