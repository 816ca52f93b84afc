import Annals
import EventLog

/// `actor`: who an actor is, and what held of it on a day.
struct ActorTable: Answer {
  let answer: ActorAnswer

  /// What the answer holds, by the names of its parts in JSON.
  private var parts: [(name: String, title: String, facts: [ActorFact])] {
    var parts: [(String, String, [ActorFact])] = [
      ("registrations", "Registered:", answer.registrations),
      ("names", "Names:", answer.names),
      ("identifiers", "Identifiers:", answer.identifiers),
      ("roles", "Roles held:", answer.roles),
      ("officers", "Roles held in its name:", answer.officers),
      ("memberships", "Member of:", answer.memberships),
    ]
    if let members = answer.members { parts.append(("members", "Members:", members)) }
    return parts + [
      ("merges", "Merged:", answer.merges), ("predecessors", "Preceded by:", answer.predecessors),
      ("successors", "Succeeded by:", answer.successors),
    ]
  }

  var json: JSON {
    var object: JSONObject = [
      "schema": "annals.actor.v1", "actor": .string(answer.actor.id),
      "actorName": .string(answer.actor.name), "kind": .text(answer.kind),
      "mergedID": .text(answer.mergedID), "on": .string(answer.on),
      "knownBy": answer.knownBy.json,
      "spokeFor": Self.ids(answer.spokeFor), "speakers": Self.ids(answer.speakers),
    ]
    for part in parts { object[part.name] = .array(part.facts.map(Self.json)) }
    object["leftOut"] = .whole(answer.leftOut)
    return .object(object)
  }

  /// The other actors of facts, each once.
  private static func ids(_ facts: [ActorFact]) -> JSON {
    var ids: [String] = []
    for fact in facts {
      if let id = fact.other?.id, !ids.contains(id) { ids.append(id) }
    }
    return .array(ids.map(JSON.string))
  }

  private static func json(_ fact: ActorFact) -> JSON {
    let event = fact.entry.fact
    return .members([
      "value": .string(fact.value), "detail": fact.detail.map(JSON.string),
      "actor": fact.other.map { .string($0.id) }, "name": fact.other.map { .string($0.name) },
      "speaksFor": event.type == "role.held" ? .bool(fact.isSpeaking) : nil,
      "period": fact.period.map(JSON.string),
      "held": fact.period == nil ? nil : .text(fact.certainty?.rawValue),
      "seq": .integer(event.position.rawValue), "id": .string(event.root.id.description),
      "on": .text(event.time?.text), "live": .bool(event.isLive),
      "disputed": .bool(event.isDisputed), "summary": .string(fact.entry.summary),
      "sources": .array(event.sources.map(\.json)),
      "chain": .array(
        event.chain.map { event in
          .members([
            "seq": .integer(event.position.rawValue), "type": .string(event.type.name),
          ])
        }),
    ])
  }

  var records: [JSON] {
    parts.flatMap { part in
      part.facts.map { fact in
        guard case .object(let members) = Self.json(fact) else { return .null }
        var object: JSONObject = ["part": .string(part.name)]
        for (key, value) in members { object[key] = value }
        return .object(object)
      }
    }
  }

  var sheet: Sheet {
    Sheet(
      columns: [
        "part", "value", "detail", "actor", "name", "period", "held", "seq", "source", "live",
      ],
      rows: parts.flatMap { part in
        part.facts.map { fact in
          [
            .string(part.name), .string(fact.value), .text(fact.detail), .text(fact.other?.id),
            .text(fact.other?.name), .text(fact.period), .text(fact.certainty?.rawValue),
            .integer(fact.entry.fact.position.rawValue), .text(fact.entry.fact.source),
            .bool(fact.entry.fact.isLive),
          ]
        }
      })
  }

  // MARK: for people

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
    for part in parts where !part.facts.isEmpty || part.name == "members" {
      lines += ["", part.facts.isEmpty ? "Members: none is recorded for that day" : part.title]
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
