import EventLog
import EventLogConformance
import SQLiteEventLog
import Testing

@Suite struct ConformanceTests {
  @Test(arguments: ConformanceCheck.allCases)
  func conforms(_ check: ConformanceCheck) async throws {
    let folder = try TemporaryFolder()
    try await check.run { clock in
      var options = SQLiteEventLog.Options()
      options.clock = clock
      return try SQLiteEventLog.create(
        at: folder.path("log-\(UInt64.random(in: 0 ... .max))"), options: options)
    }
  }
}
