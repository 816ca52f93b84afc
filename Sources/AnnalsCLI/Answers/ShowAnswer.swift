import Annals
import EventLog

/// `show`: where an actor stands on a topic, since when, and why.
struct ShowAnswer: Answer {
  let stance: StanceAnswer
  /// The last day of the moment that was asked about.
  let day: Int64
  /// How many lines of evidence to print for people.
  let evidenceLimit: Int

  var json: JSON {
    var object: JSONObject = [
      "schema": "annals.show.v1",
      "actor": .string(stance.actor.id), "actorName": .string(stance.actor.name),
      "topic": .string(stance.topic.id), "topicName": .string(stance.topic.name),
      "proposition": .string(stance.proposition),
      "on": .string(stance.on), "knownBy": stance.knownBy.json,
    ]
    let level = stance.step?.level
    Level.members(level, into: &object)
    object["label"] = .string(level.label)
    object["since"] = .text(DateText.day(stance.since))
    object["restsOn"] = .text(stance.step?.restsOn)
    object["rule"] = .string(stance.rule)
    object["leftOut"] = stance.leavingOut.json
    object["n"] = .integer(Int64(stance.count))
    object["period"] = Self.period(stance.period)
    object["coverage"] = .array(stance.coverage.map(JSON.string))
    object["evidence"] = .array(stance.evidence.map(\.evidenceJSON))
    if !stance.history.isEmpty { object["history"] = .array(stance.history.map(\.json)) }
    return .object(object)
  }

  static func period(_ period: ClosedRange<Int64>?) -> JSON {
    guard let period else { return .null }
    return .members([
      "from": .text(DateText.day(period.lowerBound)), "to": .text(DateText.day(period.upperBound)),
    ])
  }

  var records: [JSON] { [json] }

  var sheet: Sheet {
    let level = stance.step?.level
    let first = stance.evidence.first
    return Sheet(
      columns: [
        "actor", "topic", "on", "known_by", "level_low", "level_high", "label", "since", "rule",
        "n", "event", "event_on", "source",
      ],
      rows: [
        [
          .string(stance.actor.id), .string(stance.topic.id), .string(stance.on),
          .integer(stance.knownBy.position.rawValue), .whole(level?.low), .whole(level?.high),
          .string(level.label), .text(DateText.day(stance.since)), .string(stance.rule),
          .integer(Int64(stance.count)), .whole(first?.fact.position.rawValue),
          .text(first?.fact.time?.text), .text(first?.fact.source),
        ]
      ])
  }

  func lines(on terminal: Terminal) -> [String] {
    let palette = terminal.output
    var lines = [
      palette.bold("\(stance.actor.name.printable) on \(stance.topic.id)")
        + ", on \(stance.on), known by \(stance.knownBy.text)",
      palette.dim("  “\(stance.proposition.printable)”"),
    ]
    if let step = stance.step {
      lines += standing(step, palette) + because(on: terminal)
      lines.append("  rests on   \(step.restsOn.printable)")
    } else {
      lines.append("  " + palette.bold("no data"))
    }
    lines.append("  rule       \(stance.rule)   \(facts)")
    for note in stance.coverage + stance.leavingOut.notes {
      lines.append("  note       \(note.printable)")
    }
    lines += FactHistory.lines(stance.history)
    return lines
  }

  private func standing(_ step: StanceStep, _ palette: Palette) -> [String] {
    var text = "  " + palette.bold(step.level.label)
    if let since = stance.since, let date = DateText.day(since) {
      text += "   since \(date)"
      if day > since { text += ", for \(DateText.span(from: since, to: day))" }
    }
    if let before = stance.before { text += "   (before: \(before.label))" }
    return [text]
  }

  private func because(on terminal: Terminal) -> [String] {
    var table = Table(
      [
        .init("#", right: true), .init("on"), .init("source", give: 2), .init("what", give: 1),
      ], hasHeading: false)
    for entry in stance.evidence.prefix(evidenceLimit) {
      table.add(
        entry.fact.position.description, entry.fact.time?.text ?? "undated",
        entry.fact.shownSource, entry.summary)
    }
    let rows = table.lines(width: terminal.width, palette: terminal.output, indent: 13)
    var lines = rows.enumerated().map { index, row in
      index == 0 ? "  because    " + row.dropFirst(13) : row
    }
    let more = stance.evidence.count - evidenceLimit
    if more > 0 {
      lines.append("             + \(more.grouped) more (annals timeline \(arguments))")
    }
    return lines
  }

  /// "4 facts, 2022-10-13 to 2025-02-24".
  private var facts: String {
    let count = stance.count == 1 ? "1 fact" : "\(stance.count.grouped) facts"
    guard let period = stance.period, let from = DateText.day(period.lowerBound),
      let to = DateText.day(period.upperBound)
    else { return count }
    return from == to ? "\(count), \(from)" : "\(count), \(from) to \(to)"
  }

  private var arguments: String { "\(stance.actor.id) \(stance.topic.id)" }
}
