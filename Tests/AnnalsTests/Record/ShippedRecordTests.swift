import EventLog
import Foundation
import Testing

@testable import Annals

/// The record in `Events/`, as `init --demo` loads it.
@Suite struct ShippedRecordTests {
  @Test func loadsWholeAndOnce() async throws {
    try await withDemo { store, report in
      #expect(report.appended == report.receipts.count)
      #expect(report.alreadyPresent == 0)
      let again = try await load(into: store)
      #expect(again.appended == 0)
      #expect(again.alreadyPresent == report.appended)
      #expect(try await store.log.head().position == Position(Int64(report.appended)))
    }
  }

  /// Every fact of the four documents is there, under the number it has in the list of facts.
  @Test func holdsEveryFactOfTheDocuments() async throws {
    let counts = ["000": 33, "001": 19, "002": 23, "003": 34]
    try await withDemo { store, _ in
      var locators: Set<String> = []
      for event in try await store.log.read(.all, in: EventRange()) {
        for source in EventBody(event.event.body).sources {
          if let locator = source.locator { locators.insert(locator) }
        }
      }
      for (document, count) in counts {
        for number in 1...count {
          let locator = document + (number < 10 ? "-0\(number)" : "-\(number)")
          #expect(locators.contains(locator), "no event for \(locator)")
        }
      }
    }
  }

  @Test func everyEventFromADocumentNamesItsPlace() async throws {
    try await withDemo { store, _ in
      for event in try await store.log.read(.all, in: EventRange()) {
        let body = EventBody(event.event.body)
        #expect(!body.sources.isEmpty, "\(event.position) names no source")
        #expect(event.computedLeafHash == event.leafHash)
      }
    }
  }

  @Test func storedViewsFollowTheRecord() async throws {
    try await withDemo { store, report in
      let votes = try await store.check(["votes"]).first
      #expect(votes?.position == report.positions?.upperBound)
      _ = try await store.replay()
      for check in try await store.check() {
        #expect(check.position == report.positions?.upperBound)
        #expect(check.differences.isEmpty)
      }
      let steps = try await store.log.rows(
        "SELECT label FROM stance_step WHERE actor = ?1 AND topic = ?2 ORDER BY from_day",
        [.text("USA"), .text("ukraine-integrity")])
      #expect(
        steps == [
          [.text("supports")], [.text("supports")], [.text("leans against")], [.text("opposes")],
        ])
    }
  }

  private func withDemo(
    _ body: (Store, WriteReport) async throws -> Void
  ) async throws {
    try await withStore { store in try await body(store, try await load(into: store)) }
  }

  private func load(into store: Store) async throws -> WriteReport {
    try await store.append(
      ShippedRecord.files.map { MemoryInput($0.bytes, name: $0.name) },
      options: AppendOptions(recorder: "test"))
  }
}
