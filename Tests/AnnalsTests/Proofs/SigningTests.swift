import Annals
import EventLog
import Synchronization
import Testing

/// Signing, cosigning and proving, through the store as a library user meets it.
@Suite struct SigningTests {
  /// A signer whose memory is kept in memory.
  final class Signer: CheckpointSigner {
    let key: SignerKey
    private let kept = Mutex(SignerMemory())
    private let fails: Bool

    init(_ algorithm: NoteAlgorithm = .ed25519, name: String = "example.org/r", fails: Bool = false)
      throws
    {
      key = try SignerKey(generating: algorithm, name: name)
      self.fails = fails
    }

    func memory() -> SignerMemory { kept.withLock { $0 } }

    func keep(_ memory: SignerMemory) throws {
      if fails { throw Problem(.diskFull, "no room") }
      kept.withLock { $0 = memory }
    }

    func policy() throws -> WitnessPolicy { try WitnessPolicy(log: key.verifier) }
  }

  private func fill(_ store: Store, _ actors: String...) async throws {
    for actor in actors {
      _ = try await store.append(
        Array(ViewWorld.actor(actor).utf8), options: AppendOptions(recorder: "ana"))
    }
  }

  /// The code with which `body` is refused; nil when it is not.
  private func refusal(_ body: () async throws -> some Any) async -> ErrorCode? {
    do {
      _ = try await body()
      return nil
    } catch let problem as Problem {
      return problem.code
    } catch let problems as Problems {
      return problems.problems.first?.code
    } catch {
      return .internal
    }
  }

  // MARK: Signing

  @Test func heads_that_continue_each_other() async throws {
    try await withStore { store in
      let signer = try Signer()
      var last: Checkpoint?
      for actor in ["A", "B", "C", "D", "E"] {
        let note = try await store.checkpoint(signedBy: signer)
        let checkpoint = try signer.policy().verdict(on: note).checkpoint
        #expect(checkpoint.origin == "example.org/r")
        let size = checkpoint.size
        #expect(try await store.log.root(ofSize: size) == checkpoint.root)
        #expect(try signer.memory().last(origin: "example.org/r")?.size == size)
        if let last, last.size > 0 {
          let proof = try await store.log.consistencyProof(from: last.size, to: size)
          try MerkleTree.verifyConsistency(
            oldSize: UInt64(last.size), newSize: UInt64(size), proof: proof, oldRoot: last.root,
            newRoot: checkpoint.root)
        }
        // The same head again.
        #expect(try await store.checkpoint(signedBy: signer).text == note.text)
        last = checkpoint
        try await fill(store, actor)
      }
      #expect(last?.size == 4)
    }
  }

  @Test func another_history_is_not_signed() async throws {
    let signer = try Signer()
    try await withStore { store in
      try await fill(store, "A", "B", "C")
      _ = try await store.checkpoint(signedBy: signer)
    }
    let before = signer.memory().bytes
    // The same events in another store have other salts, and so another root.
    try await withStore { store in
      for actor in ["A", "B", "C", "D"] {
        #expect(await refusal { try await store.checkpoint(signedBy: signer) } == .historyDiffers)
        try await fill(store, actor)
      }
      do {
        _ = try await store.checkpoint(signedBy: signer)
      } catch let problem as Problem {
        let root = try await store.log.root(ofSize: 3)
        #expect(problem.message.contains(root.map { hex($0) }.joined()))
        #expect(problem.message.contains("#3") && problem.message.contains("#4"))
      }
      #expect(signer.memory().bytes == before)
      // Another log of the same key's is another matter.
      let other = try await store.checkpoint(signedBy: signer, origin: "example.org/other")
      #expect(try Checkpoint(text: other.text).size == 4)
      #expect(try signer.memory().last(origin: "example.org/r")?.size == 3)
      #expect(try signer.memory().last(origin: "example.org/other")?.size == 4)
    }
  }

  @Test func no_signature_without_its_memory() async throws {
    try await withStore { store in
      let signer = try Signer(fails: true)
      #expect(await refusal { try await store.checkpoint(signedBy: signer) } == .diskFull)
      let cosigner = try Signer(.cosignature)
      #expect(await refusal { try await store.checkpoint(signedBy: cosigner) } == .badKey)
      let signed = try Signer()
      #expect(
        await refusal { try await store.checkpoint(signedBy: signed, origin: "a b") } == .badKey)
      #expect(signed.memory().bytes == SignerMemory().bytes)
    }
  }

  // MARK: Cosigning

  @Test func a_second_person_vouches_for_the_same_history() async throws {
    try await withStore { store in
      let signer = try Signer()
      let bo = try Signer(.cosignature, name: "bo.example/w")
      let eve = try Signer(.cosignature, name: "eve.example/w")
      try await fill(store, "A", "B")
      let first = try await store.checkpoint(signedBy: signer)
      try await fill(store, "C")
      let second = try await store.checkpoint(signedBy: signer)
      let policy = try signer.policy()
      func cosign(
        _ note: SignedNote, _ signer: Signer, at seconds: Int64 = 1_800_000_000
      ) async throws -> SignedNote {
        try await store.cosign(
          note, file: "f", policy: policy, signer: signer,
          at: Instant(microseconds: seconds * 1_000_000 + 999_999)
        ).note
      }
      _ = try await cosign(first, bo)
      var note = try await cosign(second, bo)
      note = try await cosign(note, bo, at: 1_800_000_005)
      #expect(note.signatures.count == 2)
      note = try await cosign(note, eve)
      let wanted = try WitnessPolicy(
        log: signer.key.verifier, cosigners: [bo.key.verifier, eve.key.verifier])
      let verdict = try wanted.verdict(on: note)
      #expect(
        verdict.isQuorumMet && verdict.cosigned.map(\.time) == [1_800_000_005, 1_800_000_000])
      #expect(try !wanted.verdict(on: second).isQuorumMet)
      #expect(await refusal { try await cosign(first, bo) } == .cosignedLater)
      #expect(await refusal { try await cosign(second, signer) } == .badKey)
      let stranger = try Signer()
      #expect(
        await refusal {
          try await store.cosign(
            second, file: "f", policy: stranger.policy(), signer: bo, at: .now())
        } == .unsigned)
      let forged = try SignedNote(
        parsing: Checkpoint(origin: "example.org/r", size: 3, root: MerkleTree.emptyRoot).text
          + [0x0A] + second.signatures[0].line)
      #expect(await refusal { try await cosign(forged, bo) } == .badSignature)
    }
  }

  @Test func a_second_person_does_not_vouch_for_another_history() async throws {
    let signer = try Signer()
    let bo = try Signer(.cosignature, name: "bo.example/w")
    let policy = try signer.policy()
    let note = try await withStore { store in
      try await fill(store, "A", "B")
      return try await store.checkpoint(signedBy: signer)
    }
    try await withStore { store in
      func refused(_ note: SignedNote) async -> ErrorCode? {
        await refusal {
          try await store.cosign(note, file: "f", policy: policy, signer: bo, at: .now())
        }
      }
      try await fill(store, "A")
      #expect(await refused(note) == .recordTooShort)
      try await fill(store, "B")
      #expect(await refused(note) == .checkpointDiffers)
      #expect(bo.memory().bytes == SignerMemory().bytes)
      // What was cosigned in another copy must be in this one.
      var memory = SignerMemory()
      let text = try Checkpoint(
        origin: "example.org/r", size: 1, root: [UInt8](note.text.suffix(33).prefix(32))
      ).text
      try memory.remember(SignedNote(text: text, signature: bo.key.signature(of: text, at: 1)))
      try bo.keep(memory)
      let size = Int64(2)
      let own = try await Checkpoint(
        origin: "example.org/r", size: size, root: store.log.root(ofSize: size)
      ).text
      let signed = try SignedNote(text: own, signature: signer.key.signature(of: own, at: 0))
      #expect(await refused(signed) == .historyDiffers)
    }
  }

  // MARK: Proofs

  @Test func every_event_is_proved_under_every_head() async throws {
    try await withStore { store in
      let signer = try Signer()
      var notes: [SignedNote] = []
      for actor in ["A", "B", "C", "D", "E", "F", "G"] {
        try await fill(store, actor)
        notes.append(try await store.checkpoint(signedBy: signer))
      }
      let events = try await store.log.read(.all, in: EventRange())
      for (index, note) in notes.enumerated() {
        for event in events {
          let reference = EventReference.position(event.position)
          guard event.position.rawValue <= index + 1 else {
            #expect(
              await refusal { try await store.prove(reference, under: note, file: "f") }
                == .notCovered)
            continue
          }
          let bytes = try await store.prove(reference, under: note, file: "f").bytes
          let proven = try ProvenEvent(
            ProofInput.proof(bytes, file: "p"), name: "p", policy: signer.policy(),
            vocabulary: .builtIn)
          #expect(proven.proof.position == event.position && proven.type == "actor.registered.v1")
          #expect(proven.id == event.id.description && proven.recorder == "ana")
          #expect(try proven.body == JSON(parsing: event.event.body))
          #expect(proven.summary?.contains("Name of") == true)
        }
      }
      #expect(
        await refusal {
          try await store.prove(.position(99), under: notes[6], file: "f")
        } == .unknownEvent)
      let bytes = try await store.prove(.id(events[2].id), under: notes[6], file: "f").bytes
      let stranger = try Signer()
      let refusals = try [
        (bytes, signer.policy()), (bytes, stranger.policy()),
        (changed(bytes) { $0.replacing("\nindex 2\n", with: "\nindex 3\n") }, signer.policy()),
        (changed(bytes) { $0.replacing("\n7\n", with: "\n6\n") }, signer.policy()),
        (changed(bytes) { $0.replacing("proof@v1", with: "proof@v2") }, signer.policy()),
      ]
      var codes: [ErrorCode?] = []
      for (bytes, policy) in refusals {
        codes.append(
          await refusal {
            try ProvenEvent(
              ProofInput.proof(bytes, file: "p"), name: "p", policy: policy, vocabulary: .builtIn)
          })
      }
      #expect(codes == [nil, .unsigned, .proofFails, .badSignature, .badProof])
      try await withStore { other in
        try await fill(other, "A", "B", "C", "D", "E", "F", "G")
        #expect(
          await refusal { try await other.prove(.position(1), under: notes[6], file: "f") }
            == .checkpointDiffers)
      }
    }
  }

  @Test func an_erased_event_is_proved_without_its_payload() async throws {
    try await withStore { store in
      let signer = try Signer()
      try await fill(store, "A", "B", "C")
      let note = try await store.checkpoint(signedBy: signer)
      let before = try await store.prove(.position(2), under: note, file: "f")
      let erased = try #require(try await store.log.read(.all, in: EventRange()).dropFirst().first)
      _ = try await store.log.erase(
        [erased.id],
        saying: NewEvent(
          id: EventID(high: 1, low: 1), type: EventType("payload.erased"), targets: [erased.id],
          body: Array(#"{"data":{}}"#.utf8)), recorder: "law", note: nil, if: nil)
      // Neither the checkpoint nor what was proved before is any the worse for it.
      try await store.check(note, file: "f", policy: signer.policy())
      for under in [note, try await store.checkpoint(signedBy: signer)] {
        let proof = try await store.prove(.position(2), under: under, file: "f")
        let proven = try ProvenEvent(
          proof, name: "p", policy: signer.policy(), vocabulary: .builtIn)
        #expect(proven.body == nil && proven.summary == nil && proven.proof.payload == nil)
        #expect(try proven.proof.header == before.event().header)
      }
      let old = try ProvenEvent(before, name: "p", policy: signer.policy(), vocabulary: .builtIn)
      #expect(old.body != nil)
    }
  }

  private func changed(_ bytes: [UInt8], _ change: (String) -> String) -> [UInt8] {
    Array(change(String(decoding: bytes, as: UTF8.self)).utf8)
  }

  // MARK: The memory of a key

  @Test func a_memory_reads_back() throws {
    let signer = try Signer()
    var memory = SignerMemory()
    for (origin, size) in [("a", 1), ("b", 2), ("a", 3), ("c", 0)] as [(String, Int64)] {
      let root = size == 0 ? MerkleTree.emptyRoot : [UInt8](repeating: UInt8(size), count: 32)
      let text = try Checkpoint(origin: origin, size: size, root: root).text
      try memory.remember(SignedNote(text: text, signature: signer.key.signature(of: text, at: 0)))
    }
    let key = signer.key.verifier
    let read = try SignerMemory(parsing: memory.bytes, key: key, file: "m")
    #expect(read.bytes == memory.bytes)
    let sizes = try ["a", "b", "c", "d"].map { try read.last(origin: $0)?.size }
    #expect(sizes == [3, 2, 0, nil])
    let new = try SignerMemory(parsing: SignerMemory().bytes, key: key, file: "m")
    #expect(try new.last(origin: "a") == nil)
    let other = try Signer().key.verifier
    let text = String(decoding: memory.bytes, as: UTF8.self)
    let damaged: [(String, VerifierKey)] = [
      (text, other), (text.replacing("\n3\n", with: "\n4\n"), key),
      (String(text.dropLast(70)), key), (text + "more\n", key), (text + "\nd\n1\n", key),
      (text.replacing("— ", with: "- "), key), ("", key), ("\n\n", key),
      // A line without its end, or an empty line more.
      (String(text.dropLast()), key), (text + "\n", key),
      (String(decoding: SignerMemory().bytes.dropLast(), as: UTF8.self), key),
      // A whole note less, or one log twice.
      (text.split(separator: "\n\n").dropLast(2).joined(separator: "\n\n") + "\n", key),
      (text.replacing("last: 3", with: "last: 2"), key),
      (text.replacing("last: 3", with: "last: 6") + text.drop { $0 != "\n" }, key),
    ]
    for (text, key) in damaged {
      let error = #expect(throws: Problem.self) {
        try SignerMemory(parsing: Array(text.utf8), key: key, file: "m")
      }
      #expect(error?.code == .signerMemory)
    }
  }

  private func hex(_ byte: UInt8) -> String { (byte < 16 ? "0" : "") + String(byte, radix: 16) }
}
