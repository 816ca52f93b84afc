/// The kind of an event and the version of its payload's schema: `vote.cast`, 1.
public struct EventType: Hashable, Sendable, CustomStringConvertible {
  public let name: String
  public let version: Int

  public init(_ name: String, version: Int = 1) {
    self.name = name
    self.version = version
  }

  /// `vote.cast.v1`.
  public var description: String { "\(name).v\(version)" }
}
