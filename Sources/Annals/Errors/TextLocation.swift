/// Where a range of bytes stands in a text, as people count it, with the line for the caret.
public struct TextLocation: Hashable, Sendable {
  /// From 1; lines end with LF or CRLF.
  public var line: Int
  /// From 1, in Unicode scalars.
  public var column: Int
  /// The line, cut around the caret when it is long, with control characters made visible.
  public var excerpt: Problem.Excerpt

  /// The widest excerpt, in Unicode scalars.
  static let width = 100
  /// How much of it stands before the caret at most.
  static let lead = 60

  /// Finds `range` in `bytes`; a range past the end stands at the end.
  public static func locate(_ range: Range<Int>, in bytes: [UInt8]) -> TextLocation {
    let start = min(max(0, range.lowerBound), bytes.count)
    let lineStart = bytes[..<start].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    var lineEnd = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
    if lineEnd > start, bytes[lineEnd - 1] == UInt8(ascii: "\r") { lineEnd -= 1 }
    var end = min(max(start, range.upperBound), lineEnd)
    while end < lineEnd, !isScalarStart(bytes[end]) { end += 1 }
    let excerpt = Excerpt(
      before: bytes[lineStart..<start], marked: bytes[start..<end],
      after: bytes[end..<lineEnd])
    return TextLocation(
      line: 1 + bytes[..<lineStart].count { $0 == UInt8(ascii: "\n") },
      column: 1 + bytes[lineStart..<start].count(where: isScalarStart), excerpt: excerpt.made)
  }

  /// The position for a `Problem`.
  public func source(file: String?) -> InputLocation {
    InputLocation(file: file, line: line, column: column)
  }

  fileprivate static func isScalarStart(_ byte: UInt8) -> Bool { byte & 0xC0 != 0x80 }
}

/// The line in three parts, each of which is cut to what may be shown of it.
private struct Excerpt {
  let made: Problem.Excerpt

  init(before: ArraySlice<UInt8>, marked: ArraySlice<UInt8>, after: ArraySlice<UInt8>) {
    // The caret's part first, then a lead to it, then what room is left; "…" stands for the rest.
    var (middle, isMiddleCut) = Self.head(of: marked, TextLocation.width - TextLocation.lead)
    if middle.isEmpty { isMiddleCut = false }
    let (lead, isLeadCut) = Self.tail(of: before, TextLocation.lead)
    let room = TextLocation.width - middle.count - lead.count
    let (rest, isRestCut) = isMiddleCut ? ([], true) : Self.head(of: after, room)
    let start: [Unicode.Scalar] = isLeadCut ? ["…"] : []
    let end: [Unicode.Scalar] = isRestCut ? ["…"] : []
    var text = String.UnicodeScalarView()
    text.append(contentsOf: start + lead + middle + rest + end)
    made = Problem.Excerpt(
      text: String(text), caret: start.count + lead.count, length: max(1, middle.count))
  }

  /// The first scalars of a text, and whether there are more.
  private static func head(
    of bytes: ArraySlice<UInt8>, _ count: Int
  ) -> (scalars: [Unicode.Scalar], isCut: Bool) {
    let scalars = String(decoding: bytes.prefix((count + 1) * 4), as: UTF8.self).unicodeScalars
    return (scalars.prefix(count).map(visible), scalars.count > count)
  }

  /// The last scalars of a text, and whether there are more.
  private static func tail(
    of bytes: ArraySlice<UInt8>, _ count: Int
  ) -> (scalars: [Unicode.Scalar], isCut: Bool) {
    var part = bytes.suffix((count + 1) * 4)
    // Do not start inside a character.
    if part.startIndex > bytes.startIndex {
      part = part.drop { !TextLocation.isScalarStart($0) }
    }
    let scalars = String(decoding: part, as: UTF8.self).unicodeScalars
    return (scalars.suffix(count).map(visible), scalars.count > count)
  }

  /// Control characters as their pictures; what reorders or breaks a line as U+FFFD.
  private static func visible(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch scalar.value {
    case 0..<0x20: Unicode.Scalar(0x2400 + scalar.value) ?? "\u{FFFD}"
    case 0x7F: "\u{2421}"
    default: scalar.isUnsafeToShow ? "\u{FFFD}" : scalar
    }
  }
}
