/// A value that a template can write, or make a section of.
enum TemplateValue: Sendable {
  /// A user's text, always escaped; nil where it is missing.
  case text(String?)
  /// Text for a block of code.
  case code(String)
  /// What the program itself has made: written as it is.
  case markup(String)
  case list([TemplateScope])

  /// What a section of it is written for.
  var elements: [TemplateScope] {
    switch self {
    case .list(let scopes): scopes
    case .text(let text): (text ?? "").isEmpty ? [] : [TemplateScope()]
    case .code(let text), .markup(let text): text.isEmpty ? [] : [TemplateScope()]
    }
  }
}

/// The values of the names at one place of a template.
struct TemplateScope: Sendable {
  private var values: [String: TemplateValue] = [:]

  init() {}

  fileprivate init(_ values: [String: TemplateValue]) { self.values = values }

  subscript(name: String) -> TemplateValue? { values[name] }
}

/// The names that a template can use at one place, without their values.
struct TemplateShape: Sendable {
  struct Name: Sendable {
    var name: String
    /// What it stands for, for the documentation.
    var note: String
    /// The names inside a list; nil for a text.
    var inner: TemplateShape?
  }

  var names: [Name]
}

/// The names for one type of value: what they are called, what they mean, and how they are read.
/// Names and values come from this one list, so that neither can be without the other.
struct TemplateNames<Value>: Sendable {
  struct Entry: Sendable {
    var name: TemplateShape.Name
    var read: @Sendable (Value) -> TemplateValue
  }

  var entries: [Entry]

  init(_ entries: [Entry]) { self.entries = entries }

  var shape: TemplateShape { TemplateShape(names: entries.map(\.name)) }

  func scope(of value: Value) -> TemplateScope {
    // The list is under test to name nothing twice.
    TemplateScope(
      Dictionary(entries.map { ($0.name.name, $0.read(value)) }) { first, _ in first })
  }
}

extension TemplateNames.Entry {
  static func text(
    _ name: String, _ note: String, _ read: @escaping @Sendable (Value) -> String?
  ) -> Self {
    Self(name: .init(name: name, note: note)) { .text(read($0)) }
  }

  static func code(
    _ name: String, _ note: String, _ read: @escaping @Sendable (Value) -> String
  ) -> Self {
    Self(name: .init(name: name, note: note)) { .code(read($0)) }
  }

  static func markup(
    _ name: String, _ note: String, _ read: @escaping @Sendable (Value) -> String
  ) -> Self {
    Self(name: .init(name: name, note: note)) { .markup(read($0)) }
  }

  static func list<Element>(
    _ name: String, _ note: String, _ inner: TemplateNames<Element>,
    _ read: @escaping @Sendable (Value) -> [Element]
  ) -> Self {
    Self(name: .init(name: name, note: note, inner: inner.shape)) { value in
      .list(read(value).map(inner.scope))
    }
  }
}
