/// An event's place in the log: 1, 2, 3 … without gaps. Also the axis of "known by".
///
/// `Position.start` (0) is the place before the first event.
public struct Position: RawRepresentable, Hashable, Comparable, Sendable {
  public let rawValue: Int64

  public init(rawValue: Int64) { self.rawValue = rawValue }
  public init(_ value: Int64) { rawValue = value }

  /// The place before the first event: the head of an empty log.
  public static let start = Position(0)

  public static func < (a: Position, b: Position) -> Bool { a.rawValue < b.rawValue }

  /// The place `count` events further on.
  public func advanced(by count: Int) -> Position { Position(rawValue + Int64(count)) }
}

extension Position: CustomStringConvertible, ExpressibleByIntegerLiteral {
  public init(integerLiteral value: Int64) { rawValue = value }
  public var description: String { "#\(rawValue)" }
}
