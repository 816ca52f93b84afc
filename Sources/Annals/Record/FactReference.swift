public import EventLog

/// How a user names an event: by position (`17`, `#17`) or by id.
public enum EventReference: Hashable, Sendable, CustomStringConvertible {
  case position(Position)
  case id(EventID)

  public init?(_ text: String) {
    let digits = text.hasPrefix("#") ? text.dropFirst() : text[...]
    if let number = Int64(digits), number > 0 {
      self = .position(Position(number))
    } else if let id = EventID(text) {
      self = .id(id)
    } else {
      return nil
    }
  }

  public var description: String {
    switch self {
    case .position(let position): position.description
    case .id(let id): id.description
    }
  }
}
