import EventLog
import Testing

@testable import Annals

/// The United Nations' real votes, where they are at hand: what is counted equals what is printed.
@Suite(.enabled(if: RealData.folder != nil)) struct UnitedNationsDataTests {
  /// Every seventieth roll call, and all of its ballots.
  @Test func talliesEqualTheLibrarys() async throws {
    let rollcalls = try RealData.rows("un-votes/rollcalls.csv.xz")
    let sample = rollcalls.enumerated().filter {
      $0.offset % 70 == 0 || $0.element["symbol"] == "N/A"
    }
    .map(\.element)
    let symbols = Set(sample.compactMap { $0["symbol"] })
    let ballots = try RealData.rows("un-votes/ballots.csv.xz")
      .filter { symbols.contains($0["symbol"] ?? "") }
    try await withStore { store in
      let report = try await store.append(
        [
          Self.input(
            ballots,
            ["date", "record_id", "symbol", "body", "name_at_vote", "iso3", "choice", "raw_code"]),
          Self.input(
            sample,
            [
              "date", "record_id", "symbol", "body", "session", "title", "meeting",
              "committee_report", "agenda", "yes", "no", "abstain", "non_voting", "listed", "url",
            ]),
        ], mapping: try Mapping(shipped: "un-votes"), options: AppendOptions(recorder: "test"))
      #expect(report.rows == sample.count + ballots.count)
      #expect(report.skipped.map(\.rows) == [1])
      var counted: [String: [String: Int]] = [:]
      for event in try await store.log.read(
        EventQuery(types: ["vote.cast"], tags: []), in: EventRange())
      {
        let data = EventBody(event.event.body).data
        counted[data["rollcall"]?.string ?? "", default: [:]][
          data["choice"]?.string ?? "", default: 0] += 1
      }
      let held = try await store.log.read(
        EventQuery(types: ["rollcall.held"], tags: []), in: EventRange())
      #expect(held.count == sample.count { ($0["listed"] ?? "0") != "0" })
      for event in held {
        let data = EventBody(event.event.body).data
        let id = data["rollcall"]?.string ?? ""
        for choice in ["yes", "no", "abstain", "absent"] {
          let official = Int(data["official"]?[choice]?.integer ?? 0)
          #expect(counted[id]?[choice] ?? 0 == official, "\(id) \(choice)")
        }
      }
    }
  }

  private static func input(_ rows: [[String: String]], _ columns: [String]) -> any EventInput {
    var lines = [columns.joined(separator: ",")]
    for row in rows {
      lines.append(
        columns.map { String(decoding: CSVFormat().cell(row[$0] ?? ""), as: UTF8.self) }
          .joined(separator: ","))
    }
    return MemoryInput(Array((lines.joined(separator: "\n") + "\n").utf8), name: "table.csv")
  }
}
