import Crypto

/// Leaf hashes of the events of one batch, one after another: what `CanonicalEvent.leafHash`
/// answers, with what the events share written once and no storage made per event.
public struct LeafHasher: Sendable {
  private var bytes: [UInt8]
  private let start: Int
  private let note: [UInt8]
  /// From `recorded` to the number in `seq`.
  private let middle: [UInt8]
  private var commitment: [UInt8] = []
  private var type: EventType?
  /// From `type` to the end.
  private var end: [UInt8] = []

  public init(batch: Batch) {
    bytes = [0]
    bytes.reserveCapacity(1024)
    bytes.append(#"{"batch":"#)
    bytes.append(decimal: batch.first.rawValue)
    bytes.append(#","body":""#)
    start = bytes.count
    var part: [UInt8] = []
    if let note = batch.note {
      part.append(#","note":"#)
      JSONWriter.appendString(note.utf8, to: &part)
    }
    note = part
    part.removeAll()
    part.append(#","recorded":""#)
    part.append(contentsOf: batch.recorded.description.utf8)
    part.append(#"","recorder":"#)
    JSONWriter.appendString(batch.recorder.utf8, to: &part)
    part.append(#","seq":"#)
    middle = part
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
    bytes.removeSubrange(start...)
    for byte in commitment { bytes.append(hex: byte) }
    bytes.append(#"","id":""#)
    append(event.id)
    bytes.append(#"""#)
    bytes.append(contentsOf: note)
    if let time = event.time {
      bytes.append(#","on":"#)
      JSONWriter.appendString(time.text.utf8, to: &bytes)
    }
    bytes.append(contentsOf: middle)
    bytes.append(decimal: position.rawValue)
    if !event.targets.isEmpty {
      bytes.append(#","target":["#)
      for (index, target) in event.targets.enumerated() {
        bytes.append(index == 0 ? #"""# : #",""#)
        append(target)
        bytes.append(#"""#)
      }
      bytes.append("]")
    }
    if type != event.type {
      type = event.type
      end.removeAll(keepingCapacity: true)
      end.append(#","type":"#)
      JSONWriter.appendString(event.type.name.utf8, to: &end)
      end.append(#","version":"#)
      end.append(decimal: Int64(event.type.version))
      end.append("}")
    }
    bytes.append(contentsOf: end)
    bytes.withUnsafeBytes { buffer in
      var hash = SHA256()
      hash.update(bufferPointer: buffer)
      hash.finalize().withUnsafeBytes { hashes.append(contentsOf: $0) }
    }
  }

  private mutating func append(_ id: EventID) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 36) { buffer in
      id.writeText(into: buffer)
      bytes.append(contentsOf: buffer)
    }
  }
}
