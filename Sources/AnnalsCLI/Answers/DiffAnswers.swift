import Annals
import EventLog

/// An answer that can be "nothing".
protocol DiffingAnswer: Answer {
  var differs: Bool { get }
}

/// `diff --on A..B`: what the world changed.
struct WorldDiffAnswer: DiffingAnswer {
  let diff: WorldDiff

  var differs: Bool {
    diff.before != diff.after || !diff.ended.isEmpty
      || diff.steps.contains { $0.before != $0.level }
  }

  var json: JSON {
    var object: JSONObject = [
      "schema": "annals.diff.v1", "axis": "world",
      "actor": .string(diff.actor.id), "actorName": .string(diff.actor.name),
      "topic": .string(diff.topic.id), "proposition": .string(diff.topic.name),
      "from": .string(diff.from), "to": .string(diff.to), "knownBy": diff.knownBy.json,
      "rule": .string(diff.rule), "leftOut": diff.leavingOut.json,
    ]
    object["before"] = .string(diff.before.label)
    object["after"] = .string(diff.after.label)
    object["steps"] = .array(records)
    object["ended"] = .array(diff.ended.map(AuditTable.json))
    object["coverage"] = .array(diff.coverage.map(JSON.string))
    return .object(object)
  }

  var records: [JSON] { diff.steps.map(AuditTable.json) }

  var sheet: Sheet { AuditTable.sheet(diff.steps) }

  func lines(on terminal: Terminal) -> [String] {
    let palette = terminal.output
    var lines = [
      palette.bold("\(diff.actor.name.printable) on \(diff.topic.id)")
        + ", from \(diff.from) to \(diff.to), known by \(diff.knownBy.text), rule \(diff.rule)",
      "\(diff.before.label) → \(diff.after.label)", "",
    ]
    var table = Table([
      .init("on"), .init("stance"), .init("event", right: true), .init("source", give: 2),
      .init("what", give: 1),
    ])
    for step in diff.steps {
      let isChange = step.before != step.level
      table.add(
        DateText.day(step.from) ?? "…",
        isChange ? "\(step.before.label) → \(step.level.label)" : "\(step.level.label) (confirmed)",
        step.evidence.position.description, step.evidence.shownSource, step.summary)
    }
    lines += table.lines(width: terminal.width, palette: palette)
    for step in diff.ended {
      lines.append(
        "\(DateText.day(step.to) ?? "…")  \(step.level.label) ended by itself "
          + "(\(step.evidence.position)): no data")
    }
    let changes = diff.steps.count { $0.before != $0.level } + diff.ended.count
    let confirmations = diff.steps.count { $0.before == $0.level }
    lines += diff.steps.isEmpty && diff.ended.isEmpty ? [] : [""]
    lines.append(
      "The world: \(changes.counted("change")), \(confirmations.counted("confirmation")).")
    for note in diff.coverage + diff.leavingOut.notes { lines.append("note  \(note.printable)") }
    return lines
  }
}

/// `diff ACTOR TOPIC --known-by A..B`: what was learned or put right about a stance.
struct RevisionDiffAnswer: DiffingAnswer {
  let diff: RevisionDiff

  var differs: Bool { !diff.lines.isEmpty }

  var json: JSON {
    var object: JSONObject = [
      "schema": "annals.diff.v1", "axis": "record",
      "actor": .string(diff.actor.id), "actorName": .string(diff.actor.name),
      "topic": .string(diff.topic.id), "proposition": .string(diff.topic.name),
      "on": .string(diff.on), "from": diff.from.json, "to": diff.to.json,
      "rule": .string(diff.rule), "leftOut": diff.leavingOut.json,
    ]
    object["before"] = .string(diff.before.label)
    object["after"] = .string(diff.after.label)
    object["lines"] = .array(records)
    return .object(object)
  }

  var records: [JSON] {
    diff.lines.map { line in
      .members([
        "kind": .string(line.kind.rawValue),
        "before": line.before.map(AuditTable.json) ?? .null,
        "after": line.after.map(AuditTable.json) ?? .null,
        "causes": .array(line.causes.map(\.evidenceJSON)),
      ])
    }
  }

  var sheet: Sheet {
    Sheet(
      columns: [
        "kind", "before_from", "before_label", "before_event", "after_from", "after_label",
        "after_event", "causes",
      ],
      rows: diff.lines.map { line in
        [
          .string(line.kind.rawValue), .text(DateText.day(line.before?.from)),
          .text(line.before?.level.label), .whole(line.before?.evidence.position.rawValue),
          .text(DateText.day(line.after?.from)), .text(line.after?.level.label),
          .whole(line.after?.evidence.position.rawValue),
          .string(line.causes.map { "\($0.fact.position)" }.joined(separator: " ")),
        ]
      })
  }

  func lines(on terminal: Terminal) -> [String] {
    let palette = terminal.output
    var lines = [
      palette.bold("\(diff.actor.name.printable) on \(diff.topic.id)")
        + ", on \(diff.on): known by \(diff.from.text) → known by \(diff.to.text)",
      "\(diff.before.label) → \(diff.after.label)", "",
    ]
    var table = Table(
      [
        .init(""), .init("from"), .init("stance"), .init("event", right: true),
        .init("what", give: 1),
      ], hasHeading: false)
    for line in diff.lines {
      if let step = line.before { table.rows.append(cells("-", step)) }
      if let step = line.after { table.rows.append(cells("+", step)) }
      for cause in line.causes where cause.fact.position != line.after?.evidence.position {
        table.rows.append([
          "", "", "", cause.fact.position.description, "because: " + cause.summary.printable,
        ])
      }
    }
    lines += table.lines(width: terminal.width, palette: palette)
    func count(_ kind: DiffLine.Kind) -> Int { diff.lines.count { $0.kind == kind } }
    lines += diff.lines.isEmpty ? [] : [""]
    lines.append(
      "What was known: \(count(.changed).counted("step")) changed, \(count(.added).grouped) added, "
        + "\(count(.removed).grouped) removed.")
    for note in diff.leavingOut.notes { lines.append("note  \(note.printable)") }
    return lines
  }

  private func cells(_ sign: String, _ step: StanceStep) -> [String] {
    [
      sign, DateText.day(step.from) ?? "…", step.level.label,
      step.evidence.position.description, step.summary.printable,
    ]
  }
}

/// `diff --known-by A..B`: what the record took in.
struct RecordDiffAnswer: DiffingAnswer {
  let diff: RecordDiff

  var differs: Bool { diff.from.position != diff.to.position }

  var json: JSON {
    .members([
      "schema": "annals.diff.v1", "axis": "record", "from": diff.from.json, "to": diff.to.json,
      "added": .object(
        diff.added.reduce(into: JSONObject()) { $0[$1.type] = .integer(Int64($1.count)) }),
      "newFacts": .array(diff.newFacts.map(\.evidenceJSON)),
      "amendedNew": .integer(Int64(diff.amendedNew)),
      "changed": .array(diff.changed.map(Self.json)),
      "stances": .array(diff.stances.map(Self.json)),
    ])
  }

  var records: [JSON] { diff.newFacts.map(\.evidenceJSON) + diff.changed.map(Self.json) }

  private static func json(_ changed: ChangedFact) -> JSON {
    guard case .object(var object) = changed.entry.evidenceJSON else { return .null }
    object["changes"] = .array(
      changed.fields.map {
        .members([
          "field": .string($0.field), "before": .text($0.before), "after": .text($0.after),
        ])
      })
    object["causes"] = .array(changed.causes.map(\.evidenceJSON))
    return .object(object)
  }

  private static func json(_ change: StanceChange) -> JSON {
    .members([
      "actor": .string(change.actor.id), "topic": .string(change.topic.id),
      "from": .text(DateText.day(change.from)), "before": .string(change.before.label),
      "after": .string(change.after.label), "rule": .string(change.rule),
    ])
  }

  var sheet: Sheet {
    Sheet(
      columns: ["seq", "type", "field", "before", "after", "causes", "summary"],
      rows: diff.newFacts.map { entry in
        [
          .integer(entry.fact.position.rawValue), .string(entry.fact.type), .null, .null, .null,
          .null, .string(entry.summary),
        ]
      }
        + diff.changed.flatMap { changed in
          changed.fields.map { field in
            [
              .integer(changed.entry.fact.position.rawValue), .string(changed.entry.fact.type),
              .string(field.field), .text(field.before), .text(field.after),
              .string(changed.causes.map { "\($0.fact.position)" }.joined(separator: " ")),
              .string(changed.entry.summary),
            ]
          }
        })
  }

  private static let shownFacts = 20

  func lines(on terminal: Terminal) -> [String] {
    let palette = terminal.output
    var lines = [
      palette.bold("The record") + ": known by \(diff.from.text) → known by \(diff.to.text)", "",
    ]
    let total = diff.added.reduce(0) { $0 + $1.count }
    let types = diff.added.map { "\($0.count.grouped) \($0.type)" }.joined(separator: ", ")
    lines.append(total == 0 ? "No new facts." : "\(total.counted("new fact")): \(types)")
    var table = Table([.init(""), .init("on"), .init("what", give: 1)], hasHeading: false)
    for entry in diff.newFacts.prefix(Self.shownFacts) {
      table.add(
        "  \(entry.fact.position)", entry.fact.time?.text ?? "undated", entry.summary)
    }
    lines += table.lines(width: terminal.width, palette: palette)
    if total > Self.shownFacts {
      lines.append("  + \((total - Self.shownFacts).grouped) more (annals log, or -o json)")
    }
    if diff.amendedNew > 0 {
      lines.append(
        "Of the new facts, \(diff.amendedNew.grouped) corrected, retracted or disputed since.")
    }
    if !diff.changed.isEmpty { lines += ["", "Facts that read otherwise:"] }
    for changed in diff.changed {
      lines.append("  \(changed.entry.fact.position)  \(changed.entry.summary.printable)")
      for field in changed.fields {
        lines.append("      - \(field.field): \((field.before ?? "nothing").printable)")
        lines.append("      + \(field.field): \((field.after ?? "nothing").printable)")
      }
      for cause in changed.causes {
        lines.append("      \(cause.fact.position)  \(cause.summary.printable)")
      }
    }
    if !diff.stances.isEmpty { lines += ["", "Stances that read otherwise:"] }
    for change in diff.stances {
      lines.append(
        "  \(change.actor.name.printable) on \(change.topic.id): \(change.before.label) → "
          + "\(change.after.label), from \(DateText.day(change.from) ?? "the beginning")")
    }
    return lines
  }
}
