import EventLog

/// Finds the events that made a step come, go or change.
struct DiffCauses {
  /// All events of the meantime that bear on the line.
  private let meanwhile: [Position]
  /// The facts that they are about.
  private let facts: [Fact]
  /// By fact: the events of the meantime that made it, or made it read otherwise.
  private var moves: [Position: Set<Position>] = [:]
  /// By roll call: the motions that it was held on.
  private let motions: [Tag: Set<Tag>]
  private let actor: String
  private let topic: Tag
  /// The steps that are not the same on both lines: those of the one, and those of the other.
  private let old: [StanceStep]
  private let new: [StanceStep]

  /// A dispute moves nothing, but for readers who leave out what is disputed.
  fileprivate init(
    _ meanwhile: [Position], of facts: [Fact], motions: [Tag: Set<Tag>], _ line: ActorLine,
    _ pairs: [Store.StepPair]
  ) {
    (self.meanwhile, self.facts, self.motions) = (meanwhile, facts, motions)
    (actor, topic) = (line.actor.id, Tag(kind: "topic", value: line.topic.id))
    (old, new) = (pairs.compactMap(\.before), pairs.compactMap(\.after))
    guard let first = meanwhile.first else { return }
    let countsDisputes = line.viewpoint.leavingOut.weak
    for fact in facts {
      let chain = fact.chain.filter { countsDisputes || $0.type.name != "fact.disputed" }
      let events = ([fact.root] + chain).map(\.position).filter { $0 >= first }
      if !events.isEmpty { moves[fact.position] = Set(events) }
    }
  }

  /// What happened to the step's own fact, to whatever makes it evidence, and to the steps that gave
  /// way to it or took its place.
  func of(_ pair: Store.StepPair) -> [Position] {
    var steps = [pair.before, pair.after].compactMap(\.self)
    if let before = pair.before { steps += Self.around(before, on: old, other: new) }
    if let after = pair.after { steps += Self.around(after, on: new, other: old) }
    let found = steps.reduce(into: Set<Position>()) { $0.formUnion(moves(of: $1)) }
    return found.isEmpty ? meanwhile : found.sorted()
  }

  /// The step that holds on its day on the other line, and the one that ended by itself before it.
  private static func around(
    _ step: StanceStep, on line: [StanceStep], other: [StanceStep]
  ) -> [StanceStep] {
    other.filter { $0.from <= step.from && ($0.to ?? .max) >= step.from }
      + line.filter { $0.to == step.from - 1 && $0.evidence.fields.until != nil }
  }

  private func moves(of step: StanceStep) -> Set<Position> {
    let fact = step.evidence
    var moved = moves[fact.position] ?? []
    for other in facts where bears(other, on: fact) { moved.formUnion(moves[other.position] ?? []) }
    return moved
  }

  /// Whether a fact has to do with another one's being evidence on this line: the account of the
  /// same vote, the roll call, the link to the topic, the speaker's role, the actors being one.
  private func bears(_ other: Fact, on fact: Fact) -> Bool {
    let isPlaced = ["vote.cast", "sponsorship.declared"].contains(fact.type)
    switch other.type {
    case "vote.cast", "rollcall.held":
      return isPlaced && !places(of: fact).isDisjoint(with: tags(of: other))
    case "topic.linked":
      let places = places(of: fact)
      let linked = places.union(places.flatMap { motions[$0] ?? [] })
      let tags = tags(of: other)
      return isPlaced && tags.contains(topic) && !linked.isDisjoint(with: tags)
    case "role.held":
      guard fact.type == "statement.made", let speaker = fact.fields.speaker else {
        return false
      }
      return tags(of: other).contains(Tag(kind: "actor", value: speaker))
    case "actor.merged":
      // Both may have voted in one roll call: two accounts of one vote then.
      return fact.type == "vote.cast"
        || tags(of: fact).contains { $0.kind == "actor" && $0.value != actor }
    default:
      return false
    }
  }

  /// Everything that a fact was and is filed under.
  private func tags(of fact: Fact) -> Set<Tag> {
    Set(fact.root.event.tags + fact.chain.flatMap(\.event.tags))
  }

  private func places(of fact: Fact) -> Set<Tag> {
    tags(of: fact).filter { ["rollcall", "motion"].contains($0.kind) }
  }
}

extension Store {
  /// Ready to tell why steps of a line differ from what was known at a position.
  func diffCauses(
    _ line: ActorLine, after position: Position, of pairs: [StepPair]
  ) async throws -> DiffCauses {
    let through = line.knownBy.position
    let meanwhile = line.slice.positions.filter { $0 > position }
    let facts = try await facts(of: events(at: meanwhile), through: through)
    let tags = pairs.flatMap { [$0.before, $0.after].compactMap(\.self) }
      .flatMap(\.evidence.root.event.tags)
    var motions: [Tag: Set<Tag>] = [:]
    let reader = reader(through)
    let rollcalls = Set(tags).filter { $0.kind == "rollcall" }
    try await reader.load(rollcalls.map { RecordReader.Filing(type: "rollcall.held", tags: [$0]) })
    for rollcall in rollcalls {
      let held = try await reader.events(["rollcall.held"], under: [[rollcall]])
      motions[rollcall] = Set(held.flatMap(\.event.tags).filter { $0.kind == "motion" })
    }
    return DiffCauses(meanwhile, of: facts, motions: motions, line, pairs)
  }
}
