#if Serve
import Annals
import Synchronization

/// Cancels work that takes too long. One timer looks at the work of all requests, because most of it ends
/// long before its time is over.
final class Deadlines: Sendable {
  private struct Work {
    let end: ContinuousClock.Instant
    let cancel: @Sendable () -> Void
    var isOver = false
  }

  private struct State {
    var running: [Int: Work] = [:]
    var lastNumber = 0
    var isWatching = false
  }

  private static let interval = Duration.milliseconds(250)
  private let state = Mutex(State())

  /// Runs the work, and cancels it when its time is over. A read stops within the rows that it scans; an
  /// append that has begun is finished.
  func within<Value: Sendable>(
    seconds: Int, _ work: @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    let task = Task { try await work() }
    let number = begin(Work(end: .now + .seconds(seconds)) { task.cancel() })
    do {
      let value = try await withTaskCancellationHandler {
        try await task.value
      } onCancel: {
        task.cancel()
      }
      _ = end(number)
      return value
    } catch {
      guard end(number) else { throw error }
      throw Problem(
        .busy, "the answer takes more than \(seconds) seconds",
        help: "ask for less: a shorter period, fewer actors, a lower limit")
    }
  }

  private func begin(_ work: Work) -> Int {
    let (number, mustStart) = state.withLock { state in
      state.lastNumber += 1
      state.running[state.lastNumber] = work
      defer { state.isWatching = true }
      return (state.lastNumber, !state.isWatching)
    }
    if mustStart { Task { await watch() } }
    return number
  }

  /// Whether the work was cancelled because its time was over.
  private func end(_ number: Int) -> Bool {
    state.withLock { $0.running.removeValue(forKey: number)?.isOver ?? false }
  }

  /// Checks the running work at each interval, and returns when no work is left.
  private func watch() async {
    while true {
      try? await Task.sleep(for: Self.interval)
      let now = ContinuousClock.now
      let over = state.withLock { state -> [Work]? in
        state.isWatching = !state.running.isEmpty
        if state.running.isEmpty { return nil }
        let late = state.running.filter { $0.value.end <= now && !$0.value.isOver }
        for number in late.keys { state.running[number]?.isOver = true }
        return Array(late.values)
      }
      guard let over else { return }
      for work in over { work.cancel() }
    }
  }
}
#endif
