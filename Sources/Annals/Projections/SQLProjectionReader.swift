import EventLog

/// Reads the file of one SQL projection: comments that say what follows, tables, statements.
struct SQLProjectionReader {
  /// A statement and where it stands in the file.
  struct Statement {
    var range: Range<Int>
    var types: [String]
    var parameters: [SQLParameter] = []
  }

  /// A table or an index that the file makes.
  struct Object {
    var name: String
    var range: Range<Int>
    var isTable: Bool
  }

  let file: String
  let bytes: [UInt8]
  let vocabulary: Vocabulary

  private(set) var problems: [Problem] = []
  /// How many more were found than are kept.
  private(set) var moreProblems = 0
  var suggester = Suggester()
  private(set) var name: (text: String, range: Range<Int>)?
  private(set) var version: Int?
  private(set) var objects: [Object] = []
  private(set) var schema: [Statement] = []
  private(set) var statements: [Statement] = []

  /// The types that the statements at hand are for; nil ahead of the first.
  private var types: [String]?
  /// The pieces of the statement at hand, without comments.
  private var tokens: [SQLToken] = []

  init(_ bytes: [UInt8], file: String, vocabulary: Vocabulary) {
    self.bytes = bytes
    self.file = file
    self.vocabulary = vocabulary
    guard String(validating: bytes, as: UTF8.self) != nil else {
      report("the file is not UTF-8 text", 0..<0)
      return
    }
    readAll()
  }

  var tables: [String] { objects.filter(\.isTable).map(\.name) }

  func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  /// Notes what is wrong with a part of the file.
  mutating func report(
    _ message: String, _ range: Range<Int>, help: Help? = nil, suggestion: String? = nil
  ) {
    guard problems.count < ProblemList.eventLimit else {
      moreProblems += 1
      return
    }
    let place = TextLocation.locate(range, in: bytes)
    problems.append(
      Problem(
        .badProjection, message, position: place.source(file: file), help: help,
        suggestion: suggestion, excerpt: place.excerpt))
  }

  // MARK: The file

  private static let objectLimit = 100

  private mutating func readAll() {
    var scanner = SQLScanner(bytes)
    while let token = scanner.next() {
      switch token.kind {
      case .lineComment: readComment(token.range)
      case .comment: break
      case .semicolon: endStatement()
      case .unended: report("this does not end", token.range.prefix(1))
      default: tokens.append(token)
      }
    }
    endStatement()
    if name == nil {
      report("the file does not name its projection", 0..<0, help: "add  -- projection: NAME")
    }
    if version == nil {
      report("the projection has no version", 0..<0, help: "add  -- version: 1")
    }
    if tables.isEmpty { report("the projection makes no table", 0..<0) }
    if types == nil {
      report(
        "no statements for any type of event", 0..<0,
        help: "add  -- on TYPE  and below it what such an event changes")
    }
  }

  // MARK: Comments with a meaning

  private mutating func readComment(_ range: Range<Int>) {
    let words = Self.trimmed(range.dropFirst(2), in: bytes)
    let text = text(words)
    let lower = text.lowercased()
    if let value = value(after: "projection:", lower, words) {
      readName(value)
    } else if let value = value(after: "version:", lower, words) {
      readVersion(value)
    } else if lower == "on" || lower.hasPrefix("on ") || lower.hasPrefix("on\t") {
      if !tokens.isEmpty {
        report("the statement ahead of this line does not end", words, help: "end it with ;")
        endStatement()
      }
      readTypes(Self.trimmed(words.dropFirst(2), in: bytes))
    }
  }

  private func value(after key: String, _ text: String, _ range: Range<Int>) -> Range<Int>? {
    text.hasPrefix(key) ? Self.trimmed(range.dropFirst(key.utf8.count), in: bytes) : nil
  }

  private mutating func readName(_ range: Range<Int>) {
    let text = text(range)
    let isName =
      text.utf8.first.map { (0x61...0x7A).contains($0) } == true
      && text.utf8.allSatisfy { Self.isInName($0) || $0 == UInt8(ascii: "-") }
    if name != nil {
      report("the projection is named twice", range)
    } else if !isName {
      report(
        "\"\(text)\" is not a name for a projection", range,
        help: "a small letter, then small letters, digits, - and _")
    }
    name = name ?? (text, range)
  }

  private mutating func readVersion(_ range: Range<Int>) {
    let number = Int(text(range))
    if version != nil {
      report("the version is given twice", range)
    } else if (number ?? 0) < 1 || (number ?? 0) > Int(Int32.max) {
      report("\"\(text(range))\" is not a version", range, help: "a whole number from 1")
    }
    version = version ?? number ?? 1
  }

  private mutating func readTypes(_ range: Range<Int>) {
    types = []
    let known = vocabulary.types.map(\.type.name)
    for part in bytes[range].split(
      separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
    {
      let place = Self.trimmed(part.startIndex..<part.endIndex, in: bytes)
      let type = text(place)
      if types?.contains(type) == true {
        report("\(type) is named twice", place)
      } else if known.contains(type) {
        types?.append(type)
      } else {
        report(
          type.isEmpty ? "no type of event is named" : "unknown type of event \"\(type)\"", place,
          help: "\(command: "list types")  shows them; "
            + "a comment that starts with \"on\" names types",
          suggestion: suggester.nearest(to: type, among: known))
      }
    }
  }

  // MARK: Statements

  private mutating func endStatement() {
    defer { tokens = [] }
    guard let first = tokens.first, let last = tokens.last else { return }
    var statement = Statement(
      range: first.range.lowerBound..<last.range.upperBound, types: types ?? [])
    for index in tokens.indices { checkWord(index) }
    if types == nil {
      if readObject() { schema.append(statement) }
      for token in tokens where token.kind == .parameter {
        report("tables are made without values of an event", token.range)
      }
      return
    }
    guard ["INSERT", "REPLACE", "UPDATE", "DELETE", "WITH"].contains(word(0)) else {
      report(
        "a statement for an event inserts, updates or deletes", first.range,
        help: word(0) == "CREATE"
          ? "make tables and indexes ahead of the first  -- on TYPE" : nil)
      return
    }
    var seen: Set<String> = []
    for token in tokens where token.kind == .parameter {
      let text = text(token.range)
      guard seen.insert(text).inserted else { continue }
      if let parameter = parameter(text, token.range, types ?? []) {
        statement.parameters.append(parameter)
      }
    }
    statements.append(statement)
  }

  /// What would end the transaction of an append, or give another outcome at each replay.
  private mutating func checkWord(_ index: Int) {
    let token = tokens[index]
    let text = text(token.range).uppercased()
    if token.kind == .word, text == "ROLLBACK" {
      report("ROLLBACK would take the append back", token.range, help: "use ABORT, or leave it out")
    } else if token.kind == .text, text == "'NOW'" {
      report(
        "'now' is something else at each replay", token.range,
        help: ":recorded is when the event was recorded")
    } else if token.kind == .text, text == "'LOCALTIME'" {
      report(
        "'localtime' is something else on each machine", token.range,
        help: "dates are kept and computed in UTC")
    } else if token.kind == .word, Self.clockFunctions.contains(text), isCalledWithNothing(index) {
      report(
        "\(text.lowercased())() without a date is something else at each replay", token.range,
        help: ":recorded is when the event was recorded")
    }
  }

  private static let clockFunctions: Set<String> = [
    "DATE", "TIME", "DATETIME", "JULIANDAY", "UNIXEPOCH",
  ]

  /// Whether an opening and a closing bracket follow.
  private func isCalledWithNothing(_ index: Int) -> Bool {
    guard index + 2 < tokens.count else { return false }
    return text(tokens[index + 1].range) == "(" && text(tokens[index + 2].range) == ")"
  }

  /// The word at a place of the statement at hand, in capitals; empty for anything else.
  private func word(_ index: Int) -> String {
    guard index < tokens.count, tokens[index].kind == .word else { return "" }
    return text(tokens[index].range).uppercased()
  }

  /// `CREATE TABLE name` or `CREATE [UNIQUE] INDEX name`.
  private mutating func readObject() -> Bool {
    var index = word(1) == "UNIQUE" ? 2 : 1
    let kind = word(index)
    guard word(0) == "CREATE", kind == "INDEX" || kind == "TABLE" && index == 1 else {
      report(
        "ahead of the first  -- on TYPE  only CREATE TABLE and CREATE INDEX may stand",
        tokens[0].range)
      return false
    }
    index += 1
    if word(index) == "IF" { index += 3 }
    guard index < tokens.count, [.word, .quotedName].contains(tokens[index].kind) else {
      report("no name for the \(kind.lowercased())", tokens[min(index, tokens.count - 1)].range)
      return false
    }
    let range = tokens[index].range
    let name = text(range)
    guard name.utf8.allSatisfy(Self.isInName), !(0x30...0x39).contains(name.utf8.first ?? 0x30),
      !name.hasPrefix("sqlite_")
    else {
      report(
        "\(name) is not a name for a table or an index here", range,
        help: "small letters, digits and _, not sqlite_…")
      return false
    }
    if objects.contains(where: { $0.name == name }) {
      report("\(name) is made twice", range)
      return false
    }
    guard objects.count < Self.objectLimit else {
      report("more than \(Self.objectLimit) tables and indexes in one file", range)
      return false
    }
    objects.append(Object(name: name, range: range, isTable: kind == "TABLE"))
    return true
  }

  // MARK: Bytes

  private static func isInName(_ byte: UInt8) -> Bool {
    (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x5F
  }

  private static func trimmed(_ range: Range<Int>, in bytes: [UInt8]) -> Range<Int> {
    func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
    var range = range
    while let first = range.first, isSpace(bytes[first]) { range = range.dropFirst() }
    while let last = range.last, isSpace(bytes[last]) { range = range.dropLast() }
    return range
  }
}
