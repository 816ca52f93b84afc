public import EventLog

/// What a write did, or with `isDryRun` would do.
public struct WriteReport: Sendable {
  public var appended = 0
  public var alreadyPresent = 0
  public var rejected = 0
  /// What votes said of which other sources had given an account before.
  public var secondAccounts = SecondAccounts()
  /// What the recorder should know of events that were accepted: names that are not clear, accounts
  /// that contradict others, statements that do not count, dates longer than a day.
  public var remarks = Remarks()
  /// Positions of the first and the last new event; those that a dry run would give.
  public var positions: ClosedRange<Position>?
  /// One per event, in order, for the first `receiptLimit` of them.
  public var receipts: [Receipt] = []
  public var changes: [StanceChange] = []
  public var isDryRun = false
  /// Of a retraction: how many facts hang on what it takes back.
  public var dependents = 0
  /// Of an import of tables: rows read, and those that the mapping passed over, by reason.
  public var rows = 0
  public var skipped: [(reason: String, rows: Int)] = []
  /// True when the data set was recorded as imported.
  public var isCompleted = false
  /// Names in the rejected rows that belong to no recorded actor.
  public var unknownNames: [Problem] = []
  /// The first and the last date of an import of tables.
  var dates = DateSpan()
  public static let receiptLimit = 1000
}

/// Remarks on events that were accepted: the first few, and how many more there are.
public struct Remarks: Sendable {
  private static let limit = 100

  public private(set) var listed: [Remark] = []
  public private(set) var more = 0

  /// Adds a remark, which is only made where it is listed.
  mutating func add(_ remark: () -> Remark) {
    if hasRoom { listed.append(remark()) } else { more += 1 }
  }

  mutating func add(_ remarks: [Remark]) {
    for remark in remarks { add { remark } }
  }

  /// False when further remarks are only counted.
  var hasRoom: Bool { listed.count < Self.limit }
}

/// What became of one event handed to the store.
public struct Receipt: Sendable {
  public var position: Position
  public var id: EventID
  public var type: String
  /// False when it had been recorded before, with the same content.
  public var isNew: Bool
  public var summary: String
}

/// Accounts of votes beside those of other sources.
public struct SecondAccounts: Hashable, Sendable {
  /// Those that leave open, or say, what another says.
  public private(set) var agreeing = 0
  /// Those that cannot be so if another is.
  public private(set) var contradicting = 0

  mutating func add(_ choices: ChoiceSet, beside other: ChoiceSet) {
    if choices.isDisjoint(with: other) { contradicting += 1 } else { agreeing += 1 }
  }
}
