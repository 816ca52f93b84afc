import EventLog

/// Finds the events that made a step come, go or change.
struct DiffCauses {
  /// All events of the meantime that bear on the line.
  private let meanwhile: [Position]
  /// By fact: the events of the meantime that made it, or made it read otherwise.
  private var moves: [Position: Set<Position>] = [:]
  /// The facts that can have to do with another fact's being evidence, by what they are filed under: votes
  /// and accounts of roll calls, links to the topic, roles.
  private var accounts: [Tag: [Position]] = [:]
  private var links: [Tag: [Position]] = [:]
  private var roles: [Tag: [Position]] = [:]
  private var merges: [Position] = []
  /// By roll call: the motions that it was held on.
  private let motions: [Tag: Set<Tag>]
  private let actor: String
  /// The steps that are not the same on both lines: those of the one, and those of the other.
  private let old: Line
  private let new: Line

  /// Steps of one line, which follow one another.
  private struct Line {
    /// In the order of their days.
    private let steps: [StanceStep]
    /// By last day: the steps that ended by themselves.
    private let ended: [Int64: [Int]]

    init(_ steps: [StanceStep]) {
      let steps = steps.sorted { $0.from < $1.from }
      self.steps = steps
      let own = steps.indices.filter { steps[$0].evidence.fields.until != nil }
      ended = Dictionary(grouping: own) { steps[$0].to ?? .max }
    }

    func step(on day: Int64) -> [StanceStep] {
      let next = steps.partitioningIndex { $0.from <= day }
      guard next > 0, steps[next - 1].to ?? .max >= day else { return [] }
      return [steps[next - 1]]
    }

    func ended(before day: Int64) -> [StanceStep] {
      day == .min ? [] : (ended[day - 1] ?? []).map { steps[$0] }
    }
  }

  /// A dispute moves nothing, but for readers who leave out what is disputed.
  fileprivate init(
    _ meanwhile: [Position], of facts: [Fact], motions: [Tag: Set<Tag>], _ line: ActorLine,
    _ pairs: [Store.StepPair]
  ) {
    (self.meanwhile, self.motions) = (meanwhile, motions)
    actor = line.actor.id
    (old, new) = (Line(pairs.compactMap(\.before)), Line(pairs.compactMap(\.after)))
    guard let first = meanwhile.first else { return }
    let topic = Tag(kind: "topic", value: line.topic.id)
    let countsDisputes = line.viewpoint.leavingOut.weak
    for fact in facts {
      let chain = fact.chain.filter { countsDisputes || $0.type.name != "fact.disputed" }
      let events = ([fact.root] + chain).map(\.position).filter { $0 >= first }
      if events.isEmpty { continue }
      moves[fact.position] = Set(events)
      let tags = Self.tags(of: fact)
      switch fact.type {
      case "vote.cast", "rollcall.held":
        for tag in tags { accounts[tag, default: []].append(fact.position) }
      case "topic.linked" where tags.contains(topic):
        for tag in tags { links[tag, default: []].append(fact.position) }
      case "role.held":
        for tag in tags { roles[tag, default: []].append(fact.position) }
      case "actor.merged": merges.append(fact.position)
      default: break
      }
    }
  }

  /// What happened to the step's own fact, to whatever makes it evidence, and to the steps that gave
  /// way to it or took its place.
  func of(_ pair: Store.StepPair) -> [Position] {
    var steps = [pair.before, pair.after].compactMap(\.self)
    // The step that holds on its day on the other line, and the one that ended by itself before it.
    if let before = pair.before {
      steps += new.step(on: before.from) + old.ended(before: before.from)
    }
    if let after = pair.after {
      steps += old.step(on: after.from) + new.ended(before: after.from)
    }
    let found = steps.reduce(into: Set<Position>()) { $0.formUnion(moves(of: $1)) }
    return found.isEmpty ? meanwhile : found.sorted()
  }

  /// What moved the fact of a step, and the facts that have to do with its being evidence on this line:
  /// accounts of the same vote, the roll call, links to the topic, roles of the speaker, and merges, by
  /// which actors are one.
  private func moves(of step: StanceStep) -> Set<Position> {
    let fact = step.evidence
    let tags = Self.tags(of: fact)
    var others = [fact.position]
    switch fact.type {
    case "vote.cast", "sponsorship.declared":
      let places = tags.filter { ["rollcall", "motion"].contains($0.kind) }
      for place in places { others += accounts[place] ?? [] }
      for place in places.union(places.flatMap { motions[$0] ?? [] }) {
        others += links[place] ?? []
      }
    case "statement.made":
      if let speaker = fact.fields.speaker {
        others += roles[Tag(kind: "actor", value: speaker)] ?? []
      }
    default: break
    }
    // Both may have voted in one roll call: two accounts of one vote then.
    if fact.type == "vote.cast" || tags.contains(where: { $0.kind == "actor" && $0.value != actor })
    {
      others += merges
    }
    return others.reduce(into: []) { $0.formUnion(moves[$1] ?? []) }
  }

  /// Everything that a fact was and is filed under.
  private static func tags(of fact: Fact) -> Set<Tag> {
    Set(fact.root.event.tags + fact.chain.flatMap(\.event.tags))
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
