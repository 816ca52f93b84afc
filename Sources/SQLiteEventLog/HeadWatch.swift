import Dispatch
import EventLog
import Synchronization

/// Wakes those who follow the log when this process has appended to it.
final class HeadWatch: Sendable {
  private struct State {
    var generation = 0
    var nextWaiter = 0
    var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
  }

  private let state = Mutex(State())
  private let timer = DispatchQueue(label: "annals.sqlite.follow")

  /// Counts the signals so far.
  var generation: Int { state.withLock { $0.generation } }

  func signal() {
    let waiters = state.withLock { state in
      state.generation += 1
      defer { state.waiters.removeAll() }
      return state.waiters
    }
    for waiter in waiters.values { waiter.resume() }
  }

  /// Returns after the next signal past `generation`, when `seconds` are over, or when the task is
  /// cancelled.
  func wait(past generation: Int, seconds: Double) async {
    let waiter = state.withLock { state in
      state.nextWaiter += 1
      return state.nextWaiter
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let mustWait = state.withLock { state -> Bool in
          guard state.generation == generation, !Task.isCancelled else { return false }
          state.waiters[waiter] = continuation
          return true
        }
        guard mustWait else {
          continuation.resume()
          return
        }
        timer.asyncAfter(deadline: .now() + seconds) { self.wake(waiter) }
      }
    } onCancel: {
      wake(waiter)
    }
  }

  private func wake(_ waiter: Int) {
    state.withLock { $0.waiters.removeValue(forKey: waiter) }?.resume()
  }
}
