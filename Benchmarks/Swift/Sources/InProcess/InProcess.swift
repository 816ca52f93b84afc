import Annals
import EventLog
import SQLiteEventLog

/// What the library does within one process, without the start of a program:
///
///     InProcess append STORE COUNT TASKS        adds COUNT events again, one to an append
///     InProcess ask STORE ACTOR TOPIC ROUNDS    asks for a position, again and again
///
/// Prints "name value" lines; seconds where nothing else is said.
@main
enum InProcess {
  static func main() async throws {
    let arguments = CommandLine.arguments.dropFirst()
    switch (arguments.first, arguments.count) {
    case ("append", 4):
      try await append(
        to: arguments[2], count: Int(arguments[3]) ?? 0, tasks: Int(arguments[4]) ?? 1)
    case ("ask", 5):
      try await ask(
        arguments[2], actor: arguments[3], topic: arguments[4], rounds: Int(arguments[5]) ?? 1)
    default:
      fatalError("InProcess: append STORE COUNT TASKS | ask STORE ACTOR TOPIC ROUNDS")
    }
  }

  /// The store's first events that are about no other once more, under new ids, from so many tasks
  /// at once: each append is acknowledged when it is on the disk.
  static func append(to path: String, count: Int, tasks: Int) async throws {
    let log = try await SQLiteEventLog.open(at: path)
    var random = SystemRandomNumberGenerator()
    var events = try await log.read(.all, in: EventRange(limit: count * 2)).map(\.event)
      .filter(\.targets.isEmpty)
    events = Array(events.prefix(count))
    for index in events.indices {
      events[index].id = .timeOrdered(at: .now(), using: &random)
    }
    let clock = ContinuousClock()
    let start = clock.now
    try await withThrowingTaskGroup { group in
      for task in 0..<tasks {
        let own = stride(from: task, to: events.count, by: tasks).map { events[$0] }
        group.addTask {
          for event in own {
            _ = try await log.append([event], recorder: "bench", note: nil, if: nil)
          }
        }
      }
      try await group.waitForAll()
    }
    print("seconds", (clock.now - start) / .seconds(1))
    print("events", events.count)
    await log.close()
  }

  /// Where an actor stands on a topic: now, in the past of the world, in that of the record.
  static func ask(_ path: String, actor: String, topic: String, rounds: Int) async throws {
    let log = try await SQLiteEventLog.open(at: path, mode: .readOnly)
    let store = Store(log: log)
    let half = Position(try await log.head().position.rawValue / 2)
    let past = try Moment.on("2005-06-30", now: .now())
    var random = SystemRandomNumberGenerator()
    let clock = ContinuousClock()
    // The least of all rounds: what disturbs a measurement only ever adds to it.
    func time(_ name: String, _ question: () async throws -> Void) async throws {
      var least = Duration.seconds(3600)
      for _ in 0..<rounds {
        let start = clock.now
        try await question()
        least = min(least, clock.now - start)
      }
      print(name, least / .seconds(1))
    }
    try await time("show") { _ = try await store.show(actor: actor, topic: topic) }
    try await time("show-on") {
      _ = try await store.show(actor: actor, topic: topic, from: Viewpoint(on: past))
    }
    try await time("show-known-by") {
      _ = try await store.show(
        actor: actor, topic: topic, from: Viewpoint(knownBy: .position(half)))
    }
    try await time("audit") { _ = try await store.audit(actor: actor, topic: topic) }
    try await time("event") { _ = try await store.event(.position(half)) }
    try await time("timeline") { _ = try await store.timeline([actor, topic]) }
    // Events all over the log, not one that is at hand.
    let all = 1...half.rawValue * 2
    let positions = (0..<1000).map { _ in Position(Int64.random(in: all, using: &random)) }
    let start = clock.now
    for position in positions { _ = try await store.event(.position(position)) }
    print("lookup", (clock.now - start) / .seconds(positions.count))
    await log.close()
  }
}
