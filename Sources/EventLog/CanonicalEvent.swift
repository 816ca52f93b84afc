public import Crypto

/// The bytes under which an event enters the log's proofs, and their hash.
///
/// The canonical bytes are RFC 8785 JSON of the event's header; the payload enters as a salted
/// commitment only, `SHA-256(salt ‖ body)`, so that it can be erased by law while every proof
/// still holds. Tags are not in it: they are derived from the payload, and go with it.
///
///     {"basis"…}  is part of the body; the header's members, in canonical order, are
///     batch      position of the batch's first event
///     body       the commitment, 64 hex digits
///     id, note?, on?, recorded, recorder, seq, target? (list of ids), type, version
public enum CanonicalEvent {
  public static let saltLength = 16
  public static let commitmentLength = 32

  /// `SHA-256(salt ‖ body)`; 32 bytes.
  public static func commitment(salt: [UInt8], body: [UInt8]) -> SHA256.Digest {
    var hash = SHA256()
    salt.withUnsafeBytes { hash.update(bufferPointer: $0) }
    body.withUnsafeBytes { hash.update(bufferPointer: $0) }
    return hash.finalize()
  }

  /// Appends the 32 bytes of a commitment to `bytes`; the salt may be one of many side by side.
  public static func appendCommitment(
    salt: ArraySlice<UInt8>, body: [UInt8], to bytes: inout [UInt8]
  ) {
    var hash = SHA256()
    salt.withUnsafeBytes { hash.update(bufferPointer: $0) }
    body.withUnsafeBytes { hash.update(bufferPointer: $0) }
    hash.finalize().withUnsafeBytes { bytes.append(contentsOf: $0) }
  }

  /// RFC 6962 leaf hash: `SHA-256(0x00 ‖ canonical bytes)`; 32 bytes. `commitment` is that of the
  /// payload.
  public static func leafHash(
    position: Position, batch: Batch, event: NewEvent, commitment: [UInt8]
  ) -> [UInt8] {
    var bytes: [UInt8] = [0]
    bytes.reserveCapacity(512)
    write(position: position, batch: batch, event: event, commitment: commitment, into: &bytes)
    return bytes.withUnsafeBytes { buffer in
      var hash = SHA256()
      hash.update(bufferPointer: buffer)
      return Array(hash.finalize())
    }
  }

  /// Appends the canonical bytes of an event to `bytes`.
  public static func write(
    position: Position, batch: Batch, event: NewEvent, commitment: [UInt8],
    into bytes: inout [UInt8]
  ) {
    var header = HeaderWriter(batch: batch)
    let offset = bytes.count + header.commitmentOffset
    header.append(event, at: position, to: &bytes)
    HeaderWriter.write(commitment: commitment[...], at: offset, into: &bytes)
  }
}

extension RecordedEvent {
  /// `SHA-256(salt ‖ body)`: what stands for the payload in the event's hash; 32 bytes.
  public var commitment: [UInt8] {
    erasure?.commitment ?? Array(CanonicalEvent.commitment(salt: salt, body: event.body))
  }

  /// RFC 8785 JSON of the event's header with the payload's commitment; see `CanonicalEvent`.
  public var canonicalBytes: [UInt8] {
    var bytes: [UInt8] = []
    CanonicalEvent.write(
      position: position, batch: batch, event: event, commitment: commitment, into: &bytes)
    return bytes
  }

  /// The leaf hash as it follows from the event; differs from `leafHash` when either was altered.
  public var computedLeafHash: [UInt8] {
    CanonicalEvent.leafHash(
      position: position, batch: batch, event: event, commitment: commitment)
  }
}
