public import EventLog

/// What a proof file proves, once all of it holds but the quorum.
public struct ProvenEvent: Sendable {
  public var proof: EventProof
  /// Who has signed the head of the log, and whether that is enough.
  public var verdict: WitnessPolicy.Verdict
  /// `vote.cast.v1`
  public var type: String
  public var id: String?
  /// The date of the event as written.
  public var on: String?
  public var recorded: String?
  public var recorder: String?
  /// The recorder's remark on the batch.
  public var note: String?
  /// Ids of the earlier events that it is about.
  public var targets: [String]
  /// The payload; nil when it was erased, or is not shown.
  public var body: JSON?
  /// The payload in one sentence, with ids as they are; nil without a payload.
  public var summary: String?

  /// Checks a proof: the payload against the header, the header against the root, the root's
  /// signatures by the policy. Needs no store.
  public init(
    _ file: ProofFile, name: String, policy: WitnessPolicy, vocabulary: Vocabulary
  ) throws {
    let (proof, verdict) = try ProofInput.reading(.badProof, name) { () throws(ProofError) in
      (try file.event(), try policy.verdict(on: file.note))
    }
    self.proof = proof
    self.verdict = verdict
    let header = JSON.object(proof.members)
    let version = header["version"]?.integer.flatMap { Int(exactly: $0) } ?? 1
    let type = EventType(header["type"]?.string ?? "", version: version)
    self.type = type.description
    id = header["id"]?.string
    on = header["on"]?.string
    recorded = header["recorded"]?.string
    recorder = header["recorder"]?.string
    note = header["note"]?.string
    targets = (header["target"]?.array ?? []).compactMap(\.string)
    body = try ProofInput.reading(.badProof, name) { () throws(ProofError) in
      do {
        return try proof.payload.map { try JSON(parsing: $0.body) }
      } catch {
        throw ProofError(.malformed, "the payload cannot be read: \(error)")
      }
    }
    summary = body?["data"].map { vocabulary.summary(type: type, data: $0) }
  }
}
