public import Annals
public import EventLog

/// `key`: the public half of a key.
public struct KeyAnswer: Answer {
  public let file: String
  public let key: VerifierKey

  public init(file: String, key: VerifierKey) {
    self.file = file
    self.key = key
  }

  private var kind: String { key.algorithm == .cosignature ? "cosigner" : "log" }

  public var json: JSON {
    .members([
      "schema": "annals.key.v2", "file": .string(file), "name": .string(key.name),
      "kind": .string(kind), "verifier_key": .string(key.text),
    ])
  }
  public var records: [JSON] { [json] }
  public var sheet: Sheet {
    Sheet(
      columns: ["file", "name", "kind", "verifier_key"],
      rows: [[.string(file), .string(key.name), .string(kind), .string(key.text)]])
  }
}

/// `checkpoint`: the signed head of the log.
public struct CheckpointAnswer: Answer {
  public let note: SignedNote
  public let checkpoint: Checkpoint
  /// Where it was written; nil for nowhere.
  public let file: String?

  public init(_ note: SignedNote, file: String?) throws {
    self.note = note
    self.file = file
    checkpoint = try Checkpoint(text: note.text)
  }

  public var text: String { String(decoding: note.bytes, as: UTF8.self) }

  public var json: JSON {
    .members([
      "schema": "annals.checkpoint.v2", "file": .text(file), "origin": .string(checkpoint.origin),
      "size": .integer(checkpoint.size), "root": .string(checkpoint.root.hexDigits),
      "signed_by": .texts(note.signatures.map(\.name)), "note": .string(text),
    ])
  }
  public var records: [JSON] { [json] }
  public var sheet: Sheet {
    Sheet(
      columns: ["origin", "size", "root", "note"],
      rows: [
        [
          .string(checkpoint.origin), .integer(checkpoint.size), .string(checkpoint.root.hexDigits),
          .string(text),
        ]
      ])
  }
}

/// `prove`: a proof that was made.
public struct ProofAnswer: Answer {
  public let proof: ProofFile
  public let checkpoint: Checkpoint
  /// Where it was written; nil for nowhere.
  public let file: String?

  public init(_ proof: ProofFile, file: String?) throws {
    self.proof = proof
    self.file = file
    checkpoint = try Checkpoint(text: proof.note.text)
  }

  public var text: String { String(decoding: proof.bytes, as: UTF8.self) }

  public var json: JSON {
    .members([
      "schema": "annals.prove.v2", "file": .text(file), "seq": .integer(proof.index + 1),
      "origin": .string(checkpoint.origin), "size": .integer(checkpoint.size),
      "proof": .string(text),
    ])
  }
  public var records: [JSON] { [json] }
  public var sheet: Sheet {
    Sheet(
      columns: ["seq", "origin", "size", "proof"],
      rows: [
        [
          .integer(proof.index + 1), .string(checkpoint.origin), .integer(checkpoint.size),
          .string(text),
        ]
      ])
  }
}

/// `check-proof`: the event that a proof proves, and who vouches for it.
public struct ProvenEventAnswer: Answer {
  public let event: ProvenEvent
  public let policy: WitnessPolicy

  public init(event: ProvenEvent, policy: WitnessPolicy) {
    self.event = event
    self.policy = policy
  }

  private var verdict: WitnessPolicy.Verdict { event.verdict }
  private var checkpoint: Checkpoint { verdict.checkpoint }

  public var json: JSON {
    .members([
      "schema": "annals.check-proof.v2", "seq": .integer(event.proof.position.rawValue),
      "summary": .text(event.summary), "header": .object(event.proof.members),
      "body": event.body ?? .null, "origin": .string(checkpoint.origin),
      "size": .integer(checkpoint.size), "root": .string(checkpoint.root.hexDigits),
      "signed_by": .texts(verdict.logKeys.map(\.text)),
      "cosigned_by": .array(
        verdict.cosigned.map {
          .members([
            "key": .string($0.witness.key.text), "time": .string(Self.time($0.time)),
          ])
        }),
      "policy": .string(policy.requirement), "met": .bool(verdict.isQuorumMet),
      "passed_over": .texts(policy.passedOver.map(\.reason)),
    ])
  }

  public var records: [JSON] { [json] }

  public var sheet: Sheet {
    Sheet(
      columns: [
        "seq", "id", "type", "on", "summary", "recorded", "recorder", "origin", "size", "signed_by",
        "cosigned_by", "met",
      ],
      rows: [
        [
          .integer(event.proof.position.rawValue), .text(event.id), .string(event.type),
          .text(event.on), .text(event.summary), .text(event.recorded), .text(event.recorder),
          .string(checkpoint.origin), .integer(checkpoint.size),
          .string(verdict.logKeys.map(\.name).joined(separator: " ")),
          .string(verdict.cosigned.map(\.witness.key.name).joined(separator: " ")),
          .bool(verdict.isQuorumMet),
        ]
      ])
  }

  /// When, as the cosigner states; in seconds since 1970 where no calendar reaches.
  package static func time(_ seconds: Int64) -> String {
    let (microseconds, isOver) = seconds.multipliedReportingOverflow(by: 1_000_000)
    guard !isOver else { return "\(seconds) s after 1970" }
    let instant = Instant(microseconds: microseconds)
    return instant.description + (instant > .now() ? " (in the future)" : "")
  }
}
