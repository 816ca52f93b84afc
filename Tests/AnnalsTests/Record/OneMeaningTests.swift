import EventLog
import Testing

@testable import Annals

/// What was said about a fact counts alike in every answer.
@Suite struct OneMeaningTests {
  private static func line(
    _ type: String, _ data: String, id: Int? = nil, on: String? = nil, target: [Int] = []
  ) -> String {
    var members = [#""type":"\#(type)""#, #""data":\#(data)"#]
    if let id { members.append(#""id":"\#(LittleRecord.id(id))""#) }
    if let on { members.append(#""on":"\#(on)""#) }
    if !target.isEmpty {
      let ids = target.map { #""\#(LittleRecord.id($0))""# }.joined(separator: ",")
      members += [#""target":[\#(ids)]"#, #""reason":"looked at again""#]
    }
    return "{\(members.joined(separator: ","))}"
  }

  private static func held(_ rollcall: String, _ motion: String) -> String {
    #"{"rollcall":"\#(rollcall)","motion":"\#(motion)","body":"council","#
      + #""method":"recorded","result":"adopted"}"#
  }

  private static let world = [
    line("actor.registered", #"{"actor":"AX","kind":"state","name":"Aland"}"#),
    line("actor.registered", #"{"actor":"BX","kind":"state","name":"Borland"}"#),
    line("actor.registered", #"{"actor":"council","kind":"body","name":"Council"}"#),
    line("topic.defined", #"{"topic":"canal","proposition":"The canal should be built."}"#),
    line("motion.tabled", #"{"motion":"m1","body":"council","title":"First"}"#),
    line("motion.tabled", #"{"motion":"m2","body":"council","title":"Second"}"#),
    line("rollcall.held", held("r1", "m1"), on: "2020-03-01"),
    line("rollcall.held", held("r2", "m2"), on: "2020-04-01"),
    line("vote.cast", #"{"rollcall":"r1","voter":"AX","choice":"no"}"#, on: "2020-03-01"),
  ]

  private func add(_ lines: [String], to store: Store) async throws {
    _ = try await store.append(
      Array((lines.joined(separator: "\n") + "\n").utf8), options: AppendOptions(recorder: "test"))
  }

  @Test(arguments: ["r1", "m1"])
  func aLinkThatWasDecidedAgainstIsOnNoTopic(_ target: String) async throws {
    let field = target == "r1" ? "rollcall" : "motion"
    func link(_ value: String, _ field: String, id: Int) -> String {
      Self.line(
        "topic.linked",
        #"{"topic":"canal","\#(field)":"\#(value)","supporting":"yes","strength":"strong","#
          + #""rationale":"read"}"#, id: id)
    }
    try await withStore { store in
      try await add(
        Self.world + [link(target, field, id: 1), link("r2", "rollcall", id: 2)], to: store)
      let linked = try await store.log.head().position
      try await add(
        [
          Self.line("fact.disputed", "{}", id: 3, target: [1, 2]),
          Self.line(
            "dispute.settled", #"{"preferred":"\#(LittleRecord.id(2))"}"#, id: 4, target: [3]),
        ], to: store)
      for (known, rollcalls, stands) in [(linked, ["r1", "r2"], true), (nil, ["r2"], false)] {
        let knownBy = known.map { KnownBy.position($0) }
        let show = try await store.show(
          actor: "AX", topic: "canal", from: Viewpoint(knownBy: knownBy))
        #expect((show.step != nil) == stands)
        let timeline = try await store.timeline(["AX", "canal"], knownBy: knownBy)
        #expect((timeline.entries.isEmpty) == !stands)
        let listed = try await store.list(.rollcalls, topic: "canal", knownBy: knownBy)
        #expect(listed.map(\.id) == rollcalls)
        var scope = RollCallScope()
        scope.topic = "canal"
        let rows = try await store.rollcalls(in: scope, knownBy: knownBy).rows
        #expect(rows.map(\.rollcall) == rollcalls)
      }
    }
  }

  @Test func aMergeThatWasDecidedAgainstJoinsNobody() async throws {
    let stance = #"{"actor":"AX","topic":"canal","level":2,"basis":"declared"}"#
    try await withStore { store in
      try await add(
        Self.world + [
          Self.line("stance.changed", stance, id: 1, on: "2020-05-01"),
          Self.line("actor.merged", #"{"winner":"BX","loser":"AX"}"#, id: 2),
        ], to: store)
      #expect(try await store.show(actor: "AX", topic: "canal").actor.id == "BX")
      #expect(try await store.actor("AX").actor.id == "BX")
      // Two names of one actor are compared once, and that is said.
      for rule in [Rule.latest2, .record1] {
        let both = try await store.compare(["AX", "BX"], topic: "canal", rule: rule).stances
        #expect(both.map(\.actor.id) == ["BX"])
        #expect(both.first?.coverage.contains("\"AX\" and \"BX\" are one actor") == true)
      }
      let notes = try await store.agreement("AX", "BX").notes
      #expect(notes.contains("\"AX\" and \"BX\" are one actor, BX"))
      try await add(
        [
          Self.line("fact.disputed", "{}", id: 3, target: [1, 2]),
          Self.line(
            "dispute.settled", #"{"preferred":"\#(LittleRecord.id(1))"}"#, id: 4, target: [3]),
        ], to: store)
      let show = try await store.show(actor: "AX", topic: "canal")
      #expect(show.actor.id == "AX" && show.step?.level == Level(2))
      #expect(try await store.show(actor: "BX", topic: "canal").step == nil)
      #expect(try await store.actor("AX").actor.id == "AX")
      #expect(try await store.list(.stances).map(\.id) == ["AX"])
      let moves = try await store.rollcall("r1")
      #expect(moves.votes.map(\.voter.id) == ["AX"])
    }
  }

  /// A second account of each vote does not make a second vote.
  @Test func healthCountsVotesAsRollCallsDo() async throws {
    func vote(_ voter: String, _ source: String) -> String {
      #"{"type":"vote.cast","on":"2020-03-01","sources":[{"source":"\#(source)"}],"#
        + #""data":{"rollcall":"r3","voter":"\#(voter)","choice":"no"}}"#
    }
    try await withStore { store in
      let held =
        #"{"rollcall":"r3","motion":"m1","body":"council","method":"recorded","#
        + #""result":"rejected","official":{"yes":0,"no":2,"abstain":0}}"#
      let sources = ["a", "b"].map {
        Self.line("source.captured", #"{"source":"\#($0)","title":"Source \#($0)"}"#)
      }
      try await add(
        Self.world + sources + [Self.line("rollcall.held", held, on: "2020-03-01")], to: store)
      let options = AppendOptions(recorder: "test")
      for source in ["a", "b"] {
        let lines = ["AX", "BX"].map { vote($0, source) }.joined(separator: "\n") + "\n"
        _ = try await store.append(Array(lines.utf8), options: options)
      }
      #expect(try await store.rollcalls(in: RollCallScope(), .differing).rows.isEmpty)
      let conflicts = try await store.health().findings.filter { $0.kind == .conflicting }
      #expect(conflicts.isEmpty)
    }
  }

  /// A dispute names two facts and a correction; each of them is asked about on its own.
  @Test func anEventThatNamesSeveralIsToldOnceForEach() async throws {
    func stance(_ level: Int) -> String {
      #"{"actor":"AX","topic":"canal","level":\#(level),"basis":"declared"}"#
    }
    try await withStore { store in
      try await add(
        Self.world + [
          Self.line("stance.changed", stance(1), id: 1, on: "2020-05-01"),
          Self.line("stance.changed", stance(2), id: 2, on: "2020-06-01"),
          Self.line("fact.corrected", #"{"level":-1}"#, id: 3, target: [1]),
          Self.line("fact.disputed", "{}", id: 4, target: [1, 2, 3]),
          Self.line("fact.retracted", "{}", id: 5, target: [4]),
          Self.line("fact.disputed", "{}", id: 6, target: [2]),
        ], to: store)
      let head = try await store.log.head().position
      let reader = store.asking(at: head).reader(head)
      for _ in 0..<2 {
        for (id, expected) in [(2, [4, 6]), (1, [3, 4]), (3, [4])] {
          let number = try #require(EventID(LittleRecord.id(id)))
          let event = try #require(try await reader.events(ids: [number]).first)
          let naming = try await reader.events(naming: event).map(\.event.id.description)
          #expect(naming == expected.map(LittleRecord.id))
          #expect(try await reader.isLive(event))
        }
      }
      let dispute = try #require(try await store.log.event(id: EventID(LittleRecord.id(4))!))
      #expect(try await !reader.isLive(dispute))
    }
  }

  /// Compares `ActorMerges` with a walk along each chain of merges.
  @Test(arguments: 0..<40)
  func mergesEndWhereTheirChainsEnd(_ seed: UInt64) {
    var random = SplitMix(seed: seed)
    var winners: [Int: Int] = [:]
    for _ in 0..<Int.random(in: 0...30, using: &random) {
      winners[Int.random(in: 0..<15, using: &random)] = Int.random(in: 0..<15, using: &random)
    }
    let merges = ActorMerges(winners)
    func end(_ id: Int) -> Int {
      var (at, seen) = (id, Set([id]))
      while let next = winners[at], seen.insert(next).inserted { at = next }
      return at
    }
    for id in 0..<15 { #expect(merges.current(id) == end(id), "\(winners)") }
    for actor in 0..<15 {
      #expect(merges.ids(of: actor) == Set((0..<15).filter { end($0) == actor }), "\(winners)")
    }
  }
}
