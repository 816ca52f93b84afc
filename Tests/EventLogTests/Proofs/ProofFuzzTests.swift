import EventLog
import Testing

/// Damaged texts: no reader traps, and whatever one accepts it writes back byte for byte.
@Suite struct ProofFuzzTests {
  /// Changes a few bytes of a text: overwritten, inserted, removed, flipped, cut, repeated.
  private static func mutated(_ original: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
    let marks = Array("\n\n\n \t+=—09aA/#\r\u{0}\u{7F}é".utf8) + [0x80, 0xC0, 0xFF]
    var bytes = original
    for _ in 0..<Int.random(in: 1...3, using: &random) where !bytes.isEmpty {
      let at = Int.random(in: 0..<bytes.count, using: &random)
      let mark = marks.randomElement(using: &random) ?? 0
      switch Int.random(in: 0..<7, using: &random) {
      case 0: bytes[at] = mark
      case 1: bytes.insert(mark, at: at)
      case 2: bytes.remove(at: at)
      case 3: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 4: bytes.removeSubrange(at..<min(bytes.count, at + 20))
      case 5: bytes.insert(contentsOf: bytes[at..<min(bytes.count, at + 30)], at: at)
      default:
        // A line taken out, so that what is left stays close to well-formed.
        let end = bytes[at...].firstIndex(of: 0x0A) ?? bytes.count - 1
        let start = bytes[..<at].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        bytes.removeSubrange(start...end)
      }
    }
    return bytes
  }

  @Test func notes_and_checkpoints() throws {
    var random = SeededGenerator(state: 11)
    let original = Sample.note(Sample.logLine, Sample.boLine, text: Sample.text + "more\n")
    let keys = [try Sample.verifier(), try Sample.verifier(Sample.boKey)]
    var accepted = 0
    for _ in 0..<20_000 {
      let bytes = Self.mutated(original, &random)
      guard let note = try? SignedNote(parsing: bytes) else { continue }
      accepted += 1
      #expect(note.bytes == bytes)
      if let checkpoint = try? Checkpoint(text: note.text) { #expect(checkpoint.text == note.text) }
      // What was changed under a signature is never let pass.
      if note.text != Array((Sample.text + "more\n").utf8), accepted % 50 == 0 {
        #expect(code { try note.verified(by: keys) } != nil)
      }
    }
    #expect(accepted > 500)
  }

  @Test func keys() throws {
    var random = SeededGenerator(state: 12)
    for _ in 0..<20_000 {
      let bytes = Self.mutated(Array(Sample.boKey.utf8), &random)
      if let key = try? VerifierKey(parsing: bytes) { #expect(Array(key.text.utf8) == bytes) }
      let secret = Self.mutated(Array(Sample.boPrivate.utf8), &random)
      if let key = try? SignerKey(parsing: secret) {
        #expect(Array(key.privateText.utf8) == secret)
      }
    }
  }

  @Test func policies() throws {
    var random = SeededGenerator(state: 13)
    let original = Array(
      """
      # who is trusted
      log \(Sample.logKey) https://log.example/
      witness a \(Sample.boKey)
      witness b \(try Sample.cosigner(1).verifier.text)
      witness c \(try Sample.cosigner(2).verifier.text)
      group g 2 a b
      group h any g c
      quorum h

      """.utf8)
    let note = try WitnessPolicyTests.note([1, 2])
    var accepted = 0
    for _ in 0..<20_000 {
      let bytes = Self.mutated(original, &random)
      guard let policy = try? WitnessPolicy(parsing: bytes) else { continue }
      accepted += 1
      #expect(!policy.requirement.isEmpty)
      if accepted % 50 == 0 { _ = try? policy.verdict(on: note) }
    }
    #expect(accepted > 500)
  }

  @Test func proofs() throws {
    var random = SeededGenerator(state: 14)
    let original = try ProofFileTests.log.proof(2).bytes
    var accepted = 0
    for _ in 0..<20_000 {
      let bytes = Self.mutated(original, &random)
      guard let proof = try? ProofFile(parsing: bytes) else { continue }
      accepted += 1
      #expect(proof.bytes == bytes)
      if let event = try? proof.event() {
        // The signatures alone may have been changed.
        #expect(event.header == ProofFileTests.log.events[2].canonicalBytes)
        #expect(event.payload?.body == ProofFileTests.log.events[2].event.body)
      }
    }
    #expect(accepted > 500)
  }

  @Test func extra_data() throws {
    var random = SeededGenerator(state: 15)
    let original = try #require(try ProofFileTests.log.proof(2).extra)
    for _ in 0..<20_000 {
      let bytes = Self.mutated(original, &random)
      guard let event = try? EventProof(extra: bytes) else { continue }
      #expect(event.extra == bytes)
    }
  }

  @Test func noise() {
    var random = SeededGenerator(state: 16)
    for _ in 0..<5_000 {
      let count = Int.random(in: 0..<200, using: &random)
      let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
      _ = try? SignedNote(parsing: bytes)
      _ = try? Checkpoint(text: bytes)
      _ = try? VerifierKey(parsing: bytes)
      _ = try? SignerKey(parsing: bytes)
      _ = try? WitnessPolicy(parsing: bytes)
      _ = try? ProofFile(parsing: bytes)
      _ = try? EventProof(extra: bytes)
    }
  }
}
