import EventLog

/// Which drafts the log holds already: under their own id, or under one that an earlier version of the
/// program gave them.
extension DraftValidator {
  func storedPositions(of drafts: [EventReader.Draft]) async throws -> [Position?] {
    guard head > .start else { return Array(repeating: nil, count: drafts.count) }
    return try await store.log.positions(of: drafts.map(\.event.id))
  }

  /// Looks for drafts that the log holds under the id that an earlier version of the program gave
  /// them. Of votes only second ones are looked at, when they are met.
  mutating func findFormerIDs(
    of drafts: [EventReader.Draft], _ stored: inout [Position?]
  ) async throws {
    guard head > .start else { return }
    var ids: [EventID] = []
    var owners: [Int] = []
    for index in drafts.indices
    where stored[index] == nil && !drafts[index].hasOwnID && drafts[index].choices == nil {
      for id in formerIDs(of: drafts[index]) {
        ids.append(id)
        owners.append(index)
      }
    }
    if ids.isEmpty { return }
    for (owner, position) in zip(owners, try await store.log.positions(of: ids)) {
      guard let position, let event = try await store.event(at: position) else { continue }
      stored[owner] = position
      recorded[drafts[owner].event.id] = event.event
    }
  }

  private func formerIDs(of draft: EventReader.Draft) -> [EventID] {
    var ids = NormalForm.formerIDs(of: draft.event)
    guard draft.isVersionOpen else { return ids }
    // It may have been recorded before there was the newest version of its type.
    for definition in store.vocabulary.versions(of: draft.event.type.name)
    where definition.type.version < draft.event.type.version {
      var event = draft.event
      event.type = definition.type
      ids += [EventReader.derivedID(of: event)] + NormalForm.formerIDs(of: event)
    }
    return ids
  }

  /// An id that is stored with other content: the fields that differ.
  mutating func difference(
    _ draft: EventReader.Draft, from position: Position, _ reader: inout EventReader
  ) async throws -> Problem? {
    guard let stored = try await store.event(at: position) else { return nil }
    var new = draft.event
    // An erased payload cannot be compared, and it must not come back.
    if stored.isErased { return nil }
    if draft.isVersionOpen, new.type.name == stored.type.name { new.type = stored.type }
    if NormalForm.areSame(stored.event, new, store.vocabulary) {
      recorded[new.id] = stored.event
      return nil
    }
    return reader.problem(
      .idConflict, in: draft, at: .value(new.id.description),
      "id \(new.id) is already \(position) with other content"
        + FactDifference.text(stored: stored.event, given: new),
      help: "to change what is recorded:  "
        + "\(command: "correct \(position.rawValue) --set FIELD=VALUE --reason \"…\"")")
  }
}
