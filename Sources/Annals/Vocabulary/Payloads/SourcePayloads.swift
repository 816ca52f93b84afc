public import EventLog

/// A source was taken into the record: an article, a document, a data set. Every other event names
/// the captured sources it rests on; a later capture of the same source is a new version of it.
public struct SourceCaptured: EventPayload {
  public static let type = EventType("source.captured")

  /// Id of the source, chosen by you: `jerusalem-post-2025-03`.
  public var source: String
  /// Title as printed, or a description in brackets when it has none.
  public var title: String
  /// Who published it; nil when it is not printed.
  public var publisher: String?
  /// Where it can be read.
  public var url: String?
  /// When it was published, as exactly as is known.
  public var published: EDTF?
  /// Language of the text.
  public var language: String?
  /// SHA-256 of the captured bytes, in hexadecimal.
  public var sha256: String?
  /// Licence or terms under which it may be used.
  public var licence: String?

  public init(
    source: String, title: String, publisher: String? = nil, url: String? = nil,
    published: EDTF? = nil, language: String? = nil, sha256: String? = nil,
    licence: String? = nil
  ) {
    self.source = source
    self.title = title
    self.publisher = publisher
    self.url = url
    self.published = published
    self.language = language
    self.sha256 = sha256
    self.licence = licence
  }
}
