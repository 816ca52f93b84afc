/// A text with signatures under it (c2sp.org/signed-note).
///
/// Whatever was read is written back byte for byte. The text means nothing until `verified(by:)`
/// has found a signature of a key that one knows.
public struct SignedNote: Sendable {
  public static let byteLimit = 1 << 20
  public static let signatureLimit = 100

  /// Ends with a newline; its signatures sign all of it.
  public let text: [UInt8]
  /// In the order of their lines; at least one.
  public private(set) var signatures: [NoteSignature]

  /// A text that was checked before, under its first signature.
  public init(text: [UInt8], signature: NoteSignature) throws(ProofError) {
    try self.init(parsing: text + [NoteSyntax.newline] + signature.line)
  }

  /// Reads a note. `firstLine` is the number of its first line in the file it stands in.
  public init(parsing note: some Collection<UInt8>, firstLine: Int = 1) throws(ProofError) {
    guard note.count <= Self.byteLimit else {
      throw ProofError(
        .tooLong, line: firstLine, "the note has more than \(Self.byteLimit) bytes")
    }
    let bytes = Array(note)
    func fault(at index: Int, _ message: String) -> ProofError {
      let line = bytes[..<index].count { $0 == NoteSyntax.newline }
      return ProofError(.malformed, line: firstLine + line, message)
    }
    if let index = bytes.firstIndex(where: { $0 < 0x20 && $0 != NoteSyntax.newline }) {
      throw fault(at: index, "a control character (byte \(bytes[index])) stands in the note")
    }
    guard String(validating: bytes, as: UTF8.self) != nil else {
      throw ProofError(.malformed, line: firstLine, "the note is not UTF-8 text")
    }
    // The text may have empty lines of its own: the last one ends it.
    guard
      let blank = bytes.indices.last(where: {
        $0 > 0 && bytes[$0] == NoteSyntax.newline && bytes[$0 - 1] == NoteSyntax.newline
      })
    else {
      throw fault(at: bytes.count, "no empty line and signatures after the text")
    }
    let rest = bytes[(blank + 1)...]
    guard !rest.isEmpty else { throw fault(at: bytes.count, "no signatures after the text") }
    guard rest.last == NoteSyntax.newline else {
      throw fault(at: bytes.count, "the last line does not end with a newline")
    }
    let lines = NoteSyntax.lines(rest)
    guard lines.count <= Self.signatureLimit else {
      throw ProofError(.tooLong, "the note has more than \(Self.signatureLimit) signatures")
    }
    var signatures: [NoteSignature] = []
    for line in lines {
      guard let signature = NoteSignature(line: line) else {
        throw fault(
          at: line.startIndex, "no signature line (— NAME BASE64): \(NoteSyntax.quoted(line))")
      }
      signatures.append(signature)
    }
    text = Array(bytes[..<blank])
    self.signatures = signatures
  }

  /// The whole note, as it stands in a file.
  public var bytes: [UInt8] {
    signatures.reduce(into: text + [NoteSyntax.newline]) { $0 += $1.line }
  }

  /// Adds a signature, in place of an earlier one of the same key.
  public mutating func add(_ signature: NoteSignature) throws(ProofError) {
    let others = signatures.filter {
      $0.keyID != signature.keyID || !NoteSyntax.isSame($0.name, signature.name)
    }
    guard others.count < Self.signatureLimit else {
      throw ProofError(.tooLong, "the note has \(Self.signatureLimit) signatures already")
    }
    signatures = others + [signature]
  }

  /// A signature that holds, and of a cosigner the time that it states, in seconds since 1970.
  public struct Verified: Sendable {
    public var key: VerifierKey
    public var time: Int64?
  }

  /// The signatures of known keys, in the order of their lines. Those of other keys are passed
  /// over; one that is said to be a known key's and does not hold refuses the whole note, as does
  /// the absence of any.
  public func verified(by keys: [VerifierKey]) throws(ProofError) -> [Verified] {
    var verified: [Verified] = []
    for signature in signatures {
      // The id is short: keys of one name may happen to share it.
      let candidates = keys.filter { $0.isNamed(by: signature) }
      if candidates.isEmpty { continue }
      guard let found = candidates.lazy.compactMap({ check(signature, $0) }).first else {
        throw ProofError(
          .badSignature, "the signature of \(signature.name) does not hold for this text")
      }
      verified.append(found)
    }
    if verified.isEmpty {
      let names = signatures.map { "\($0.name) (\($0.keyID.hexDigits))" }
      throw ProofError(
        .unsigned, "no key that is known has signed; signed by \(names.joined(separator: ", "))")
    }
    return verified
  }

  private func check(_ signature: NoteSignature, _ key: VerifierKey) -> Verified? {
    switch key.algorithm {
    case .ed25519:
      key.isSigner(signature.blob, of: text) ? Verified(key: key) : nil
    case .cosignature:
      Cosignature.time(of: signature, under: text, by: key).map { Verified(key: key, time: $0) }
    }
  }
}

/// One signature line of a note: `— name base64(key id ‖ signature)`.
public struct NoteSignature: Sendable {
  public let name: String
  public let keyID: UInt32
  /// What the key's algorithm makes of the text; never empty.
  public let blob: [UInt8]

  init(key: VerifierKey, blob: [UInt8]) {
    (name, keyID) = (key.name, key.id)
    self.blob = blob
  }

  private static let prefix = Array("— ".utf8)

  /// Reads a line without its newline; nil when it is not of that form.
  init?(line: ArraySlice<UInt8>) {
    guard line.starts(with: Self.prefix) else { return nil }
    let parts = line.dropFirst(Self.prefix.count).split(
      separator: NoteSyntax.space, omittingEmptySubsequences: false)
    guard parts.count == 2, let name = String(validating: parts[0], as: UTF8.self),
      NoteSyntax.isName(name), let bytes = Base64.decode(parts[1]), bytes.count > 4
    else { return nil }
    self.name = name
    keyID = bytes.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    blob = Array(bytes.dropFirst(4))
  }

  /// The line with its newline.
  public var line: [UInt8] {
    let id = (0..<4).map { UInt8(truncatingIfNeeded: keyID >> UInt32(24 - 8 * $0)) }
    return Self.prefix + Array("\(name) \(Base64.encode(id + blob))\n".utf8)
  }
}
