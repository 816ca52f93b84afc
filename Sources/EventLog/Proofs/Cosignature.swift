/// The statement of a cosigner: at this time, this was the largest head of the log that it had seen,
/// and it continues every earlier one (c2sp.org/tlog-cosignature, the Ed25519 kind).
enum Cosignature {
  /// Signs a checkpoint's text; `sign` is the key.
  static func signature(
    of text: [UInt8], at time: Int64, by key: VerifierKey,
    _ sign: ([UInt8]) throws(ProofError) -> [UInt8]
  ) throws(ProofError) -> NoteSignature {
    guard time >= 0 else { throw ProofError(.malformed, "a cosignature from before 1970") }
    _ = try Checkpoint(text: text)
    let seconds = (0..<8).map { UInt8(truncatingIfNeeded: time >> (56 - 8 * $0)) }
    return NoteSignature(key: key, blob: seconds + (try sign(message(text, time))))
  }

  /// The time of a cosignature that holds, in seconds since 1970; nil when it does not.
  static func time(
    of signature: NoteSignature, under text: [UInt8], by key: VerifierKey
  ) -> Int64? {
    guard signature.blob.count == 8 + 64 else { return nil }
    let seconds = signature.blob.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard let time = Int64(exactly: seconds),
      key.isSigner(signature.blob.dropFirst(8), of: message(text, time))
    else { return nil }
    return time
  }

  /// What is signed: two lines of its own, so that nothing else can be taken for it, and the text.
  private static func message(_ text: [UInt8], _ time: Int64) -> [UInt8] {
    Array("cosignature/v1\ntime \(time)\n".utf8) + text
  }
}
