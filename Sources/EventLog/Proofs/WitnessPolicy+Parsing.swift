extension WitnessPolicy {
  public static let byteLimit = 1 << 20
  /// Of logs, of witnesses and of groups each.
  public static let countLimit = 1000

  /// Reads a policy file; throws the first fault with its line.
  public init(parsing bytes: [UInt8]) throws(ProofError) {
    guard bytes.count <= Self.byteLimit else {
      throw ProofError(.tooLong, "the policy has more than \(Self.byteLimit) bytes")
    }
    // A file that was cut off may ask for less than it did.
    guard bytes.last == NoteSyntax.newline else {
      let line = bytes.count { $0 == NoteSyntax.newline } + 1
      throw ProofError(
        .malformed, line: line, "the last line does not end with a newline: is the file complete?")
    }
    var reader = PolicyReader()
    for (index, line) in NoteSyntax.lines(bytes[...]).enumerated() {
      do {
        try reader.read(line)
      } catch {
        throw ProofError(error.code, line: index + 1, error.message)
      }
    }
    guard reader.hasQuorum else {
      throw ProofError(.malformed, "the policy has no quorum line (\"quorum none\" asks for none)")
    }
    self = reader.policy
  }
}

/// Reads a policy line by line.
private struct PolicyReader {
  private(set) var policy = WitnessPolicy()
  private(set) var hasQuorum = false
  /// Witnesses and groups share one set of names.
  private var names: [[UInt8]: WitnessPolicy.Member] = [:]
  /// Those that are members of some group; each may be so once.
  private var members: Set<WitnessPolicy.Member> = []

  private static let none = Array("none".utf8)

  mutating func read(_ line: ArraySlice<UInt8>) throws(ProofError) {
    if let byte = line.first(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }) {
      throw ProofError(.malformed, "a control character (byte \(byte))")
    }
    let items = line.split { $0 == 0x20 || $0 == 0x09 }
    guard let keyword = items.first, keyword.first != UInt8(ascii: "#") else { return }
    switch String(decoding: keyword, as: UTF8.self) {
    case "log":
      try count(items, 2...3, "log VKEY [URL]")
      try addLog(items[1])
    case "witness":
      try count(items, 3...4, "witness NAME VKEY [URL]")
      try addWitness(items[1], items[2])
    case "group":
      try count(items, 4...Int.max, "group NAME all|any|K NAME …")
      try addGroup(items[1], items[2], items[3...])
    case "quorum":
      try count(items, 2...2, "quorum NAME")
      try setQuorum(items[1])
    default:
      throw ProofError(
        .malformed,
        "a line starts with log, witness, group, quorum or #: found \(NoteSyntax.quoted(keyword))")
    }
  }

  private func count(
    _ items: [ArraySlice<UInt8>], _ range: ClosedRange<Int>, _ form: String
  ) throws(ProofError) {
    guard range ~= items.count else {
      throw ProofError(
        .malformed, "\(items.count) words where the form is: \(form)")
    }
  }

  private mutating func addLog(_ text: ArraySlice<UInt8>) throws(ProofError) {
    guard let key = try key(text, of: nil) else { return }
    guard !policy.logs.contains(where: { $0.key.publicKey == key.publicKey }) else {
      throw ProofError(.malformed, "a log with this public key is listed already")
    }
    try limit(policy.logs.count)
    policy.logs.append(.init(key: key, origin: key.name))
  }

  /// A key; nil where it is of a type that cannot be checked. The other keys are as good without it,
  /// and what the quorum asks for stays what it is.
  private mutating func key(
    _ text: ArraySlice<UInt8>, of witness: [UInt8]?
  ) throws(ProofError) -> VerifierKey? {
    do throws(ProofError) {
      return try VerifierKey(parsing: text)
    } catch {
      guard error.code == .unsupported else { throw error }
      try limit(policy.passedOver.count)
      policy.passedOver.append(.init(name: witness, reason: error.message))
      return nil
    }
  }

  private mutating func addWitness(
    _ name: ArraySlice<UInt8>, _ text: ArraySlice<UInt8>
  ) throws(ProofError) {
    guard let key = try key(text, of: Array(name)) else {
      return try define(name, as: .passedOver(policy.passedOver.count - 1))
    }
    guard key.algorithm == .cosignature else {
      throw ProofError(.malformed, "\(key.name) is no cosigner's key: its type is not 4")
    }
    guard !policy.witnesses.contains(where: { $0.key.publicKey == key.publicKey }) else {
      throw ProofError(.malformed, "a witness with this public key is listed already")
    }
    try limit(policy.witnesses.count)
    try define(name, as: .witness(policy.witnesses.count))
    policy.witnesses.append(.init(name: Array(name), key: key))
  }

  private mutating func addGroup(
    _ name: ArraySlice<UInt8>, _ count: ArraySlice<UInt8>, _ names: ArraySlice<ArraySlice<UInt8>>
  ) throws(ProofError) {
    var found: [WitnessPolicy.Member] = []
    for name in names {
      let member = try member(name)
      guard members.insert(member).inserted else {
        throw ProofError(
          .malformed, "\(NoteSyntax.quoted(name)) is a member of a group already")
      }
      found.append(member)
    }
    let threshold: Int
    switch String(decoding: count, as: UTF8.self) {
    case "all": threshold = found.count
    case "any": threshold = 1
    default:
      guard let number = NoteSyntax.decimal(count), 1...Int64(found.count) ~= number else {
        throw ProofError(
          .malformed,
          "how many of \(found.count) must have cosigned is all, any or a number from 1 to "
            + "\(found.count): found \(NoteSyntax.quoted(count))")
      }
      threshold = Int(number)
    }
    try limit(policy.groups.count)
    try define(name, as: .group(policy.groups.count))
    policy.groups.append(.init(name: Array(name), threshold: threshold, members: found))
  }

  private mutating func setQuorum(_ name: ArraySlice<UInt8>) throws(ProofError) {
    guard !hasQuorum else { throw ProofError(.malformed, "a second quorum line") }
    hasQuorum = true
    if !name.elementsEqual(Self.none) { policy.quorum = try member(name) }
  }

  private mutating func define(
    _ name: ArraySlice<UInt8>, as member: WitnessPolicy.Member
  ) throws(ProofError) {
    guard !name.elementsEqual(Self.none) else {
      throw ProofError(.malformed, "\"none\" cannot be defined: it stands for no cosignatures")
    }
    guard names.updateValue(member, forKey: Array(name)) == nil else {
      throw ProofError(.malformed, "\(NoteSyntax.quoted(name)) is defined already")
    }
  }

  private func member(_ name: ArraySlice<UInt8>) throws(ProofError) -> WitnessPolicy.Member {
    guard let member = names[Array(name)] else {
      throw ProofError(
        .malformed, "no witness or group \(NoteSyntax.quoted(name)) is defined above this line")
    }
    return member
  }

  private func limit(_ count: Int) throws(ProofError) {
    guard count < WitnessPolicy.countLimit else {
      throw ProofError(.tooLong, "more than \(WitnessPolicy.countLimit) of these")
    }
  }
}
