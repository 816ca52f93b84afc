import Annals
import AnnalsAnswers
import EventLog

/// `actor`: who an actor is, and what held of it on a day.
struct ActorTable: Layout {
  let answer: ActorAnswer
  var document: ActorAnswer { answer }

  /// The headings of the parts, by their names in JSON.
  private static let titles = [
    "registrations": "Registered:", "names": "Names:", "identifiers": "Identifiers:",
    "roles": "Roles held:", "officers": "Roles held in its name:", "memberships": "Member of:",
    "members": "Members:", "merges": "Merged:", "predecessors": "Preceded by:",
    "successors": "Succeeded by:",
  ]

  func lines(on terminal: Terminal) -> [String] {
    let palette = terminal.output
    let kind = answer.kind.map { ", \($0)" } ?? ""
    var lines = [
      palette.bold("\(answer.actor.name.printable) (\(answer.actor.id.printable)\(kind))")
        + ", on \(answer.on.printable), known by \(answer.knownBy.text)"
    ]
    if let merged = answer.mergedID {
      lines.append("  asked for \(merged.printable), which was merged into it")
    }
    lines += sentences
    for part in answer.parts where !part.facts.isEmpty || part.name == "members" {
      let title = Self.titles[part.name] ?? part.name
      lines += ["", part.facts.isEmpty ? "Members: none is recorded for that day" : title]
      lines += table(part.facts).lines(
        width: terminal.width, palette: palette, indent: 2)
    }
    if answer.leftOut > 0 {
      let isOne = answer.leftOut == 1
      lines += [
        "",
        "\(answer.leftOut.grouped) more \(isOne ? "role or membership" : "roles or memberships") "
          + "may have been held on that day (--possibly shows \(isOne ? "it" : "them")).",
      ]
    }
    return lines
  }

  /// Who spoke for whom on the day.
  private var sentences: [String] {
    func text(_ verb: String, _ facts: [ActorFact]) -> [String] {
      let names = facts.compactMap { fact in
        fact.other.map { $0.name + (fact.certainty == .possible ? " (possibly)" : "") }
      }
      if names.isEmpty { return [] }
      return ["  \(verb) \(names.joined(separator: ", "))".printable]
    }
    return text("spoke for", answer.spokeFor) + text("spoken for by", answer.speakers)
  }

  private func table(_ facts: [ActorFact]) -> Table {
    let hasPeriods = facts.contains { $0.period != nil }
    let periods: [Table.Column] = hasPeriods ? [.init("period"), .init("held")] : []
    var table = Table(
      [.init("what", give: 1)] + periods
        + [.init("event", right: true), .init("source", give: 2)], hasHeading: false)
    func add(_ what: String, _ fact: ActorFact?, _ position: Position, _ source: String) {
      let dates = hasPeriods ? [fact?.period ?? "", fact.map(held) ?? ""] : []
      table.rows.append(([what] + dates + [position.description, source]).map(\.printable))
    }
    for fact in facts {
      let event = fact.entry.fact
      add(what(fact), fact, event.position, event.shownSource + event.marks)
      guard answer.hasHistory else { continue }
      for event in event.chain { add("  └ \(event.type.name)", nil, event.position, "") }
    }
    return table
  }

  private func what(_ fact: ActorFact) -> String {
    guard let other = fact.other else {
      return fact.value + (fact.detail.map { " (\($0))" } ?? "")
    }
    switch fact.entry.fact.type {
    case "role.held":
      return "\(fact.value), \(other.name)" + (fact.isSpeaking ? "" : ", not speaking for it")
    case "actor.merged": return "\(other.id) (\(fact.detail ?? ""))"
    default: return "\(other.name) (\(other.id))"
    }
  }

  private func held(_ fact: ActorFact) -> String {
    if fact.period == nil { return "" }
    return fact.certainty?.rawValue ?? "not then"
  }
}
