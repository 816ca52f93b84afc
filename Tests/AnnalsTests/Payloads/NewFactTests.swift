import EventLog
import Testing

@testable import Annals

/// Facts as lines of the import format, and back as Swift values.
@Suite struct NewFactTests {
  private static let ids = [
    "0198b6a0-2f4e-8c1d-9a3b-5d6e7f809112", "7ef5bd75-4a2f-8386-b5a8-bd081fb43056",
  ]
  .compactMap { EventID($0) }

  private func full() throws -> NewFact {
    try NewFact(
      VoteCast(rollcall: "un-ga/ES-11/7", voter: "USA", choice: Ballot(.no), veto: false),
      id: Self.ids[0], on: EDTF("2025-02-24"), basis: .derived,
      sources: [
        SourceReference("kremlin-praises-us", locator: "000-03", quote: "“no”\n", relation: .states)
      ], via: [ReportLink(.agency, name: "AFP", note: "by phone")], confidence: .reported,
      targets: [Self.ids[1]], reason: "why", note: "remark")
  }

  @Test func writesEveryFieldOfTheEnvelope() throws {
    var fact = try full()
    fact.type = EventType("vote.cast", version: 2)
    let json = fact.json()
    // What export writes beside, and import passes over.
    let given: Set = [
      "seq", "recorded", "recorder", "batch", "batchNote", "salt", "leaf", "tags", "erased",
    ]
    let fields = Vocabulary.builtIn.envelope.properties.map(\.name).filter { !given.contains($0) }
    #expect(json.map(\.key) == fields)
    #expect(try Vocabulary.builtIn.envelope.faults(in: .object(json)).isEmpty)
    #expect(json["target"] == .string(Self.ids[1].description))
    #expect(
      json["data"] == ["rollcall": "un-ga/ES-11/7", "voter": "USA", "choice": "no", "veto": false])
  }

  @Test func leavesOutWhatIsNotGiven() throws {
    let fact = try NewFact(ActorMerged(winner: "a", loser: "b"))
    #expect(fact.json() == ["type": "actor.merged", "data": ["winner": "a", "loser": "b"]])
    #expect(
      String(decoding: fact.line, as: UTF8.self)
        == #"{"type":"actor.merged","data":{"winner":"a","loser":"b"}}"# + "\n")
  }

  @Test func aLineIsOneLine() throws {
    let line = try full().line
    #expect(line.filter { $0 == 0x0A }.count == 1)
    #expect(line.last == 0x0A)
    #expect(try JSON(parsing: line) == .object(full().json()))
  }

  @Test func severalTargetsAreAList() throws {
    let fact = try NewFact(FactDisputed(), targets: Self.ids, reason: "They contradict each other.")
    #expect(fact.json()["target"] == .array(Self.ids.map { .string($0.description) }))
    #expect(try Vocabulary.builtIn.envelope.faults(in: .object(fact.json())).isEmpty)
  }

  @Test func correctionsCarryWhatChanges() throws {
    let fact = try NewFact(
      FactCorrected(["choice": "abstain", "raw": nil]), targets: [Self.ids[0]], reason: "Misread.")
    #expect(fact.json()["data"] == ["choice": "abstain", "raw": nil])
  }

  private struct Strike: EventPayload {
    static let type = EventType("strike.held", version: 3)
    var days: Int64
  }

  private struct Word: EventPayload {
    static let type = EventType("word.said")
    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      try container.encode("word")
    }
  }

  @Test func typesOfOnesOwn() throws {
    #expect(
      try NewFact(Strike(days: 3)).json() == [
        "type": "strike.held", "version": 3, "data": ["days": 3],
      ])
    #expect(throws: EncodingError.self) { try NewFact(Strike(days: .max)) }
    #expect(throws: EncodingError.self) { try NewFact(Word()) }
    let bare = NewFact(type: EventType("strike.held"), data: ["days": 3])
    #expect(bare.json() == ["type": "strike.held", "data": ["days": 3]])
  }

  // MARK: reading

  private func recorded(_ fact: NewFact, data: JSON) -> RecordedEvent {
    let batch = Batch(first: Position(1), recorded: Instant(microseconds: 0), recorder: "ana")
    let event = NewEvent(
      id: Self.ids[0], type: fact.type, body: JSONWriter.canonical(.object(["data": data])))
    return RecordedEvent(position: Position(1), batch: batch, event: event, salt: [], leafHash: [])
  }

  @Test func recordedEventsGiveTheirPayload() throws {
    let fact = try full()
    let event = recorded(fact, data: .object(fact.data))
    let vote = try #require(try event.payload(VoteCast.self))
    #expect(
      vote == VoteCast(rollcall: "un-ga/ES-11/7", voter: "USA", choice: Ballot(.no), veto: false))
    #expect(try event.payload(ActorMerged.self) == nil)
    #expect(throws: DecodingError.self) { try recorded(fact, data: [:]).payload(VoteCast.self) }
  }

  @Test func factsGiveTheirPayloadAsCorrected() throws {
    let new = try full()
    let event = recorded(new, data: .object(new.data))
    let data = JSON.object(new.data).merging(["choice": ["no", "abstain"]])
    let fact = Fact(
      root: event, chain: [], isLive: true, isDisputed: false, current: event.position,
      confidence: "asserted", data: data, sources: [])
    #expect(try fact.payload(VoteCast.self)?.choice == Ballot(.abstain, .no))
    #expect(try fact.payload(RollCallHeld.self) == nil)
  }

  @Test func ballotsAreSets() throws {
    #expect(Ballot(.no, .abstain) == Ballot(.abstain, .no))
    #expect(Ballot(.no, .no) == Ballot(.no))
    #expect(Ballot(.no).choice == .no)
    #expect(Ballot(.no, .absent).choice == nil)
    #expect(Ballot([]) == nil)
    #expect(Ballot([.yes, .no, .yes])?.choices == [.yes, .no])
    #expect(throws: DecodingError.self) { try JSON.array(["no"]).decode(Ballot.self) }
  }
}
