import EventLog
import Testing

@testable import Annals

/// Differences on both axes against the lines at both ends.
@Suite struct DiffTests {
  /// A step as far as it can differ.
  private struct Key: Hashable, Comparable, CustomStringConvertible {
    var from: Int64
    var level: Level
    var fact: Position
    var current: Position

    init(_ step: StanceStep) {
      (from, level) = (step.from, step.level)
      (fact, current) = (step.evidence.position, step.evidence.current)
    }

    static func < (a: Key, b: Key) -> Bool { a.from < b.from }

    var description: String {
      "\(CalendarDay(number: from)) \(LittleRecord.text(level)) \(fact)/\(current)"
    }
  }

  private func withHistory(
    _ seed: UInt64, count: Int, _ body: (Store, Int64) async throws -> Void
  ) async throws {
    let history = History(seed: seed, count: count, mergesFreely: false)
    try await withStore { store in
      for line in history.lines {
        _ = try await store.append(line, options: LittleRecord.options.quick)
      }
      try await body(store, Int64(history.preamble))
    }
  }

  private func audit(
    _ store: Store, _ actor: String, _ topic: String, _ viewpoint: Viewpoint
  ) async throws -> [StanceStep] {
    try await store.audit(actor: actor, topic: topic, from: viewpoint).steps
  }

  /// The level in the end; a stance that ended by itself leaves none.
  private static func holding(_ steps: [StanceStep]) -> Level? {
    steps.last.flatMap { $0.to == nil ? $0.level : nil }
  }

  @Test(arguments: [21, 22, 23] as [UInt64])
  func worldDiffsAreTheStepsBetween(seed: UInt64) async throws {
    try await withHistory(seed, count: 90) { store, _ in
      for actor in History.actors {
        for (a, b) in [(1, 6), (2, 4), (3, 3), (0, 9)] {
          let range = (
            from: try LittleRecord.on("2025-01-0\(a + 1)"),
            to: try LittleRecord.on("2025-01-0\(b + 1 > 9 ? 9 : b + 1)")
          )
          for possibly in [false, true] {
            let viewpoint = Viewpoint(possibly: possibly)
            let diff = try await store.diff(
              actor: actor, topic: "one", on: range, from: viewpoint)
            var then = viewpoint
            then.on = range.to
            let later = try await audit(store, actor, "one", then)
            let first = CalendarDay("2025-01-0\(a + 1)")?.number ?? 0
            #expect(diff.steps.map(Key.init) == later.filter { $0.from > first }.map(Key.init))
            #expect(diff.after == Self.holding(later))
            then.on = range.from
            let earlier = try await audit(store, actor, "one", then)
            #expect(diff.before == Self.holding(earlier))
            if a == b { #expect(diff.steps.isEmpty && diff.before == diff.after) }
          }
        }
      }
    }
  }

  /// The difference put onto the old line gives the new one, and of each line one cause at least is
  /// an event at which the line did change.
  @Test(arguments: [31, 32, 33, 34, 35, 36, 211] as [UInt64])
  func knowledgeDiffsLeadFromOneLineToTheOther(seed: UInt64) async throws {
    let count: Int64 = 70
    try await withHistory(seed, count: Int(count)) { store, preamble in
      // The one into whom others are merged: whose line it is never changes.
      let actor = History.actors[0]
      let first = History.topics[Int(seed % 2)]
      // On one of the topics it may have no line.
      let isEmpty = try await audit(store, actor, first, Viewpoint()).isEmpty
      let topic = isEmpty ? History.topics[1 - Int(seed % 2)] : first
      func lines(_ from: Int64, _ to: Int64) async throws -> [DiffLine] {
        try await store.diff(
          actor: actor, topic: topic,
          knownBy: (.position(Position(preamble + from)), .position(Position(preamble + to)))
        ).lines
      }
      var states: [[Key]] = []
      for known in 0...count {
        let viewpoint = Viewpoint(knownBy: .position(Position(preamble + known)))
        states.append(try await audit(store, actor, topic, viewpoint).map(Key.init))
      }
      var moved: Set<Position> = []
      for known in 1...count {
        let diff = try await lines(known - 1, known)
        if diff.isEmpty { continue }
        let event = Position(preamble + known)
        moved.insert(event)
        for line in diff { #expect(line.causes.map(\.fact.position) == [event], "seed \(seed)") }
      }
      #expect(moved.count > 0, "seed \(seed)")
      var random = SplitMix(seed: seed)
      for _ in 0..<40 {
        let from = Int64.random(in: 0...count, using: &random)
        let to = Int64.random(in: from...count, using: &random)
        let diff = try await lines(from, to)
        var keys = Set(states[Int(from)])
        for line in diff {
          #expect((line.kind == .added) == (line.before == nil))
          #expect((line.kind == .removed) == (line.after == nil))
          if let before = line.before { #expect(keys.remove(Key(before)) != nil) }
          let causes = line.causes.map(\.fact.position)
          #expect(causes == causes.sorted() && Set(causes).count == causes.count)
          #expect(
            causes.allSatisfy { $0.rawValue > preamble + from && $0.rawValue <= preamble + to })
          // Its own fact is new or reads otherwise; or the line did change at one of the causes.
          let own = [line.before, line.after].compactMap { $0?.evidence }
            .flatMap { [$0.position] + $0.chain.map(\.position) }
          #expect(
            !moved.union(own).isDisjoint(with: causes),
            "seed \(seed), \(from)..\(to): \(causes), not \(moved)")
        }
        for line in diff { if let after = line.after { keys.insert(Key(after)) } }
        #expect(keys.sorted() == states[Int(to)].sorted(), "seed \(seed), \(from)..\(to)")
        if from == to { #expect(diff.isEmpty) }
      }
    }
  }

  /// What was corrected, restored, disputed and settled, with both readings of each field.
  @Test(arguments: [41, 42] as [UInt64])
  func recordDiffsTellBothReadings(seed: UInt64) async throws {
    let count: Int64 = 260
    try await withHistory(seed, count: Int(count)) { store, preamble in
      for (a, b) in [(0, 260), (100, 180), (30, 250), (200, 200), (240, 260)] as [(Int64, Int64)] {
        let (from, to) = (Position(preamble + a), Position(preamble + b))
        let diff = try await store.diff(knownBy: (.position(from), .position(to)))
        let types = try await store.log.read(.all, in: EventRange(after: from, through: to))
          .map(\.type.name).filter { !Amendment.types.contains($0) }
        #expect(diff.added.reduce(0) { $0 + $1.count } == types.count)
        #expect(diff.added.map(\.type) == Set(types).sorted())
        #expect(diff.newFacts.count == types.count)
        #expect(diff.amendedNew == diff.newFacts.count { !$0.fact.chain.isEmpty })
        // Every fact that was known then is either told to read otherwise, or reads the same.
        for position in 1...from.rawValue {
          let event = try await store.event(at: Position(position))
          guard let event, !Amendment.types.contains(event.type.name) else { continue }
          func fact(_ through: Position) async throws -> Fact? {
            try await store.facts(of: [event], through: through)
              .first { $0.position == event.position }
          }
          let facts = [try await fact(from), try await fact(to)]
          guard let old = facts[0], let new = facts[1] else { continue }
          let told = diff.changed.first { $0.entry.fact.position == event.position }
          let (before, after) = (Self.leaves(old), Self.leaves(new))
          let differing = Set(before.keys).union(after.keys).filter { before[$0] != after[$0] }
          #expect(Set(told?.fields.map(\.field) ?? []) == differing, "\(event.position)")
          for field in told?.fields ?? [] {
            #expect(field.before == before[field.field] && field.after == after[field.field])
          }
          let chain = new.chain.map(\.position).filter { $0 > from }
          #expect(told?.causes.map(\.fact.position) ?? [] == chain)
        }
        // Stances that read otherwise are those whose folded lines differ.
        let (old, new) = (try await store.lines(through: from), try await store.lines(through: to))
        let differing = Set(old.keys).union(new.keys).filter {
          LineSegment.firstDifference(old[$0] ?? [], new[$0] ?? []) != nil
        }
        #expect(
          diff.stances.map { "\($0.actor.id) \($0.topic.id)" }
            == differing.map { "\($0.actor) \($0.topic)" }.sorted())
        if a == b { #expect(diff.added.isEmpty && diff.changed.isEmpty && diff.stances.isEmpty) }
      }
    }
  }

  private static func leaves(_ fact: Fact) -> [String: String] {
    var leaves: [String: String] = [
      "status": !fact.isLive
        ? "retracted"
        : fact.setAsideBy.map { "set aside by \($0)" } ?? (fact.isDisputed ? "disputed" : "holds"),
      "confidence": fact.confidence,
    ]
    if !fact.sources.isEmpty {
      leaves["sources"] = fact.sources.map(\.text).joined(separator: ", ")
    }
    leaves["on"] = fact.time?.text
    leaves["basis"] = fact.basis
    func add(_ value: JSON, _ path: String) {
      if case .object(let object) = value {
        for (key, value) in object { add(value, path.isEmpty ? key : "\(path).\(key)") }
      } else {
        leaves[path] = value.string ?? JSONWriter.compact(value)
      }
    }
    add(fact.data, "")
    // A payload's own fields of these names would hide the envelope's.
    return leaves
  }

  @Test func statusesOfAFactAreTold() async throws {
    try await withStore { store in
      let record = try await LittleRecord.make(store, rollcalls: ["r": "2025-02-24"])
      typealias Line = LittleRecord
      try await record.add(Line.voteLine("r", "no", id: 1))
      let base = try await store.log.head().position
      try await record.add(Line.amendment("fact.disputed", of: [1], id: 2))
      try await record.add(Line.voteLine("r", "yes", id: 3))
      try await record.add(Line.amendment("fact.disputed", of: [3], id: 4))
      let open = try await store.log.head().position
      let settled = try await record.add(
        Line.amendment(
          "dispute.settled", of: [2, 4], #"{"preferred":"\#(Line.id(3))"}"#, id: 5))
      func fields(_ a: Position, _ b: Position) async throws -> [[FieldChange]] {
        try await store.diff(knownBy: (.position(a), .position(b))).changed.map(\.fields)
      }
      #expect(
        try await fields(base, open) == [
          [FieldChange(field: "status", before: "holds", after: "disputed")]
        ])
      #expect(
        try await fields(open, settled) == [
          [FieldChange(field: "status", before: "disputed", after: "set aside by \(settled)")],
          [FieldChange(field: "status", before: "disputed", after: "holds")],
        ])
      // The second account changes the stance without a word about the first one.
      let diff = try await store.diff(
        actor: "USA", topic: "t", knownBy: (.position(base), .position(open)))
      #expect(diff.lines.map(\.kind) == [.changed])
      #expect(diff.lines[0].causes.map(\.fact.position) == [base.advanced(by: 2)])
      #expect(diff.before == Level(-2) && diff.after == Level(low: -2, high: 2))
    }
  }

  /// Each step is explained by its own vote, link and roll call, not by those of its neighbours.
  @Test func causesOfAStepAreItsOwn() async throws {
    try await withStore { store in
      let record = try await LittleRecord.make(store)
      let start = try await store.log.head().position
      try await record.rollcall("r", "2025-01-01")
      let link = try await record.link("r")
      let vote = try await record.vote("r", "yes")
      let stance = try await record.stance(-2, "2025-02-02")
      try await record.add(
        """
        {"type":"actor.registered","data":{"actor":"ann","kind":"person","name":"Ann"}}
        {"type":"actor.registered","data":{"actor":"bob","kind":"person","name":"Bob"}}
        {"type":"role.held","data":{"person":"bob","organisation":"USA","title":"Envoy",\
        "speaksFor":true,"period":"2025"}}
        """)
      let role = try await record.add(
        LittleRecord.line(
          "role.held",
          #"{"person":"ann","organisation":"USA","title":"Envoy","speaksFor":true,"#
            + #""period":"2025"}"#))
      let said = try await record.add(
        LittleRecord.line(
          "statement.made",
          #"{"speaker":"ann","kind":"quote","text":"x","about":{"rollcalls":["r"]},"#
            + #""stance":{"topic":"t","level":1}}"#, on: "2025-03-03"))
      let end = try await store.log.head().position
      let diff = try await store.diff(
        actor: "USA", topic: "t", knownBy: (.position(start), .position(end)))
      #expect(
        diff.lines.map { $0.causes.map(\.fact.position) } == [
          [link.advanced(by: -1), link, vote], [stance], [role, said],
        ])
    }
  }

  @Test func theWorkedHistoryEventByEvent() async throws {
    try await withStore { store in
      let record = try await LittleRecord.make(store)
      let start = try await store.log.head().position
      _ = try await record.stance(2, "2022-02-24")
      let b = try await record.stance(-2, "2025-02-24")
      let c = try await record.stance(0, "2025-03-03", until: "2025-03-10")
      let fixed = try await record.correct(b, [("on", "2025-02-12")])
      let end = try await record.retract(c)
      func lines(_ a: Position, _ b: Position) async throws -> [String] {
        try await store.diff(
          actor: "USA", topic: "t", knownBy: (.position(a), .position(b))
        ).lines.map { line in
          let steps = [line.before, line.after].map { $0.map(LittleRecord.text) ?? "none" }
          let causes = line.causes.map { "\($0.fact.position)" }.joined(separator: " ")
          return "\(steps[0]) > \(steps[1]) \(causes)"
        }
      }
      #expect(
        try await lines(b, c) == [
          "none > 2025-03-03/2025-03-10 0 \(c)", "none > 2025-03-11/… -2 \(c)",
        ])
      #expect(
        try await lines(c, fixed) == [
          "2025-02-24/2025-03-02 -2 > 2025-02-12/2025-03-02 -2 \(fixed)",
          "2025-03-11/… -2 > 2025-03-11/… -2 \(fixed)",
        ])
      #expect(
        try await lines(fixed, end) == [
          "2025-03-03/2025-03-10 0 > none \(end)", "2025-03-11/… -2 > none \(end)",
        ])
      #expect(try await lines(start, start) == [])
      await #expect(throws: Problems.self) { _ = try await lines(end, start) }
      // On a day on which C held, the retraction changes what is known of the day.
      let day = try await store.diff(
        actor: "USA", topic: "t", knownBy: (.position(fixed), .position(end)),
        from: Viewpoint(on: try LittleRecord.on("2025-03-05")))
      #expect(day.before == Level(0) && day.after == Level(-2))
    }
  }

  @Test func aStanceThatEndedIsAChangeOfTheWorld() async throws {
    try await withStore { store in
      let record = try await LittleRecord.make(store)
      let fact = try await record.stance(2, "2025-01-01", until: "2025-01-31")
      func diff(_ a: String, _ b: String) async throws -> WorldDiff {
        try await store.diff(
          actor: "USA", topic: "t", on: (try LittleRecord.on(a), try LittleRecord.on(b)))
      }
      for (a, b, ended) in [
        ("2025-01-15", "2025-01-31", 0), ("2025-01-15", "2025-02-01", 1),
        ("2025-01-31", "2025-02-01", 1), ("2025-02-01", "2025-03-01", 0),
        ("2024-01-01", "2026-01-01", 1),
      ] {
        let answer = try await diff(a, b)
        #expect(answer.ended.map(\.evidence.position) == (ended == 1 ? [fact] : []), "\(a)..\(b)")
      }
      let answer = try await diff("2025-01-15", "2025-03")
      #expect(answer.before == Level(2) && answer.after == nil && answer.steps.isEmpty)
    }
  }
}
