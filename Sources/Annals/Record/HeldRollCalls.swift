import EventLog

/// Roll calls of which accounts are recorded: which account is gone by, which roll calls are annulled,
/// and when the votes in them were cast. `ID` is an id, or the number under which a log has interned it.
struct HeldRollCalls<ID: Hashable & Sendable>: Sendable {
  typealias Bounds = (earliest: Int64, latest: Int64)

  /// What one account says of a roll call.
  struct Account: Sendable {
    var motion: ID?
    var bounds: Bounds?
    /// How official it is.
    var origin: AccountRank.Origin
    /// Whether its result is that the vote was declared void.
    var isAnnulled: Bool

    var rank: AccountRank { AccountRank(bounds, origin) }
  }

  /// By roll call: the account that is gone by.
  private(set) var accounts: [ID: Account] = [:]
  /// The roll calls with an account that does not hold.
  private var withdrawn: Set<ID> = []

  init() {}

  /// Adds the next account in log order. The one of the lowest rank is gone by, of equals the first.
  mutating func add(_ rollcall: ID, _ account: Account, holds: Bool) {
    guard holds else {
      withdrawn.insert(rollcall)
      return
    }
    if let known = accounts[rollcall], known.rank <= account.rank { return }
    accounts[rollcall] = account
  }

  /// Whether the votes in a roll call count nowhere: all that was recorded of the roll call itself was
  /// taken back, or its result is `annulled`. Where nothing was ever recorded of it but votes, they
  /// count.
  func isAnnulled(_ rollcall: ID) -> Bool {
    accounts[rollcall]?.isAnnulled ?? withdrawn.contains(rollcall)
  }

  /// When a vote in a roll call was cast.
  func bounds(ofVote own: Bounds?, in rollcall: ID) -> Bounds? {
    let held = accounts[rollcall]?.bounds
    return VoteDate.isOwn(own, rollcall: held) ? own : held
  }
}

/// The date of a vote.
enum VoteDate {
  /// Whether a vote's own date says when it was cast. Else the date of its roll call does: a vote is
  /// cast when its roll call is held. The own date counts where the roll call is undated, and where it
  /// lies within the date of the roll call.
  static func isOwn(
    _ own: (earliest: Int64, latest: Int64)?, rollcall: (earliest: Int64, latest: Int64)?
  ) -> Bool {
    guard let own, let rollcall else { return rollcall == nil }
    return rollcall.earliest <= own.earliest && own.latest <= rollcall.latest
  }
}

extension ValidTime {
  var bounds: (earliest: Int64, latest: Int64) { (earliest, latest) }
}

extension RecordReader {
  /// Facts with the dates that answers go by: that of a vote may be the date of its roll call. What
  /// this needs is read with one call, unless it was read before.
  func dated(_ facts: [Fact]) async throws -> [Fact] {
    let rollcalls = Set(facts.lazy.compactMap(\.ballotRollcall)).filter { held[$0] == nil }
    if !rollcalls.isEmpty {
      let accounts = try await self.facts(
        ["rollcall.held"], under: rollcalls.sorted().map { [.rollcall($0)] })
      let own = Dictionary(grouping: accounts.filter(\.holds)) { $0.fields.rollcall ?? "" }
      for rollcall in rollcalls {
        let time: ValidTime? = own[rollcall]?.goneBy?.time
        held.updateValue(time, forKey: rollcall)
      }
    }
    return facts.map { fact in
      var fact = fact
      if let rollcall = fact.ballotRollcall, let time = held[rollcall] ?? nil,
        !VoteDate.isOwn(fact.time?.bounds, rollcall: time.bounds)
      {
        fact.time = time
      }
      return fact
    }
  }
}

extension Fact {
  /// The roll call of a vote; nil for any other fact.
  var ballotRollcall: String? { type == "vote.cast" ? fields.rollcall : nil }
}

extension Collection where Element == Fact {
  /// Of several accounts of a roll call, in log order, the one that is gone by.
  var goneBy: Fact? { self.min { $0.accountRank < $1.accountRank } }
}
