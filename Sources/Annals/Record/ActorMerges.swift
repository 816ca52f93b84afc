/// What ids of actors stand for after merges: themselves, or what they were merged into. `ID` is an
/// id, or the number under which a log has interned it.
struct ActorMerges<ID: Hashable & Sendable>: Sendable {
  /// By id of an actor that was merged: what it stands for.
  private var ends: [ID: ID] = [:]
  private var merged: [ID: [ID]] = [:]

  /// Takes what each actor was merged into.
  ///
  /// An id stands for the end of its chain of merges. A chain that leads back into itself ends before
  /// the first id that comes again.
  init(_ winners: [ID: ID] = [:]) {
    for start in winners.keys where ends[start] == nil {
      var path: [ID] = []
      var places: [ID: Int] = [:]
      var next = start
      while ends[next] == nil, places[next] == nil, let winner = winners[next] {
        places[next] = path.count
        path.append(next)
        next = winner
      }
      var end = ends[next] ?? next
      if let first = places[next] {
        let circle = path[first...]
        for (place, id) in zip(circle.indices, circle) {
          ends[id] = place == first ? circle.last : path[place - 1]
        }
        end = circle.last ?? next
        path.removeSubrange(first...)
      }
      for id in path { ends[id] = end }
    }
    for (id, end) in ends { merged[end, default: []].append(id) }
  }

  var isEmpty: Bool { ends.isEmpty }

  /// Takes one more merge, of an id that stands for nothing but itself. Returns false, and changes
  /// nothing, where other ids would come to stand for another actor as well.
  mutating func add(_ loser: ID, into winner: ID) -> Bool {
    let end = current(winner)
    guard ends[loser] == nil, merged[loser] == nil, end != loser else { return false }
    ends[loser] = end
    merged[end, default: []].append(loser)
    return true
  }

  /// The actor that an id stands for.
  func current(_ id: ID) -> ID { ends[id] ?? id }

  /// All ids that stand for an actor: its own among them, if it stands for itself.
  func ids(of actor: ID) -> Set<ID> {
    Set(merged[actor] ?? []).union(current(actor) == actor ? [actor] : [])
  }
}

extension ActorMerges where ID == String {
  /// Takes the merges among the facts that hold; of several of one actor the last.
  init(_ facts: some Sequence<Fact>) {
    var winners: [String: String] = [:]
    for fact in facts where fact.holds && fact.type == "actor.merged" {
      if let loser = fact.data["loser"]?.string { winners[loser] = fact.data["winner"]?.string }
    }
    self.init(winners)
  }
}
