import EventLog

/// Numbers that are the same in every run with the same seed (SplitMix64).
struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

extension NewEvent {
  /// An event whose id and body follow from `number`.
  static func sample(
    _ number: Int, type: String = "thing.done", version: Int = 1, tags: [String] = [],
    time: ValidTime? = nil, targets: [EventID] = [], body: String? = nil
  ) -> NewEvent {
    NewEvent(
      id: .sample(number), type: EventType(type, version: version), tags: tags.compactMap(Tag.init),
      time: time, targets: targets, body: Array((body ?? #"{"number":\#(number)}"#).utf8))
  }
}

extension EventID {
  /// Ids that do not rise with their number: an implementation may rely on no order.
  static func sample(_ number: Int) -> EventID {
    var random = SeededRandom(UInt64(bitPattern: Int64(number)))
    return EventID(high: random.next(), low: random.next())
  }
}

extension ValidTime {
  static func day(_ text: String, _ day: Int64) -> ValidTime {
    ValidTime(text: text, earliest: day * 86_400, latest: (day + 1) * 86_400)
  }
}

extension EventLog {
  @discardableResult
  func append(_ events: [NewEvent], if condition: AppendCondition? = nil)
    async throws(EventLogError) -> AppendReceipt
  {
    try await append(events, recorder: "tester", note: nil, if: condition)
  }

  /// Everything, oldest first.
  func everything() async throws(EventLogError) -> [RecordedEvent] {
    try await read(.all, in: EventRange())
  }
}

/// The error that `body` throws; nil when it throws none.
func failure(
  _ body: () async throws(EventLogError) -> Void
) async -> EventLogError? {
  do throws(EventLogError) {
    try await body()
    return nil
  } catch {
    return error
  }
}
