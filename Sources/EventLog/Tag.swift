/// A `kind:value` under which an event is found: `actor:USA`.
///
/// The kind is the part before the first colon; the value may hold colons of its own. A log takes no
/// tag without a kind or a value, and none of its events is found under one.
public struct Tag: Hashable, Sendable, CustomStringConvertible {
  /// The whole tag, `kind:value`.
  public let description: String

  /// A kind that holds a colon would be read as another kind: it makes a tag without a kind.
  public init(kind: String, value: String) {
    description = kind.utf8.contains(UInt8(ascii: ":")) ? ":\(kind):\(value)" : "\(kind):\(value)"
  }

  /// Reads `kind:value`; nil where there is no colon, or nothing on one side of it.
  public init?(_ text: String) {
    guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")), colon != text.startIndex,
      text.utf8.index(after: colon) != text.endIndex
    else { return nil }
    description = text
  }

  public var kind: Substring { description[..<colon] }
  public var value: Substring { description[description.utf8.index(after: colon)...] }

  private var colon: String.Index {
    description.utf8.firstIndex(of: UInt8(ascii: ":")) ?? description.endIndex
  }

  /// The kind of the tags that a log makes itself, from the targets of an event. No event may bring
  /// a tag of this kind.
  public static let targetKind = "target"

  /// The tag under which the log files every event that names `id` among its targets.
  public static func target(_ id: EventID) -> Tag { Tag(kind: targetKind, value: id.description) }
}
