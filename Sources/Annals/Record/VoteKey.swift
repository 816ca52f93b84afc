import EventLog

/// Names a vote: a voter in a roll call. A presiding officer may have two votes in it, one as a member
/// and the casting vote.
struct VoteKey: Hashable {
  var rollcall: Tag
  var voter: Tag
  var isCasting: Bool

  init(rollcall: Tag, voter: Tag, isCasting: Bool = false) {
    self.rollcall = rollcall
    self.voter = voter
    self.isCasting = isCasting
  }

  /// The vote that an event casts, by its tags, which do not tell a casting vote; nil for any other
  /// event.
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
      rollcall: Tag(kind: "rollcall", value: rollcall), voter: Tag(kind: "actor", value: voter),
      isCasting: PayloadFields(data).isCasting)
  }
}

/// Which of the votes of one voter in one roll call tells where the voter stands: the one as a member
/// where there is one, else the casting vote. A tally counts both.
enum CastingVote {
  static func read<Vote>(_ votes: [Vote], isCasting: (Vote) -> Bool) -> [Vote] {
    let ordinary = votes.filter { !isCasting($0) }
    return ordinary.isEmpty ? votes : ordinary
  }
}
