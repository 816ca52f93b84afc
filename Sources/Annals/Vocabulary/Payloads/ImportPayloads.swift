public import EventLog

/// A data set was imported. Its coverage tells a silence of the data from an absence of facts.
public struct ImportCompleted: EventPayload {
  public static let type = EventType("import.completed")

  /// Name of the data set.
  public var dataset: String
  /// Its version or date of issue.
  public var version: String?
  /// SHA-256 of the imported file, in hexadecimal.
  public var sha256: String?
  /// How many rows and events there were.
  public var counts: Counts?
  /// What the data set covers.
  public var coverage: Coverage?

  public init(
    dataset: String, version: String? = nil, sha256: String? = nil, counts: Counts? = nil,
    coverage: Coverage? = nil
  ) {
    self.dataset = dataset
    self.version = version
    self.sha256 = sha256
    self.counts = counts
    self.coverage = coverage
  }

  /// How many rows and events there were.
  public struct Counts: Codable, Hashable, Sendable {
    /// Rows read.
    public var rows: Int?
    /// Events appended.
    public var appended: Int?
    /// Events that were already there.
    public var present: Int?
    /// Rows rejected.
    public var rejected: Int?

    public init(rows: Int? = nil, appended: Int? = nil, present: Int? = nil, rejected: Int? = nil) {
      self.rows = rows
      self.appended = appended
      self.present = present
      self.rejected = rejected
    }
  }

  /// What the data set covers.
  public struct Coverage: Codable, Hashable, Sendable {
    /// What it covers, in words.
    public var what: String
    /// First date covered.
    public var from: EDTF?
    /// Last date covered.
    public var to: EDTF?

    public init(what: String, from: EDTF? = nil, to: EDTF? = nil) {
      self.what = what
      self.from = from
      self.to = to
    }
  }
}
