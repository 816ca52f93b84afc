import EventLog

/// What one event says that bears on positions, with names as the log's interned numbers.
enum StanceInput: Sendable {
  case vote(voter: NameID, rollcall: NameID, choices: ChoiceSet, isCasting: Bool)
  case sponsorship(actor: NameID, motion: NameID, answer: SponsorshipAnswer)
  case statement(Statement)
  case stance(actor: NameID, topic: NameID, level: Level?, lastDay: LastDay?)
  case link(topic: NameID, target: NameID, supportingYes: Bool, isStrong: Bool)
  case rollcall(NameID, motion: NameID, origin: AccountRank.Origin, isAnnulled: Bool)
  case role(person: NameID, Tenure<NameID>)
  case merge(winner: NameID, loser: NameID)

  /// The event types that hold pieces.
  static let types = [
    "vote.cast", "sponsorship.declared", "statement.made", "stance.changed", "topic.linked",
    "rollcall.held", "role.held", "actor.merged",
  ]

  enum SponsorshipAnswer: Sendable { case joined, declined, withdrew }

  struct Statement: Sendable {
    var speaker: NameID
    var onBehalfOf: NameID?
    var topic: NameID
    var level: Level
    /// Said under a condition.
    var isConditional: Bool
  }

  /// Reads a payload; nil when it says nothing about positions (a statement without a stance).
  init?(
    type: String, data: JSON, bounds: (earliest: Int64, latest: Int64)?, names: any LogNames
  ) {
    let fields = PayloadFields(data)
    func id(_ kind: String, _ value: String?) -> NameID? {
      value.flatMap { names.id(of: Tag(kind: kind, value: $0)) }
    }
    switch type {
    case "vote.cast":
      guard let voter = id("actor", fields.voter), let rollcall = id("rollcall", fields.rollcall),
        let choices = fields.choice
      else { return nil }
      self = .vote(
        voter: voter, rollcall: rollcall, choices: choices, isCasting: fields.isCasting)
    case "sponsorship.declared":
      guard let actor = id("actor", fields.actor), let motion = id("motion", fields.motion) else {
        return nil
      }
      let answer: SponsorshipAnswer =
        switch fields.answer {
        case "declined": .declined
        case "withdrew": .withdrew
        default: .joined
        }
      self = .sponsorship(actor: actor, motion: motion, answer: answer)
    case "statement.made":
      guard let speaker = id("actor", fields.speaker), let stance = fields.stance,
        let topic = id("topic", stance.topic), let level = stance.level
      else { return nil }
      self = .statement(
        Statement(
          speaker: speaker, onBehalfOf: id("actor", fields.onBehalfOf), topic: topic, level: level,
          isConditional: fields.isConditional))
    case "stance.changed":
      guard let actor = id("actor", fields.actor), let topic = id("topic", fields.topic) else {
        return nil
      }
      self = .stance(
        actor: actor, topic: topic, level: fields.level,
        lastDay: fields.until.map(LastDay.init))
    case "topic.linked":
      guard let topic = id("topic", fields.topic),
        let target = id("rollcall", fields.rollcall) ?? id("motion", fields.motion)
      else { return nil }
      self = .link(
        topic: topic, target: target, supportingYes: fields.isSupporting,
        isStrong: fields.isStrong)
    case "rollcall.held":
      guard let rollcall = id("rollcall", fields.rollcall), let motion = id("motion", fields.motion)
      else { return nil }
      self = .rollcall(
        rollcall, motion: motion, origin: fields.origin, isAnnulled: fields.isAnnulled)
    case "role.held":
      guard let person = id("actor", fields.person), fields.isSpeaking,
        let organisation = id("actor", fields.organisation)
      else { return nil }
      guard let tenure = Tenure(fields, bounds, of: organisation) else { return nil }
      self = .role(person: person, tenure)
    case "actor.merged":
      guard let winner = id("actor", fields.winner), let loser = id("actor", fields.loser) else {
        return nil
      }
      self = .merge(winner: winner, loser: loser)
    default:
      return nil
    }
  }
}
