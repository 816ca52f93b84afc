import EventLog

/// What one event says that bears on positions, with names as the log's interned numbers.
enum StanceInput: Sendable {
  case vote(voter: NameID, rollcall: NameID, choices: ChoiceSet)
  case sponsorship(actor: NameID, motion: NameID, answer: SponsorshipAnswer)
  case statement(speaker: NameID, onBehalfOf: NameID?, topic: NameID, level: Level)
  case stance(actor: NameID, topic: NameID, level: Level?, lastDay: LastDay?)
  case link(topic: NameID, target: NameID, supportingYes: Bool, isStrong: Bool)
  case rollcall(NameID, motion: NameID)
  case role(person: NameID, organisation: NameID, start: Int64, end: Int64)
  case merge(winner: NameID, loser: NameID)

  /// The event types that hold pieces.
  static let types = [
    "vote.cast", "sponsorship.declared", "statement.made", "stance.changed", "topic.linked",
    "rollcall.held", "role.held", "actor.merged",
  ]

  enum SponsorshipAnswer: Sendable { case joined, declined, withdrew }

  /// Reads a payload; nil when it says nothing about positions (a statement without a stance).
  init?(
    type: String, data: JSON, bounds: (earliest: Int64, latest: Int64)?, names: any LogNames
  ) {
    func name(_ kind: String, _ field: String) -> NameID? {
      data[field]?.string.flatMap { names.id(of: Tag(kind: kind, value: $0)) }
    }
    switch type {
    case "vote.cast":
      guard let voter = name("actor", "voter"), let rollcall = name("rollcall", "rollcall"),
        let choices = data["choice"].flatMap(ChoiceSet.init)
      else { return nil }
      self = .vote(voter: voter, rollcall: rollcall, choices: choices)
    case "sponsorship.declared":
      guard let actor = name("actor", "actor"), let motion = name("motion", "motion") else {
        return nil
      }
      let answer: SponsorshipAnswer =
        switch data["answer"]?.string {
        case "declined": .declined
        case "withdrew": .withdrew
        default: .joined
        }
      self = .sponsorship(actor: actor, motion: motion, answer: answer)
    case "statement.made":
      guard let speaker = name("actor", "speaker"), let stance = data["stance"],
        let topic = stance["topic"]?.string.flatMap({ names.id(of: Tag(kind: "topic", value: $0)) }
        ), let level = stance["level"].flatMap(Level.init)
      else { return nil }
      self = .statement(
        speaker: speaker, onBehalfOf: name("actor", "onBehalfOf"), topic: topic, level: level)
    case "stance.changed":
      guard let actor = name("actor", "actor"), let topic = name("topic", "topic") else {
        return nil
      }
      let until = data["until"]?.string.flatMap { try? EDTF($0) }
      self = .stance(
        actor: actor, topic: topic, level: data["level"].flatMap(Level.init),
        lastDay: until.map(LastDay.init))
    case "topic.linked":
      guard let topic = name("topic", "topic"),
        let target = name("rollcall", "rollcall") ?? name("motion", "motion")
      else { return nil }
      self = .link(
        topic: topic, target: target, supportingYes: data["supporting"]?.string != "no",
        isStrong: data["strength"]?.string == "strong")
    case "rollcall.held":
      guard let rollcall = name("rollcall", "rollcall"), let motion = name("motion", "motion")
      else { return nil }
      self = .rollcall(rollcall, motion: motion)
    case "role.held":
      guard let person = name("actor", "person"), data["speaksFor"]?.bool == true,
        let organisation = name("actor", "organisation")
      else { return nil }
      // When it was held: its period, else the event's date.
      let period = data["period"]?.string.flatMap { try? EDTF($0).period }
      guard let start = period?.startMin ?? bounds?.earliest,
        let end = period?.endMax ?? bounds?.latest
      else { return nil }
      self = .role(person: person, organisation: organisation, start: start, end: end)
    case "actor.merged":
      guard let winner = name("actor", "winner"), let loser = name("actor", "loser") else {
        return nil
      }
      self = .merge(winner: winner, loser: loser)
    default:
      return nil
    }
  }
}
