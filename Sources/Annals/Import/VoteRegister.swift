import EventLog

/// Who has voted what in which roll call, as far as an import has looked: compact, because an
/// import may hold a million votes.
struct VoteRegister {
  struct Key: Hashable {
    var rollcall: Tag
    var voter: Tag
  }

  private var numbers: [Tag: UInt32] = [:]
  private var votes: [UInt64: (choices: ChoiceSet, position: Position)] = [:]
  /// Roll calls whose recorded votes were read whole, and single votes that were looked up.
  private var loadedRollcalls: Set<Tag> = []
  private var loadedVotes: Set<Key> = []

  /// The vote that an event casts; nil for any other event.
  static func key(of event: NewEvent) -> Key? {
    guard event.type.name == "vote.cast" else { return nil }
    let rollcall = event.tags.first { $0.kind == "rollcall" }
    let voter = event.tags.first { $0.kind == "actor" }
    guard let rollcall, let voter else { return nil }
    return Key(rollcall: rollcall, voter: voter)
  }

  func isLoaded(_ key: Key) -> Bool {
    loadedRollcalls.contains(key.rollcall) || loadedVotes.contains(key)
  }

  /// Notes that the log was asked; `voters` is nil when for all of them.
  mutating func setLoaded(_ rollcall: Tag, voters: Set<Tag>?) {
    if let voters {
      for voter in voters { loadedVotes.insert(Key(rollcall: rollcall, voter: voter)) }
    } else {
      loadedRollcalls.insert(rollcall)
    }
  }

  /// Takes in a recorded vote as corrected.
  mutating func load(_ fact: Fact) {
    guard let rollcall = fact.data["rollcall"]?.string, let voter = fact.data["voter"]?.string,
      let choices = fact.data["choice"].flatMap(ChoiceSet.init)
    else { return }
    let key = Key(
      rollcall: Tag(kind: "rollcall", value: rollcall), voter: Tag(kind: "actor", value: voter))
    guard votes[number(key)].map({ choices.isStrictSubset(of: $0.choices) }) ?? true else { return }
    add(key, choices, fact.position)
  }

  mutating func add(_ key: Key, _ choices: ChoiceSet, _ position: Position?) {
    votes[number(key)] = (choices, position ?? .start)
  }

  /// What is known of a vote; the position is nil when it is of this import.
  mutating func choices(of key: Key) -> (choices: ChoiceSet, position: Position?)? {
    votes[number(key)].map { ($0.choices, $0.position == .start ? nil : $0.position) }
  }

  private mutating func number(_ key: Key) -> UInt64 {
    UInt64(number(key.rollcall)) << 32 | UInt64(number(key.voter))
  }

  private mutating func number(_ tag: Tag) -> UInt32 {
    if let known = numbers[tag] { return known }
    let next = UInt32(numbers.count)
    numbers[tag] = next
    return next
  }
}
