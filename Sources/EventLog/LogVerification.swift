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
  /// Whether the storage may still hold traces of erased payloads: the erasure was cut short. The next
  /// append removes them.
  public var isPurgeDue = false
  /// In the order of their positions; of each kind the first ones, at most `faultLimit`.
  public private(set) var faults: [Fault] = []
  /// How many there are in all, by kind.
  public private(set) var faultCounts: [Fault.Kind: Int] = [:]

  public static let faultLimit = 20

  public init(head: LogHead, root: [UInt8]) {
    self.head = head
    self.root = root
  }

  /// Takes a fault in by its position; of one event, what says most comes first. They may come in any
  /// order: the first fault of a log is among those that are kept, however many there are.
  public mutating func add(_ fault: Fault) {
    let count = faultCounts[fault.kind, default: 0]
    faultCounts[fault.kind] = count + 1
    if count >= Self.faultLimit, let last = faults.lastIndex(where: { $0.kind == fault.kind }) {
      if !Self.isBefore(fault, faults[last]) { return }
      faults.remove(at: last)
    }
    let place = faults.firstIndex { Self.isBefore(fault, $0) } ?? faults.endIndex
    faults.insert(fault, at: place)
  }

  private static func isBefore(_ a: Fault, _ b: Fault) -> Bool {
    (a.positions.lowerBound, a.kind) < (b.positions.lowerBound, b.kind)
  }
}
