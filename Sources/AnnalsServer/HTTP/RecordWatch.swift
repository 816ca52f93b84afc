#if Serve
import EventLog
import Synchronization

/// Tells how far the record is. Requests that wait at the same time share one read of the log.
///
/// A request never gets a state that was read before it asked: so it sees what was acknowledged by then.
final class RecordWatch: Sendable {
  /// A state of the record. With the same head and as many erased payloads, every answer is the same.
  struct State: Sendable {
    var head: Position
    var erasures: Int64
  }

  private typealias Waiter = CheckedContinuation<State, any Error>

  private struct Reading {
    var isReading = false
    var waiting: [Waiter] = []
  }

  private let log: any EventLog
  private let reading = Mutex(Reading())
  /// The last state that was read.
  private let last = Mutex<State?>(nil)

  init(_ log: any EventLog) { self.log = log }

  func state() async throws -> State {
    try await withCheckedThrowingContinuation { waiter in
      let mustStart = reading.withLock { reading in
        reading.waiting.append(waiter)
        defer { reading.isReading = true }
        return !reading.isReading
      }
      if mustStart { Task { await serve() } }
    }
  }

  /// Reads the state for all requests that wait, again and again, and returns when no request waits.
  private func serve() async {
    while true {
      let waiting = reading.withLock { reading in
        defer { reading.waiting = [] }
        reading.isReading = !reading.waiting.isEmpty
        return reading.waiting
      }
      if waiting.isEmpty { return }
      do {
        let state = try await read()
        for waiter in waiting { waiter.resume(returning: state) }
      } catch {
        for waiter in waiting { waiter.resume(throwing: error) }
      }
    }
  }

  private func read() async throws -> State {
    let head = try await log.head().position
    // An erasure is an event of its own.
    if let last = last.withLock({ $0 }), last.head == head { return last }
    let state = State(head: head, erasures: try await log.erasures())
    last.withLock { $0 = state }
    return state
  }
}
#endif
