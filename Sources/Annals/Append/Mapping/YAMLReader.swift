/// Reads the part of YAML that a mapping needs, and refuses the rest.
///
/// Objects and lists by indentation and in brackets, texts plain and quoted, comments, anchors on
/// objects with their aliases. Every scalar is its text. What YAML has beyond that (tags, block
/// texts, several documents, complex keys) is an error where it stands: nothing is misread.
///
/// Lists and objects stand inside each other up to a limit, and a document has so many nodes at most:
/// a few aliases of aliases could otherwise stand for more than any memory holds.
struct YAMLReader {
  private let scalars: [Character]
  private var at = 0
  private var line = 1
  private var lineStart = 0
  private var anchors: [String: YAMLNode] = [:]
  /// Lists and objects that are open here.
  private var depth = 0
  /// Nodes read so far, those of aliases counted each time.
  private var nodeCount = 0

  static let depthLimit = 64
  static let nodeLimit = 200_000

  struct Fault: Error {
    var message: String
    var line: Int
    var column: Int
  }

  init(_ text: String) { scalars = Array(text) }

  /// Reads the whole document.
  mutating func document() throws(Fault) -> YAMLNode {
    try skip()
    guard current != nil else { throw fault("the file is empty") }
    if text(from: at, count: 3) == "---" { throw fault("\"---\" has no place here") }
    let node = try block(column)
    try skip()
    if current != nil { throw fault("this line is not indented like those before it") }
    return node
  }

  // MARK: characters

  private var current: Character? { at < scalars.count ? scalars[at] : nil }
  private var next: Character? { at + 1 < scalars.count ? scalars[at + 1] : nil }
  /// From 0.
  private var column: Int { at - lineStart }

  private func text(from start: Int, count: Int) -> String {
    String(scalars[start..<min(start + count, scalars.count)])
  }

  private func fault(_ message: String) -> Fault {
    Fault(message: message, line: line, column: column + 1)
  }

  private func isBreak(_ character: Character?) -> Bool {
    character == "\n" || character == "\r\n" || character == nil
  }

  private mutating func advance() {
    if isBreak(current), current != nil {
      line += 1
      lineStart = at + 1
    }
    at += 1
  }

  /// Passes over spaces, line ends and comments.
  private mutating func skip() throws(Fault) {
    while let character = current {
      if character == "#", at == 0 || scalars[at - 1] == " " || isBreak(scalars[at - 1]) {
        while !isBreak(current) { advance() }
      } else if character == " " || isBreak(character) {
        advance()
      } else if character == "\t" {
        throw fault("a tab: indent with spaces")
      } else {
        return
      }
    }
  }

  private mutating func skipSpaces() {
    while current == " " { advance() }
  }

  // MARK: limits

  private mutating func enter() throws(Fault) {
    depth += 1
    if depth > Self.depthLimit { throw tooDeep(fault("")) }
  }

  private func tooDeep(_ here: Fault) -> Fault {
    Fault(
      message: "lists and objects stand inside each other more than \(Self.depthLimit) deep",
      line: here.line, column: here.column)
  }

  /// Counts what is added to the document.
  private mutating func count(_ node: YAMLNode, _ added: Int) throws(Fault) -> YAMLNode {
    nodeCount += added
    guard nodeCount <= Self.nodeLimit else {
      throw Fault(
        message: "the file stands for more than \(Self.nodeLimit) texts, lists and objects",
        line: node.line, column: node.column)
    }
    return node
  }

  // MARK: by indentation

  private mutating func block(_ indent: Int) throws(Fault) -> YAMLNode {
    try enter()
    defer { depth -= 1 }
    if current == "-", next == " " || isBreak(next) { return try list(indent) }
    if try isKey() { return try object(indent) }
    return try flowOrText(inFlow: false)
  }

  private mutating func list(_ indent: Int) throws(Fault) -> YAMLNode {
    let (line, column) = (self.line, self.column + 1)
    var nodes: [YAMLNode] = []
    while current == "-", self.column == indent, next == " " || isBreak(next) {
      advance()
      let dash = self.line
      try skip()
      if current == nil || self.column <= indent {
        throw Fault(message: "nothing stands behind \"-\"", line: dash, column: indent + 1)
      }
      nodes.append(try block(self.column))
      try skip()
    }
    try requireEnd(indent)
    return try count(YAMLNode(content: .list(nodes), line: line, column: column), 1)
  }

  private mutating func object(_ indent: Int) throws(Fault) -> YAMLNode {
    let (line, column) = (self.line, self.column + 1)
    var members: [(key: YAMLNode, value: YAMLNode)] = []
    var keys: [String: Int] = [:]
    while current != nil, self.column == indent {
      let key = try key(among: &keys)
      let keyLine = self.line
      skipSpaces()
      let anchor = try anchor()
      try skip()
      let value: YAMLNode
      if current != nil, self.line == keyLine {
        value = try flowOrText(inFlow: false)
      } else if current != nil,
        self.column > indent || self.column == indent && current == "-" && next == " "
      {
        value = try block(self.column)
      } else {
        value = YAMLNode(content: .scalar(""), line: keyLine, column: key.column)
      }
      if let anchor { anchors[anchor] = value }
      members.append((key, value))
      try skip()
    }
    try requireEnd(indent)
    return try count(YAMLNode(content: .object(members), line: line, column: column), 1)
  }

  /// What follows a block must be indented less than it.
  private func requireEnd(_ indent: Int) throws(Fault) {
    if current != nil, column > indent {
      throw fault("this line is indented further than those before it")
    }
  }

  /// Reads a key and its colon.
  private mutating func key(among keys: inout [String: Int]) throws(Fault) -> YAMLNode {
    guard try isKey() else { throw fault("no \"KEY:\" in this line") }
    let key = try scalar(inFlow: false, isKey: true)
    skipSpaces()
    advance()
    try note(key, among: &keys)
    return key
  }

  /// Refuses a key that stands in the object already; `keys` holds the line of each.
  private func note(_ key: YAMLNode, among keys: inout [String: Int]) throws(Fault) {
    guard case .scalar(let text) = key.content else { return }
    if let first = keys.updateValue(key.line, forKey: text) {
      throw Fault(
        message: "the key \"\(text)\" stands twice, first in line \(first)", line: key.line,
        column: key.column)
    }
  }

  /// True when the line goes on with a key and a colon.
  private func isKey() throws(Fault) -> Bool {
    if current == "[" || current == "{" { return false }
    var copy = self
    guard (try? copy.scalar(inFlow: false, isKey: true)) != nil else { return false }
    copy.skipSpaces()
    return copy.current == ":" && (copy.next == " " || isBreak(copy.next))
  }

  private mutating func anchor() throws(Fault) -> String? {
    guard current == "&" else { return nil }
    advance()
    return name()
  }

  private mutating func name() -> String {
    let start = at
    while let character = current, character.isLetter || character.isNumber || character == "-" {
      advance()
    }
    return String(scalars[start..<at])
  }

  // MARK: in brackets, and texts

  private mutating func flowOrText(inFlow: Bool) throws(Fault) -> YAMLNode {
    switch current {
    case "[": return try flowList()
    case "{": return try flowObject()
    case "*":
      let here = fault("")
      advance()
      let name = name()
      guard let node = anchors[name] else {
        throw Fault(
          message: "nothing is named \"&\(name)\" before", line: here.line, column: here.column)
      }
      if depth + node.height > Self.depthLimit { throw tooDeep(here) }
      return try count(node, node.size)
    default: return try scalar(inFlow: inFlow, isKey: false)
    }
  }

  private mutating func flowList() throws(Fault) -> YAMLNode {
    let open = fault("the bracket that opens here is never closed")
    try enter()
    defer { depth -= 1 }
    advance()
    var nodes: [YAMLNode] = []
    while true {
      try skip()
      guard current != nil else { throw open }
      if current == "]" { break }
      nodes.append(try flowOrText(inFlow: true))
      try separate("]", open)
    }
    advance()
    return try count(YAMLNode(content: .list(nodes), line: open.line, column: open.column), 1)
  }

  private mutating func flowObject() throws(Fault) -> YAMLNode {
    let open = fault("the brace that opens here is never closed")
    try enter()
    defer { depth -= 1 }
    advance()
    var members: [(key: YAMLNode, value: YAMLNode)] = []
    var keys: [String: Int] = [:]
    while true {
      try skip()
      guard current != nil else { throw open }
      if current == "}" { break }
      let key = try scalar(inFlow: true, isKey: true)
      try note(key, among: &keys)
      try skip()
      guard current == ":" else { throw fault("\":\" is wanted behind the key") }
      advance()
      try skip()
      let value =
        current == "," || current == "}"
        ? YAMLNode(content: .scalar(""), line: key.line, column: key.column)
        : try flowOrText(inFlow: true)
      members.append((key, value))
      try separate("}", open)
    }
    advance()
    return try count(YAMLNode(content: .object(members), line: open.line, column: open.column), 1)
  }

  private mutating func separate(_ end: Character, _ open: Fault) throws(Fault) {
    try skip()
    guard let character = current else { throw open }
    if character == "," {
      advance()
    } else if character != end {
      throw fault("\",\" or \"\(end)\" is wanted here")
    }
  }

  private mutating func scalar(inFlow: Bool, isKey: Bool) throws(Fault) -> YAMLNode {
    let (line, column) = (self.line, self.column + 1)
    switch current {
    case "\"", "'":
      let text = try quoted()
      if !inFlow, !isKey {
        skipSpaces()
        if !isBreak(current), current != "#" { throw fault("text behind a closing quote") }
      }
      return try count(YAMLNode(content: .scalar(text), line: line, column: column), 1)
    case "|", ">", "&", "*", "!", "%", "@", "`":
      throw fault(
        "\"\(current.map(String.init) ?? "")\" has no meaning here: put the text in quotes")
    default: break
    }
    let start = at
    var end = at
    while let character = current, !isBreak(character) {
      if character == ":", next == " " || isBreak(next) || inFlow && ",]}".contains(next ?? " ") {
        if isKey { break }
        throw fault("\": \" in a text: put it in quotes")
      }
      if character == "#", scalars[at - 1] == " " { break }
      if inFlow, ",[]{}".contains(character) { break }
      advance()
      if character != " " { end = at }
    }
    if end == start { throw fault("a text is wanted here") }
    return try count(
      YAMLNode(content: .scalar(String(scalars[start..<end])), line: line, column: column), 1)
  }

  private mutating func quoted() throws(Fault) -> String {
    let open = fault("the quote that opens here is not closed in its line")
    let quote = current
    advance()
    var text = ""
    while let character = current {
      if isBreak(character) { throw open }
      advance()
      if character == quote {
        guard quote == "'", current == "'" else { return text }
        advance()
        text.append("'")
      } else if character == "\\", quote == "\"" {
        switch current {
        case "\"", "\\", "/": text.append(current ?? " ")
        case "n": text.append("\n")
        case "t": text.append("\t")
        default: throw fault("unknown escape: \\\" \\\\ \\n \\t are known")
        }
        advance()
      } else {
        text.append(character)
      }
    }
    throw open
  }
}
