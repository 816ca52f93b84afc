import EventLog

/// Names a vote: a voter in a roll call.
struct VoteKey: Hashable {
  var rollcall: Tag
  var voter: Tag

  init(rollcall: Tag, voter: Tag) {
    self.rollcall = rollcall
    self.voter = voter
  }

  /// The vote that an event casts; nil for any other event.
  init?(of event: borrowing NewEvent) {
    guard event.type.name == "vote.cast" else { return nil }
    let rollcall = event.tags.first { $0.description.utf8.starts(with: "rollcall:".utf8) }
    let voter = event.tags.first { $0.description.utf8.starts(with: "actor:".utf8) }
    guard let rollcall, let voter else { return nil }
    self.init(rollcall: rollcall, voter: voter)
  }

  /// The vote that a payload of `vote.cast` speaks of.
  init?(of data: JSON) {
    guard let rollcall = data["rollcall"]?.string, let voter = data["voter"]?.string else {
      return nil
    }
    self.init(
      rollcall: Tag(kind: "rollcall", value: rollcall), voter: Tag(kind: "actor", value: voter))
  }
}
