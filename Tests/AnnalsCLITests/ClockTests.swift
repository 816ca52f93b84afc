import EventLog
import Foundation
import SQLiteEventLog
import Testing

/// A clock that is far off is asked about before it stamps the record.
@Suite struct ClockTests {
  private static let append = "annals append actor.registered kind=state --recorder tester"
  private static let day = 86_400.0

  /// A store with one event, recorded when the clock differed by some seconds from the present one.
  private func record(movedBy seconds: Double) async throws -> Program {
    let program = try Program()
    var options = SQLiteEventLog.Options()
    options.clock = { Instant(microseconds: Instant.now().microseconds + Int64(seconds * 1e6)) }
    let path = program.folder.appendingPathComponent("r.annals").path
    let log = try await SQLiteEventLog.create(at: path, options: options)
    let event = NewEvent(
      id: EventID(high: 1, low: 1), type: EventType("actor.registered"),
      tags: [Tag(kind: "actor", value: "X")],
      body: Array(#"{"data":{"actor":"X","kind":"state","name":"X"}}"#.utf8))
    _ = try await log.append([event], recorder: "tester", note: nil, if: nil)
    await log.close()
    return program
  }

  @Test(
    arguments: [(2.0, "before"), (-367.0, "after"), (36_600.0, "before")] as [(Double, String)])
  func anImplausibleClockIsRefused(_ days: Double, _ word: String) async throws {
    let program = try await record(movedBy: days * Self.day)
    defer { program.cleanUp() }
    let line = #"{"type":"actor.registered","data":{"actor":"B","kind":"state","name":"B"}}"#
    try program.write(line + "\n", to: "l")
    for command in [
      Self.append + " actor=A name=A", "annals import l --recorder t",
      "annals erase 1 --reason law --recorder t", "annals retract 1 --reason x --recorder t",
    ] {
      let refused = try await program.shell(command)
      #expect(refused.status == 78 && refused.errors.contains("error[E1423]"), "\(refused)")
      #expect(refused.errors.contains("days \(word) the last recorded event"), "\(refused)")
      #expect(refused.errors.contains("--accept-clock"), "\(refused)")
    }
    #expect(try await program.shell("annals export | wc -l").lines == ["1"])
    let accepted = try await program.shell(Self.append + " actor=A name=A --accept-clock")
    #expect(accepted.status == 0, "\(accepted)")
    #expect(try await program.shell("annals export | wc -l").lines == ["2"])
  }

  @Test(arguments: [0.5, 0, -360]) func aPlausibleClockIsNotAskedAbout(_ days: Double) async throws
  {
    let program = try await record(movedBy: days * Self.day)
    defer { program.cleanUp() }
    let outcome = try await program.shell(Self.append + " actor=A name=A")
    #expect(outcome.status == 0, "\(outcome)")
  }

  @Test func doctorNamesJumps() async throws {
    let program = try await record(movedBy: 36_600 * Self.day)
    defer { program.cleanUp() }
    let made = try await program.shell(
      "for n in 1 2 3; do \(Self.append) actor=A$n name=N$n --accept-clock; done")
    #expect(made.status == 0, "\(made)")
    let doctor = try await program.run("doctor")
    #expect(doctor.status == 0, "\(doctor)")
    #expect(
      doctor.output.contains("behind from #2 to #4: 3 batches are one microsecond apart"),
      "\(doctor.output)")
    #expect(doctor.output.contains("is not over yet"), "\(doctor.output)")
    let right = try await record(movedBy: -400 * Self.day)
    defer { right.cleanUp() }
    #expect(try await !right.run("doctor").output.contains("clock"))
    _ = try await right.shell(Self.append + " actor=A name=A --accept-clock")
    let leap = try await right.run("doctor").output
    #expect(leap.contains("a leap of 400 days before #2"), "\(leap)")
  }
}
