/// A text with places to fill in: `record/{record_id}`, `{session|roman}`.
struct TextTemplate: Hashable, Sendable {
  enum Part: Hashable, Sendable {
    case literal([UInt8])
    /// What a name stands for, by way of a table when one is named.
    case reference(String, table: String?)
  }

  var parts: [Part]

  /// The names it refers to.
  var names: [String] {
    parts.compactMap { if case .reference(let name, _) = $0 { name } else { nil } }
  }

  /// Why a text is no template.
  struct Fault: Error {
    var message: String
  }

  /// Reads `{name}` and `{name|table}`; doubled braces stand for themselves.
  init(_ text: String) throws(Fault) {
    parts = []
    var literal: [UInt8] = []
    let bytes = Array(text.utf8)
    var at = 0
    while at < bytes.count {
      let byte = bytes[at]
      let isDoubled = at + 1 < bytes.count && bytes[at + 1] == byte
      switch byte {
      case UInt8(ascii: "{") where !isDoubled:
        guard let end = bytes[at...].firstIndex(of: UInt8(ascii: "}")) else {
          throw Fault(message: "\"{\" without \"}\" in \"\(text)\"")
        }
        let inside = String(decoding: bytes[at + 1..<end], as: UTF8.self)
        let names = inside.split(separator: "|", omittingEmptySubsequences: false)
        guard names.count <= 2, names.allSatisfy({ !$0.isEmpty }) else {
          throw Fault(message: "\"{\(inside)}\" names nothing: write {name} or {name|table}")
        }
        if !literal.isEmpty { parts.append(.literal(literal)) }
        literal = []
        parts.append(.reference(String(names[0]), table: names.count == 2 ? String(names[1]) : nil))
        at = end + 1
      case UInt8(ascii: "}") where !isDoubled:
        throw Fault(message: "\"}\" without \"{\" in \"\(text)\"")
      case UInt8(ascii: "{"), UInt8(ascii: "}"):
        literal.append(byte)
        at += 2
      default:
        literal.append(byte)
        at += 1
      }
    }
    if !literal.isEmpty { parts.append(.literal(literal)) }
  }
}

/// What a text may look like, and what is made of it: `R/{s:digits}/{n:digits}` → `un-ga/{n}-{s}`.
struct Rewrite: Hashable, Sendable {
  enum Part: Hashable, Sendable {
    case literal([UInt8])
    /// A run of characters, kept under a name.
    case capture(String, Run)
  }

  /// What a captured run is made of.
  enum Run: String, CaseIterable, Hashable, Sendable {
    /// Everything up to the literal that follows, or to the end; at least one character.
    case any
    case digits, letters

    func holds(_ byte: UInt8) -> Bool {
      switch self {
      case .any: true
      case .digits: byte >= 0x30 && byte <= 0x39
      case .letters: byte >= 0x41 && byte <= 0x5A || byte >= 0x61 && byte <= 0x7A
      }
    }
  }

  var pattern: [Part]
  var result: TextTemplate

  init(pattern text: String, result: String) throws(TextTemplate.Fault) {
    self.result = try TextTemplate(result)
    pattern = []
    for part in try TextTemplate(text).parts {
      switch part {
      case .literal(let bytes): pattern.append(.literal(bytes))
      case .reference(let inside, let table):
        guard table == nil else {
          throw TextTemplate.Fault(message: "a table has no place in the pattern \"\(text)\"")
        }
        let words = inside.split(separator: ":", maxSplits: 1).map(String.init)
        guard let run = words.count == 2 ? Run(rawValue: words[1]) : .any else {
          throw TextTemplate.Fault(
            message:
              "\"\(words[1])\" is none of \(Run.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        if case .capture(_, .any) = pattern.last {
          throw TextTemplate.Fault(
            message: "nothing says where {\(words[0])} begins in \"\(text)\"")
        }
        pattern.append(.capture(words[0], run))
      }
    }
    let known = Set(captures)
    if let unknown = self.result.names.first(where: { !known.contains($0) }) {
      throw TextTemplate.Fault(message: "\"\(text)\" captures no {\(unknown)}")
    }
  }

  private var captures: [String] {
    pattern.compactMap { if case .capture(let name, _) = $0 { name } else { nil } }
  }

  /// What the pattern's names stand for in a text; nil when it does not look like that.
  func match(_ text: [UInt8]) -> [String: [UInt8]]? {
    var found: [String: [UInt8]] = [:]
    var at = 0
    for (index, part) in pattern.enumerated() {
      switch part {
      case .literal(let bytes):
        guard text[at...].starts(with: bytes) else { return nil }
        at += bytes.count
      case .capture(let name, let run):
        let start = at
        if run == .any {
          var literal: [UInt8] = []
          if index + 1 < pattern.count, case .literal(let bytes) = pattern[index + 1] {
            literal = bytes
          }
          if literal.isEmpty {
            at = text.count
          } else {
            while at < text.count, !text[at...].starts(with: literal) { at += 1 }
            guard at < text.count else { return nil }
          }
        } else {
          while at < text.count, run.holds(text[at]) { at += 1 }
        }
        guard at > start else { return nil }
        found[name] = Array(text[start..<at])
      }
    }
    return at == text.count ? found : nil
  }
}
