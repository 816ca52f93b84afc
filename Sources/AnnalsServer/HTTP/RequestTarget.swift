import Annals
import AnnalsAnswers

/// The path and the query of a request, decoded.
struct RequestTarget: Sendable {
  /// The segments between the slashes; none for `/`.
  let path: [String]
  let query: [QuestionReader.Item]
  /// The path as it was sent.
  let rawPath: String

  /// How long a target may be, in bytes.
  static let longest = 8000

  /// Throws `.badRequest` for what is not UTF-8 with percent signs, `.noResource` for empty segments.
  init(_ text: String) throws(Problem) {
    guard text.utf8.count <= Self.longest else {
      throw Problem(
        .badRequest,
        "the path and the query have \(text.utf8.count.grouped) bytes, more than "
          + Self.longest.grouped)
    }
    let bytes = Array(text.utf8)
    let mark = bytes.firstIndex(of: UInt8(ascii: "?")) ?? bytes.endIndex
    rawPath = String(decoding: bytes[..<mark], as: UTF8.self)
    guard bytes.first == UInt8(ascii: "/") else {
      throw Problem(.badRequest, "the path \"\(rawPath)\" does not begin with a slash")
    }
    var path: [String] = []
    if mark > 1 {
      let segments = bytes[1..<mark].split(
        separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
      for segment in segments {
        let decoded = try Self.decoded(segment, plusIsSpace: false)
        guard !decoded.isEmpty, decoded != ".", decoded != ".." else {
          throw Problem(.noResource, "nothing is served at \(rawPath)")
        }
        path.append(decoded)
      }
    }
    self.path = path
    query = try Self.items(of: bytes[mark...].dropFirst())
  }

  /// The names and values of a query, or of the body of a form.
  static func items(of bytes: ArraySlice<UInt8>) throws(Problem) -> [QuestionReader.Item] {
    var items: [QuestionReader.Item] = []
    for pair in bytes.split(separator: UInt8(ascii: "&")) {
      let sign = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
      let name = try decoded(pair[..<sign], plusIsSpace: true)
      items.append((name: name, text: try decoded(pair[sign...].dropFirst(), plusIsSpace: true)))
    }
    return items
  }

  /// Decodes percent signs; throws for a broken one, and for bytes that are not UTF-8.
  static func decoded(
    _ coded: ArraySlice<UInt8>, plusIsSpace: Bool
  ) throws(Problem) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(coded.count)
    var rest = coded
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "%"):
        guard let high = rest.popFirst().flatMap(hexDigit),
          let low = rest.popFirst().flatMap(hexDigit)
        else {
          let text = String(decoding: coded, as: UTF8.self)
          throw Problem(.badRequest, "\"\(text)\" has a percent sign without two hex digits")
        }
        bytes.append(high << 4 | low)
      case UInt8(ascii: "+") where plusIsSpace: bytes.append(UInt8(ascii: " "))
      default: bytes.append(byte)
      }
    }
    guard let decoded = String(validating: bytes, as: UTF8.self) else {
      throw Problem(.badRequest, "\"\(String(decoding: coded, as: UTF8.self))\" is not UTF-8")
    }
    return decoded
  }

  private static func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    default: nil
    }
  }
}
