public import EventLog

extension Store {
  /// A file that proves to anybody, without the record, that an event stands in it.
  ///
  /// `note` is a checkpoint that covers the event (else `.notCovered`), of this record (else
  /// `.checkpointDiffers`); its signatures are passed on as they are. An event whose payload was
  /// erased is proved without it.
  public func prove(
    _ reference: EventReference, under note: SignedNote, file: String
  ) async throws -> ProofFile {
    let checkpoint = try ProofInput.reading(.badCheckpoint, file) { () throws(ProofError) in
      try Checkpoint(text: note.text)
    }
    let event = try await event(reference, through: Position(.max))
    guard event.position.rawValue <= checkpoint.size else {
      throw Problem(
        .notCovered,
        "\(file) covers \(Position(checkpoint.size)), and the event stands at \(event.position)",
        help: "sign the record as it is now with  \(command: "checkpoint"),  "
          + "or name the key with \(option: "key")")
    }
    try await checkRoot(of: checkpoint, file: file)
    let hashes = try await log.inclusionProof(of: event.position, size: checkpoint.size)
    return try ProofInput.reading(.badProof, file) { () throws(ProofError) in
      let payload =
        event.isErased ? nil : EventProof.Payload(body: event.event.body, salt: event.salt)
      let proof = try ProofFile(
        extra: EventProof(header: event.canonicalBytes, payload: payload).extra,
        index: event.position.rawValue - 1, hashes: hashes, note: note)
      _ = try proof.event()
      return proof
    }
  }
}
