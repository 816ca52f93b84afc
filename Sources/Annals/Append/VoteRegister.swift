import EventLog

/// Who has voted what in which roll call, by whose account, as far as an import has looked:
/// compact, because an import may hold a million votes.
struct VoteRegister {
  /// One account of a vote that holds.
  struct Account {
    /// Where to find it again.
    enum Origin: Hashable {
      case stored(Position)
      /// Of this import, by the low bits of its id.
      case here(UInt64)

      init(_ id: EventID) { self = .here(id.low & Packed.originBits) }
    }

    var choices: ChoiceSet
    var origin: Origin
    var sources: SourceSet
  }

  /// The sources that an account names, as a number: 0 for none, and for more than can be numbered.
  typealias SourceSet = UInt16

  /// An account in eight bytes: choices 12, source set 11, whether stored 1, origin 40.
  private struct Packed {
    static let originBits: UInt64 = 1 << 40 - 1
    static let sourceLimit = 1 << 11

    private let bits: UInt64

    init(_ account: Account) {
      var bits = UInt64(account.choices.rawValue & 0xFFF) << 52 | UInt64(account.sources) << 41
      switch account.origin {
      case .stored(let position):
        bits |= 1 << 40 | UInt64(position.rawValue) & Self.originBits
      case .here(let digest): bits |= digest & Self.originBits
      }
      self.bits = bits
    }

    var account: Account {
      let origin = bits & Self.originBits
      return Account(
        choices: ChoiceSet(rawValue: UInt16(bits >> 52)),
        origin: bits & 1 << 40 != 0 ? .stored(Position(Int64(origin))) : .here(origin),
        sources: SourceSet(bits >> 41 & 0x7FF))
    }
  }

  private var numbers: [Tag: UInt32] = [:]
  /// The first account of each vote, and those after it.
  private var first: [UInt64: Packed] = [:]
  private var others: [UInt64: [Packed]] = [:]
  private var sourceSets: [Set<Tag>] = [[]]
  private var sourceSetNumbers: [Set<Tag>: SourceSet] = [[]: 0]
  private var latestSources: (tag: Tag, set: SourceSet)?
  /// Roll calls whose recorded votes were read whole, and single votes that were looked up.
  private var loadedRollcalls: Set<Tag> = []
  private var loadedVotes: Set<VoteKey> = []

  // MARK: What the log was asked for

  func isLoaded(_ key: VoteKey) -> Bool {
    loadedRollcalls.contains(key.rollcall) || loadedVotes.contains(key)
  }

  /// Notes that the log was asked; `voters` is nil when for all of them.
  mutating func setLoaded(_ rollcall: Tag, voters: Set<Tag>?) {
    if let voters {
      for voter in voters { loadedVotes.insert(VoteKey(rollcall: rollcall, voter: voter)) }
    } else {
      loadedRollcalls.insert(rollcall)
    }
  }

  /// Takes in a recorded vote as corrected.
  mutating func load(_ fact: Fact) {
    guard let key = VoteKey(of: fact.data), let account = account(fact, .stored(fact.position))
    else { return }
    // It may have been looked up by its voter before the roll call was read whole.
    if accounts(of: key).contains(where: { $0.origin == account.origin }) { return }
    add(key, account)
  }

  /// The account that a fact gives of a vote.
  mutating func account(_ fact: Fact, _ origin: Account.Origin) -> Account? {
    guard let choices = fact.fields.choice else { return nil }
    let sources = fact.sources.map { Tag(kind: "source", value: $0.source) }
    return Account(choices: choices, origin: origin, sources: number(of: Set(sources)))
  }

  // MARK: Accounts

  /// Takes in the vote that an event casts, when it is the first account of it; false when it is
  /// not, or when the event casts none.
  mutating func addFirst(of event: borrowing NewEvent, _ choices: ChoiceSet) -> Bool {
    guard let key = VoteKey(of: event) else { return false }
    let number = number(key)
    guard first[number] == nil else { return false }
    first[number] = Packed(
      Account(choices: choices, origin: .init(event.id), sources: sources(of: event)))
    return true
  }

  mutating func add(_ key: VoteKey, _ account: Account) {
    let number = number(key)
    if first[number] == nil {
      first[number] = Packed(account)
    } else {
      others[number, default: []].append(Packed(account))
    }
  }

  /// All accounts of a vote, in the order in which they were taken in.
  mutating func accounts(of key: VoteKey) -> [Account] {
    let number = number(key)
    guard let one = first[number] else { return [] }
    return [one.account] + (others[number] ?? []).map(\.account)
  }

  private mutating func number(_ key: VoteKey) -> UInt64 {
    (key.isCasting ? 1 << 63 : 0) | UInt64(number(key.rollcall)) << 32 | UInt64(number(key.voter))
  }

  private mutating func number(_ tag: Tag) -> UInt32 {
    if let known = numbers[tag] { return known }
    let next = UInt32(numbers.count)
    numbers[tag] = next
    return next
  }

  // MARK: Sources

  /// The sources that an event names.
  mutating func sources(of event: borrowing NewEvent) -> SourceSet {
    var found: Set<Tag> = []
    var only: Tag?
    for tag in event.tags where tag.description.utf8.starts(with: "source:".utf8) {
      if only != nil { found.insert(tag) } else { only = tag }
    }
    guard let only else { return 0 }
    if found.isEmpty, let latestSources, latestSources.tag == only { return latestSources.set }
    found.insert(only)
    let set = number(of: found)
    if found.count == 1 { latestSources = (only, set) }
    return set
  }

  private mutating func number(of sources: Set<Tag>) -> SourceSet {
    if let known = sourceSetNumbers[sources] { return known }
    guard sourceSets.count < Packed.sourceLimit else { return 0 }
    let number = SourceSet(sourceSets.count)
    sourceSets.append(sources)
    sourceSetNumbers[sources] = number
    return number
  }

  /// Whether two accounts rest on sources, and on none in common.
  func areApart(_ a: SourceSet, _ b: SourceSet) -> Bool {
    a != b && a != 0 && b != 0 && sourceSets[Int(a)].isDisjoint(with: sourceSets[Int(b)])
  }
}
