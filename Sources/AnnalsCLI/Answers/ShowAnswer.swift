import Annals
import EventLog

/// `show`: where an actor stands on a topic, since when, and why.
struct ShowAnswer: Answer {
  let position: PositionAnswer
  /// The last day of the moment that was asked about.
  let day: Int64
  /// How many lines of evidence to print for people.
  let evidenceLimit: Int

  var json: JSON {
    var object: JSONObject = [
      "schema": "annals.show.v1",
      "actor": .string(position.actor.id), "actorName": .string(position.actor.name),
      "topic": .string(position.topic.id), "topicName": .string(position.topic.name),
      "proposition": .string(position.proposition),
      "on": .string(position.on), "knownBy": position.knownBy.json,
    ]
    let level = position.step?.level
    Level.members(level, into: &object)
    object["label"] = .string(level.label)
    object["since"] = .text(DateText.day(position.since))
    object["restsOn"] = .text(position.step?.restsOn)
    object["rule"] = .string(position.rule)
    object["leftOut"] = position.leavingOut.json
    object["n"] = .integer(Int64(position.count))
    object["period"] = Self.period(position.period)
    object["coverage"] = .array(position.coverage.map(JSON.string))
    object["evidence"] = .array(position.evidence.map(\.evidenceJSON))
    if !position.history.isEmpty { object["history"] = .array(position.history.map(\.json)) }
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
    let level = position.step?.level
    let first = position.evidence.first
    return Sheet(
      columns: [
        "actor", "topic", "on", "known_by", "level_low", "level_high", "label", "since", "rule",
        "n", "event", "event_on", "source",
      ],
      rows: [
        [
          .string(position.actor.id), .string(position.topic.id), .string(position.on),
          .integer(position.knownBy.position.rawValue), .whole(level?.low), .whole(level?.high),
          .string(level.label), .text(DateText.day(position.since)), .string(position.rule),
          .integer(Int64(position.count)), .whole(first?.fact.position.rawValue),
          .text(first?.fact.time?.text), .text(first?.fact.source),
        ]
      ])
  }

  func lines(on terminal: Terminal) -> [String] {
    let palette = terminal.output
    var lines = [
      palette.bold("\(position.actor.name.printable) on \(position.topic.id)")
        + ", on \(position.on), known by \(position.knownBy.text)",
      palette.dim("  “\(position.proposition.printable)”"),
    ]
    if let step = position.step {
      lines += standing(step, palette) + because(on: terminal)
      lines.append("  rests on   \(step.restsOn.printable)")
    } else {
      lines.append("  " + palette.bold("no data"))
    }
    lines.append("  rule       \(position.rule)   \(facts)")
    for note in position.coverage + position.leavingOut.notes {
      lines.append("  note       \(note.printable)")
    }
    lines += FactHistory.lines(position.history)
    return lines
  }

  private func standing(_ step: PositionStep, _ palette: Palette) -> [String] {
    var text = "  " + palette.bold(step.level.label)
    if let since = position.since, let date = DateText.day(since) {
      text += "   since \(date)"
      if day > since { text += ", for \(DateText.span(from: since, to: day))" }
    }
    if let before = position.before { text += "   (before: \(before.label))" }
    return [text]
  }

  private func because(on terminal: Terminal) -> [String] {
    var table = Table(
      [
        .init("#", right: true), .init("on"), .init("source", give: 2), .init("what", give: 1),
      ], hasHeading: false)
    for entry in position.evidence.prefix(evidenceLimit) {
      table.add(
        entry.fact.position.description, entry.fact.time?.text ?? "undated",
        entry.fact.shownSource, entry.summary)
    }
    let rows = table.lines(width: terminal.width, palette: terminal.output, indent: 13)
    var lines = rows.enumerated().map { index, row in
      index == 0 ? "  because    " + row.dropFirst(13) : row
    }
    let more = position.evidence.count - evidenceLimit
    if more > 0 {
      lines.append("             + \(more.grouped) more (annals timeline \(arguments))")
    }
    return lines
  }

  /// "4 facts, 2022-10-13 to 2025-02-24".
  private var facts: String {
    let count = position.count == 1 ? "1 fact" : "\(position.count.grouped) facts"
    guard let period = position.period, let from = DateText.day(period.lowerBound),
      let to = DateText.day(period.upperBound)
    else { return count }
    return from == to ? "\(count), \(from)" : "\(count), \(from) to \(to)"
  }

  private var arguments: String { "\(position.actor.id) \(position.topic.id)" }
}
