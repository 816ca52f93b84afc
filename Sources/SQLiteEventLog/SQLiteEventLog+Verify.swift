public import EventLog

extension SQLiteEventLog {
  public func verify(_ request: LogVerificationRequest) async throws -> LogVerification {
    try await read { (reader) throws(EventLogError) in
      var verifier = LogVerifier(reader, request)
      return try verifier.run()
    }
  }
}
