/// A stance on a topic as a source states it: a level, or a label where none fits.
public enum StatedLevel: Hashable, Sendable {
  /// 2 supports, 1 leans towards, 0 neither, -1 leans against, -2 opposes.
  case level(Int)
  case label(String)
}

extension StatedLevel: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral {
  public init(integerLiteral value: Int) { self = .level(value) }
  public init(stringLiteral value: String) { self = .label(value) }
}

extension StatedLevel: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let level = try? container.decode(Int.self) {
      self = .level(level)
    } else {
      self = .label(try container.decode(String.self))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .level(let level): try container.encode(level)
    case .label(let label): try container.encode(label)
    }
  }
}
