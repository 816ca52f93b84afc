import EventLog

extension Store {
  /// The facts that hang on a fact: those about what nothing but this fact defines, as the votes in a
  /// roll call hang on its only account. In log order. None for what defines nothing, for a source, and
  /// for what another fact defines as well.
  func dependents(of event: RecordedEvent, through: Position) async throws -> [Fact] {
    let store = asking(at: through)
    let reader = store.reader(through)
    guard let fact = try await reader.fact(of: event) else { return [] }
    var found: [Position: Fact] = [:]
    var gone: Set<Position> = [fact.position]
    var fresh = [fact]
    while let next = fresh.popLast() {
      guard let tag = store.defined(by: next),
        try await !store.isDefinedElsewhere(tag, gone, through)
      else { continue }
      let filed = try await reader.facts(
        of: log.events(matching: [.init(tags: [tag])], through: through))
      for other in filed
      where other.isLive && store.tags(of: other).contains(tag)
        && gone.insert(other.position).inserted
      {
        found[other.position] = other
        fresh.append(other)
      }
    }
    return found.values.sorted { $0.position < $1.position }
  }

  /// What a fact defines, unless that is a source: facts rest on sources, and are about other things.
  private func defined(by fact: Fact) -> Tag? {
    guard
      let (kind, path) = vocabulary.definition(fact.type, version: fact.root.type.version)?.defines,
      kind != .source, let value = fact.data.strings(at: path[...]).first
    else { return nil }
    return Tag(kind: kind.rawValue, value: value)
  }

  /// Whether a fact that holds defines something, beside those that are gone.
  private func isDefinedElsewhere(
    _ tag: Tag, _ gone: Set<Position>, _ through: Position
  ) async throws -> Bool {
    let definers = definitions(of: [tag]).map(\.type)
    return try await reader(through).facts(definers, under: [[tag]]).contains { fact in
      fact.holds && !gone.contains(fact.position) && defined(by: fact) == tag
    }
  }
}
