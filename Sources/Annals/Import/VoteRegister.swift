import EventLog

/// Who has voted what in which roll call, as far as an import has looked: compact, because an
/// import may hold a million votes.
struct VoteRegister {
  struct Key: Hashable {
    var rollcall: Tag
    var voter: Tag
  }

  /// What the accounts of a vote allow together, which a later one must narrow down.
  struct Account {
    /// None where two accounts that hold contradict each other: then nothing narrows them down.
    var choices: ChoiceSet
    /// The fact that says most.
    var id: EventID
    /// Nil when it is of this import.
    var position: Position?
  }

  private var numbers: [Tag: UInt32] = [:]
  private var votes: [UInt64: Account] = [:]
  /// Accounts of this import that a later one narrowed down.
  private var narrowed: [UInt64: [Account]] = [:]
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

  /// The vote that a payload of `vote.cast` speaks of.
  static func key(of data: JSON) -> Key? {
    guard let rollcall = data["rollcall"]?.string, let voter = data["voter"]?.string else {
      return nil
    }
    return Key(
      rollcall: Tag(kind: "rollcall", value: rollcall), voter: Tag(kind: "actor", value: voter))
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
    guard let key = Self.key(of: fact.data),
      let choices = fact.data["choice"].flatMap(ChoiceSet.init)
    else { return }
    var account = Account(choices: choices, id: fact.root.id, position: fact.position)
    if let known = votes[number(key)] {
      if !choices.isStrictSubset(of: known.choices) { account = known }
      account.choices = choices.intersection(known.choices)
    }
    add(key, account)
  }

  mutating func add(_ key: Key, _ account: Account) {
    let number = number(key)
    if let old = votes[number], old.position == nil, old.id != account.id {
      narrowed[number, default: []].append(old)
    }
    votes[number] = account
  }

  /// The accounts of a vote that this import has given, as they were taken in.
  func accountsHere(of key: Key) -> [Account] {
    guard let rollcall = numbers[key.rollcall], let voter = numbers[key.voter] else { return [] }
    let number = UInt64(rollcall) << 32 | UInt64(voter)
    return ((narrowed[number] ?? []) + [votes[number]].compactMap(\.self)).filter {
      $0.position == nil
    }
  }

  /// What is known of a vote.
  mutating func account(of key: Key) -> Account? { votes[number(key)] }

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
