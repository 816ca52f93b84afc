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
    let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    rawPath = String(parts[0])
    guard rawPath.hasPrefix("/") else {
      throw Problem(.badRequest, "the path \"\(rawPath)\" does not begin with a slash")
    }
    var path: [String] = []
    if rawPath != "/" {
      for segment in rawPath.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
        let decoded = try Self.decoded(segment, plusIsSpace: false)
        guard !decoded.isEmpty, decoded != ".", decoded != ".." else {
          throw Problem(.noResource, "nothing is served at \(rawPath)")
        }
        path.append(decoded)
      }
    }
    self.path = path
    query = parts.count > 1 ? try Self.items(of: parts[1]) : []
  }

  /// The names and values of a query, or of the body of a form.
  static func items(of text: some StringProtocol) throws(Problem) -> [QuestionReader.Item] {
    var items: [QuestionReader.Item] = []
    for pair in text.split(separator: "&") {
      let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let value = halves.count > 1 ? try decoded(halves[1], plusIsSpace: true) : ""
      items.append((name: try decoded(halves[0], plusIsSpace: true), text: value))
    }
    return items
  }

  /// Decodes percent signs; throws for a broken one, and for bytes that are not UTF-8.
  static func decoded(
    _ text: some StringProtocol, plusIsSpace: Bool
  ) throws(Problem) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "%"):
        guard let high = rest.popFirst().flatMap(hexDigit),
          let low = rest.popFirst().flatMap(hexDigit)
        else { throw Problem(.badRequest, "\"\(text)\" has a percent sign without two hex digits") }
        bytes.append(high << 4 | low)
      case UInt8(ascii: "+") where plusIsSpace: bytes.append(UInt8(ascii: " "))
      default: bytes.append(byte)
      }
    }
    guard let decoded = String(validating: bytes, as: UTF8.self) else {
      throw Problem(.badRequest, "\"\(text)\" is not UTF-8")
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
