public import EventLog

extension Store {
  /// Signs the head of the record: nothing up to it can be changed later without its showing.
  ///
  /// A log must never sign two heads of which one does not continue the other: so the record is held
  /// against what the key has signed before (`.historyDiffers`), and both the new head and all that it
  /// covers are on the disk before its signature is handed out. `origin` names the log; nil for the
  /// key's own name.
  public func checkpoint(
    signedBy signer: some CheckpointSigner, origin: String? = nil
  ) async throws -> SignedNote {
    let key = signer.key
    guard key.algorithm == .ed25519 else {
      throw Problem(
        .badKey, "\(key.name) is a cosigner's key, and a log signs with a key of its own",
        help: "make one with  \(command: "key new FILE --name NAME"),  "
          + "or cosign with  \(command: "cosign")")
    }
    let origin = origin ?? key.name
    let size = try await log.head().position.rawValue
    let root = try await log.root(ofSize: size)
    try await log.settle()
    if let last = try signer.memory().last(origin: origin) {
      try await checkThatRecordContinues(last, size: size, key: key)
    }
    let note = try await signed(signer) { () throws(ProofError) in
      let text = try Checkpoint(origin: origin, size: size, root: root).text
      return try SignedNote(text: text, signature: key.signature(of: text, at: 0))
    }
    return note
  }

  /// Cosigns another's checkpoint: says that this copy of the record has the same events up to it,
  /// and that it continues whatever the key has cosigned before.
  ///
  /// Returns the checkpoint with the cosignature added. Throws unless the log's own signature holds
  /// by `policy`, the copy is long enough (`.recordTooShort`) and its root the checkpoint's
  /// (`.checkpointDiffers`), and the last head that was cosigned is not a larger one
  /// (`.cosignedLater`) or of another history (`.historyDiffers`).
  public func cosign(
    _ note: SignedNote, file: String, policy: WitnessPolicy, signer: some CheckpointSigner,
    at time: Instant
  ) async throws -> (note: SignedNote, verdict: WitnessPolicy.Verdict) {
    let key = signer.key
    guard key.algorithm == .cosignature else {
      throw Problem(
        .badKey, "\(key.name) is a log's key, and a cosigner signs with a key of its own",
        help: "make one with  \(command: "key new FILE --name NAME --cosigner")")
    }
    let verdict = try ProofInput.verdict(on: note, file: file, policy: policy)
    let checkpoint = verdict.checkpoint
    let last = try signer.memory().last(origin: checkpoint.origin)
    if let last, last.size == checkpoint.size, last.root != checkpoint.root {
      throw ProofInput.twoHistories("the checkpoint that \(key.name) cosigned", file, checkpoint)
    }
    try await checkRoot(of: checkpoint, file: file)
    if let last {
      guard last.size <= checkpoint.size else {
        throw Problem(
          .cosignedLater,
          "\(key.name) has cosigned \(Position(last.size)) of \(checkpoint.origin), and this "
            + "checkpoint ends at \(Position(checkpoint.size))",
          help: "ask for a checkpoint of the record as it is now")
      }
      try await checkThatRecordContinues(last, size: checkpoint.size, key: key)
    }
    var cosigned = note
    let own = try await signed(signer) { () throws(ProofError) in
      let seconds = time.microseconds / 1_000_000
      return try SignedNote(
        text: note.text, signature: key.signature(of: note.text, at: seconds))
    }
    try ProofInput.reading(.badCheckpoint, file) { () throws(ProofError) in
      for signature in own.signatures { try cosigned.add(signature) }
    }
    return (cosigned, verdict)
  }

  /// Holds the record against a checkpoint from elsewhere: that its log has signed it, and that the
  /// record has the same events up to it. A quorum that is missed is in the verdict, and no error.
  @discardableResult
  public func check(
    _ note: SignedNote, file: String, policy: WitnessPolicy
  ) async throws -> WitnessPolicy.Verdict {
    let verdict = try ProofInput.verdict(on: note, file: file, policy: policy)
    try await checkRoot(of: verdict.checkpoint, file: file)
    return verdict
  }

  /// Throws unless the record has the events that the checkpoint covers.
  func checkRoot(of checkpoint: Checkpoint, file: String) async throws {
    let head = try await log.head().position
    guard checkpoint.size <= head.rawValue else {
      throw Problem(
        .recordTooShort,
        "\(file) covers \(Position(checkpoint.size)), and the record ends at \(head)",
        help: "this is an older copy, or its end was cut off: compare with a newer one")
    }
    let root = try await log.root(ofSize: checkpoint.size)
    guard root == checkpoint.root else {
      throw Problem(
        .checkpointDiffers,
        "\(file) says that the events up to \(Position(checkpoint.size)) have the root "
          + "\(checkpoint.root.hexDigits), and here they have \(root.hexDigits)",
        help: "one of the two was changed, or they are not the same record; keep both, and run\n"
          + "\(command: "verify")  on this one")
    }
  }

  /// Throws when what a key has signed before is no part of the record.
  private func checkThatRecordContinues(
    _ last: Checkpoint, size: Int64, key: SignerKey
  ) async throws {
    let whose = last.isOf(origin: key.name) ? "" : " of \(last.origin)"
    let signed = "\(key.name) has signed \(Position(last.size))\(whose)"
    let root = last.root.hexDigits
    guard last.size <= size else {
      throw Problem(
        .historyDiffers,
        "\(signed), root \(root), and the record ends at \(Position(size)), root "
          + (try await log.root(ofSize: size)).hexDigits,
        help: "probably an older copy was put back, or the end of the log is lost: find the\n"
          + "copy that has \(Position(last.size)), and sign nothing until then")
    }
    let own = try await log.root(ofSize: last.size)
    guard own == last.root else {
      throw Problem(
        .historyDiffers,
        "\(signed), root \(root), and of this record (which ends at \(Position(size))) that root is "
          + own.hexDigits,
        help: "probably an older copy was put back and appended to, or the log was rewritten:\n"
          + "find the copy that was signed; what was recorded since can be imported into it")
    }
  }

  /// Signs, and hands the note out once the signer has it in its memory.
  private func signed(
    _ signer: some CheckpointSigner, _ sign: () throws(ProofError) -> SignedNote
  ) async throws -> SignedNote {
    let note = try ProofInput.reading(.badKey, signer.key.name, sign)
    var memory = try signer.memory()
    try memory.remember(note)
    try signer.keep(memory)
    return note
  }
}
