import Testing

/// Gives a suite one store that holds the shipped record, made once and removed in the end. For
/// tests that only read it, or whose writes are refused.
struct SharedDemo: SuiteTrait, TestScoping {
  @TaskLocal static var shared: Program?

  /// The store of the suite that is running.
  static var program: Program {
    get throws { try #require(shared, "the suite lacks the trait .sharedDemo") }
  }

  func provideScope(
    for test: Test, testCase: Test.Case?, performing body: @Sendable () async throws -> Void
  ) async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    try await SharedDemo.$shared.withValue(program, operation: body)
  }
}

extension Trait where Self == SharedDemo {
  static var sharedDemo: Self { SharedDemo() }
}
