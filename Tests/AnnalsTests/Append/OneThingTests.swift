import EventLog
import Testing

@testable import Annals

/// An id means one thing, and what leads from one id to another leads to an end.
@Suite struct OneThingTests {
  private typealias Line = LittleRecord

  private static func merge(_ loser: String, into winner: String, id: Int? = nil) -> String {
    Line.line("actor.merged", #"{"winner":"\#(winner)","loser":"\#(loser)"}"#, id: id)
  }

  private func make(_ store: Store) async throws -> LittleRecord {
    let record = try await LittleRecord.make(store)
    for id in ["a", "b", "c", "d"] {
      try await record.add(
        Line.line("actor.registered", #"{"actor":"\#(id)","kind":"person","name":"Name \#(id)"}"#))
    }
    for source in ["s1", "s2"] {
      try await record.add(
        Line.line("source.captured", #"{"source":"\#(source)","title":"Source \#(source)"}"#))
    }
    return record
  }

  // MARK: merges and parents

  @Test func mergesThatLeadInACircleAreRefused() async throws {
    try await withStore { store in
      let record = try await make(store)
      #expect(await record.refuses(Self.merge("a", into: "a")) == [.circular])
      let circle = [
        Self.merge("a", into: "b"), Self.merge("b", into: "c"), Self.merge("c", into: "a"),
      ]
      #expect(await record.refuses(circle.joined(separator: "\n")) == [.circular])
      let first = try await record.add(circle[0])
      let second = try await record.add(circle[1])
      do {
        try await record.add(circle[2])
        Issue.record("a circle was taken")
      } catch let problems as Problems {
        #expect(problems.problems.first?.message.contains("b was merged into c already") == true)
        #expect(problems.problems.first?.message.contains("(\(second))") == true)
      }
      // Where the earlier merge is withdrawn, the ids may lead the other way.
      _ = try await record.retract(first)
      try await record.add(circle[2])
      #expect(try await store.resolveActor("b").id == "a")
    }
  }

  @Test func whatHoldsAgainMustNotLeadInACircle() async throws {
    try await withStore { store in
      let record = try await make(store)
      let first = try await record.add(Self.merge("a", into: "b", id: 1))
      let retraction = try await record.retract(first)
      let other = try await record.add(Self.merge("b", into: "a", id: 2))
      do {
        _ = try await record.retract(retraction)
        Issue.record("a circle was brought back")
      } catch let problems as Problems {
        #expect(problems.problems.map(\.code) == [.circular])
        #expect(
          problems.problems.first?.message.contains("b was merged into a already (\(other))")
            == true)
      }
      // Both at once lead in a circle too, and so does what a settlement prefers.
      let second = try await record.retract(other)
      let ids = try await store.events(at: [retraction, second]).map(\.id.description)
      let both =
        #"{"type":"fact.retracted","reason":"r","data":{},"target":["\#(ids[0])","\#(ids[1])"]}"#
      #expect(await record.refuses(both) == [.circular])
      _ = try await record.retract(retraction)
      #expect(try await store.resolveActor("a").id == "b")
    }
  }

  @Test func whatACorrectionHidCannotBeBroughtBackWhereItIsWrong() async throws {
    try await withStore { store in
      let record = try await make(store)
      let succeeded = try await record.add(
        Line.line("actor.succeeded", #"{"predecessor":"a","successor":"b"}"#))
      let first = try await record.correct(succeeded, [("predecessor", "c")])
      _ = try await record.correct(succeeded, [("successor", "a")])
      do {
        _ = try await record.retract(first)
        Issue.record("an actor that succeeds itself was brought back")
      } catch let problems as Problems {
        #expect(problems.problems.map(\.code) == [.circular])
      }
      // A topic under a topic that has come under it since.
      let above = try await record.add(
        Line.line("topic.defined", #"{"topic":"x","proposition":"X.","parent":"t"}"#))
      let freed = try await record.correct(above, [("parent", .null)])
      let t = try #require(
        try await store.log.read(
          EventQuery(types: ["topic.defined"], tags: [.topic("t")]), in: EventRange()
        ).first)
      _ = try await record.correct(t.position, [("parent", "x")])
      do {
        _ = try await record.retract(freed)
        Issue.record("a circle of parents was brought back")
      } catch let problems as Problems {
        #expect(problems.problems.map(\.code) == [.circular])
      }
    }
  }

  @Test func aCircleThatAnInputMakesPossibleIsJudgedAsItEnds() async throws {
    try await withStore { store in
      let record = try await make(store)
      let taken = [
        Self.merge("a", into: "b", id: 1), Line.amendment("fact.retracted", of: [1], id: 2),
        Self.merge("b", into: "a", id: 3),
      ]
      try await record.add(taken.joined(separator: "\n"))
      #expect(try await store.resolveActor("b").id == "a")
      // A correction leads in a circle as well.
      try await record.add(Self.merge("c", into: "d", id: 4))
      #expect(
        await record.refuses(
          Line.amendment("fact.corrected", of: [4], #"{"winner":"c"}"#)) == [.circular])
      try await record.add(Self.merge("d", into: "b", id: 5))
      #expect(
        await record.refuses(
          Line.amendment("fact.corrected", of: [3], #"{"winner":"c"}"#)) == [.circular])
    }
  }

  @Test func anIDIsMergedIntoOneOther() async throws {
    try await withStore { store in
      let record = try await make(store)
      try await record.add(Self.merge("a", into: "b"))
      #expect(await record.refuses(Self.merge("a", into: "c")) == [.alreadyDefined])
      // A second source may say the same.
      let again = Line.line(
        "actor.merged", #"{"winner":"b","loser":"a"}"#, rest: #","sources":[{"source":"s1"}]"#)
      try await record.add(again)
      try await record.add(Self.merge("b", into: "c"))
      try await record.add(
        Line.line(
          "actor.merged", #"{"winner":"c","loser":"a"}"#, rest: #","sources":[{"source":"s1"}]"#))
    }
  }

  @Test(arguments: [
    ("actor.succeeded", #"{"predecessor":"a","successor":"a"}"#),
    ("membership.held", #"{"actor":"a","group":"a","period":"2020"}"#),
    ("topic.defined", #"{"topic":"new","proposition":"P","parent":"new"}"#),
    ("motion.tabled", #"{"motion":"new","body":"un","title":"T","parent":"new"}"#),
  ])
  func nothingIsItsOwnPartOrSuccessor(_ type: String, _ data: String) async throws {
    try await withStore { store in
      let record = try await make(store)
      #expect(await record.refuses(Line.line(type, data)) == [.circular])
    }
  }

  @Test func topicsAreNotUnderEachOther() async throws {
    try await withStore { store in
      let record = try await make(store)
      func topic(_ id: String, under parent: String?, _ number: Int) -> String {
        let above = parent.map { #","parent":"\#($0)""# } ?? ""
        return Line.line(
          "topic.defined", #"{"topic":"\#(id)","proposition":"P"\#(above)}"#, id: number)
      }
      try await record.add(
        [topic("x", under: nil, 1), topic("y", under: "x", 2), topic("z", under: "y", 3)]
          .joined(separator: "\n"))
      for parent in ["x", "y", "z"] {
        #expect(
          await record.refuses(
            Line.amendment("fact.corrected", of: [1], #"{"parent":"\#(parent)"}"#)) == [.circular])
      }
      _ = try await record.amend("fact.corrected", of: [3], #"{"parent":"x"}"#)
    }
  }

  // MARK: ids that read alike

  @Test(arguments: [
    ("topic.defined", #"{"topic":"T","proposition":"P"}"#),
    ("actor.registered", #"{"actor":"usa","kind":"state","name":"Another"}"#),
    ("source.captured", #"{"source":"S1","title":"Another"}"#),
    ("motion.tabled", #"{"motion":"M-r","body":"un","title":"Another"}"#),
    (
      "rollcall.held",
      #"{"rollcall":"R","motion":"m-r","body":"un","method":"recorded","result":"adopted"}"#
    ),
  ])
  func anIDThatDiffersOnlyInCaseIsRefused(_ type: String, _ data: String) async throws {
    try await withStore { store in
      let record = try await make(store)
      try await record.rollcall("r", "2025-01-01")
      #expect(await record.refuses(Line.line(type, data)) == [.alreadyDefined])
    }
    // In one input too.
    try await withStore { store in
      let record = try await make(store)
      let lines = ["q", "Q"].map {
        Line.line("topic.defined", #"{"topic":"\#($0)","proposition":"P"}"#)
      }
      #expect(await record.refuses(lines.joined(separator: "\n")) == [.alreadyDefined])
    }
  }

  /// A record of an earlier version may hold such ids.
  @Test func idsThatReadAlikeAreAskedAbout() async throws {
    try await withStore { store in
      let record = try await make(store)
      try await record.rollcall("h/1a", "2025-01-01")
      let lines = [
        ("topic.defined", #"{"proposition":"Another","topic":"T"}"#, Tag.topic("T")),
        (
          "rollcall.held",
          #"{"body":"un","method":"recorded","motion":"m-h/1a","result":"adopted","rollcall":"h/1A"}"#,
          Tag.rollcall("h/1A")
        ),
        (
          "source.captured", #"{"source":"S1","title":"Another"}"#, Tag(kind: "source", value: "S1")
        ),
      ]
      for (type, data, tag) in lines {
        var event = NewEvent(
          id: EventID(high: 0, low: 0), type: EventType(type), tags: [tag],
          body: Array("{\"data\":\(data)}".utf8))
        event.id = EventReader.derivedID(of: event)
        _ = try await store.log.append(
          store.log.prepare([event], recorder: "test", note: nil), if: nil)
      }
      #expect(try await store.resolveTopic("T").name == "Another")
      #expect(try await store.rollcall("h/1A").rollcall == "h/1A")
      #expect(try await store.rollcall("h/1a").rollcall == "h/1a")
      for ask in [
        { _ = try await store.rollcall("H/1a") }, { _ = try await store.rollcall("H/1A") },
      ] {
        await #expect(throws: Problems.self) { try await ask() }
      }
    }
  }

  // MARK: accounts of one roll call

  private static func held(
    _ on: String?, body: String = "un", session: String? = nil, source: String? = nil,
    result: String = "adopted", id: Int? = nil
  ) -> String {
    Line.line(
      "rollcall.held",
      #"{"rollcall":"r","motion":"m","body":"\#(body)","method":"recorded","result":"\#(result)""#
        + (session.map { #","session":"\#($0)""# } ?? "") + "}",
      on: on, id: id, rest: source.map { #","sources":[{"source":"\#($0)"}]"# } ?? "")
  }

  private func withMotion(_ body: (LittleRecord) async throws -> Void) async throws {
    try await withStore { store in
      let record = try await make(store)
      try await record.add(
        Line.line("actor.registered", #"{"actor":"council","kind":"body","name":"Council"}"#))
      try await record.add(Line.line("motion.tabled", #"{"motion":"m","body":"un","title":"M"}"#))
      try await body(record)
    }
  }

  /// The second roll call of each pair is another one.
  @Test(arguments: [
    (held("2025-01-01", source: "s1"), held("2025-01-02", source: "s1")),
    (held("2025-01-01"), held("2025-01-02")),
    (held("2025-01-01", source: "s1"), held("2025-01-01", body: "council", source: "s1")),
    (held("2025-01-01", source: "s1"), held("2025-01-01", body: "council", source: "s2")),
    (held("2025", session: "1", source: "s1"), held("2025", session: "2", source: "s1")),
    (held("2025-01-01", session: "1", source: "s1"), held("2026", session: "2", source: "s2")),
  ])
  func oneIDIsNotGivenToTwoRollCalls(_ first: String, _ second: String) async throws {
    try await withMotion { record in
      #expect(await record.refuses(first + "\n" + second) == [.alreadyDefined])
      try await record.add(first)
      #expect(await record.refuses(second) == [.alreadyDefined])
    }
  }

  /// The second account of each pair is of the same roll call.
  @Test(arguments: [
    (held("2025-01-01", source: "s1"), held("2025-01-02", source: "s2")),
    (
      held("2025-01-01", session: "XVIII", source: "s1"),
      held("2025-01", session: "18", source: "s1")
    ),
    (held("2025-01-01", session: "1", source: "s1"), held("2025", session: "ES-1", source: "s2")),
    (held("2025-01-01", source: "s1"), held("2025-01-01", source: "s1", result: "rejected")),
    (held(nil, source: "s1"), held("2025-01-01", session: "1", source: "s1")),
  ])
  func severalAccountsOfOneRollCallStand(_ first: String, _ second: String) async throws {
    try await withMotion { record in
      try await record.add(first + "\n" + second)
      let recorded = try await record.store.record(ofRollcall: "r", through: Position(.max))
      #expect(recorded.held.count == 2)
    }
  }

  @Test func afterTheDayIsCorrectedBothReleasesAreKnown() async throws {
    try await withMotion { record in
      let old = Self.held("2025-01-01", source: "s1", id: 1)
      let new = Self.held("2025-01-02", source: "s1")
      try await record.add(old)
      #expect(await record.refuses(new) == [.alreadyDefined])
      try await record.add(
        Line.line(
          "fact.corrected", "{}", on: "2025-01-02", id: 2,
          rest: #","target":"\#(Line.id(1))","reason":"wrong day""#))
      for line in [new, old] {
        let report = try await record.store.append(Array(line.utf8), options: Line.options)
        #expect(report.appended == 0 && report.alreadyPresent == 1)
      }
      try await record.add(Self.held("2025-01-01", source: "s1", result: "rejected"))
      #expect(await record.refuses(Self.held("2025-01-03", source: "s1")) == [.alreadyDefined])
    }
  }

  @Test func aMotionIsBeforeOneBody() async throws {
    try await withMotion { record in
      #expect(
        await record.refuses(
          Line.line("motion.tabled", #"{"motion":"m","body":"council","title":"M"}"#))
          == [.alreadyDefined])
    }
  }

  // MARK: names

  @Test func theReceiptSaysThatANameBelongsToAnother() async throws {
    try await withStore { store in
      let record = try await make(store)
      func remarks(_ line: String) async throws -> [String] {
        let report = try await store.append(Array(line.utf8), options: Line.options)
        return report.remarks.listed.map(\.text)
      }
      func named(_ actor: String, _ name: String) -> String {
        Line.line("actor.named", #"{"actor":"\#(actor)","name":"\#(name)"}"#)
      }
      #expect(try await remarks(named("a", "Ann-Marie")).isEmpty)
      #expect(try await remarks(named("a", "ANN-MARIE")).isEmpty)
      let hidden = try await remarks(named("b", "Ann\u{2011}Marie"))
      #expect(hidden.count == 1)
      #expect(hidden.first?.contains("non-breaking hyphen") == true)
      // One number in two schemes is no name of both.
      func identified(_ actor: String, _ scheme: String) -> String {
        Line.line(
          "actor.identified", #"{"actor":"\#(actor)","scheme":"\#(scheme)","value":"17"}"#)
      }
      #expect(try await remarks(identified("a", "cow")).isEmpty)
      #expect(try await remarks(identified("b", "icpsr")).isEmpty)
      #expect(try await remarks(identified("c", "cow")).count == 1)
      // After a merge both ids are one actor.
      try await record.add(Self.merge("b", into: "a"))
      #expect(try await store.resolveActor("ann-marie").id == "a")
      #expect(try await remarks(named("b", "Name a")).isEmpty)
    }
  }
}
