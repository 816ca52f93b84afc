/// Whose signatures make a checkpoint good enough (c2sp.org/tlog-policy): logs, witnesses, and how
/// many of which witnesses must have cosigned.
public struct WitnessPolicy: Sendable {
  public struct Log: Sendable {
    public var key: VerifierKey
    /// The origin of its checkpoints; in a policy file the name of the key.
    public var origin: String
  }

  public struct Witness: Sendable {
    /// Its name within the policy. Bytes, and nothing more.
    public var name: [UInt8]
    public var key: VerifierKey
  }

  /// Counts as having cosigned when so many of its members have.
  public struct Group: Sendable {
    public var name: [UInt8]
    public var threshold: Int
    public var members: [Member]
  }

  /// By index: a group's members are defined before it.
  public enum Member: Hashable, Sendable {
    case witness(Int)
    case group(Int)
    /// One of `passedOver`, which never counts as having cosigned.
    case passedOver(Int)
  }

  /// A log or witness whose key is of a type that this reader cannot check.
  public struct PassedOver: Sendable {
    /// A witness's name within the policy; nil for a log.
    public var name: [UInt8]?
    /// What the key is, and why it cannot be used.
    public var reason: String
  }

  public internal(set) var logs: [Log] = []
  public internal(set) var witnesses: [Witness] = []
  public internal(set) var groups: [Group] = []
  /// Logs and witnesses whose signatures are not looked at.
  public internal(set) var passedOver: [PassedOver] = []
  /// Who must have cosigned; nil for nobody.
  public internal(set) var quorum: Member?

  init() {}

  /// The policy of somebody who trusts one log, and wants a cosignature of each of these keys.
  /// `origin` is the key's name where it is nil.
  public init(
    log: VerifierKey, origin: String? = nil, cosigners: [VerifierKey] = []
  ) throws(ProofError) {
    if let stranger = cosigners.first(where: { $0.algorithm != .cosignature }) {
      throw ProofError(.unsupported, "\(stranger.name) is no cosigner's key: its type is not 4")
    }
    logs = [Log(key: log, origin: origin ?? log.name)]
    witnesses = cosigners.map { Witness(name: Array($0.name.utf8), key: $0) }
    if !cosigners.isEmpty {
      let members = witnesses.indices.map(Member.witness)
      groups = [Group(name: Array("all".utf8), threshold: members.count, members: members)]
      quorum = .group(0)
    }
  }

  // MARK: Checking

  /// What a policy finds under a checkpoint whose log has signed.
  public struct Verdict: Sendable {
    public struct Cosigned: Sendable {
      public var witness: Witness
      /// In seconds since 1970, as the witness states.
      public var time: Int64
    }

    public var checkpoint: Checkpoint
    /// The keys of the log that have signed; at least one.
    public var logKeys: [VerifierKey]
    public var cosigned: [Cosigned]
    /// Whether as many witnesses have cosigned as the policy asks for.
    public var isQuorumMet: Bool
  }

  /// Checks all signatures of a note that this policy knows. Throws unless the note is a checkpoint
  /// of one of the logs, signed by it, and every known signature holds.
  public func verdict(on note: SignedNote) throws(ProofError) -> Verdict {
    let checkpoint = try Checkpoint(text: note.text)
    let own = logs.filter { checkpoint.isOf(origin: $0.origin) }.map(\.key)
    guard !own.isEmpty else {
      throw ProofError(
        .unsigned,
        logs.isEmpty
          ? "the policy names no log"
          : "the checkpoint is of the log \"\(checkpoint.origin)\", and known is only "
            + logs.map { "\"\($0.origin)\"" }.joined(separator: ", "))
    }
    let verified = try note.verified(by: logs.map(\.key) + witnesses.map(\.key))
    let logKeys = own.filter { key in verified.contains { $0.key == key } }
    guard !logKeys.isEmpty else {
      throw ProofError(.unsigned, "the log \"\(checkpoint.origin)\" itself has not signed")
    }
    let cosigned = witnesses.compactMap { witness in
      verified.first { $0.key == witness.key }?.time.map {
        Verdict.Cosigned(witness: witness, time: $0)
      }
    }
    let keys = Set(cosigned.map(\.witness.key))
    return Verdict(
      checkpoint: checkpoint, logKeys: logKeys, cosigned: cosigned,
      isQuorumMet: quorum.map { holds($0, keys) } ?? true)
  }

  /// Whether a witness, or enough of a group, is among those that have cosigned.
  private func holds(_ member: Member, _ keys: Set<VerifierKey>) -> Bool {
    switch member {
    case .witness(let index): return keys.contains(witnesses[index].key)
    case .passedOver: return false
    case .group(let index):
      let group = groups[index]
      return group.members.count { holds($0, keys) } >= group.threshold
    }
  }

  /// What the quorum asks for, in words: `2 of [a, b, all of [c, d]]`.
  public var requirement: String {
    quorum.map(requirement) ?? "no cosignatures"
  }

  private func requirement(_ member: Member) -> String {
    switch member {
    case .witness(let index):
      return String(decoding: witnesses[index].name, as: UTF8.self)
    case .passedOver(let index):
      let name = passedOver[index].name ?? []
      return String(decoding: name, as: UTF8.self) + " (cannot be checked)"
    case .group(let index):
      let group = groups[index]
      let count = group.threshold == group.members.count ? "all" : String(group.threshold)
      return "\(count) of [\(group.members.map(requirement).joined(separator: ", "))]"
    }
  }
}
