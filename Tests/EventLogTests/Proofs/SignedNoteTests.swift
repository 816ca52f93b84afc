import EventLog
import Testing

@Suite struct SignedNoteTests {
  /// The vector of golang.org/x/mod/sumdb/note.
  @Test func the_published_note() throws {
    let key = try Sample.verifier(
      "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")
    let bytes = Array(
      """
      This is an example message.

      — example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=

      """.utf8)
    let note = try SignedNote(parsing: bytes)
    #expect(note.text == Array("This is an example message.\n".utf8))
    #expect(try note.verified(by: [key]).map(\.key) == [key])
    #expect(note.bytes == bytes)
  }

  @Test func signatures_are_those_that_others_make() throws {
    let text = Array(Sample.text.utf8)
    let own = try Sample.signer().signature(of: text, at: 0)
    #expect(own.line == Array(Sample.logLine.utf8))
    let cosigned = try Sample.signer(Sample.boPrivate).signature(of: text, at: Sample.boTime)
    #expect(cosigned.line == Array(Sample.boLine.utf8))
    let note = try SignedNote(
      parsing: Sample.note(Sample.logLine, Sample.strangeLine, Sample.boLine))
    let verified = try note.verified(by: [Sample.verifier(), Sample.verifier(Sample.boKey)])
    #expect(verified.map(\.key.text) == [Sample.logKey, Sample.boKey])
    #expect(verified.map(\.time) == [nil, Sample.boTime])
    let checkpoint = try Checkpoint(text: note.text)
    #expect(checkpoint.origin == "example.org/record" && checkpoint.size == 8)
    #expect(checkpoint.root == Sample.root && checkpoint.extensions.isEmpty)
  }

  @Test(arguments: ["one line\n", "\n", "a\n\nb\n\n\nc\n", "ends with an empty line\n\n", "é€😂\n"])
  func what_is_signed_reads_back(_ text: String) throws {
    let key = try SignerKey(generating: .ed25519, name: "example.org/a")
    let text = Array(text.utf8)
    var note = try SignedNote(text: text, signature: key.signature(of: text, at: 0))
    try note.add(SignerKey(generating: .ed25519, name: "example.org/b").signature(of: text, at: 0))
    let read = try SignedNote(parsing: note.bytes)
    #expect(read.text == text && read.bytes == note.bytes && read.signatures.count == 2)
    #expect(try read.verified(by: [key.verifier]).count == 1)
  }

  @Test func a_second_signature_of_a_key_takes_the_place_of_the_first() throws {
    let key = try Sample.signer(Sample.boPrivate)
    var note = try SignedNote(parsing: Sample.note(Sample.boLine, Sample.logLine))
    try note.add(key.signature(of: note.text, at: 1_800_000_000))
    #expect(note.signatures.map(\.name) == ["example.org/record", "witness.example/bo"])
    #expect(try note.verified(by: [key.verifier]).map(\.time) == [1_800_000_000])
  }

  // MARK: Which signatures count

  @Test func nobody_who_is_known_has_signed() throws {
    let note = try SignedNote(parsing: Sample.note(Sample.logLine, Sample.strangeLine))
    #expect(code { try note.verified(by: []) } == .unsigned)
    #expect(code { try note.verified(by: [Sample.verifier(Sample.boKey)]) } == .unsigned)
    // The same name, another key.
    let namesake = try SignerKey(generating: .ed25519, name: "example.org/record")
    #expect(code { try note.verified(by: [namesake.verifier]) } == .unsigned)
  }

  @Test func a_known_signature_that_does_not_hold_refuses_the_note() throws {
    let keys = [try Sample.verifier(), try Sample.verifier(Sample.boKey)]
    let other = Sample.text.replacing("\n8\n", with: "\n9\n")
    for lines in [[Sample.logLine], [Sample.boLine], [Sample.strangeLine, Sample.logLine]] {
      let note = try SignedNote(parsing: Sample.note(lines.joined(), text: other))
      #expect(code { try note.verified(by: keys) } == .badSignature)
    }
    // One that holds does not make up for it.
    let broken = Self.broken(Sample.boLine) { $0[20] ^= 1 }
    let note = try SignedNote(parsing: Sample.note(Sample.logLine, broken))
    #expect(code { try note.verified(by: keys) } == .badSignature)
    #expect(try note.verified(by: [keys[0]]).count == 1)
  }

  @Test func every_bit_of_a_signature_counts() throws {
    for (line, text) in [(Sample.logLine, Sample.logKey), (Sample.boLine, Sample.boKey)] {
      let key = try Sample.verifier(text)
      let count = try #require(SignedNote(parsing: Sample.note(line)).signatures.first).blob.count
      for index in 4..<4 + count {
        let broken = Self.broken(line) { $0[index] ^= 1 << UInt8(index % 8) }
        let note = try SignedNote(parsing: Sample.note(broken))
        #expect(code { try note.verified(by: [key]) } == .badSignature, "byte \(index)")
      }
      for length in [5, 4 + count - 1] {
        let short = Self.broken(line) { $0 = Array($0.prefix(length)) }
        let note = try SignedNote(parsing: Sample.note(short))
        #expect(code { try note.verified(by: [key]) } == .badSignature)
      }
      let long = Self.broken(line) { $0.append(0) }
      let note = try SignedNote(parsing: Sample.note(long))
      #expect(code { try note.verified(by: [key]) } == .badSignature)
    }
  }

  @Test func a_cosignature_is_no_signature_of_another_kind() throws {
    // The same key, once as a log's and once as a cosigner's.
    let seed = [UInt8](repeating: 9, count: 32)
    let log = try SignerKey(seed: seed, algorithm: .ed25519, name: "example.org/x")
    let cosigner = try SignerKey(seed: seed, algorithm: .cosignature, name: "example.org/x")
    #expect(log.verifier.id != cosigner.verifier.id)
    let text = Array(Sample.text.utf8)
    let note = try SignedNote(text: text, signature: cosigner.signature(of: text, at: 5))
    #expect(code { try note.verified(by: [log.verifier]) } == .unsigned)
    #expect(try note.verified(by: [cosigner.verifier]).map(\.time) == [5])
  }

  @Test func a_cosigner_signs_checkpoints_only_and_no_time_before_1970() throws {
    let key = try Sample.signer(Sample.boPrivate)
    #expect(code { try key.signature(of: Array("some text\n".utf8), at: 5) } == .malformed)
    #expect(code { try key.signature(of: Array(Sample.text.utf8), at: -1) } == .malformed)
    // A time beyond 2^63 - 1.
    let late = Self.broken(Sample.boLine) { $0[4] = 0x80 }
    let note = try SignedNote(parsing: Sample.note(late))
    #expect(code { try note.verified(by: [key.verifier]) } == .badSignature)
  }

  /// A signature line with other bytes in its base 64.
  static func broken(_ line: String, _ change: (inout [UInt8]) -> Void) -> String {
    let parts = line.dropLast().split(separator: " ")
    var bytes = Base64.decode(Array(parts[2].utf8)) ?? []
    change(&bytes)
    return "\(parts[0]) \(parts[1]) \(Base64.encode(bytes))\n"
  }

  // MARK: What is no note

  static let malformed: [String: [UInt8]] = [
    "empty": [],
    "no empty line": Array((Sample.text + Sample.logLine).utf8),
    "no signatures": Array((Sample.text + "\n").utf8),
    "text only": Array(Sample.text.utf8),
    "no text": Array(("\n" + Sample.logLine).utf8),
    "last line without its end": Array(Sample.note(Sample.logLine).dropLast()),
    "something after the signatures": Sample.note(Sample.logLine, "and more\n"),
    "an empty line after them": Sample.note(Sample.logLine, "\n"),
    "carriage returns": Array(
      String(decoding: Sample.note(Sample.logLine), as: UTF8.self).replacing("\n", with: "\r\n")
        .utf8),
    "a tab": Sample.note(Sample.logLine, text: "a\tb\n"),
    "a zero": Sample.note(Sample.logLine, text: "a\0b\n"),
    "not UTF-8": [0xC3, 0x28, 0x0A] + Sample.note(Sample.logLine),
    "a hyphen for the dash": Sample.note("-" + Sample.logLine.dropFirst()),
    "an en dash": Sample.note("–" + Sample.logLine.dropFirst()),
    "no space after the dash": Sample.note(Sample.logLine.replacing("— ", with: "—")),
    "two spaces": Sample.note(Sample.logLine.replacing("— ", with: "—  ")),
    "a trailing space": Sample.note(String(Sample.logLine.dropLast()) + " \n"),
    "a name with a plus": Sample.note("— a+b AAAAAAA=\n"),
    "a name with a space": Sample.note("— a\u{A0}b AAAAAAA=\n"),
    "no name": Sample.note("—  AAAAAAA=\n"),
    "no signature": Sample.note("— a \n"),
    "a key id only": Sample.note("— a AAAAAA==\n"),
    "base 64 without padding": Sample.note("— a AAAAAAA\n"),
    "base 64 with bits left over": Sample.note("— a AAAAAAB=\n"),
  ]

  @Test(arguments: malformed.keys.sorted()) func is_refused(_ name: String) {
    #expect(code { try SignedNote(parsing: Self.malformed[name] ?? []) } == .malformed)
  }

  @Test func faults_are_told_with_their_line() {
    let bad = Sample.note(Sample.logLine, "— a b c\n")
    #expect(fault { try SignedNote(parsing: bad) }?.line == 6)
    #expect(fault { try SignedNote(parsing: bad, firstLine: 10) }?.line == 15)
    #expect(fault { try SignedNote(parsing: Array("a\nb\u{7}\n\n".utf8)) }?.line == 2)
  }

  @Test func many_signatures() throws {
    func lines(_ count: Int) -> String {
      (0..<count).map { "— example.net/\($0) AAAAAAA=\n" }.joined()
    }
    let most = SignedNote.signatureLimit
    #expect(try SignedNote(parsing: Sample.note(lines(most))).signatures.count == most)
    #expect(code { try SignedNote(parsing: Sample.note(lines(most + 1))) } == .tooLong)
    var full = try SignedNote(parsing: Sample.note(lines(most)))
    #expect(code { try full.add(Sample.signer().signature(of: full.text, at: 0)) } == .tooLong)
    let long = [UInt8](repeating: 0x61, count: SignedNote.byteLimit + 1)
    #expect(code { try SignedNote(parsing: long) } == .tooLong)
  }

  // MARK: Checkpoints

  static let empty = "example.org/record\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"

  @Test(arguments: [
    Sample.text, empty, Sample.text + "an extension\n+ another\n",
    Sample.text.replacing("\n8\n", with: "\n9223372036854775807\n"),
    "any text may be an origin + more\n1\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n",
  ])
  func a_checkpoint_reads_back(_ text: String) throws {
    #expect(try Checkpoint(text: Array(text.utf8)).text == Array(text.utf8))
  }

  @Test func a_checkpoint_is_written() throws {
    let checkpoint = try Checkpoint(origin: "example.org/record", size: 8, root: Sample.root)
    #expect(String(decoding: checkpoint.text, as: UTF8.self) == Sample.text)
    let none = try Checkpoint(origin: "example.org/record", size: 0, root: MerkleTree.emptyRoot)
    #expect(String(decoding: none.text, as: UTF8.self) == Self.empty)
    for origin in ["", "a b", "a+b", "a\nb"] {
      #expect(code { try Checkpoint(origin: origin, size: 8, root: Sample.root) } == .malformed)
    }
    #expect(code { try Checkpoint(origin: "a", size: -1, root: Sample.root) } == .malformed)
    #expect(code { try Checkpoint(origin: "a", size: 8, root: [1, 2]) } == .malformed)
    #expect(code { try Checkpoint(origin: "a", size: 0, root: Sample.root) } == .malformed)
  }

  @Test(arguments: [
    ("", 1), ("\n", 1), ("example.org/record\n", 1), ("example.org/record\n8\n", 2),
    (String(Sample.text.dropLast()), 1), ("\n" + Sample.text, 1), (Sample.text + "\n", 4),
    (Sample.text.replacing("\n8\n", with: "\n08\n"), 2),
    (Sample.text.replacing("\n8\n", with: "\n+8\n"), 2),
    (Sample.text.replacing("\n8\n", with: "\n-8\n"), 2),
    (Sample.text.replacing("\n8\n", with: "\n8 \n"), 2),
    (Sample.text.replacing("\n8\n", with: "\n0x8\n"), 2),
    (Sample.text.replacing("\n8\n", with: "\n\n"), 2),
    (Sample.text.replacing("\n8\n", with: "\n٨\n"), 2),
    (Sample.text.replacing("\n8\n", with: "\n9223372036854775808\n"), 2),
    (Sample.text.replacing("\n8\n", with: "\n99999999999999999999\n"), 2),
    (Sample.text.replacing("Qyg=", with: "Qyh="), 3),
    (Sample.text.replacing("Qyg=", with: "Qyg"), 3),
    (Sample.text.replacing("XcnaeacG", with: ""), 3),
    (Sample.text.replacing("XcnaeacG", with: "XcnaeacGAAAA"), 3),
    (empty.replacing("47DE", with: "47DF"), 3), (Sample.text + "a\rb\n", 4),
  ])
  func is_no_checkpoint(_ text: String, _ line: Int) {
    let error = fault { try Checkpoint(text: Array(text.utf8)) }
    #expect(error?.code == .malformed && error?.line == line, "\(text.debugDescription)")
  }

  @Test func origins_are_the_same_when_their_bytes_are() throws {
    let checkpoint = try Checkpoint(origin: "caf\u{e9}", size: 8, root: Sample.root)
    #expect(checkpoint.isOf(origin: "caf\u{e9}") && !checkpoint.isOf(origin: "cafe\u{301}"))
  }
}
