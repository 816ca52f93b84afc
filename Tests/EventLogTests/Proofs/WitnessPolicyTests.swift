import Testing

@testable import EventLog

@Suite struct WitnessPolicyTests {
  /// Witnesses a to e with keys of their own.
  static func policy(_ lines: String..., log: Bool = true) throws -> WitnessPolicy {
    var text = log ? "log \(Sample.logKey)\n" : ""
    for (index, name) in ["a", "b", "c", "d", "e"].enumerated() {
      text += "witness \(name) \(try Sample.cosigner(UInt8(index + 1)).verifier.text)\n"
    }
    return try WitnessPolicy(
      parsing: Array((text + lines.map { $0 + "\n" }.joined()).utf8))
  }

  /// The sample checkpoint, signed by the log and by these witnesses.
  static func note(_ witnesses: [Int], log: Bool = true) throws -> SignedNote {
    var note = try SignedNote(parsing: Sample.note(log ? Sample.logLine : Sample.strangeLine))
    for number in witnesses {
      try note.add(
        Sample.cosigner(UInt8(number)).signature(of: note.text, at: 1000 + Int64(number)))
    }
    return note
  }

  @Test func a_quorum_of_groups() throws {
    let policy = try Self.policy(
      "group X 2 a b c", "group Y any d e", "group X-and-Y all X Y", "quorum X-and-Y")
    #expect(policy.requirement == "all of [2 of [a, b, c], 1 of [d, e]]")
    for bits in 0..<32 {
      let signers = (1...5).filter { bits >> ($0 - 1) & 1 == 1 }
      let expected = signers.count { $0 <= 3 } >= 2 && signers.contains { $0 > 3 }
      let verdict = try policy.verdict(on: Self.note(signers))
      #expect(verdict.isQuorumMet == expected, "\(signers)")
      #expect(verdict.cosigned.map(\.time) == signers.map { 1000 + Int64($0) })
      #expect(verdict.logKeys.map(\.text) == [Sample.logKey] && verdict.checkpoint.size == 8)
    }
  }

  @Test(arguments: [
    ("quorum none", [], true), ("quorum a", [1], true), ("quorum a", [2, 3], false),
    ("group G all a b\nquorum G", [1], false), ("group G all a b\nquorum G", [1, 2], true),
    ("group G 1 a b\nquorum G", [2], true), ("group G any a b\nquorum a", [2], false),
  ])
  func quorums(_ lines: String, _ signers: [Int], _ expected: Bool) throws {
    let verdict = try Self.policy(lines).verdict(on: Self.note(signers))
    #expect(verdict.isQuorumMet == expected)
  }

  @Test func what_the_log_must_have_done() throws {
    let policy = try Self.policy("quorum a")
    #expect(code { try policy.verdict(on: Self.note([1], log: false)) } == .unsigned)
    #expect(code { try policy.verdict(on: Self.note([], log: false)) } == .unsigned)
    let without = try Self.policy("quorum a", log: false)
    #expect(code { try without.verdict(on: Self.note([1])) } == .unsigned)
    // A checkpoint of another origin, signed by the log's key all the same.
    let other = try Checkpoint(origin: "example.org/other", size: 8, root: Sample.root).text
    let note = try SignedNote(
      text: other, signature: Sample.signer().signature(of: other, at: 0))
    let error = fault { try policy.verdict(on: note) }
    #expect(error?.code == .unsigned && error?.message.contains("example.org/other") == true)
    let own = try WitnessPolicy(log: Sample.verifier(), origin: "example.org/other")
    #expect(try own.verdict(on: note).isQuorumMet)
    // No checkpoint at all.
    let text = Array("hello\n".utf8)
    let letter = try SignedNote(text: text, signature: Sample.signer().signature(of: text, at: 0))
    #expect(code { try policy.verdict(on: letter) } == .malformed)
  }

  @Test func a_broken_cosignature_refuses_the_checkpoint() throws {
    let policy = try Self.policy("quorum none")
    var note = try Self.note([1])
    let line = String(decoding: note.signatures[1].line, as: UTF8.self)
    let broken = SignedNoteTests.broken(line) { $0[30] ^= 4 }
    note = try SignedNote(parsing: Sample.note(Sample.logLine, broken))
    #expect(code { try policy.verdict(on: note) } == .badSignature)
  }

  @Test func a_log_and_its_cosigners() throws {
    let keys = try (1...2).map { try Sample.cosigner(UInt8($0)).verifier }
    let policy = try WitnessPolicy(log: Sample.verifier(), cosigners: keys)
    #expect(policy.requirement == "all of [witness.example/1, witness.example/2]")
    #expect(try policy.verdict(on: Self.note([1, 2])).isQuorumMet)
    #expect(try !policy.verdict(on: Self.note([1])).isQuorumMet)
    let alone = try WitnessPolicy(log: Sample.verifier())
    #expect(alone.requirement == "no cosignatures")
    #expect(try alone.verdict(on: Self.note([])).isQuorumMet)
    #expect(
      code { try WitnessPolicy(log: Sample.verifier(), cosigners: [Sample.verifier()]) }
        == .unsupported)
  }

  // MARK: The file

  @Test func what_a_line_may_look_like() throws {
    let text = """
      # a comment

       \t # another
      \tlog   \(Sample.logKey)\thttps://log.example/\u{20}
      witness \u{212A} \(Sample.boKey) https://witness.example/
      witness K \(try Sample.cosigner(1).verifier.text)
      group caf\u{e9} 1 K
      quorum \u{212A}

      """
    let policy = try WitnessPolicy(parsing: Array(text.utf8))
    #expect(policy.witnesses.map(\.name) == [Array("\u{212A}".utf8), Array("K".utf8)])
    #expect(policy.quorum == .witness(0) && policy.logs.map(\.origin) == ["example.org/record"])
    // Names are bytes, of any encoding.
    let latin = Array("witness ".utf8) + [0xE9] + Array(" \(Sample.boKey)\nquorum ".utf8) + [0xE9]
    #expect(try WitnessPolicy(parsing: latin + [0x0A]).witnesses[0].name == [0xE9])
  }

  static let faults: [(String, Int?)] = [
    ("", 1), ("\n", nil), ("# nothing\n", nil), ("log \(Sample.logKey)\n", nil),
    ("quorum none", 1), ("quorum none\r\n", 1), ("quorum none\u{7F}\n", 1),
    ("quorum\n", 1), ("quorum none none\n", 1), ("quorum none\nquorum none\n", 2),
    ("quorum a\n", 1), ("quorum none # really\n", 1), ("Quorum none\n", 1), ("trust all\n", 1),
    ("log\nquorum none\n", 1), ("log x\nquorum none\n", 1),
    ("log \(Sample.logKey) https://a b\nquorum none\n", 1),
    ("log \(Sample.logKey)\nlog \(Sample.logKey)\nquorum none\n", 2),
    ("witness a\nquorum none\n", 1), ("witness a \(Sample.logKey)\nquorum none\n", 1),
    ("witness none \(Sample.boKey)\nquorum none\n", 1),
    ("witness a \(Sample.boKey) x y\nquorum none\n", 1),
    ("witness a \(Sample.boKey)\nwitness b \(Sample.boKey)\nquorum none\n", 2),
    ("quorum a\nwitness a \(Sample.boKey)\n", 1),
  ]

  @Test(arguments: faults) func faults_are_told_with_their_line(_ text: String, _ line: Int?) {
    let error = fault { try WitnessPolicy(parsing: Array(text.utf8)) }
    #expect(error?.code == .malformed && error?.line == line, "\(text.debugDescription)")
  }

  @Test(arguments: [
    "group G", "group G any", "group G 0 a", "group G 3 a b", "group G 01 a", "group G +1 a",
    "group G -1 a", "group G most a b", "group G 9999999999999999999 a", "group G any x",
    "group G any none", "group G any a a", "group G any G", "group a any b", "group none any a",
    "group G any a\ngroup H any a", "group G any a\ngroup G any b", "quorum G\ngroup G any a",
    "group G any H\ngroup H any a",
  ])
  func groups_that_do_not_stand(_ lines: String) {
    let error = fault { try Self.policy(lines, "quorum none") }
    #expect(error?.code == .malformed && (error?.line ?? 0) >= 7, "\(String(describing: error))")
  }

  @Test func many_of_each() throws {
    var text = ""
    for number in 0..<40 {
      var seed = [UInt8](repeating: 1, count: 32)
      seed[0] = UInt8(number)
      let log = try SignerKey(seed: seed, algorithm: .ed25519, name: "log\(number)")
      let witness = try SignerKey(seed: seed, algorithm: .cosignature, name: "w\(number)")
      text += "log \(log.verifier.text)\nwitness w\(number) \(witness.verifier.text)\n"
      text += number == 0 ? "group g0 any w0\n" : "group g\(number) any w\(number) g\(number - 1)\n"
    }
    let policy = try WitnessPolicy(parsing: Array((text + "quorum g39\n").utf8))
    #expect(policy.logs.count == 40 && policy.witnesses.count == 40 && policy.groups.count == 40)
    let long = [UInt8](repeating: 0x0A, count: WitnessPolicy.byteLimit + 1)
    #expect(code { try WitnessPolicy(parsing: long) } == .tooLong)
  }

  /// A key of a type that is not known here: ML-DSA-44 has type 6.
  private static let strangeKey: String = {
    let bytes = [UInt8(6)] + [UInt8](repeating: 7, count: 1312)
    return "pq.example/w+0a0b0c0d+" + Base64.encode(bytes)
  }()

  @Test func a_key_that_cannot_be_checked_is_passed_over() throws {
    let lines = ["witness pq \(Self.strangeKey)", "group G 1 a pq", "quorum G"]
    let policy = try Self.policy(lines[0], lines[1], lines[2])
    #expect(policy.passedOver.count == 1 && policy.passedOver[0].name == Array("pq".utf8))
    #expect(policy.passedOver[0].reason.contains("pq.example/w is of type 6"))
    #expect(policy.requirement == "1 of [a, pq (cannot be checked)]")
    #expect(try policy.verdict(on: Self.note([1])).isQuorumMet)
    #expect(try !policy.verdict(on: Self.note([2])).isQuorumMet)
    // It never counts: a quorum that needs it is never met.
    let both = try Self.policy(lines[0], "group G all a pq", "quorum G")
    #expect(try !both.verdict(on: Self.note([1, 2, 3])).isQuorumMet)
    let alone = try Self.policy(lines[0], "quorum pq")
    #expect(try !alone.verdict(on: Self.note([1])).isQuorumMet)
    // A log of such a key is passed over beside another one.
    let logs = try Self.policy("log \(Self.strangeKey)", "quorum none")
    #expect(logs.logs.count == 1 && logs.passedOver[0].name == nil)
  }
}
