public import EventLog

/// Reads keys, checkpoints, policies and proofs that a user has given, and says what is wrong with
/// them in the words of the catalogue.
public enum ProofInput {
  /// A verifier key as the user typed it.
  public static func verifierKey(_ text: String, option: String) throws -> VerifierKey {
    try reading(.badKey, option) { () throws(ProofError) in
      try VerifierKey(parsing: text.utf8)
    }
  }

  /// A new private key.
  public static func newKey(name: String, isCosigner: Bool) throws -> SignerKey {
    try reading(.badKey, nil) { () throws(ProofError) in
      try SignerKey(generating: isCosigner ? .cosignature : .ed25519, name: name)
    }
  }

  /// A private key from its file, which may end with a newline.
  public static func signerKey(_ bytes: [UInt8], file: String) throws -> SignerKey {
    let text = bytes.last == UInt8(ascii: "\n") ? bytes.dropLast() : bytes[...]
    return try reading(.badKey, file) { () throws(ProofError) in try SignerKey(parsing: text) }
  }

  /// A note with a checkpoint; its signatures are not looked at.
  public static func checkpoint(_ bytes: [UInt8], file: String) throws -> SignedNote {
    try reading(.badCheckpoint, file) { () throws(ProofError) in
      let note = try SignedNote(parsing: bytes)
      _ = try Checkpoint(text: note.text)
      return note
    }
  }

  /// The head that a checkpoint states; its signatures are not looked at.
  public static func contents(of note: SignedNote, file: String) throws -> Checkpoint {
    try head(note.text, file: file)
  }

  /// The text of a checkpoint without signatures.
  public static func head(_ text: [UInt8], file: String) throws -> Checkpoint {
    try reading(.badCheckpoint, file) { () throws(ProofError) in try Checkpoint(text: text) }
  }

  /// Who has signed a checkpoint, of those that count. Throws unless its log has.
  public static func verdict(
    on note: SignedNote, file: String, policy: WitnessPolicy
  ) throws -> WitnessPolicy.Verdict {
    try reading(.badCheckpoint, file) { () throws(ProofError) in try policy.verdict(on: note) }
  }

  /// Throws where two heads of one log exclude each other: there are two histories then, and where both
  /// are signed, the log's key has signed both.
  public static func checkThatOneHistory(_ heads: [VerifyOptions.KnownHead]) throws {
    var known: [String: VerifyOptions.KnownHead] = [:]
    for head in heads where head.isSigned != nil {
      let place = "\(head.checkpoint.size) \(head.checkpoint.origin)"
      if let other = known[place], other.checkpoint.root != head.checkpoint.root {
        throw twoHistories(other.name, head.name, head.checkpoint)
      }
      known[place] = head
    }
  }

  static func twoHistories(_ one: String, _ other: String, _ checkpoint: Checkpoint) -> Problem {
    Problem(
      .twoHistories,
      "\(one) and \(other) give two roots for the first \(checkpoint.size) events of "
        + checkpoint.origin,
      help:
        "if both signatures hold, the key has signed two histories: keep both files as evidence;\n"
        + "\(command: "explain \(ErrorCode.twoHistories.rawValue)")")
  }

  public static func policy(_ bytes: [UInt8], file: String) throws -> WitnessPolicy {
    try reading(.badPolicy, file) { () throws(ProofError) in try WitnessPolicy(parsing: bytes) }
  }

  /// Whoever trusts one log, and wants a cosignature of each of these keys.
  public static func policy(
    log: VerifierKey, origin: String?, cosigners: [VerifierKey] = []
  ) throws -> WitnessPolicy {
    try reading(.badKey, nil) { () throws(ProofError) in
      try WitnessPolicy(log: log, origin: origin, cosigners: cosigners)
    }
  }

  public static func proof(_ bytes: [UInt8], file: String) throws -> ProofFile {
    try reading(.badProof, file) { () throws(ProofError) in try ProofFile(parsing: bytes) }
  }

  /// What `body` reads; a fault of form gets this code, and the place in the file (or option).
  static func reading<Value>(
    _ code: ErrorCode, _ file: String?, _ body: () throws(ProofError) -> Value
  ) throws -> Value {
    do {
      return try body()
    } catch {
      throw Problem(error, code, in: file)
    }
  }
}

extension Problem {
  /// `code` is for faults of form; signatures and proofs that do not hold have codes of their own.
  init(_ error: ProofError, _ code: ErrorCode, in file: String?) {
    let position = error.line.map { InputLocation(file: file, line: $0, column: 1) }
    let place = position == nil ? file.map { "\($0): " } ?? "" : ""
    let message = place + error.message
    switch error.code {
    case .malformed, .tooLong, .unsupported:
      self.init(code, message, position: position, help: "\(command: "explain \(code.rawValue)")")
    case .badSignature:
      self.init(
        .badSignature, message, help: "what was signed is not what stands there: trust none of it")
    case .unsigned:
      self.init(
        .unsigned, message,
        help: "check that the keys are those of the log, and its name the origin")
    case .notIncluded, .mismatch:
      self.init(.proofFails, message, help: "the event that it shows is not the one in the log")
    }
  }
}
