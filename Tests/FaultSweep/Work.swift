import EventLog
import Foundation
import SQLiteEventLog

/// What is done to a log while something fails.
enum Work: String, CaseIterable {
  case create, open, append, batch, large, read, project, verify, erase, backup, close

  var onlyReads: Bool { [.open, .read, .verify, .backup].contains(self) }

  /// As many events stand in the log before.
  static let storedCount = 40
  /// This one's payload is erased, with a word that no other has.
  static let secret = (number: 5, word: "quokkafish")

  static func event(_ number: Int) -> NewEvent {
    let word = number == secret.number ? secret.word : "word\(number % 7)"
    return NewEvent(
      id: EventID(high: 7, low: UInt64(number)), type: EventType("thing.done"),
      tags: [Tag(kind: "all", value: "x"), Tag(kind: "n", value: "\(number)")],
      time: ValidTime(text: "2022", earliest: 1_640_995_200, latest: 1_672_531_200),
      targets: number % 5 == 4 ? [EventID(high: 7, low: UInt64(number - 1))] : [],
      body: Array(#"{"number":\#(number),"said":"\#(word) of this log"}"#.utf8))
  }

  static let erasure = NewEvent(
    id: EventID(high: 9, low: 1), type: EventType("payload.erased"),
    targets: [event(secret.number).id], body: Array(#"{"data":{"ground":"law"}}"#.utf8))

  private static let view = ProjectionDefinition(
    name: "seen", version: 1, tables: ["seen"],
    schema: "CREATE TABLE seen (seq INTEGER PRIMARY KEY, what TEXT) STRICT")

  /// What stands in the log when all went well.
  var added: [NewEvent] {
    switch self {
    case .append: [Self.event(40)]
    case .batch: (40..<45).map(Self.event)
    case .large: (40..<640).map(Self.event)
    case .erase: [Self.erasure]
    case .create, .open, .read, .project, .verify, .backup, .close: []
    }
  }

  /// Does it. What it reads must be `stored`; throws `Anomaly` when that is something else.
  func run(_ log: SQLiteEventLog?, at path: String, stored: [RecordedEvent]) async throws {
    guard let log else {
      let log =
        self == .create ? try await SQLiteEventLog.create(at: path) : try await Sweep.open(path)
      return await log.close()
    }
    switch self {
    case .create, .open: break
    case .append, .batch, .large:
      let receipt = try await log.append(added, recorder: "t", note: nil, if: nil)
      let positions = receipt.entries.map(\.position.rawValue)
      try expect(
        positions == Array(Int64(Self.storedCount) + 1...Int64(Self.storedCount + added.count)),
        "acknowledged at \(positions)")
    case .read:
      try expect(await log.read(.all, in: EventRange()) == stored, "other events")
      let tagged = try await log.read(
        EventQuery(tags: [Tag(kind: "all", value: "x")]), in: EventRange(order: .newestFirst))
      try expect(tagged == stored.reversed(), "other events by tag")
      try expect(await log.event(id: stored[3].id) == stored[3], "another event by id")
      let proof = try await log.inclusionProof(of: 4, size: 40)
      let root = try await log.root(ofSize: 40)
      try MerkleTree.verifyInclusion(
        index: 3, size: 40, leafHash: stored[3].leafHash, proof: proof, root: root)
    case .project:
      let rows: [[SQLValue]] = (0..<200).map { [.integer($0), .text("row \($0)")] }
      let before = try await log.projection("seen")
      if before == nil {
        try await log.write(
          ProjectionChange(
            definition: Self.view, expected: nil,
            state: ProjectionState(
              name: "seen", version: 1, definitionHash: Self.view.hash, position: 40),
            rebuild: true,
            statements: [ProjectionStatement("INSERT INTO seen VALUES (?1, ?2)", rows: rows)]))
      }
      try expect(
        await log.rows("SELECT count(*) FROM seen", []) == [[.integer(200)]], "other rows")
    case .verify:
      if let fault = try await log.verify(LogVerificationRequest()).faults.first {
        throw EventLogError(.corrupt, fault.message)
      }
    case .erase:
      _ = try await log.erase(
        Self.erasure.targets, saying: Self.erasure, recorder: "t", note: nil, if: nil)
    case .backup: try await backUp(log, to: path + ".backup")
    case .close: await log.close()
    }
  }

  /// A copy is whole, or there is none.
  private func backUp(_ log: SQLiteEventLog, to target: String) async throws {
    do {
      _ = try await log.backup(to: target)
    } catch let error as EventLogError where error.code == .exists {
      // An earlier attempt has failed behind the point where the copy was whole.
    }
  }
}

/// Something that must not be.
struct Anomaly: Error {
  var message: String
}

func expect(_ holds: Bool, _ message: @autoclosure () -> String) throws {
  if !holds { throw Anomaly(message: message()) }
}
