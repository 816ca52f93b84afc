/// What a verification of a log is to go through.
public struct LogVerificationRequest: Sendable {
  /// Events up to here are not hashed anew: their hashes are taken as they are stored.
  public var after: Position
  /// Told from time to time how many events are done, and of how many.
  public var progress: (@Sendable (_ done: Int64, _ of: Int64) -> Void)?

  public init(
    after: Position = .start,
    progress: (@Sendable (_ done: Int64, _ of: Int64) -> Void)? = nil
  ) {
    self.after = after
    self.progress = progress
  }
}

/// What a verification of a log has found.
public struct LogVerification: Sendable {
  /// Something that is not as it follows from the rest.
  public struct Fault: Hashable, Sendable {
    public enum Kind: String, Comparable, CaseIterable, Sendable {
      /// An event cannot be read, or is missing.
      case unreadable
      /// An event does not match its hash.
      case hash
      /// A hash of events is not the one that the tree was built from.
      case tree
      /// A batch, or an event's place in it.
      case batch
      /// The index of types, tags and targets.
      case index
      /// The list of erased payloads.
      case erasure

      public static func < (a: Kind, b: Kind) -> Bool {
        guard let first = allCases.first(where: { $0 == a || $0 == b }) else { return false }
        return first == a && a != b
      }
    }

    public var kind: Kind
    /// The events concerned; one, where it is known which.
    public var positions: ClosedRange<Position>
    /// A sentence.
    public var message: String
    /// Hashes in hex, or numbers.
    public var expected: String?
    public var found: String?

    public init(
      _ kind: Kind, at positions: ClosedRange<Position>, _ message: String,
      expected: String? = nil, found: String? = nil
    ) {
      self.kind = kind
      self.positions = positions
      self.message = message
      self.expected = expected
      self.found = found
    }
  }

  /// The head at which the log was verified.
  public var head: LogHead
  /// Root of the tree over all events, as it follows from their hashes.
  public var root: [UInt8]
  /// Events that were hashed anew.
  public var rehashed: Int64 = 0
  /// Those among all of them whose payload was erased.
  public var erased: Int64 = 0
  /// In the order of their positions; at most `faultLimit`.
  public var faults: [Fault] = []
  /// How many there are in all.
  public var faultCount = 0

  public static let faultLimit = 20

  public init(head: LogHead, root: [UInt8]) {
    self.head = head
    self.root = root
  }

  /// By position; of one, what says most comes first.
  public mutating func sortFaults() {
    faults.sort { ($0.positions.lowerBound, $0.kind) < ($1.positions.lowerBound, $1.kind) }
  }

  public mutating func add(_ fault: Fault) {
    faultCount += 1
    if faults.count < Self.faultLimit { faults.append(fault) }
  }
}
