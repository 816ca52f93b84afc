/// An actor or a topic: its id and the name to show.
public struct Entity: Hashable, Sendable {
  public var id: String
  public var name: String

  public init(id: String, name: String) {
    self.id = id
    self.name = name
  }
}
