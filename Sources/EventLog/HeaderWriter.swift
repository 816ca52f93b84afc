/// Writes the canonical headers of the events of one batch, one after another: with what they share
/// written once, and no storage made per event. What stands in them: see `CanonicalEvent`.
public struct HeaderWriter: Sendable {
  /// Up to the payload's commitment.
  private var start: [UInt8] = []
  private var note: [UInt8] = []
  /// From `recorded` to the number in `seq`.
  private var middle: [UInt8] = []
  private var type: EventType?
  /// From `type` to the end.
  private var end: [UInt8] = []

  public init(batch: Batch) {
    start.append(#"{"batch":"#)
    start.append(decimal: batch.first.rawValue)
    start.append(#","body":""#)
    if let text = batch.note {
      note.append(#","note":"#)
      JSONWriter.appendString(text.utf8, to: &note)
    }
    middle.append(#","recorded":""#)
    middle.append(contentsOf: batch.recorded.description.utf8)
    middle.append(#"","recorder":"#)
    JSONWriter.appendString(batch.recorder.utf8, to: &middle)
    middle.append(#","seq":"#)
  }

  /// Where in a header the 64 hex digits of the commitment begin.
  public var commitmentOffset: Int { start.count }

  /// Appends a header to `bytes`, with zeros in place of the commitment. `time` is the valid time as
  /// written, nil for none.
  public mutating func append(
    id: EventID, type: EventType, time: [UInt8]?, targets: [EventID], at position: Position,
    to bytes: inout [UInt8]
  ) {
    write(id: id, type: type, time: time, targets: targets, at: position, to: &bytes)
  }

  /// The same of an event that is to be appended.
  mutating func append(_ event: NewEvent, at position: Position, to bytes: inout [UInt8]) {
    write(
      id: event.id, type: event.type, time: event.time?.text.utf8, targets: event.targets,
      at: position, to: &bytes)
  }

  private mutating func write(
    id: EventID, type: EventType, time: (some Sequence<UInt8>)?, targets: [EventID],
    at position: Position, to bytes: inout [UInt8]
  ) {
    bytes.append(contentsOf: start)
    bytes.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: 64))
    bytes.append(#"","id":""#)
    Self.append(id, to: &bytes)
    bytes.append(#"""#)
    bytes.append(contentsOf: note)
    if let time {
      bytes.append(#","on":"#)
      JSONWriter.appendString(time, to: &bytes)
    }
    bytes.append(contentsOf: middle)
    bytes.append(decimal: position.rawValue)
    if !targets.isEmpty {
      bytes.append(#","target":["#)
      for (index, target) in targets.enumerated() {
        bytes.append(index == 0 ? #"""# : #",""#)
        Self.append(target, to: &bytes)
        bytes.append(#"""#)
      }
      bytes.append("]")
    }
    if self.type != type { remember(type) }
    bytes.append(contentsOf: end)
  }

  private mutating func remember(_ type: EventType) {
    self.type = type
    end.removeAll(keepingCapacity: true)
    end.append(#","type":"#)
    JSONWriter.appendString(type.name.utf8, to: &end)
    end.append(#","version":"#)
    end.append(decimal: Int64(type.version))
    end.append("}")
  }

  private static func append(_ id: EventID, to bytes: inout [UInt8]) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 36) { buffer in
      id.writeText(into: buffer)
      bytes.append(contentsOf: buffer)
    }
  }

  /// Writes a commitment of 32 bytes as hex digits.
  public static func write(commitment: [UInt8], at offset: Int, into bytes: inout [UInt8]) {
    write(commitment: commitment[...], at: offset, into: &bytes)
  }

  static func write(
    commitment: ArraySlice<UInt8>, at offset: Int, into bytes: inout [UInt8]
  ) {
    var at = offset
    for byte in commitment {
      bytes[at] = UInt8.hexDigit(byte >> 4)
      bytes[at + 1] = UInt8.hexDigit(byte & 15)
      at += 2
    }
  }
}
