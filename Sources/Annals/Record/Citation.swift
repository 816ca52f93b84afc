/// A source as cited by an event.
public struct Citation: Hashable, Sendable {
  /// Id of a captured source, or a URL.
  public var source: String
  public var locator: String?
  /// The captured source's title, where there is one.
  public var title: String?
  /// Who published it, where that is recorded.
  public var publisher: String?
  public var url: String?
  public var quote: String?
  public var relation: String?

  public init(
    source: String, locator: String? = nil, title: String? = nil, publisher: String? = nil,
    url: String? = nil, quote: String? = nil, relation: String? = nil
  ) {
    self.source = source
    self.locator = locator
    self.title = title
    self.publisher = publisher
    self.url = url
    self.quote = quote
    self.relation = relation
  }

  /// `source:locator`, or the source alone.
  public var text: String { locator.map { "\(source):\($0)" } ?? source }

  /// True for a source that is a link, and so needs no capture.
  static func isURL(_ text: String) -> Bool {
    text.hasPrefix("https://") || text.hasPrefix("http://")
  }
}
