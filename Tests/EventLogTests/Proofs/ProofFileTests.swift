import EventLog
import Testing

@Suite struct ProofFileTests {
  /// A log of eight events, their headers and bodies, and a proof of each.
  struct Log {
    var events: [RecordedEvent]
    var levels: [[[UInt8]]]

    init() {
      let first = Position(1)
      events = (1...8).map { seq in
        let batch = Batch(
          first: first, recorded: Instant(microseconds: 1_764_176_400_000_000), recorder: "ana",
          note: seq == 3 ? "a note \"é\"" : nil)
        let event = NewEvent(
          id: EventID(high: UInt64(seq), low: 7), type: EventType("vote.cast"),
          time: seq % 2 == 0 ? ValidTime(text: "2025-02-24", earliest: 0, latest: 1) : nil,
          targets: seq == 5 ? [EventID(high: 1, low: 7)] : [],
          body: Array(#"{"data":{"choice":"no","n":\#(seq),"voter":"😂"}}"#.utf8))
        return RecordedEvent(
          position: Position(Int64(seq)), batch: batch, event: event,
          salt: (0..<16).map { UInt8(truncatingIfNeeded: $0 * 16 + seq) }, leafHash: [])
      }
      levels = [events.map { MerkleTree.leafHash($0.canonicalBytes) }]
      while let below = levels.last, below.count > 1 {
        levels.append(
          (0..<below.count / 2).map { MerkleTree.nodeHash(below[2 * $0], below[2 * $0 + 1]) })
      }
    }

    func node(_ node: MerkleNode) -> [UInt8] { levels[node.level][Int(node.index)] }

    func note(_ size: Int64 = 8) throws -> SignedNote {
      let text = try Checkpoint(
        origin: "example.org/record", size: size, root: MerkleTree.root(ofSize: size, node: node)
      ).text
      return try SignedNote(text: text, signature: Sample.signer().signature(of: text, at: 0))
    }

    func proof(_ index: Int64, size: Int64 = 8, isErased: Bool = false) throws -> ProofFile {
      let event = events[Int(index)]
      let extra = try EventProof(
        header: event.canonicalBytes,
        payload: isErased ? nil : .init(body: event.event.body, salt: event.salt)
      ).extra
      return try ProofFile(
        extra: extra, index: index,
        hashes: MerkleTree.inclusionProof(index: index, size: size, node: node),
        note: try note(size))
    }
  }

  static let log = Log()

  @Test func every_event_under_every_checkpoint() throws {
    for size in 1...8 as ClosedRange<Int64> {
      for index in 0..<size {
        for isErased in [false, true] {
          let made = try Self.log.proof(index, size: size, isErased: isErased)
          let read = try ProofFile(parsing: made.bytes)
          #expect(read.bytes == made.bytes && read.index == index)
          let event = try read.event()
          let recorded = Self.log.events[Int(index)]
          #expect(event.position == recorded.position && event.header == recorded.canonicalBytes)
          #expect(event.payload?.body == (isErased ? nil : recorded.event.body))
          #expect(event.payload?.salt == (isErased ? nil : recorded.salt))
          #expect(event.members["type"] == "vote.cast" && event.members["recorder"] == "ana")
          let policy = try WitnessPolicy(log: Sample.verifier())
          #expect(try policy.verdict(on: read.note).checkpoint.size == size)
        }
      }
    }
  }

  @Test func the_form_of_the_file() throws {
    let proof = try Self.log.proof(0, size: 2)
    let lines = String(decoding: proof.bytes, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[0] == "c2sp.org/tlog-proof@v1")
    #expect(lines[1].hasPrefix("extra eyJib2R5Ijp7"))
    #expect(lines[2] == "index 0")
    #expect(lines[3] == Base64.encode(Self.log.levels[0][1]) && lines[4].isEmpty)
    #expect(lines[5] == "example.org/record" && lines[6] == "2")
    #expect(lines.count == 11 && lines[10].isEmpty)
  }

  // MARK: What does not hold

  @Test func an_event_at_another_index() throws {
    let (one, two) = (try Self.log.proof(1), try Self.log.proof(2))
    let moved = try ProofFile(
      extra: one.extra, index: two.index, hashes: two.hashes, note: one.note)
    #expect(code { try moved.event() } == .mismatch)
  }

  @Test func hashes_that_lead_elsewhere() throws {
    let proof = try Self.log.proof(2)
    for index in proof.hashes.indices {
      var hashes = proof.hashes
      hashes[index][5] ^= 1
      #expect(code { try Self.with(proof, hashes: hashes).event() } == .notIncluded)
      hashes = proof.hashes
      hashes.remove(at: index)
      #expect(code { try Self.with(proof, hashes: hashes).event() } == .notIncluded)
    }
    let longer = proof.hashes + [proof.hashes[0]]
    #expect(code { try Self.with(proof, hashes: longer).event() } == .notIncluded)
    #expect(code { try Self.with(proof, note: Self.log.note(7)).event() } == .notIncluded)
    #expect(code { try Self.with(proof, note: Self.log.note(2)).event() } == .notIncluded)
  }

  @Test func what_the_extra_data_must_be() throws {
    let proof = try Self.log.proof(2)
    let extra = String(decoding: proof.extra ?? [], as: UTF8.self)
    func event(_ extra: String?) throws -> EventProof {
      let bytes = extra.map { Array($0.utf8) }
      return try ProofFile(
        extra: bytes, index: proof.index, hashes: proof.hashes, note: proof.note
      ).event()
    }
    #expect(code { try event(extra) } == nil)
    #expect(code { try event(nil) } == .malformed)
    let cases: [(String, String, ProofError.Code)] = [
      (#""choice":"no""#, #""choice":"on""#, .mismatch),
      (#""salt":"0"#, #""salt":"1"#, .mismatch),
      (#""recorder":"ana""#, #""recorder":"bob""#, .notIncluded),
      (#""seq":3"#, #""seq":4"#, .mismatch), (#""seq":3"#, #""seq":0"#, .malformed),
      (#""seq":3"#, #""seq":"3""#, .malformed), (#""seq":3,"#, "", .malformed),
      (#""body":""#, #""bodies":""#, .malformed),
      (#"{"body":{"#, #"{"a":1,"body":{"#, .malformed), (#"{"body":{"#, #"{ "body":{"#, .malformed),
      (#""salt":"#, #""salty":"#, .malformed), (#","salt":"#, #","salt":1,"salt":"#, .malformed),
      (#""n":3"#, #""n":3.5"#, .malformed), (#""n":3"#, #""n":3e0"#, .malformed),
      (#""voter":"😂""#, #""voter":"\ud83d\ude02""#, .malformed),
    ]
    for (old, new, expected) in cases {
      let changed = extra.replacing(old, with: new, maxReplacements: 1)
      #expect(changed != extra)
      #expect(code { try event(changed) } == expected, "\(changed)")
    }
    let upper = extra.replacing(/"salt":"\w+"/) { $0.output.uppercased() }
      .replacing("\"SALT\"", with: "\"salt\"")
    #expect(code { try event(upper) } == .malformed)
    let header = String(decoding: Self.log.events[2].canonicalBytes, as: UTF8.self)
    for whole in [
      "", "null", "[]", "{}", header, "{\"header\":1}", "{\"header\":{}}",
      "{\"body\":{},\"header\":\(header)}",
      "{\"body\":1,\"header\":\(header),\"salt\":\"00112233445566778899aabbccddeeff\"}",
      "{\"header\":\(header),\"salt\":\"00112233445566778899aabbccddeeff\"}",
      "{\"header\":\(header)}\n",
    ] {
      #expect(code { try event(whole.isEmpty ? nil : whole) } == .malformed, "\(whole)")
    }
    #expect(try event("{\"header\":\(header)}").payload == nil)
  }

  private static func with(
    _ proof: ProofFile, hashes: [[UInt8]]? = nil, note: SignedNote? = nil
  ) throws -> ProofFile {
    try ProofFile(
      extra: proof.extra, index: proof.index, hashes: hashes ?? proof.hashes,
      note: note ?? proof.note)
  }

  // MARK: What is no proof file

  @Test func malformed_files() throws {
    let good = String(decoding: try Self.log.proof(2).bytes, as: UTF8.self)
    let hash = Base64.encode(try Self.log.proof(2).hashes[0])
    let cases: [(String, String, Int)] = [
      ("proof@v1", "proof@v2", 1), ("c2sp", " c2sp", 1), ("@v1\n", "@v1\r\n", 1),
      ("extra ", "Extra ", 2), ("extra ", "extra  ", 2), ("extra eyJi", "extra eyJ", 2),
      ("index 2", "index 02", 3), ("index 2", "index -2", 3), ("index 2", "index", 3),
      ("index 2", "index 2 ", 3), ("index 2\n", "", 3),
      ("index 2", "index 9223372036854775808", 3),
      (hash, String(hash.dropFirst(4)), 4), (hash, hash + " ", 4), (hash, "", 7),
      (hash, hash.replacing("=", with: ""), 4), ("\n\nexample", "\nexample", 7),
      ("\n\nexample", "\n\n\nexample", 8), ("\n8\n", "\n08\n", 9),
      ("\n— example", "\n- example", 12),
    ]
    for (old, new, line) in cases {
      let text = good.replacing(old, with: new, maxReplacements: 1)
      #expect(text != good)
      let error = fault { try ProofFile(parsing: Array(text.utf8)) }
      #expect(error?.code == .malformed, "\(new): \(String(describing: error))")
      #expect(error?.line == line, "\(new): \(String(describing: error))")
    }
    let bytes = Array(good.utf8)
    for count in 0..<bytes.count {
      #expect(code { try ProofFile(parsing: Array(bytes[..<count])) } != nil, "\(count) bytes")
    }
  }

  @Test func files_that_ask_for_too_much() throws {
    let good = String(decoding: try Self.log.proof(2).bytes, as: UTF8.self)
    let hash = Base64.encode(try Self.log.proof(2).hashes[0]) + "\n"
    let tall = good.replacing(hash, with: String(repeating: hash, count: 64))
    #expect(code { try ProofFile(parsing: Array(tall.utf8)) } == .tooLong)
    let long = [UInt8](repeating: 0x61, count: ProofFile.byteLimit + 1)
    #expect(code { try ProofFile(parsing: long) } == .tooLong)
  }
}
