import Foundation
import Testing

/// Reads, writes, syncs, locks and allocations that fail within SQLite; see Tests/FaultSweep, which
/// runs as a program of its own since SQLite takes another allocator only ahead of its first use.
@Suite struct FaultTests {
  /// Each 29th call; ANNALS_LONG takes all of them, some hundred thousand, in about an hour.
  @Test func no_fault_within_SQLite_loses_or_invents_anything() async throws {
    let program = try Program()
    defer { program.cleanUp() }
    let settings = ProcessInfo.processInfo.environment
    let every = settings["ANNALS_LONG"] == nil ? 29 : 1
    let seed = settings["ANNALS_SEED"].map { "--seed \($0)" } ?? ""
    let sweep = URL(fileURLWithPath: Program.path).deletingLastPathComponent()
      .appendingPathComponent("FaultSweep").path
    let told = try await program.shell("'\(sweep)' --every \(every) \(seed) 2>&1")
    #expect(told.status == 0 && told.output.hasSuffix("no anomaly\n"), "\(told.output)")
    if every == 1 { print(told.output) }
  }
}
