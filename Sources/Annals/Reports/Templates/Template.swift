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
///
/// Sections stand inside each other up to a limit, and a report has a largest size: a list inside
/// itself is written as often as its length times itself.
struct Template: Sendable {
  static let depthLimit = 16
  /// Bytes of a report, and values and sections that are written for it.
  static let sizeLimit = 32 << 20
  static let stepLimit = 2_000_000

  private let nodes: [Node]
  private let source: Source

  private indirect enum Node: Sendable {
    case text(String)
    case value(String)
    case section(String, [Node], isInverted: Bool, at: Range<String.Index>)
  }

  /// Reads a template; throws its first fault, with line and column.
  init(parsing bytes: [UInt8], file: String?, names: TemplateShape) throws {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Problem(
        .badTemplate, "\(file ?? "the template") is not UTF-8 text", help: "save it as UTF-8")
    }
    source = Source(text: text, file: file)
    var reader = Reader(source)
    nodes = try reader.nodes(in: [names])
  }

  /// The template with the values of a scope. Throws where that grows over the largest size.
  func filled(with scope: TemplateScope, escaping: Escaping) throws -> String {
    var report = Report()
    let start = source.text.startIndex
    try write(nodes, [scope], escaping, at: start..<start, into: &report)
    return report.text
  }

  /// What has been written.
  private struct Report {
    var text = ""
    var steps = 0

    var isTooLarge: Bool {
      steps > Template.stepLimit || text.utf8.count > Template.sizeLimit
    }
  }

  /// Counts one thing that is written; throws where it is too much.
  private func step(_ report: inout Report, at section: Range<String.Index>) throws {
    report.steps += 1
    guard report.isTooLarge else { return }
    throw source.fault(
      "the report would have more than \(Self.sizeLimit >> 20) MiB, or more than "
        + "\(Self.stepLimit) values", at: section,
      help: "a section inside one of the same name writes the list once for each of its elements")
  }

  private func write(
    _ nodes: [Node], _ scopes: [TemplateScope], _ escaping: Escaping,
    at section: Range<String.Index>, into report: inout Report
  ) throws {
    func value(_ name: String) -> TemplateValue? {
      for scope in scopes.reversed() {
        if let value = scope[name] { return value }
      }
      return nil
    }
    for node in nodes {
      try step(&report, at: section)
      switch node {
      case .text(let text): report.text += text
      case .value(let name):
        switch value(name) {
        case .text(let text): report.text += escaping.text(text ?? "")
        case .code(let text): report.text += escaping.code(text)
        case .markup(let text): report.text += text
        case .list, nil: break
        }
      case .section(let name, let content, let isInverted, let place):
        let elements = value(name)?.elements ?? []
        if isInverted {
          if elements.isEmpty { try write(content, scopes, escaping, at: place, into: &report) }
        } else {
          for element in elements {
            try step(&report, at: place)
            try write(content, scopes + [element], escaping, at: place, into: &report)
          }
        }
      }
    }
  }
}

// MARK: Reading

extension Template {
  /// The text of a template, and where in it something is wrong.
  private struct Source: Sendable {
    let text: String
    let file: String?

    func fault(
      _ message: String, at range: Range<String.Index>, help: Help? = nil,
      suggestion: String? = nil
    ) -> Problem {
      let offsets =
        text.utf8.distance(
          from: text.startIndex, to: range.lowerBound)..<text.utf8.distance(
          from: text.startIndex, to: range.upperBound)
      let place = TextLocation.locate(offsets, in: Array(text.utf8))
      return Problem(
        .badTemplate, message, position: place.source(file: file), help: help,
        suggestion: suggestion, excerpt: place.excerpt)
    }
  }

  private struct Reader {
    private let source: Source
    private var text: String { source.text }
    private var rest: Substring

    init(_ source: Source) {
      self.source = source
      rest = source.text[...]
    }

    struct Tag {
      var sign: Character?
      var name: String
      /// From the first brace through the last.
      var range: Range<String.Index>
    }

    /// Reads up to the end of the text, or of the section that the last tag has opened.
    mutating func nodes(
      in shapes: [TemplateShape], closing open: Tag? = nil, depth: Int = 0
    ) throws -> [Node] {
      if depth > Template.depthLimit, let open {
        throw fault(
          "sections stand inside each other more than \(Template.depthLimit) deep", at: open.range)
      }
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
            .section(
              tag.name, try self.nodes(in: inner, closing: tag, depth: depth + 1),
              isInverted: isInverted, at: tag.range))
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
      // Only spaces are gone over: a line may hold a hundred thousand tags.
      var start = range.lowerBound
      while start > text.startIndex {
        let character = text[text.index(before: start)]
        if character.isNewline { break }
        guard character.isWhitespace else { return nil }
        start = text.index(before: start)
      }
      var end = range.upperBound
      while end < text.endIndex {
        let character = text[end]
        guard character.isWhitespace else { return nil }
        end = text.index(after: end)
        if character.isNewline { break }
      }
      return start..<end
    }

    private func fault(
      _ message: String, at range: Range<String.Index>, help: Help? = nil,
      suggestion: String? = nil
    ) -> Problem {
      source.fault(message, at: range, help: help, suggestion: suggestion)
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
