import EventLog
import Testing

@testable import Annals

/// Where nothing is recorded of an actor, the actor that it succeeded is named if it has a record.
@Suite struct PredecessorTests {
  private typealias Line = LittleRecord

  private func make(_ store: Store) async throws -> LittleRecord {
    let record = try await LittleRecord.make(store, rollcalls: ["r": "1985-02-24"])
    try await record.add(
      """
      {"type":"actor.registered","data":{"actor":"SUN","kind":"state","name":"Soviet Union"}}
      {"type":"actor.succeeded","on":"1991-12-26","data":{"predecessor":"SUN","successor":"RUS"}}
      {"type":"membership.held","data":{"actor":"RUS","group":"un","period":"1980/.."}}
      """)
    try await record.vote("r", "no", of: "SUN")
    try await record.vote("r", "yes", of: "USA")
    return record
  }

  @Test func agreementNamesIt() async throws {
    try await withStore { store in
      let record = try await make(store)
      let answer = try await store.agreement("RUS", "USA")
      #expect(answer.notes.count == 1)
      #expect(answer.notes.first?.contains("SUN") == true)
      #expect(try await store.agreement("SUN", "USA").notes.isEmpty)
      try await record.vote("r", "abstain", of: "RUS")
      #expect(try await store.agreement("RUS", "USA").notes.isEmpty)
    }
  }

  @Test func aStanceAndARollCallNameIt() async throws {
    try await withStore { store in
      let record = try await make(store)
      #expect(
        try await store.show(actor: "RUS", topic: "t").coverage.contains { $0.contains("SUN") })
      #expect(try await store.rollcall("r").coverage.notes.contains { $0.contains("SUN") })
      try await record.stance(1, "2000-01-01", of: "RUS")
      #expect(
        try await !store.show(actor: "RUS", topic: "t").coverage.contains { $0.contains("SUN") })
    }
  }
}
