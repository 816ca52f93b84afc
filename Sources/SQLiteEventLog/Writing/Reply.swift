import EventLog
import Synchronization

/// The answer to a request of the writer. It is given once: by the writer or, until the transaction
/// of the request has begun, by the cancellation of the task that waits for it.
final class Reply<Value: Sendable>: Sendable {
  private typealias Continuation = CheckedContinuation<Result<Value, EventLogError>, Never>

  private enum State {
    case new
    case waiting(Continuation)
    case begun(Continuation)
    case given
  }

  private let state = Mutex(State.new)

  private init() {}

  /// Hands a request to the writer with `submit`, and waits for the answer.
  static func wait(_ submit: (Reply) -> Void) async throws(EventLogError) -> Value {
    let reply = Reply()
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { (continuation: Continuation) in
        reply.state.withLock { $0 = .waiting(continuation) }
        // Cancelled ahead of the line above, when there was nothing to resume.
        if Task.isCancelled { reply.cancel() } else { submit(reply) }
      }
    } onCancel: {
      reply.cancel()
    }
    return try result.get()
  }

  /// False once the answer was given.
  var isAwaited: Bool {
    state.withLock { state in
      if case .given = state { false } else { true }
    }
  }

  /// Marks the transaction of the request as begun: from now on it runs to its end, even if the task
  /// is cancelled. False when the task was cancelled before.
  func begin() -> Bool {
    state.withLock { state in
      switch state {
      case .waiting(let continuation):
        state = .begun(continuation)
        return true
      case .begun: return true
      case .new, .given: return false
      }
    }
  }

  func give(_ result: Result<Value, EventLogError>) {
    let continuation = state.withLock { state -> Continuation? in
      defer { state = .given }
      switch state {
      case .waiting(let continuation), .begun(let continuation): return continuation
      case .new, .given: return nil
      }
    }
    continuation?.resume(returning: result)
  }

  private func cancel() {
    let continuation = state.withLock { state -> Continuation? in
      guard case .waiting(let continuation) = state else { return nil }
      state = .given
      return continuation
    }
    continuation?.resume(returning: .failure(.cancelled))
  }
}
