import EventLog
import Testing

@testable import Annals

/// The same fact is the same event, however its defaults are written and however often it is appended.
@Suite struct SameFactTests {
  private typealias Line = LittleRecord

  private static let source = #"{"type":"source.captured","data":{"source":"s","title":"S"}}"#

  /// A statement with some of its defaults written out.
  private static func statement(_ rest: String = "", sources: String = "") -> String {
    Line.line(
      "statement.made",
      #"{"speaker":"USA","kind":"quote","text":"So it is.","stance":{"topic":"t","level":2}}"#,
      on: "2025-01-02", rest: rest + sources)
  }

  private static let forms = [
    statement(), statement(#","confidence":"asserted""#), statement(#","via":[]"#),
    statement(#","via":[],"confidence":"asserted""#, sources: #","sources":[]"#),
    statement(sources: #","sources":[]"#),
    statement().replacing(#""kind":"quote""#, with: #""kind":"quote","about":{}"#),
  ]

  @Test func defaultsThatAreWrittenOutMakeNoOtherEvent() async throws {
    try await withStore { store in
      let record = try await LittleRecord.make(store)
      try await record.add(Self.forms.joined(separator: "\n"))
      #expect(
        try await store.log.read(EventQuery(types: ["statement.made"]), in: EventRange()).count == 1
      )
      try await record.add(Self.source)
      let sources = [
        #"{"source":"s","locator":"1"}"#, #"{"source":"s","locator":"1","relation":"states"}"#,
      ].map { Self.statement(sources: #","sources":[\#($0)]"#) }
      try await record.add(sources.joined(separator: "\n"))
      #expect(
        try await store.log.read(EventQuery(types: ["statement.made"]), in: EventRange()).count == 2
      )
    }
  }

  /// With an id of its own, an event is compared as it would be recorded.
  @Test func anEventWithAnIDOfItsOwnIsComparedWithoutDefaults() async throws {
    try await withStore { store in
      let record = try await LittleRecord.make(store)
      let id = #","id":"\#(Line.id(1))""#
      try await record.add(Self.statement(id))
      for form in [Self.statement(id), Self.statement(id + #","confidence":"asserted","via":[]"#)] {
        let report = try await store.append(Array(form.utf8), options: Line.options)
        #expect(report.appended == 0 && report.alreadyPresent == 1)
      }
      #expect(
        await record.refuses(Self.statement(id + #","confidence":"reported""#)) == [.idConflict])
    }
  }

  /// An event as earlier versions of the program recorded it: as it was written.
  private func recordAsWritten(_ body: String, in store: Store) async throws -> NewEvent {
    var event = NewEvent(
      id: EventID(high: 0, low: 0), type: EventType("statement.made"), tags: [.topic("t")],
      time: try EDTF("2025-01-02").validTime, body: Array(body.utf8))
    event.id = EventReader.derivedID(of: event)
    _ = try await store.log.append(
      store.log.prepare([event], recorder: "test", note: nil), if: nil)
    return event
  }

  @Test(arguments: [
    (#""confidence":"asserted","#, ""), ("", #","sources":[]"#),
    (#""confidence":"asserted","#, #","sources":[{"relation":"states","source":"s"}],"via":[]"#),
    ("", #","sources":[{"source":"s"},{"relation":"states","source":"s"}]"#),
  ])
  func whatAnEarlierVersionRecordedIsFoundInEachForm(_ front: String, _ back: String) async throws {
    try await withStore { store in
      let record = try await LittleRecord.make(store)
      try await record.add(Self.source)
      let data =
        #"{"kind":"quote","speaker":"USA","stance":{"level":2,"topic":"t"},"text":"So it is."}"#
      let old = try await recordAsWritten(
        "{\(front)\"data\":\(data)\(back)}", in: store)
      let sources =
        back.contains("sources\":[{")
        ? String(back.dropLast(back.hasSuffix("via\":[]") ? 9 : 0)) : ""
      for line in [
        Self.statement(sources: sources),
        Self.statement(#","confidence":"asserted""#, sources: sources),
        Self.statement(sources: sources.replacing(#""relation":"states","#, with: "")),
      ] {
        let report = try await store.append(Array(line.utf8), options: Line.options)
        #expect(report.appended == 0, "\(line)")
        #expect(report.receipts.first?.id == old.id)
      }
      // What says more is another fact.
      let more = Self.statement(#","confidence":"alleged""#, sources: sources)
      #expect(try await store.append(Array(more.utf8), options: Line.options).appended == 1)
    }
  }

  // MARK: events about events

  @Test func aRepeatedCorrectionIsAcknowledged() async throws {
    try await withStore { store in
      let record = try await LittleRecord.make(store, rollcalls: ["r": "2025-02-24"])
      let vote = try await record.vote("r", "yes")
      func correct(_ choice: String) async throws -> WriteReport {
        try await store.correct(
          .position(vote), changes: [("choice", .string(choice))], reason: "misread",
          options: Line.options)
      }
      let first = try await correct("no")
      let again = try await correct("no")
      #expect(again.appended == 0 && again.receipts.map(\.id) == first.receipts.map(\.id))
      // A dispute in between changes nothing of it.
      _ = try await store.append(
        Array(
          Line.line(
            "fact.disputed", "{}",
            rest: #","target":"\#(first.receipts[0].id)","reason":"why""#
          ).utf8),
        options: Line.options)
      #expect(try await correct("no").appended == 0)
      // After another correction the same words say something again.
      #expect(try await correct("yes").appended == 1)
      let third = try await correct("no")
      #expect(third.appended == 1)
      // So do they when it was withdrawn.
      _ = try await record.retract(try #require(third.positions?.lowerBound))
      #expect(try await correct("no").appended == 1)
    }
  }

  @Test func aRepeatedRetractionIsAcknowledged() async throws {
    try await withStore { store in
      let record = try await LittleRecord.make(store, rollcalls: ["r": "2025-02-24"])
      let vote = try await record.vote("r", "yes")
      func retract(_ reason: String) async throws -> WriteReport {
        try await store.retract(.position(vote), reason: reason, options: Line.options)
      }
      let first = try await retract("twice")
      #expect(try await retract("twice").receipts.map(\.id) == first.receipts.map(\.id))
      // Another reason is not the same again.
      await #expect(throws: Problems.self) { try await retract("wrong") }
      // What was restored can be withdrawn again, in the same words.
      _ = try await record.retract(try #require(first.positions?.lowerBound))
      #expect(try await retract("twice").appended == 1)
      #expect(try await retract("twice").appended == 0)
    }
  }

  @Test func aCorrectionThatChangesNothingIsRefused() async throws {
    try await withStore { store in
      let record = try await LittleRecord.make(store, rollcalls: ["r": "2025-02-24"])
      let vote = try await record.vote("r", "yes", on: "2025-02-24", id: 1)
      for changes: [(String, JSON)] in [
        [("choice", "yes")], [("on", "2025-02-24")], [("raw", .null)],
        [("confidence", "asserted")], [("choice", "yes"), ("on", "2025-02-24")],
      ] {
        do {
          _ = try await record.correct(vote, changes)
          Issue.record("\(changes) was taken")
        } catch let problems as Problems {
          #expect(problems.problems.map(\.code) == [.emptyCorrection], "\(changes)")
        }
      }
      // From a file too.
      #expect(
        await record.refuses(Line.amendment("fact.corrected", of: [1], #"{"choice":"yes"}"#))
          == [.emptyCorrection])
      // Another source for what is recorded is a change.
      try await record.add(Self.source)
      let report = try await store.correct(
        .position(vote), changes: [("choice", "yes")], sources: [.object(["source": "s"])],
        reason: "confirmed", options: Line.options)
      #expect(report.appended == 1)
      // The same correction under another id is known.
      _ = try await record.correct(vote, [("choice", "no")])
      let line = Line.amendment("fact.corrected", of: [1], #"{"choice":"no"}"#)
      let repeated = try await store.append(Array(line.utf8), options: Line.options)
      #expect(repeated.appended == 0 && repeated.alreadyPresent == 1)
    }
  }
}
