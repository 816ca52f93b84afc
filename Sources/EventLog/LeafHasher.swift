import Crypto

/// Leaf hashes of the events of one batch, one after another: what `CanonicalEvent.leafHash`
/// answers, with what the events share written once and no storage made per event.
public struct LeafHasher: Sendable {
  private var header: HeaderWriter
  /// 0x00, and the canonical header of the event at hand.
  private var bytes: [UInt8] = [0]
  private var commitment: [UInt8] = []

  public init(batch: Batch) {
    header = HeaderWriter(batch: batch)
    bytes.reserveCapacity(1024)
  }

  /// Appends the 32 bytes of an event's leaf hash to `hashes`.
  public mutating func append(
    _ event: NewEvent, at position: Position, salt: ArraySlice<UInt8>, to hashes: inout [UInt8]
  ) {
    commitment.removeAll(keepingCapacity: true)
    CanonicalEvent.appendCommitment(salt: salt, body: event.body, to: &commitment)
    append(event, at: position, commitment: commitment[...], to: &hashes)
  }

  /// Appends the 32 bytes of an event's leaf hash to `hashes`. `commitment` is
  /// `CanonicalEvent.commitment` of its salt and body.
  public mutating func append(
    _ event: NewEvent, at position: Position, commitment: ArraySlice<UInt8>,
    to hashes: inout [UInt8]
  ) {
    bytes.removeSubrange(1...)
    header.append(event, at: position, to: &bytes)
    HeaderWriter.write(commitment: commitment, at: 1 + header.commitmentOffset, into: &bytes)
    bytes.withUnsafeBytes { buffer in
      var hash = SHA256()
      hash.update(bufferPointer: buffer)
      hash.finalize().withUnsafeBytes { hashes.append(contentsOf: $0) }
    }
  }
}
