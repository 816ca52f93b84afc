import Annals

/// `annals.yaml`: what a folder says about its store, so that it need not be typed.
///
/// Only lines of `key: value`, comments and empty lines: a strict little subset of YAML, so that
/// no setting is ever misread in silence.
struct ProjectFile: Equatable {
  static let name = "annals.yaml"
  static let keys = ["projections", "recorder", "schemas", "store"]

  var store: String?
  var recorder: String?
  var schemas: String?
  var projections: String?

  /// The file of the current folder; an empty one where there is none.
  static func load(from path: String = name) throws -> ProjectFile {
    let bytes: [UInt8]
    do throws(UnreadableFile) {
      bytes = try RegularFile.contents(of: path, limit: FileLimit.settings)
    } catch {
      if error.isMissing { return ProjectFile() }
      throw error.problem(.badConfiguration)
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Problem(.badConfiguration, "\(path) is not UTF-8 text")
    }
    return try ProjectFile(text, file: path)
  }

  /// Reads the text; throws every line that is not understood.
  init(_ text: String, file: String) throws {
    var problems: [Problem] = []
    var seen: Set<String> = []
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() {
      guard let content = Self.content(of: line) else { continue }
      do {
        let (key, value) = try Self.pair(content)
        guard seen.insert(key).inserted else { throw Fault("\"\(key)\" is set twice", at: 0) }
        switch key {
        case "store": store = value
        case "recorder": recorder = value
        case "schemas": schemas = value
        default: projections = value
        }
      } catch let fault as Fault {
        problems.append(
          Problem(
            .badConfiguration, fault.message,
            position: InputLocation(file: file, line: index + 1, column: fault.offset + 1),
            help: "lines are KEY: VALUE with the keys store, recorder, schemas, projections",
            suggestion: fault.suggestion,
            excerpt: TextLocation.locate(
              fault.offset..<line.utf8.count, in: Array(line.utf8)
            ).excerpt))
      }
    }
    if !problems.isEmpty { throw Problems(problems) }
  }

  init() {}

  private struct Fault: Error {
    var message: String
    var offset: Int
    var suggestion: String?
    init(_ message: String, at offset: Int, suggestion: String? = nil) {
      (self.message, self.offset, self.suggestion) = (message, offset, suggestion)
    }
  }

  /// A line without its comment; nil when nothing else stands there.
  private static func content(of line: Substring) -> Substring? {
    var end = line.endIndex
    for index in line.indices where line[index] == "#" {
      // As in YAML, a comment needs a space before it: `store: a#b.annals` is a name.
      if index == line.startIndex || line[line.index(before: index)].isWhitespace {
        end = index
        break
      }
    }
    let content = line[..<end]
    return content.allSatisfy(\.isWhitespace) ? nil : content
  }

  private static func pair(_ line: Substring) throws -> (key: String, value: String) {
    if line.first?.isWhitespace == true {
      throw Fault("indented lines have no meaning here", at: 0)
    }
    if line.hasPrefix("-") { throw Fault("lists and documents have no meaning here", at: 0) }
    guard let colon = line.firstIndex(of: ":") else {
      throw Fault("no \"KEY:\" in this line", at: 0)
    }
    let key = String(line[..<colon])
    guard keys.contains(key) else {
      throw Fault(
        "unknown key \"\(key)\"", at: 0, suggestion: Suggestion.nearest(to: key, among: keys))
    }
    let rest = line[line.index(after: colon)...]
    let offset = line.distance(from: line.startIndex, to: colon) + 1
    guard let start = rest.firstIndex(where: { !$0.isWhitespace }) else {
      throw Fault("no value for \"\(key)\"", at: offset)
    }
    guard rest.first?.isWhitespace == true else {
      throw Fault("a space is missing after \"\(key):\"", at: offset)
    }
    var value = rest[start...]
    while value.last?.isWhitespace == true { value.removeLast() }
    let valueOffset = offset + rest.distance(from: rest.startIndex, to: start)
    if let quote = value.first, quote == "\"" || quote == "'" {
      let inner = value.dropFirst().dropLast()
      guard value.count > 1, value.last == quote, !inner.contains(quote), !inner.contains("\\")
      else {
        throw Fault("a quoted value must end its line and hold no \(quote) or \\", at: valueOffset)
      }
      return (key, String(inner))
    }
    if let first = value.first, "[]{}&*!|>%@`,?".contains(first) {
      throw Fault("a value that starts with \"\(first)\" needs quotes", at: valueOffset)
    }
    return (key, String(value))
  }
}
