public import EventLog

extension SQLiteEventLog {
  public func verify(_ request: LogVerificationRequest) async throws -> LogVerification {
    try await read { (reader) throws(EventLogError) in
      var verifier = LogVerifier(reader, request)
      let result = try verifier.run()
      // Pages of two states of the file do not fit each other, which is no fault of the log.
      try reader.checkNotOvertaken()
      return result
    }
  }
}
