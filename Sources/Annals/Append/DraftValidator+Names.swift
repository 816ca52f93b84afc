import EventLog

/// Ids and names that people read alike.
extension DraftValidator {
  // MARK: names

  /// Adds a remark if another actor bears the name already: the name alone is then ambiguous.
  mutating func checkName(of draft: EventReader.Draft) async throws {
    guard Self.naming.contains(draft.event.type.name) else { return }
    let fields = PayloadFields(EventBody(draft.event.body).data)
    guard let actor = fields.actor, let name = fields.name ?? fields.value else { return }
    if namesFiled == nil {
      let stored = head > .start ? try await store.log.tags(kind: "name") : []
      namesFiled = Set(stored.map { ActorName.folded(String($0.value)) })
    }
    let scheme = fields.scheme
    let folded = ActorName.folded(name)
    var bearers = namesHere[folded] ?? []
    if namesFiled?.contains(folded) == true {
      bearers += try await asked.bearers(of: ActorName.forms(name), through: head)
    }
    namesHere[folded, default: []].append((actor, name, scheme))
    // One number may be an identifier in several schemes.
    let others = bearers.filter { $0.actor != actor && $0.scheme == scheme }
    guard let other = others.first else { return }
    let ids = Set(others.map(\.actor) + [actor])
    let current = try await store.mergedIDs(of: ids, through: Position(.max))
    if Set(current.values).count == 1 { return }
    let how = others.compactMap { ReadForm.difference(name, $0.name) }.first
    remarks.add {
      Remark(
        kind: "name", position: nil,
        text: "\"\(name)\" is a name of \(other.actor) too"
          + (how.map { " (the two differ only in \($0))" } ?? "")
          + ": the name alone is ambiguous")
    }
  }

  private static let naming: Set<String> = [
    "actor.registered", "actor.named", "actor.identified",
  ]

  // MARK: ids that read alike

  /// The ids of the log and of this run that people read as an id that is being defined, that one
  /// among them; takes note of it.
  mutating func idsReadAlike(_ tag: Tag) async throws -> [Tag] {
    let kind = String(tag.kind)
    if idsByReading[kind] == nil {
      let stored = head > .start ? try await store.log.tags(kind: kind) : []
      idsByReading[kind] = Dictionary(grouping: stored) { ReadForm.folded(String($0.value)) }
    }
    let read = ReadForm.folded(String(tag.value))
    let alike = idsByReading[kind]?[read] ?? []
    if !alike.contains(where: { Self.isSameID($0, tag) }) {
      idsByReading[kind]?[read, default: []].append(tag)
    }
    return alike
  }

  /// Two encodings of one text are equal to Swift, and two ids to the log.
  static func isSameID(_ a: Tag, _ b: Tag) -> Bool {
    a.description.utf8.elementsEqual(b.description.utf8)
  }

  /// Refuses an id that people read as another one of its kind.
  mutating func checkReading(
    of tag: Tag, beside alike: [Tag], in draft: EventReader.Draft, _ reader: inout EventReader,
    _ problems: inout ProblemList
  ) async throws {
    guard let noun = EntityKind(rawValue: String(tag.kind))?.noun else { return }
    for other in alike {
      let isHere = definedHere.contains(other)
      if !isHere, try await !store.isDefined(other) { continue }
      let value = String(tag.value)
      let how = ReadForm.difference(value, String(other.value)) ?? "nothing that is seen"
      problems.append(
        reader.problem(
          .alreadyDefined, in: draft, at: .value(value),
          "\(noun) \"\(value)\" differs from \"\(other.value)\" only in \(how), and that one is "
            + "defined \(isHere ? "earlier in this input" : "already")",
          help: "use the id that is there, or choose one that reads otherwise"))
      return
    }
  }
}
