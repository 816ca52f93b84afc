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
      return try await SQLiteEventLog.create(
        at: folder.path("log-\(UInt64.random(in: 0 ... .max))"), options: options)
    }
  }

  @Test(arguments: InlineCheck.allCases)
  func conforms(_ check: InlineCheck) async throws {
    let folder = try TemporaryFolder()
    try await check.run { name, projections in
      var options = SQLiteEventLog.Options()
      options.inline = projections
      options.projectionTimeout = .milliseconds(150)
      let path = folder.path(name)
      do {
        return try await SQLiteEventLog.open(at: path, options: options)
      } catch let error as EventLogError where error.code == .notFound {
        return try await SQLiteEventLog.create(at: path, options: options)
      }
    }
  }
}
