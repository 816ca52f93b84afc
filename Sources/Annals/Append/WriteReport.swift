public import EventLog

/// What a write did, or with `isDryRun` would do.
public struct WriteReport: Sendable {
  public var appended = 0
  public var alreadyPresent = 0
  public var rejected = 0
  /// What votes said of which other sources had given an account before.
  public var secondAccounts = SecondAccounts()
  /// Positions of the first and the last new event; those that a dry run would give.
  public var positions: ClosedRange<Position>?
  /// One per event, in order, for the first `receiptLimit` of them.
  public var receipts: [Receipt] = []
  public var changes: [StanceChange] = []
  public var isDryRun = false
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
