import EventLog
import Testing

@testable import Annals

/// A small record: two states and a body, one topic, and roll calls linked to it; and short ways to
/// add to it. Events that others are about get the ids `Self.id(1)`, `Self.id(2)` …
struct LittleRecord {
  let store: Store
  static let options = AppendOptions(recorder: "test")

  /// A record with one motion and one roll call for each date, linked strongly to `t`: yes is with
  /// the proposition.
  static func make(_ store: Store, rollcalls: [String: String] = [:]) async throws -> LittleRecord {
    let record = LittleRecord(store: store)
    try await record.add(
      """
      {"type":"actor.registered","data":{"actor":"USA","kind":"state","name":"United States"}}
      {"type":"actor.registered","data":{"actor":"RUS","kind":"state","name":"Russia"}}
      {"type":"actor.registered","data":{"actor":"un","kind":"body","name":"UN"}}
      {"type":"topic.defined","data":{"topic":"t","proposition":"T should be."}}
      """)
    for (id, date) in rollcalls.sorted(by: { $0.key < $1.key }) {
      try await record.rollcall(id, date)
      try await record.link(id)
    }
    return record
  }

  @discardableResult
  func add(_ lines: String) async throws -> Position {
    let report = try await store.append(Array(lines.utf8), options: Self.options)
    return try #require(report.positions?.upperBound)
  }

  func refuses(_ lines: String) async -> [ErrorCode] {
    do {
      _ = try await store.append(Array(lines.utf8), options: Self.options)
      return []
    } catch {
      return (error as? Problems)?.problems.map(\.code) ?? []
    }
  }

  static func id(_ number: Int) -> String {
    EventID(high: 0x8000, low: UInt64(number)).description
  }

  static func line(
    _ type: String, _ data: String, on: String? = nil, id number: Int? = nil, rest: String = ""
  ) -> String {
    var line = #"{"type":"\#(type)""#
    if let number { line += #","id":"\#(id(number))""# }
    if let on { line += #","on":"\#(on)""# }
    return line + rest + #","data":\#(data)}"#
  }

  static func amendment(
    _ type: String, of targets: [Int], _ data: String = "{}", id number: Int? = nil
  ) -> String {
    let list = targets.map { "\"\(id($0))\"" }.joined(separator: ",")
    return line(type, data, id: number, rest: #","target":[\#(list)],"reason":"test""#)
  }

  static func voteLine(
    _ rollcall: String, _ choice: String, of voter: String = "USA", on: String? = nil,
    id: Int? = nil
  ) -> String {
    let choices = choice.split(separator: "|").map { "\"\($0)\"" }
    let value = choices.count == 1 ? choices[0] : "[\(choices.joined(separator: ","))]"
    return line(
      "vote.cast", #"{"rollcall":"\#(rollcall)","voter":"\#(voter)","choice":\#(value)}"#, on: on,
      id: id)
  }

  static func stanceLine(
    _ level: Int, _ on: String?, until: String? = nil, of actor: String = "USA",
    topic: String = "t", id: Int? = nil, rest: String = ""
  ) -> String {
    let end = until.map { #","until":"\#($0)""# } ?? ""
    return line(
      "stance.changed",
      #"{"actor":"\#(actor)","topic":"\#(topic)","level":\#(level),"basis":"declared"\#(end)}"#,
      on: on, id: id, rest: rest)
  }

  func rollcall(_ id: String, _ date: String, official: String? = nil) async throws {
    let tally = official.map { #","official":\#($0)"# } ?? ""
    try await add(
      """
      {"type":"motion.tabled","data":{"motion":"m-\(id)","body":"un","title":"M \(id)"}}
      {"type":"rollcall.held","on":"\(date)","data":{"rollcall":"\(id)","motion":"m-\(id)",\
      "body":"un","method":"recorded","result":"adopted"\(tally)}}
      """)
  }

  @discardableResult
  func link(
    _ rollcall: String, topic: String = "t", yes: String = "yes", strength: String = "strong"
  ) async throws -> Position {
    try await add(
      Self.line(
        "topic.linked",
        #"{"topic":"\#(topic)","rollcall":"\#(rollcall)","supporting":"\#(yes)","#
          + #""strength":"\#(strength)","rationale":"test"}"#))
  }

  @discardableResult
  func vote(
    _ rollcall: String, _ choice: String, of voter: String = "USA", on: String? = nil,
    id: Int? = nil
  ) async throws -> Position {
    try await add(Self.voteLine(rollcall, choice, of: voter, on: on, id: id))
  }

  @discardableResult
  func stance(
    _ level: Int, _ on: String?, until: String? = nil, of actor: String = "USA",
    id: Int? = nil
  ) async throws -> Position {
    try await add(Self.stanceLine(level, on, until: until, of: actor, id: id))
  }

  func amend(
    _ type: String, of targets: [Int], _ data: String = "{}", id: Int? = nil
  ) async throws -> Position {
    try await add(Self.amendment(type, of: targets, data, id: id))
  }

  func retract(_ position: Position) async throws -> Position {
    let report = try await store.retract(
      .position(position), reason: "test", options: Self.options)
    return try #require(report.positions?.upperBound)
  }

  func correct(_ position: Position, _ changes: [(String, JSON)]) async throws -> Position {
    let report = try await store.correct(
      .position(position), changes: changes, reason: "test", options: Self.options)
    return try #require(report.positions?.upperBound)
  }

  /// Stored views equal a fresh fold.
  func checkViews() async throws {
    try await store.catchUp()
    for check in try await store.check() {
      #expect(check.differences.isEmpty, "\(check.name): \(check.differences)")
    }
  }

  // MARK: short readings

  /// "2025-02-24/2025-03-02 -2" for each step, known by a position.
  func line(
    _ actor: String = "USA", knownBy: Position? = nil, on: String? = nil
  ) async throws -> [String] {
    let viewpoint = Viewpoint(on: try on.map(Self.on), knownBy: knownBy.map { .position($0) })
    return try await store.audit(actor: actor, topic: "t", from: viewpoint).steps.map(Self.text)
  }

  static func text(_ step: StanceStep) -> String {
    let end = step.to.map { CalendarDay(number: $0).description } ?? "…"
    return "\(CalendarDay(number: step.from))/\(end) \(text(step.level))"
  }

  static func text(_ level: Level) -> String {
    level.value.map(String.init) ?? "\(level.low)..\(level.high)"
  }

  static func on(_ text: String) throws -> OnMoment {
    try Moment.on(text, now: Instant(microseconds: 0))
  }
}
