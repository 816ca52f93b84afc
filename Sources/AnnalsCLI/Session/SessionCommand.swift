import ArgumentParser

/// A command that runs with a session.
protocol SessionCommand: AsyncParsableCommand {
  var globals: GlobalOptions { get }
  func run(_ session: Session) async throws
}

extension SessionCommand {
  func run() async throws { try await run(Session(globals)) }
}
