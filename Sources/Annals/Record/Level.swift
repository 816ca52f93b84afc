import EventLog

/// A stance on a topic: −2 opposes … 2 supports. A choice that is a set gives an interval.
public struct Level: Hashable, Sendable {
  // Small: a fold of millions of votes holds as many.
  private let lowest: Int8
  private let highest: Int8

  public var low: Int { Int(lowest) }
  public var high: Int { Int(highest) }

  public init(_ value: Int) { self.init(low: value, high: value) }
  public init(low: Int, high: Int) {
    lowest = Int8(clamping: low)
    highest = Int8(clamping: high)
  }

  /// The one value, nil for an interval.
  public var value: Int? { low == high ? low : nil }

  /// supports, leans for, neutral, leans against, opposes; two of them for an interval.
  public var label: String {
    func name(_ level: Int) -> String {
      switch level {
      case 2...: "supports"
      case 1: "leans for"
      case 0: "neutral"
      case -1: "leans against"
      default: "opposes"
      }
    }
    return low == high ? name(low) : "\(name(low)) to \(name(high))"
  }
}

extension Level {
  /// Reads −2 … 2 or one of the labels; nil for a label that is not one of the rule's.
  init?(_ json: JSON) {
    if let number = json.integer, (-2...2).contains(number) {
      self.init(Int(number))
      return
    }
    guard let text = json.string,
      let value = (-2...2).first(where: { Level($0).label == text })
    else { return nil }
    self.init(value)
  }

  /// The level as seen from the opposite proposition.
  var mirrored: Level { Level(low: -high, high: -low) }
}
