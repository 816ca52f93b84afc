import EventLog

@testable import Annals

/// Who is meant by a name, and which ids are one actor.
extension Oracle {
  enum Meaning: Equatable {
    case nobody
    case several
    case one(String)
  }

  /// The actor that a name stands for: as known, or else as known later. A merged id gives what it
  /// was merged into.
  func actor(called name: String) -> String? {
    var meaning = id(called: name)
    if meaning == .nobody {
      meaning = Oracle(history: history, known: history.entries.count).id(called: name)
    }
    if case .one(let id) = meaning { return current(id) }
    return nil
  }

  private func id(called name: String) -> Meaning {
    if isRegistered(name) { return .one(name) }
    var ids: Set<String> = []
    for (kind, field) in [
      (History.Kind.registered, "name"), (.named, "name"), (.identified, "value"),
    ] {
      for fact in holding(kind) where Self.plain(fact.text(field)) == Self.plain(name) {
        ids.insert(fact.text("actor"))
      }
    }
    if ids.isEmpty {
      let plain = Self.plain(name)
      let slug = plain.split(separator: " ").joined(separator: "-")
      for fact in facts where fact.kind == .registered {
        let id = fact.text("actor")
        if id.lowercased() == plain || id.lowercased() == slug { ids.insert(id) }
      }
    }
    guard let id = ids.first else { return .nobody }
    // Ids that were merged are one.
    if ids.count == 1 { return .one(id) }
    return Set(ids.map(current)).count == 1 ? .one(current(id)) : .several
  }

  private func isRegistered(_ id: String) -> Bool {
    facts.contains { $0.kind == .registered && $0.text("actor") == id }
  }

  /// A name without its case, its article, full stops and what stands between words.
  static func plain(_ name: String) -> String {
    var words: [String] = [""]
    for character in name.lowercased() where character != "." {
      if character == " " || character == "_" {
        words.append("")
      } else {
        words[words.count - 1].append(character)
      }
    }
    words.removeAll(where: \.isEmpty)
    if words.count > 1, words[0] == "the" { words.removeFirst() }
    return words.joined(separator: " ")
  }

  /// The id at the end of the chain of merges. A circle ends before the first id that comes again.
  func current(_ id: String) -> String {
    var path = [id]
    while let merge = merges.last(where: { $0.loser == path[path.count - 1] }),
      !path.contains(merge.winner)
    {
      path.append(merge.winner)
    }
    return path[path.count - 1]
  }

  /// The ids that stand for an actor. A group is not among everybody, and may be asked for by a name
  /// that a correction gave it.
  func ids(of actor: String) -> Set<String> {
    Set((History.everybody + [actor]).filter { current($0) == actor })
  }

  /// The name with which an actor was registered, or else its id.
  func displayName(_ id: String) -> String {
    holding(.registered).last { $0.text("actor") == id }?.text("name") ?? id
  }

  /// What a topic proposes, or else its id.
  func proposition(_ topic: String) -> String {
    holding(.topic).last { $0.text("topic") == topic }?.text("proposition") ?? topic
  }

  /// What the motion of a roll call is called: in the last account of it by a source of the account
  /// that gives the roll call, or else in the last of all.
  func title(of rollcall: RollCall) -> String? {
    let accounts = holding(.motion).filter { $0.text("motion") == rollcall.motion }
    let sources = Set(rollcall.main.map { history.entries[$0.index].sources } ?? [])
    let own = accounts.filter { !sources.isDisjoint(with: history.entries[$0.index].sources) }
    return (own.last ?? accounts.last)?.text("title")
  }
}
