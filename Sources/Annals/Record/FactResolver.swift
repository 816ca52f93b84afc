import EventLog

/// Puts facts together from their events: the root, and all that was said about it later.
struct FactResolver {
  private var events: [Position: RecordedEvent] = [:]
  private var positions: [EventID: Position] = [:]

  init(_ events: some Sequence<RecordedEvent>) {
    // Of an erased payload nothing is left that could be a fact, or bear on one.
    for event in events where !event.isErased {
      self.events[event.position] = event
      positions[event.id] = event.position
    }
  }

  /// One fact per root among the events, in log order; amendments are part of what they amend.
  func facts() -> [Fact] { judged().facts }

  /// The facts, and what all amendments among the events come to.
  func judged() -> (facts: [Fact], amendments: AmendmentState.Resolved) {
    let ordered = events.values.sorted { $0.position < $1.position }
    var amendments = AmendmentState()
    var chains: [Position: [RecordedEvent]] = [:]
    // By amendment: the facts that it is about in the end.
    var about: [Position: Set<Position>] = [:]
    for event in ordered {
      guard let kind = AmendmentState.kind(of: event.type.name) else { continue }
      let targets = event.event.targets.compactMap { positions[$0] }
      let preferred =
        kind == .settlement
        ? AmendmentState.preferred(in: event.event.body).flatMap { positions[$0] } : nil
      amendments.add(kind, at: event.position, targets: targets, preferred: preferred)
      // The chain of a fact holds what is said about its amendments too: the settlement of a dispute is
      // about all that was disputed.
      let facts = targets.reduce(into: Set<Position>()) { $0.formUnion(about[$1] ?? [$1]) }
      about[event.position] = facts
      for fact in facts { chains[fact, default: []].append(event) }
    }
    let resolved = amendments.resolved()
    let facts = ordered.compactMap { event -> Fact? in
      guard AmendmentState.kind(of: event.type.name) == nil else { return nil }
      return fact(event, chain: chains[event.position] ?? [], resolved)
    }
    return (facts, resolved)
  }

  private func fact(
    _ root: RecordedEvent, chain: [RecordedEvent], _ resolved: AmendmentState.Resolved
  ) -> Fact {
    let body = EventBody(root.event.body)
    var fact = Fact(
      root: root, chain: chain, isLive: resolved.isLive(root.position),
      isDisputed: resolved.disputed.contains(root.position),
      setAsideBy: resolved.setAside[root.position], current: root.position,
      time: root.event.time?.local, basis: body.basis, confidence: body.confidence ?? "asserted",
      data: body.data, sources: body.sources, via: body.via, reason: body.reason, note: body.note)
    var added: [[Citation]] = []
    for position in resolved.corrections[root.position] ?? [] {
      guard let correction = events[position] else { continue }
      let change = EventBody(correction.event.body)
      fact.current = position
      fact.time = correction.event.time?.local ?? fact.time
      fact.basis = change.basis ?? fact.basis
      fact.confidence = change.confidence ?? fact.confidence
      fact.data = fact.data.merging(change.data)
      if !change.sources.isEmpty { added.append(change.sources) }
    }
    // The newest first.
    if !added.isEmpty { fact.sources = added.reversed().flatMap(\.self) + fact.sources }
    return fact
  }
}
