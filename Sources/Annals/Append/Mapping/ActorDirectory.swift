import EventLog

/// Who the names in a data set stand for, and what the store has already.
struct ActorDirectory: Sendable {
  /// Entities that were defined before the import.
  private(set) var defined: Set<Tag> = []
  private var ids: Set<String> = []
  /// By folded name.
  private var named: [String: Set<String>] = [:]
  /// All ids and names, for suggestions.
  private(set) var names: [String] = []
  private var aliases: [String: String] = [:]
  private var merges = ActorMerges<String>()

  /// `aliases` leads from spellings to ids.
  init(store: Store, mapping: Mapping, aliases: [String: String]) async throws {
    for kind in EntityKind.allCases {
      defined.formUnion(try await store.log.tags(kind: kind.rawValue))
    }
    ids = Set(defined.filter { $0.kind == "actor" }.map { String($0.value) })
      .union(mapping.actors.keys)
    for (spelling, id) in aliases { self.aliases[ActorName.folded(spelling)] = id }
    let types = ["actor.registered", "actor.named", "actor.identified"]
    let items = types.flatMap { Amendment.items([$0], []) }
    let events = try await store.log.read(EventQuery(items: items), in: EventRange())
    for fact in try await store.facts(of: events, through: Position(.max)) where fact.holds {
      guard let id = fact.fields.actor else { continue }
      for name in [fact.fields.name, fact.fields.value] {
        if let name { add(name, id) }
      }
    }
    for (id, actor) in mapping.actors { add(actor.name, id) }
    merges = try await store.reader(Position(.max)).merges(of: ids)
    names = ids.sorted() + named.keys.sorted()
  }

  private mutating func add(_ name: String, _ id: String) {
    named[ActorName.folded(name), default: []].insert(id)
  }

  /// True when the actor carries the name already.
  func has(_ name: String, _ actor: String) -> Bool {
    named[ActorName.folded(name)]?.contains(actor) ?? false
  }

  /// The actors that bear a name, where they are several, after merges.
  func actors(named text: String) -> [String] {
    let known = Set((named[ActorName.folded(text)] ?? []).map { merges.current($0) })
    return known.count > 1 ? known.sorted() : []
  }

  /// The actor that an id or a name stands for; nil where another one bears a name of that actor: who
  /// is meant is then no guess to be made.
  func onlyActor(_ text: String) -> String? {
    guard let id = actor(text) else { return nil }
    return named.values.contains { $0.count > 1 && $0.contains(id) } ? nil : id
  }

  /// The actor that a text stands for; nil when that is unknown or not clear.
  func actor(_ text: String) -> String? {
    if ids.contains(text) { return text }
    let folded = ActorName.folded(text)
    let known = Set((named[folded] ?? []).map { merges.current($0) })
    return known.count == 1 ? known.first : aliases[folded]
  }
}
