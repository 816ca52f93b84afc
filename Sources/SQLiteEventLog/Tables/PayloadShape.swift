/// What many payloads share: canonical JSON with places for what is each one's own.
///
/// Canonical JSON holds no characters below U+0020, so in a shape they stand for what varies: 1 for
/// a value that the row holds, 2 + n for the value of the event's tag n. Words of a to z and hyphens
/// always stay in the shape: see `EventRow.shape`.
struct PayloadShape: Sendable {
  /// Starts a stored body that is taken apart; no payload holds a zero byte.
  static let mark: UInt8 = 0
  /// In place of a shape's number: what follows is the commitment of a payload that was erased.
  static let erased = 0

  /// What is stored in place of a payload that was erased.
  static func erasedBody(_ commitment: [UInt8]) -> [UInt8] {
    var body = [mark]
    LEB128.append(Int64(erased), to: &body)
    return body + commitment
  }

  private static let own: UInt8 = 1
  private static let firstTag: UInt8 = 2
  private static let tagLimit = 28

  let text: [UInt8]
  /// How many values a row must hold, and tags have.
  private let valueCount: Int
  private let tagCount: Int

  init(text: [UInt8]) {
    self.text = text
    valueCount = text.count { $0 == Self.own }
    tagCount = text.reduce(0) {
      $1 >= Self.firstTag && $1 < 0x20 ? max($0, Int($1 - Self.firstTag) + 1) : $0
    }
  }

  // MARK: Putting together

  /// Whether values, each behind its length, and tags are as many as there are places.
  func fits(_ values: UnsafeRawBufferPointer, tagCount: Int) -> Bool {
    var at = 0
    for _ in 0..<valueCount {
      guard let length = LEB128.next(in: values, at: &at), length >= 0, length <= values.count - at
      else { return false }
      at += length
    }
    return at == values.count && tagCount >= self.tagCount
  }

  /// Appends the payload to `payload`, out of values and tags that fit.
  func join(
    _ values: UnsafeRawBufferPointer, to payload: inout [UInt8], tag: (Int) -> String
  ) {
    var at = 0
    var copied = 0
    for (index, byte) in text.enumerated() where byte < 0x20 {
      payload.append(contentsOf: text[copied..<index])
      copied = index + 1
      if byte == Self.own {
        let length = LEB128.next(in: values, at: &at) ?? 0
        payload.append(contentsOf: values[at..<at + length])
        at += length
      } else if byte >= Self.firstTag {
        payload.append(contentsOf: Self.value(ofTag: tag(Int(byte - Self.firstTag)).utf8))
      }
    }
    payload.append(contentsOf: text[copied...])
  }

  /// The part of a tag behind its colon.
  static func value<Bytes: Collection<UInt8>>(ofTag tag: Bytes) -> Bytes.SubSequence {
    tag.drop { $0 != UInt8(ascii: ":") }.dropFirst()
  }

  // MARK: Taking apart

  /// Longer payloads are mostly text, and have no like.
  private static let longestPayload = 1024
  private static let longestValue = 255

  /// Takes a payload apart. Appends the shape to `shape`, and to `values` the values of its own,
  /// each behind its length. False when it cannot be taken apart; then what was appended is of no
  /// use. `isTag` says whether bytes are the value of a tag of the event.
  static func split(
    _ payload: [UInt8], tagCount: Int,
    isTag: (Int, Slice<UnsafeBufferPointer<UInt8>>) -> Bool,
    into shape: inout [UInt8], values: inout [UInt8]
  ) -> Bool {
    guard payload.count <= longestPayload else { return false }
    return payload.withUnsafeBufferPointer { bytes in
      var copied = 0
      var at = 0
      while at < bytes.count {
        let byte = bytes[at]
        if byte < 0x20 { return false }
        var hole: (range: Range<Int>, marker: UInt8)?
        if byte == UInt8(ascii: "\"") {
          guard let text = Text(in: bytes, from: at + 1) else { return false }
          at = text.range.upperBound + 1
          let isKey = at < bytes.count && bytes[at] == UInt8(ascii: ":")
          if !isKey && !text.isWord {
            let tag = (0..<min(tagCount, tagLimit)).first { isTag($0, bytes[text.range]) }
            if let tag {
              hole = (text.range, firstTag + UInt8(tag))
            } else if text.hasDigit && text.range.count <= longestValue {
              hole = (text.range, own)
            }
          }
        } else if isDigit(byte) || byte == UInt8(ascii: "-") {
          let start = at
          repeat { at += 1 } while at < bytes.count && isDigit(bytes[at])
          hole = (start..<at, own)
        } else {
          at += 1
        }
        guard let hole else { continue }
        shape.append(contentsOf: bytes[copied..<hole.range.lowerBound])
        shape.append(hole.marker)
        copied = hole.range.upperBound
        if hole.marker == own {
          LEB128.append(Int64(hole.range.count), to: &values)
          values.append(contentsOf: bytes[hole.range])
        }
      }
      shape.append(contentsOf: bytes[copied...])
      return true
    }
  }

  /// A string of a payload, without its quotes.
  private struct Text {
    var range: Range<Int>
    var isWord = true
    var hasDigit = false

    /// Nil where it has no end, or holds what JSON strings do not.
    init?(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) {
      var at = start
      while at < bytes.count {
        let byte = bytes[at]
        switch byte {
        case UInt8(ascii: "\""):
          range = start..<at
          return
        case UInt8(ascii: "\\"):
          isWord = false
          at += 1
        case 0..<0x20: return nil
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"): break
        default:
          isWord = false
          if PayloadShape.isDigit(byte) { hasDigit = true }
        }
        at += 1
      }
      return nil
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
  }
}
