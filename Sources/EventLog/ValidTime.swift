/// When a fact was so in the world: the date as written, and the bounds that the caller derived.
///
/// The log stores and orders by the bounds; it does not read the text.
public struct ValidTime: Hashable, Sendable {
  /// The date as written by whoever recorded it (an EDTF string in Annals).
  public let text: String
  /// First possible second, since 1970-01-01T00:00:00Z; `Int64.min` when there is no bound.
  public let earliest: Int64
  /// First second that is certainly past it (half open); `Int64.max` when there is no bound.
  public let latest: Int64

  public init(text: String, earliest: Int64, latest: Int64) {
    self.text = text
    self.earliest = earliest
    self.latest = latest
  }
}
