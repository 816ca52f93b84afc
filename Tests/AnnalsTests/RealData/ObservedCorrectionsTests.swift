import EventLog
import SQLiteEventLog
import Synchronization
import Testing

@testable import Annals

/// Every record of the library of the United Nations, recorded on the day on which it was first
/// seen there, and the changes that the library itself made later, on the day they were seen.
@Suite(.enabled(if: RealData.folder != nil)) struct ObservedCorrectionsTests {
  @Test func theRecordOfThenAndOfToday() async throws {
    let clock = Clock()
    var options = SQLiteEventLog.Options()
    options.clock = { clock.now }
    try await withStore(options: options) { store in
      try await replay(store, clock)
      let then = KnownBy.instant(try instant("2024-12-31 23:59:59"))
      let today = KnownBy.instant(try instant("2026-11-21 12:00:00"))

      // The symbol, the date and the ballot that the library corrected on New Year's Day 2025.
      for (known, symbol, date, choice) in [
        (then, "S/RES/2760(2024)", "2024-11-14", "abstain"),
        (today, "S/RES/2761(2024)", "2024-12-06", "yes"),
      ] {
        let motion = try await fact(store, "motion.tabled", "motion:undl/4066424", known)
        #expect(motion.data["symbol"]?.string == symbol)
        let held = try await fact(store, "rollcall.held", "rollcall:undl/4066424", known)
        #expect(held.time?.text == date)
        let vote = try await fact(
          store, "vote.cast", "rollcall:undl/4066424", known, voter: "RUS")
        #expect(vote.data["choice"]?.string == choice)
      }

      // What was learned in between names them all, each with the correction.
      let diff = try await store.diff(knownBy: (then, today))
      let fields = diff.changed.flatMap { changed in
        changed.fields.map {
          "\(changed.entry.fact.type) \($0.field) \($0.before ?? "") → \($0.after ?? "")"
        }
      }
      #expect(fields.contains("motion.tabled symbol S/RES/2760(2024) → S/RES/2761(2024)"))
      #expect(fields.contains("vote.cast choice abstain → yes"))
      #expect(fields.contains("rollcall.held on 2024-11-14 → 2024-12-06"))
      #expect(diff.changed.count == 3 && diff.changed.allSatisfy { !$0.causes.isEmpty })

      // The stance that rests on the ballot moved by the correction, not by the world.
      let line = try await store.diff(actor: "RUS", topic: "t", knownBy: (then, today))
      #expect(line.before == Level(0) && line.after == Level(2))
      let cause = try #require(line.lines.first?.causes.first)
      #expect(line.lines.count == 1 && cause.fact.type == "fact.corrected")
      let world = try await store.diff(
        actor: "RUS", topic: "t",
        on: (try Moment.on("2024-12-31", now: .now()), try Moment.on("2026-11-21", now: .now())))
      #expect(world.before == world.after && world.steps.isEmpty)

      // The ballot of Pakistan in 1952, which a misread name had turned into an abstention.
      for (known, choice) in [
        ("2024-03-10 00:00:00", "abstain"), ("2024-03-13 00:00:00", "not-voting"),
      ] {
        let vote = try await fact(
          store, "vote.cast", "rollcall:undl/669502", .instant(try instant(known)), voter: "PAK")
        #expect(vote.data["choice"]?.string == choice)
      }
    }
  }

  private final class Clock: Sendable {
    private let time = Mutex(Instant(microseconds: 0))
    var now: Instant {
      get { time.withLock { $0 } }
      set { time.withLock { $0 = newValue } }
    }
  }

  private func instant(_ text: String) throws -> Instant {
    try #require(Instant(text.replacing(" ", with: "T") + ".000000Z"))
  }

  private func fact(
    _ store: Store, _ type: String, _ tag: String, _ known: KnownBy, voter: String? = nil
  ) async throws -> Fact {
    let colon = try #require(tag.firstIndex(of: ":"))
    var tags = [Tag(kind: String(tag[..<colon]), value: String(tag[tag.index(after: colon)...]))]
    if let voter { tags.append(Tag(kind: "actor", value: voter)) }
    let recordState = try await store.recordState(known)
    let events = try await store.log.read(
      EventQuery(types: [type], tags: tags), in: EventRange(through: recordState.position))
    return try #require(try await store.facts(of: events, through: recordState.position).first)
  }

  // MARK: replaying

  /// One batch for each day on which records were first seen or changed.
  private func replay(_ store: Store, _ clock: Clock) async throws {
    let corrections = try RealData.rows("un-votes/observed_corrections.csv")
    let ballots = try ballots(ofRecordsIn: corrections)
    var happenings: [(at: String, line: String)] = []
    var records: [String: [String: String]] = [:]
    for record in try RealData.rows("un-votes/rollcalls.csv.xz") {
      records[record["record_id"] ?? ""] = record
    }
    // As it was before the first change that was seen.
    for change in corrections.reversed() {
      if let id = change["record_id"], let field = change["field"], !field.hasPrefix("ballot:") {
        records[id]?[field] = change["old_value"]
      }
    }
    for seen in try RealData.rows("un-votes/first_seen.csv.xz") {
      let id = seen["record_id"] ?? ""
      guard let at = seen["first_seen_at"], let record = records[id] else { continue }
      happenings += lines(record, ballots[id] ?? []).map { (at, $0) }
    }
    clock.now = try instant("2024-03-01 00:00:00")
    let actors = Set(ballots.values.joined().map(\.actor)).sorted()
    _ = try await store.append(
      Array((Self.preamble + actors.map(Self.registered)).joined(separator: "\n").utf8),
      options: Self.options)
    let days = Dictionary(grouping: happenings) { $0.at.prefix(10) }
    let changes = Dictionary(grouping: corrections) { ($0["observed_at"] ?? "").prefix(10) }
    for day in Set(days.keys).union(changes.keys).sorted() {
      let seen = days[day] ?? []
      if let last = seen.map(\.at).max() {
        clock.now = try instant(last)
        let text = seen.map(\.line).joined(separator: "\n")
        let report = try await store.append(Array(text.utf8), options: Self.options)
        #expect(report.rejected == 0)
      }
      for change in changes[day] ?? [] {
        clock.now = try instant(try #require(change["observed_at"]))
        try await correct(change, in: store)
      }
    }
  }

  private func correct(
    _ change: [String: String], in store: Store
  ) async throws {
    let id = try #require(change["record_id"])
    let field = try #require(change["field"])
    let (old, new) = (change["old_value"] ?? "", change["new_value"] ?? "")
    let now = KnownBy.position(try await store.log.head().position)
    let fact: Fact
    let set: (String, JSON)
    switch field {
    case "ballot:RUSSIAN FEDERATION":
      fact = try await self.fact(store, "vote.cast", "rollcall:undl/\(id)", now, voter: "RUS")
      set = ("choice", "yes")
    case "ballot:AN PAKISTAN":
      fact = try await self.fact(store, "vote.cast", "rollcall:undl/\(id)", now, voter: "PAK")
      set = ("choice", "not-voting")
    case "ballot:PAKISTAN", "meeting":
      // The other half of a renaming; and a field that the vocabulary does not hold.
      return
    case "date":
      fact = try await self.fact(store, "rollcall.held", "rollcall:undl/\(id)", now)
      set = ("on", .string(new))
    default:
      fact = try await self.fact(store, "motion.tabled", "motion:undl/\(id)", now)
      #expect(fact.data[field]?.string == old)
      set = (field, .string(new))
    }
    _ = try await store.correct(
      .position(fact.position), changes: [set], reason: "changed by the library",
      options: Self.options)
  }

  private struct Ballot {
    var actor: String
    var choice: String
  }

  /// The ballots of the records whose ballots were corrected, as they were before.
  private func ballots(
    ofRecordsIn corrections: [[String: String]]
  ) throws -> [String: [Ballot]] {
    let wanted = Set(
      corrections.filter { $0["field"]?.hasPrefix("ballot:") ?? false }
        .compactMap { $0["record_id"] })
    var ballots: [String: [Ballot]] = [:]
    let choices = ["Y": "yes", "N": "no", "A": "abstain", "X": "not-voting"]
    for row in try RealData.rows("un-votes/ballots.csv.xz") {
      guard let id = row["record_id"], wanted.contains(id), let actor = row["iso3"] else {
        continue
      }
      var choice = choices[row["choice"] ?? ""] ?? "not-voting"
      if (id, actor) == ("4066424", "RUS") || (id, actor) == ("669502", "PAK") {
        choice = "abstain"
      }
      ballots[id, default: []].append(Ballot(actor: actor, choice: choice))
    }
    return ballots
  }

  private func lines(_ record: [String: String], _ ballots: [Ballot]) -> [String] {
    let id = "undl/\(record["record_id"] ?? "")"
    let body = record["body"] == "SC" ? "un-sc" : "un-ga"
    func number(_ field: String) -> JSON { .integer(Int64(record[field] ?? "") ?? 0) }
    let title = record["title"] ?? ""
    var motion: JSONObject = [
      "motion": .string(id), "body": .string(body), "title": .string(title),
    ]
    if let symbol = record["symbol"], !symbol.isEmpty { motion["symbol"] = .string(symbol) }
    let held: JSON = [
      "rollcall": .string(id), "motion": .string(id), "body": .string(body), "method": "recorded",
      "result": "adopted",
      "official": .object(["yes": number("yes"), "no": number("no"), "abstain": number("abstain")]),
    ]
    var lines = [
      line("motion.tabled", .object(motion), record), line("rollcall.held", held, record),
    ]
    lines += ballots.map { ballot in
      line(
        "vote.cast",
        [
          "rollcall": .string(id), "voter": .string(ballot.actor), "choice": .string(ballot.choice),
        ],
        record)
    }
    if id == "undl/4066424" {
      lines.append(
        line(
          "topic.linked",
          [
            "topic": "t", "rollcall": .string(id), "supporting": "yes", "strength": "strong",
            "rationale": "the text says so",
          ], [:]))
    }
    return lines
  }

  private func line(_ type: String, _ data: JSON, _ record: [String: String]) -> String {
    var object: JSONObject = ["type": .string(type), "data": data]
    if let date = record["date"], date != "N/A" { object["on"] = .string(date) }
    return JSONWriter.compact(.object(object))
  }

  private static let preamble = [
    registered("un-ga", kind: "body"), registered("un-sc", kind: "body"),
    #"{"type":"topic.defined","data":{"topic":"t","proposition":"Exemptions should be made."}}"#,
  ]

  private static func registered(_ actor: String) -> String { registered(actor, kind: "state") }

  private static func registered(_ actor: String, kind: String) -> String {
    #"{"type":"actor.registered","data":{"actor":"\#(actor)","kind":"\#(kind)","name":"\#(actor)"}}"#
  }

  private static let options: AppendOptions = {
    var options = AppendOptions(recorder: "test")
    options.updateViews = false
    options.reportsChanges = false
    return options
  }()
}
