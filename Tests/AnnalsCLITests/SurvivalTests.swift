import Foundation
import Testing

/// Short runs of the tests that Scripts/survival.sh lists; each script says what it looks for, and
/// passes itself over where the machine lacks what it needs. Three suites, so that two cores have work.
@Suite(.serialized, .enabled(if: Program.hasPython, "needs Python 3"))
struct SurvivalTests {
  @Test func nothing_acknowledged_is_lost_when_writers_are_killed() async throws {
    try await runScript("kill-test", "--kills", "60")
  }

  @Test func only_one_of_two_wins_a_race() async throws {
    try await runScript("race-test", "--rounds", "30")
  }

  @Test func the_race_in_which_sqlite_loses_pages_needs_a_program_without_the_lock() async throws {
    try await runScript("survival/wal-reset.py", "--short")
  }

  @Test func nobody_sees_a_rebuild_that_is_killed() async throws {
    try await runScript("rebuild-test", "--kills", "10", "--events", "1000")
  }

  @Test func no_order_of_two_writers_and_their_readers_loses_anything_acknowledged() async throws {
    try await runScript("survival/schedules.py", "--rounds", "12")
  }

  @Test func a_schedule_on_a_disk_that_forgets_is_noticed() async throws {
    try await runScript("survival/schedules.py", "--rounds", "5", "--forget-syncs")
  }

  @Test func several_users_do_not_get_in_the_way_of_each_other() async throws {
    try await runScript("survival/users.py", "--short", "--turns", "10")
  }

  @Test func many_processes_see_one_history() async throws {
    try await runScript("survival/processes.py", "--minutes", "0.1")
  }

  @Test func an_erasure_that_is_killed_is_completed_by_the_next_append() async throws {
    try await runScript("survival/erase-kill.py", "--short")
  }
}

/// Disks that fail, fill up, forget and decay.
@Suite(.serialized, .enabled(if: Program.hasPython, "needs Python 3"))
struct DiskSurvivalTests {
  @Test func a_power_cut_takes_nothing_that_was_acknowledged() async throws {
    try await runScript("survival/power-cut.py", "--short", "--states", "600")
  }

  @Test func a_sync_that_fails_takes_nothing_that_is_acknowledged_later() async throws {
    try await runScript("survival/power-cut.py", "--failed-syncs", "--short", "--states", "400")
  }

  @Test func no_sync_that_fails_within_a_command_loses_anything_acknowledged() async throws {
    try await runScript("survival/syscall-faults.py", "--failed-syncs", "--short", "--faults", "60")
  }

  @Test func a_disk_that_forgets_is_noticed() async throws {
    try await runScript(
      "survival/power-cut.py", "--short", "--states", "60", "--workload", "appends",
      "--forget-syncs")
  }

  @Test func a_file_system_that_is_cut_off_loses_nothing_acknowledged() async throws {
    try await runScript("survival/file-system-cut.py", "--short", "--cuts", "20")
  }

  @Test func a_disk_that_loses_writes_loses_nothing_that_is_acknowledged_later() async throws {
    try await runScript("survival/lost-writes.py", "--short")
  }

  @Test func no_call_that_fails_loses_anything_acknowledged() async throws {
    try await runScript("survival/syscall-faults.py", "--short", "--faults", "60")
  }

  @Test func a_full_disk_loses_nothing_and_can_be_read() async throws {
    try await runScript("survival/disk-full.py", "--short", "--trials", "12", "--largest", "512")
  }

  @Test func damage_of_any_bit_is_found_and_named() async throws {
    try await runScript("survival/bit-flips.py", "--flips", "60")
  }
}

/// What comes with the years: wrong clocks, other tools, earlier formats, growth.
@Suite(.serialized, .enabled(if: Program.hasPython, "needs Python 3"))
struct LongLifeTests {
  @Test func a_wrong_clock_leaves_the_log_in_order() async throws {
    try await runScript("survival/clock.py", "--short")
  }

  @Test func attacks_come_to_what_they_must() async throws {
    try await runScript("survival/attacks.py", "--short")
  }

  @Test func stores_of_earlier_formats_are_read_and_upgraded() async throws {
    try await runScript("survival/upgrade.py", "--short")
  }

  @Test func a_second_verifier_comes_to_the_same_verdicts() async throws {
    try await runScript("survival/verifier.py", "--cases", "60")
  }

  @Test func a_log_that_grows_is_verified_and_proved() async throws {
    try await runScript("survival/endurance.py", "--events", "8000", "--rounds", "2")
  }

  @Test func the_same_views_come_of_every_replay() async throws {
    try await runScript("survival/determinism.py", "--short")
  }
}

/// Runs a script with the program under test. It must find nothing, or say why it was passed over.
func runScript(_ script: String, _ arguments: String...) async throws {
  let program = try Program()
  defer { program.cleanUp() }
  let path = scripts.appendingPathComponent(script).path
  let line = "'\(path)' --annals '\(Program.path)' \(arguments.joined(separator: " "))"
  let told = try await program.shell(line)
  #expect(told.status == 0, "\(told.output)\(told.errors)")
  #expect(told.output.hasSuffix("no anomaly\n") || told.output.contains("\nskipped: "))
}

private let scripts = URL(fileURLWithPath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  .appendingPathComponent("Scripts")

extension Program {
  /// The scripts need Python 3, on the path that tests have.
  static let hasPython = ["/usr/bin/python3", "/usr/local/bin/python3"].contains {
    FileManager.default.isExecutableFile(atPath: $0)
  }
}
