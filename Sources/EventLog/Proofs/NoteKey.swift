import Crypto

/// What a key signs, and how (c2sp.org/signed-note, signature types).
public enum NoteAlgorithm: UInt8, Hashable, Sendable, CaseIterable {
  /// Ed25519 over the note's text: a log's key.
  case ed25519 = 0x01
  /// Ed25519 with the time over a checkpoint (c2sp.org/tlog-cosignature): a cosigner's key.
  case cosignature = 0x04
}

/// The public half of a key, by which signatures are checked: `name+id+base64`.
public struct VerifierKey: Hashable, Sendable {
  public let name: String
  public let algorithm: NoteAlgorithm
  /// 32 bytes.
  public let publicKey: [UInt8]
  /// The first four bytes of `SHA-256(name ‖ "\n" ‖ algorithm ‖ public key)`.
  public let id: UInt32

  init(name: String, algorithm: NoteAlgorithm, publicKey: [UInt8]) {
    self.name = name
    self.algorithm = algorithm
    self.publicKey = publicKey
    var hash = SHA256()
    hash.update(data: Array(name.utf8) + [NoteSyntax.newline, algorithm.rawValue] + publicKey)
    id = hash.finalize().prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
  }

  /// Reads the text form.
  public init(parsing text: some Collection<UInt8>) throws(ProofError) {
    let fields = try KeyFields(Array(text))
    self.init(name: fields.name, algorithm: fields.algorithm, publicKey: fields.key)
    guard id == fields.id else { throw fields.wrongID(id) }
  }

  /// `name+id+base64(algorithm ‖ public key)`.
  public var text: String {
    "\(name)+\(id.hexDigits)+\(Base64.encode([algorithm.rawValue] + publicKey))"
  }

  /// Whether a signature line is said to be this key's.
  func isNamed(by signature: NoteSignature) -> Bool {
    id == signature.keyID && NoteSyntax.isSame(name, signature.name)
  }

  /// Whether this key has signed the message.
  func isSigner(_ signature: some Collection<UInt8>, of message: [UInt8]) -> Bool {
    guard signature.count == 64,
      let key = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey)
    else { return false }
    return key.isValidSignature(Array(signature), for: message)
  }
}

/// The private half of a key, with which notes are signed:
/// `PRIVATE+KEY+name+id+base64(algorithm ‖ seed)`.
public struct SignerKey: Sendable, CustomStringConvertible {
  public let verifier: VerifierKey
  private let key: Curve25519.Signing.PrivateKey

  public var name: String { verifier.name }
  public var algorithm: NoteAlgorithm { verifier.algorithm }

  /// A new key. The name should be an address that nobody else uses: `example.org/record`.
  public init(generating algorithm: NoteAlgorithm, name: String) throws(ProofError) {
    try self.init(Curve25519.Signing.PrivateKey(), algorithm, name)
  }

  /// A key from its 32-byte seed.
  public init(seed: [UInt8], algorithm: NoteAlgorithm, name: String) throws(ProofError) {
    guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed) else {
      throw ProofError(.malformed, "the seed has \(seed.count) bytes instead of 32")
    }
    try self.init(key, algorithm, name)
  }

  private init(
    _ key: Curve25519.Signing.PrivateKey, _ algorithm: NoteAlgorithm, _ name: String
  ) throws(ProofError) {
    guard NoteSyntax.isName(name) else { throw KeyFields.badName(name) }
    self.key = key
    verifier = VerifierKey(
      name: name, algorithm: algorithm, publicKey: Array(key.publicKey.rawRepresentation))
  }

  private static let prefix = "PRIVATE+KEY+"

  /// Reads the text form. What is wrong with it is said without a byte of the seed.
  public init(parsing text: some Collection<UInt8>) throws(ProofError) {
    guard text.starts(with: Self.prefix.utf8) else {
      throw ProofError(.malformed, "a private key starts with \(Self.prefix)")
    }
    let fields = try KeyFields(Array(text.dropFirst(Self.prefix.utf8.count)))
    try self.init(seed: fields.key, algorithm: fields.algorithm, name: fields.name)
    guard verifier.id == fields.id else { throw fields.wrongID(verifier.id) }
  }

  /// The text form: a secret.
  public var privateText: String {
    let seed = [algorithm.rawValue] + key.rawRepresentation
    return "\(Self.prefix)\(name)+\(verifier.id.hexDigits)+\(Base64.encode(seed))"
  }

  /// Never the key itself, which must not end up in a log.
  public var description: String { "private key of \(name)" }

  /// This key's signature line under a text. Cosigners put the time into it, in seconds since 1970.
  public func signature(of text: [UInt8], at time: Int64) throws(ProofError) -> NoteSignature {
    switch algorithm {
    case .ed25519:
      return NoteSignature(key: verifier, blob: try sign(text))
    case .cosignature:
      return try Cosignature.signature(of: text, at: time, by: verifier, sign)
    }
  }

  private func sign(_ message: [UInt8]) throws(ProofError) -> [UInt8] {
    guard let signature = try? key.signature(for: message) else {
      throw ProofError(.unsupported, "the key cannot sign here")
    }
    return Array(signature)
  }
}

/// What both forms of keys hold: name, id, algorithm and 32 bytes.
private struct KeyFields {
  var name: String
  var id: UInt32
  var algorithm: NoteAlgorithm
  var key: [UInt8]

  static let byteLimit = 4096

  init(_ text: [UInt8]) throws(ProofError) {
    guard text.count <= Self.byteLimit else { throw ProofError(.tooLong, "the key is too long") }
    // The base 64 may hold plus signs of its own.
    let parts = text.split(
      separator: UInt8(ascii: "+"), maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3 else {
      throw ProofError(.malformed, "a key has three parts: name+id+base64")
    }
    guard let name = String(validating: parts[0], as: UTF8.self), NoteSyntax.isName(name) else {
      throw Self.badName(String(decoding: parts[0], as: UTF8.self))
    }
    guard let id = UInt32(hexDigits: parts[1]) else {
      throw ProofError(
        .malformed, "the id of a key has eight hex digits, not \(NoteSyntax.quoted(parts[1]))")
    }
    guard let bytes = Base64.decode(parts[2]), let first = bytes.first else {
      throw ProofError(.malformed, "the last part of the key is not base 64")
    }
    guard let algorithm = NoteAlgorithm(rawValue: first) else {
      throw ProofError(
        .unsupported,
        "the key \(name) is of type \(first), which cannot be checked here; types 1 and 4 "
          + "(Ed25519) can")
    }
    guard bytes.count == 33 else {
      throw ProofError(.malformed, "the key has \(bytes.count - 1) bytes instead of 32")
    }
    (self.name, self.id, self.algorithm) = (name, id, algorithm)
    key = Array(bytes.dropFirst())
  }

  func wrongID(_ right: UInt32) -> ProofError {
    ProofError(
      .malformed,
      "the id \(id.hexDigits) does not belong to this name and key, whose id is \(right.hexDigits)")
  }

  static func badName(_ name: String) -> ProofError {
    ProofError(
      .malformed,
      "the name of a key is not empty and has no spaces, + or control characters: found "
        + NoteSyntax.quoted(name.utf8))
  }
}

extension UInt32 {
  /// Eight lower-case hex digits.
  public var hexDigits: String {
    let digits = String(self, radix: 16)
    return String(repeating: "0", count: 8 - digits.utf8.count) + digits
  }

  fileprivate init?(hexDigits: ArraySlice<UInt8>) {
    guard hexDigits.count == 8 else { return nil }
    var value: UInt32 = 0
    for byte in hexDigits {
      guard let digit = hexadecimalDigit(byte), byte & 0x20 != 0 || byte <= UInt8(ascii: "9")
      else { return nil }
      value = value << 4 | UInt32(digit)
    }
    self = value
  }
}
