import Foundation
import Testing

/// Short runs of Scripts/kill-test, race-test and rebuild-test, which say what they look for.
@Suite(.serialized, .enabled(if: Program.hasPython, "needs Python 3"))
struct SurvivalTests {
  @Test func nothing_acknowledged_is_lost_when_writers_are_killed() async throws {
    try await run("kill-test", "--kills", "60")
  }

  @Test func only_one_of_two_wins_a_race() async throws {
    try await run("race-test", "--rounds", "30")
  }

  @Test func nobody_sees_a_rebuild_that_is_killed() async throws {
    try await run("rebuild-test", "--kills", "10", "--events", "1000")
  }

  private func run(_ script: String, _ arguments: String...) async throws {
    let program = try Program()
    defer { program.cleanUp() }
    let path = Self.scripts.appendingPathComponent(script).path
    let line = "'\(path)' --annals '\(Program.path)' \(arguments.joined(separator: " "))"
    let told = try await program.shell(line)
    #expect(told.status == 0, "\(told.output)\(told.errors)")
    #expect(told.output.hasSuffix("no anomaly\n"))
  }

  private static let scripts = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Scripts")
}

extension Program {
  /// The scripts need Python 3, on the path that tests have.
  static let hasPython = ["/usr/bin/python3", "/usr/local/bin/python3"].contains {
    FileManager.default.isExecutableFile(atPath: $0)
  }
}
