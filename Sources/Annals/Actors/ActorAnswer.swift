/// Who an actor is: its names, what it belonged to on a day, for whom it spoke, what became of it.
public struct ActorAnswer: Sendable {
  public var actor: Entity
  /// state, person, organisation, body, bloc or anonymous.
  public var kind: String?
  /// The id that the name led to, when that one was merged into the actor.
  public var mergedID: String?
  /// The day asked about.
  public var on: String
  public var knownBy: RecordState
  /// True when facts of other days and facts that were taken back are among the answer.
  public var hasHistory: Bool
  public var registrations: [ActorFact]
  /// Further names and spellings; `value` is the name, `detail` its language.
  public var names: [ActorFact]
  /// `value` is the identifier, `detail` its scheme.
  public var identifiers: [ActorFact]
  /// Offices that the actor held; `other` is in whose name, `value` the title.
  public var roles: [ActorFact]
  /// Offices in the actor's name; `other` is who held them.
  public var officers: [ActorFact]
  /// Groups that the actor belonged to.
  public var memberships: [ActorFact]
  /// Who belonged to the actor, for a group; nil when it was not asked.
  public var members: [ActorFact]?
  /// What was merged into the actor, or what it was merged into; `other` is the other id.
  public var merges: [ActorFact]
  public var predecessors: [ActorFact]
  public var successors: [ActorFact]
  /// Roles and memberships that may have been held on that day, and are not in the answer.
  public var leftOut: Int

  /// For whom the actor spoke on that day.
  public var spokeFor: [ActorFact] { roles.filter(\.speaksFor) }
  /// Who spoke for the actor on that day.
  public var speakers: [ActorFact] { officers.filter(\.speaksFor) }
}

/// One thing that the record says of an actor, with its event and sources.
public struct ActorFact: Sendable {
  public var value: String
  public var detail: String?
  /// The other actor that it is about.
  public var other: Entity?
  /// Whether an office was held as one that speaks for the organisation.
  public var isSpeaking = false
  /// When it was so, as written.
  public var period: String?
  /// How surely it was so on the day asked about; nil when it was not, or has no day.
  public var certainty: Certainty?
  /// The event; with what corrected or retracted it.
  public var entry: TimelineEntry

  /// True when somebody spoke in another's name by it, on the day asked about.
  public var speaksFor: Bool { isSpeaking && certainty != nil && entry.fact.holds }
}
