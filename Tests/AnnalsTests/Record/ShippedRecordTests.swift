import EventLog
import SQLiteEventLog
import Testing

@testable import Annals

/// The record in `Events/`, as `init --demo` loads it.
@Suite struct ShippedRecordTests {
  @Test func loads() async throws {
    try await withStore { store in
      let report = try await store.append(
        ShippedRecord.files.map { MemoryInput($0.bytes, name: $0.name) },
        options: AppendOptions(recorder: "test"))
      #expect(report.appended == 306)
      let answer = try await store.show(actor: "the United States", topic: "ukraine-integrity")
      print(answer)
      let audit = try await store.audit(actor: "USA", topic: "ukraine-integrity")
      for step in audit.steps {
        print(
          CalendarDay(number: step.from), step.level.label, step.summary, step.restsOn,
          step.others.map(\.summary))
      }
      for remark in audit.remarks { print(remark) }
      for entry in try await store.timeline(["ukraine-integrity"]).entries {
        print(entry.fact.time?.text ?? "undated", entry.summary)
      }
      print(try await store.replay())
      print(try await store.check())
    }
  }
}
