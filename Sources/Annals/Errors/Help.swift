/// A text that says what to do. It names commands and options, and each face of the program writes
/// these in its own words: the command line writes `annals list actors` and `--known-by`.
///
/// A literal of this type names a command as `\(command: "list actors")`, by the words after the name
/// of the program, and an option as `\(option: "known-by")` or `\(option: "store", "FILE")`.
public struct Help: Hashable, Sendable {
  private enum Part: Hashable {
    case text(String)
    case command(String)
    case option(String, value: String?)
  }

  /// No two texts follow each other, so that equal words make equal helps.
  private var parts: [Part] = []

  public init(_ text: String) { append(text) }

  public func words(for face: Face) -> String {
    parts.map { part in
      switch part {
      case .text(let text): text
      case .command(let words): face.command(words)
      case .option(let name, let value): face.option(name, value)
      }
    }.joined()
  }

  /// Bytes of the texts and names.
  var length: Int {
    parts.reduce(0) { sum, part in
      switch part {
      case .text(let text), .command(let text), .option(let text, nil): sum + text.utf8.count
      case .option(let name, let value?): sum + name.utf8.count + value.utf8.count
      }
    }
  }

  public static func + (first: Help, second: Help) -> Help {
    var sum = first
    sum.append(second)
    return sum
  }

  private mutating func append(_ text: String) {
    if text.isEmpty { return }
    if case .text(let last)? = parts.last {
      parts[parts.count - 1] = .text(last + text)
    } else {
      parts.append(.text(text))
    }
  }

  private mutating func append(_ other: Help) {
    for part in other.parts {
      if case .text(let text) = part { append(text) } else { parts.append(part) }
    }
  }
}

extension Help: ExpressibleByStringInterpolation {
  public struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var help = Help("")

    public init(literalCapacity: Int, interpolationCount: Int) {}

    public mutating func appendLiteral(_ text: String) { help.append(text) }

    /// Only what has a text of its own: an optional value has none.
    public mutating func appendInterpolation(_ value: some CustomStringConvertible) {
      help.append(value.description)
    }

    public mutating func appendInterpolation(_ other: Help) { help.append(other) }

    /// A command, by the words after the name of the program.
    public mutating func appendInterpolation(command words: String) {
      help.parts.append(.command(words))
    }

    /// An option or parameter, by its name in kebab case, with its value.
    public mutating func appendInterpolation(option name: String, _ value: String? = nil) {
      help.parts.append(.option(name, value: value))
    }
  }

  public init(stringLiteral text: String) { self.init(text) }
  public init(stringInterpolation: StringInterpolation) { self = stringInterpolation.help }
}
