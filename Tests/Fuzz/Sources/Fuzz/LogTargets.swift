import EventLog

/// Parsers of the log: JSON, ids, times, and the texts of proofs.
enum LogTargets {
  static func json(_ bytes: [UInt8]) throws {
    var tape = JSONTape()
    do throws(JSONSyntaxError) {
      try tape.parse(bytes)
    } catch {
      require(0...bytes.count ~= error.offset, "the error is at \(error.offset) of \(bytes.count)")
      return
    }
    var canonical: [UInt8] = []
    try JSONWriter.canonical(tape, tape.root, into: &canonical, integersOnly: false)
    let value = tape.value(tape.root)
    require(JSONWriter.canonical(value) == canonical, "the value has another canonical form")
    for text in [
      canonical, Array(JSONWriter.compact(value).utf8), Array(JSONWriter.pretty(value).utf8),
    ] {
      var again = JSONTape()
      try again.parse(text)
      var output: [UInt8] = []
      try JSONWriter.canonical(again, again.root, into: &output, integersOnly: false)
      require(output == canonical, "written and read again, the canonical form differs")
    }
  }

  static func eventID(_ bytes: [UInt8]) {
    guard let text = String(validating: bytes, as: UTF8.self), let id = EventID(text) else {
      return
    }
    require(EventID(id.description) == id, "\(id) is not read again")
    require(EventID(bytes: id.bytes) == id, "the bytes of \(id) are not read again")
  }

  static func instant(_ bytes: [UInt8]) {
    guard let text = String(validating: bytes, as: UTF8.self), let instant = Instant(text) else {
      return
    }
    require(Instant(instant.description) == instant, "\(text) is read again as another instant")
  }

  static func note(_ bytes: [UInt8]) {
    guard let note = try? SignedNote(parsing: bytes) else { return }
    require(note.bytes == bytes, "the note is not written as it was read")
    require(!note.signatures.isEmpty, "the note has no signature")
  }

  static func checkpoint(_ bytes: [UInt8]) {
    guard let checkpoint = try? Checkpoint(text: bytes) else { return }
    require(checkpoint.text == bytes, "the checkpoint is not written as it was read")
    require(
      checkpoint.size >= 0 && checkpoint.root.count == 32, "the checkpoint is no head of a log")
  }

  static func proof(_ bytes: [UInt8]) {
    guard let proof = try? ProofFile(parsing: bytes) else { return }
    require(proof.bytes == bytes, "the proof is not written as it was read")
  }

  /// The first part of the input, up to an empty byte, is a policy; the rest a note that it judges.
  static func policy(_ bytes: [UInt8]) {
    let parts = bytes.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
    guard let policy = try? WitnessPolicy(parsing: Array(parts[0])) else { return }
    guard parts.count > 1, let note = try? SignedNote(parsing: parts[1]) else { return }
    _ = try? policy.verdict(on: note)
  }

  static func key(_ bytes: [UInt8]) {
    if let key = try? VerifierKey(parsing: bytes) {
      let again = try? VerifierKey(parsing: Array(key.text.utf8))
      require(again == key, "\(key.text) is not read again")
    }
    if let key = try? SignerKey(parsing: bytes) {
      let again = try? SignerKey(parsing: Array(key.privateText.utf8))
      require(again?.privateText == key.privateText, "the private key is not read again")
    }
  }
}
