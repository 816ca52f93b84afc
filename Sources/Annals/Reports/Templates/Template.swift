import EventLog

/// A template for a report: text with names in double braces.
///
/// `{{name}}` stands for a text, escaped for the format. `{{#name}}…{{/name}}` is written once for
/// each element of a list, or once where a text is there; `{{^name}}…{{/name}}` where the list is
/// empty or the text missing. `{{! … }}` is a remark. Inside a section its own names come first,
/// then those around it. A line that holds one section tag or remark and nothing else leaves no
/// line behind.
///
/// Whatever is written is escaped, except for what the program itself has made (a chart): a template
/// cannot let a user's text become markup. Each name is checked when the template is read: where
/// Mustache, whose tags these are, writes nothing for a misspelt name, here it is an error.
struct Template: Sendable {
  private let nodes: [Node]

  private indirect enum Node: Sendable {
    case text(String)
    case value(String)
    case section(String, [Node], isInverted: Bool)
  }

  /// Reads a template; throws its first fault, with line and column.
  init(parsing bytes: [UInt8], file: String?, names: TemplateShape) throws {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Problem(
        .badTemplate, "\(file ?? "the template") is not UTF-8 text", help: "save it as UTF-8")
    }
    var reader = Reader(text: text, file: file)
    nodes = try reader.nodes(in: [names])
  }

  /// The template with the values of a scope.
  func filled(with scope: TemplateScope, escaping: Escaping) -> String {
    var result = ""
    Self.write(nodes, [scope], escaping, into: &result)
    return result
  }

  private static func write(
    _ nodes: [Node], _ scopes: [TemplateScope], _ escaping: Escaping, into result: inout String
  ) {
    func value(_ name: String) -> TemplateValue? {
      for scope in scopes.reversed() {
        if let value = scope[name] { return value }
      }
      return nil
    }
    for node in nodes {
      switch node {
      case .text(let text): result += text
      case .value(let name):
        switch value(name) {
        case .text(let text): result += escaping.text(text ?? "")
        case .code(let text): result += escaping.code(text)
        case .markup(let text): result += text
        case .list, nil: break
        }
      case .section(let name, let content, let isInverted):
        let elements = value(name)?.elements ?? []
        if isInverted {
          if elements.isEmpty { write(content, scopes, escaping, into: &result) }
        } else {
          for element in elements { write(content, scopes + [element], escaping, into: &result) }
        }
      }
    }
  }
}

// MARK: Reading

extension Template {
  private struct Reader {
    let text: String
    let file: String?
    private var rest: Substring

    init(text: String, file: String?) {
      (self.text, self.file) = (text, file)
      rest = text[...]
    }

    struct Tag {
      var sign: Character?
      var name: String
      /// From the first brace through the last.
      var range: Range<String.Index>
    }

    /// Reads up to the end of the text, or of the section that the last tag has opened.
    mutating func nodes(
      in shapes: [TemplateShape], closing open: Tag? = nil
    ) throws -> [Node] {
      var nodes: [Node] = []
      while let tag = try nextTag(&nodes) {
        switch tag.sign {
        case "!": break
        case "/":
          guard let open else {
            throw fault("{{/\(tag.name)}} closes what was not opened", at: tag.range)
          }
          guard open.name == tag.name else {
            throw fault(
              "{{/\(tag.name)}} stands where {{/\(open.name)}} was to come", at: tag.range)
          }
          return nodes
        case "#", "^":
          let shape = try section(tag, in: shapes)
          let isInverted = tag.sign == "^"
          // What is not there has no names of its own.
          let inner = isInverted ? shapes : shapes + (shape.map { [$0] } ?? [])
          nodes.append(
            .section(tag.name, try self.nodes(in: inner, closing: tag), isInverted: isInverted))
        default:
          if try section(tag, in: shapes) != nil {
            throw fault(
              "\"\(tag.name)\" is a list, not a text", at: tag.range,
              help: "write {{#\(tag.name)}} … {{/\(tag.name)}} around what is said of each")
          }
          nodes.append(.value(tag.name))
        }
      }
      if let open {
        throw fault("{{#\(open.name)}} is never closed", at: open.range)
      }
      return nodes
    }

    /// The names inside a section of this name; nil for a text. Throws when there is no such name.
    private func section(_ tag: Tag, in shapes: [TemplateShape]) throws -> TemplateShape? {
      for shape in shapes.reversed() {
        if let name = shape.names.first(where: { $0.name == tag.name }) { return name.inner }
      }
      let known = shapes.reversed().flatMap { $0.names.map(\.name) }
      throw fault(
        "no name \"\(tag.name)\" here", at: tag.range,
        help: "names here: \(known.joined(separator: ", "))",
        suggestion: Suggestion.nearest(to: tag.name, among: known))
    }

    /// Adds the text before the next tag, and reads the tag; nil at the end of the text.
    private mutating func nextTag(_ nodes: inout [Node]) throws -> Tag? {
      guard let start = rest.firstRange(of: "{{")?.lowerBound else {
        if !rest.isEmpty { nodes.append(.text(String(rest))) }
        rest = rest[rest.endIndex...]
        return nil
      }
      guard let end = text[start...].firstRange(of: "}}")?.upperBound else {
        throw fault("{{ without }}", at: start..<text.index(start, offsetBy: 2))
      }
      let range = start..<end
      var inner = text[start..<end].dropFirst(2).dropLast(2)
      var sign: Character?
      if let first = inner.first, "#^/!".contains(first) {
        sign = first
        inner = inner.dropFirst()
      }
      let name = sign == "!" ? "" : String(inner.trimmed)
      if sign != "!" { try check(name, range) }
      var before = rest[..<start]
      rest = text[end...]
      if sign != nil, let line = lineAlone(range) {
        before = before[..<max(line.lowerBound, before.startIndex)]
        rest = text[line.upperBound...]
      }
      if !before.isEmpty { nodes.append(.text(String(before))) }
      return Tag(sign: sign, name: name, range: range)
    }

    private func check(_ name: String, _ range: Range<String.Index>) throws {
      if name.hasPrefix("{") || name.hasPrefix("&") {
        throw fault(
          "two braces are enough", at: range,
          help: "{{name}} escapes a text for the format, and leaves a chart as it is")
      }
      guard !name.isEmpty, name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }) else {
        throw fault(
          "\"\(name)\" is no name", at: range,
          help: "a tag is {{name}}, {{#name}}, {{^name}}, {{/name}} or {{! remark }}")
      }
    }

    /// The whole line around a tag, its end included, when nothing else stands in it.
    private func lineAlone(_ range: Range<String.Index>) -> Range<String.Index>? {
      let before = text[..<range.lowerBound]
      let start = before.lastIndex(where: \.isNewline).map { before.index(after: $0) }
      let lineStart = start ?? text.startIndex
      let after = text[range.upperBound...]
      let newline = after.firstIndex(where: \.isNewline)
      let lineEnd = newline ?? text.endIndex
      guard text[lineStart..<range.lowerBound].allSatisfy(\.isWhitespace),
        text[range.upperBound..<lineEnd].allSatisfy(\.isWhitespace)
      else { return nil }
      return lineStart..<(newline.map { text.index(after: $0) } ?? lineEnd)
    }

    private func fault(
      _ message: String, at range: Range<String.Index>, help: String? = nil,
      suggestion: String? = nil
    ) -> Problem {
      let offsets =
        text.utf8.distance(
          from: text.startIndex, to: range.lowerBound)..<text.utf8.distance(
          from: text.startIndex, to: range.upperBound)
      let place = TextPosition.locate(offsets, in: Array(text.utf8))
      return Problem(
        .badTemplate, message, position: place.source(file: file), help: help,
        suggestion: suggestion, excerpt: place.excerpt)
    }
  }
}

extension Substring {
  fileprivate var trimmed: Substring {
    var text = self
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }
}
