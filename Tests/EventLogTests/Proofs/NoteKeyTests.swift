import EventLog
import Testing

@Suite struct NoteKeyTests {
  @Test func keys_are_those_that_others_compute() throws {
    for (own, other) in [(Sample.logPrivate, Sample.logKey), (Sample.boPrivate, Sample.boKey)] {
      let signer = try Sample.signer(own)
      #expect(signer.verifier.text == other)
      #expect(signer.privateText == own)
      #expect(try Sample.verifier(other) == signer.verifier)
    }
    let published = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
    #expect(try Sample.verifier(published).text == published)
  }

  @Test(arguments: NoteAlgorithm.allCases) func a_new_key_reads_back(_ kind: NoteAlgorithm) throws {
    let key = try SignerKey(generating: kind, name: "example.org/käse")
    #expect(try Sample.verifier(key.verifier.text) == key.verifier)
    #expect(try Sample.signer(key.privateText).verifier == key.verifier)
    let other = try SignerKey(generating: kind, name: "example.org/käse")
    #expect(other.verifier != key.verifier)
  }

  @Test func a_private_key_is_never_printed() throws {
    let key = try Sample.signer()
    #expect(!"\(key)".contains("AQABAgME") && "\(key)".contains("example.org/record"))
  }

  static let broken: [(String, ProofError.Code)] = [
    ("", .malformed), ("+", .malformed), ("++", .malformed), ("a", .malformed),
    ("example.org/record+8dcc45de", .malformed),
    // An id that is not this key's; not of eight lower-case digits.
    (logKey("8dcc45df"), .malformed), (logKey("8DCC45DE"), .malformed),
    (logKey("8dcc45d"), .malformed), (logKey("08dcc45de"), .malformed),
    (logKey("8dcc45dg"), .malformed),
    // Base 64: cut, without padding, of another alphabet, with a line end.
    (logKey(base64: "AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG"), .malformed),
    (logKey(base64: "AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVQ=="), .malformed),
    (logKey(base64: "AQOhB7_zzhC-HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"), .malformed),
    (Sample.logKey + "\n", .malformed), (" " + Sample.logKey, .malformed),
    // Names.
    ("+8dcc45de+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4", .malformed),
    ("example org+8dcc45de+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4", .malformed),
    ("example\u{3000}+8dcc45de+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4", .malformed),
    // ECDSA and ML-DSA-44.
    (logKey(base64: Base64.encode([2] + [UInt8](repeating: 1, count: 91))), .unsupported),
    (logKey(base64: Base64.encode([6] + [UInt8](repeating: 1, count: 1312))), .unsupported),
    (logKey(base64: Base64.encode([UInt8](repeating: 1, count: 9000))), .tooLong),
  ]

  private static func logKey(
    _ id: String = "8dcc45de",
    base64: String = "AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
  ) -> String { "example.org/record+\(id)+\(base64)" }

  @Test(arguments: broken) func a_broken_key_is_refused(
    _ text: String, _ expected: ProofError.Code
  ) {
    #expect(code { try Sample.verifier(text) } == expected)
    // The same faults in a private key.
    #expect(code { try Sample.signer("PRIVATE+KEY+" + text) } == expected)
    #expect(code { try Sample.signer(text) } == .malformed)
  }

  @Test func a_key_with_bytes_that_are_no_text_is_refused() {
    #expect(code { try VerifierKey(parsing: [0xFF] + Array(Sample.logKey.utf8)) } == .malformed)
  }

  @Test(arguments: ["", " ", "a b", "a+b", "a\u{A0}b", "a\nb", "a\u{7}b", "a\u{2028}"])
  func names_that_no_key_may_have(_ name: String) {
    #expect(code { try SignerKey(generating: .ed25519, name: name) } == .malformed)
  }

  // MARK: Base 64

  @Test func base64_of_the_RFC() {
    let pairs = [
      "": "", "f": "Zg==", "fo": "Zm8=", "foo": "Zm9v", "foob": "Zm9vYg==", "fooba": "Zm9vYmE=",
      "foobar": "Zm9vYmFy",
    ]
    for (plain, text) in pairs {
      #expect(Base64.encode(Array(plain.utf8)) == text)
      #expect(Base64.decode(Array(text.utf8)) == Array(plain.utf8))
    }
  }

  @Test(arguments: [
    "Z", "Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Zm8", "Zm8==", "=Zm8", "Z=g=", "Zg==Zg==", "Zm9v ",
    "Zm9v\n", "Zm-v", "====", "Z===", "Zm9vé",
  ])
  func base64_that_others_let_pass(_ text: String) {
    #expect(Base64.decode(Array(text.utf8)) == nil)
  }

  @Test func base64_round_trips() {
    var random = SeededGenerator(state: 5)
    for count in 0..<300 {
      let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
      #expect(Base64.decode(Array(Base64.encode(bytes).utf8)) == bytes)
    }
  }
}
