import EventLog
import Synchronization

/// A few connections that read, each used by one task at a time on a thread of its own.
final class ReaderPool: Sendable {
  private struct State {
    var idle: [Lease] = []
    /// Connections that are lent out, or about to be opened.
    var lent = 0
    var waiting: [Waiter] = []
    var lastWaiter = 0
    var isClosed = false
    /// Calls of `close` that wait for the last lent connection to come back.
    var closing: [CheckedContinuation<Void, Never>] = []
  }

  private struct Waiter {
    let number: Int
    let continuation: CheckedContinuation<Turn, Never>
  }

  /// A connection that goes from one task to the next under the mutex.
  private struct Lease: @unchecked Sendable {
    let queue: BlockingQueue
    let reader: LogReader

    /// Not one that could not end its transaction, for want of memory.
    var isKept: Bool { reader.isCurrent && !reader.connection.isInTransaction }
  }

  private enum Turn: Sendable {
    case with(Lease)
    case open
    case refused(EventLogError)
  }

  private let state = Mutex(State())
  private let limit: Int
  private let blocksCaller: Bool
  private let open: @Sendable () throws(EventLogError) -> LogReader

  init(
    limit: Int, blocksCaller: Bool = false,
    open: @escaping @Sendable () throws(EventLogError) -> LogReader
  ) {
    self.limit = max(1, limit)
    self.blocksCaller = blocksCaller
    self.open = open
  }

  /// Runs `body` with a connection of its own, on the thread of that connection.
  func read<Value: Sendable, Failure: Error>(
    _ body: (Result<LogReader, EventLogError>) throws(Failure) -> Value
  ) async throws(Failure) -> Value {
    switch await turn() {
    case .refused(let error): return try body(.failure(error))
    case .with(let lease) where lease.isKept:
      return try await lease.queue.run(blocksCaller: blocksCaller) { () throws(Failure) in
        try use(lease, body)
      }
    case .with, .open:
      let queue = BlockingQueue("annals.sqlite.reader")
      return try await queue.run(blocksCaller: blocksCaller) { () throws(Failure) in
        let lease: Lease
        do throws(EventLogError) {
          lease = Lease(queue: queue, reader: try open())
        } catch {
          giveBack(nil)
          return try body(.failure(error))
        }
        return try use(lease, body)
      }
    }
  }

  func head() async throws(EventLogError) -> LogHead {
    try await read { (reader) throws(EventLogError) in
      let reader = try reader.get()
      _ = try reader.begin()
      return try reader.head()
    }
  }

  private func use<Value: Sendable, Failure: Error>(
    _ lease: Lease, _ body: (Result<LogReader, EventLogError>) throws(Failure) -> Value
  ) throws(Failure) -> Value {
    defer {
      lease.reader.end()
      giveBack(lease)
    }
    return try body(.success(lease.reader))
  }

  /// Opens the first connection, on the caller's thread, for `check`.
  func openFirst(_ check: (LogReader) throws(EventLogError) -> Void) throws(EventLogError) {
    let lease = Lease(queue: BlockingQueue("annals.sqlite.reader"), reader: try open())
    try check(lease.reader)
    if lease.isKept { state.withLock { $0.idle.append(lease) } }
  }

  /// Waits for a connection; refused when the log closes or the task is cancelled meanwhile.
  private func turn() async -> Turn {
    let number = state.withLock { state in
      state.lastWaiter += 1
      return state.lastWaiter
    }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { take(Waiter(number: number, continuation: $0)) }
    } onCancel: {
      let waiter = state.withLock { state in
        state.waiting.firstIndex { $0.number == number }.map { state.waiting.remove(at: $0) }
      }
      waiter?.continuation.resume(returning: .refused(.cancelled))
    }
  }

  private func take(_ waiter: Waiter) {
    let turn = state.withLock { state -> Turn? in
      if state.isClosed { return .refused(Self.closed) }
      if Task.isCancelled { return .refused(.cancelled) }
      guard state.lent < limit else {
        state.waiting.append(waiter)
        return nil
      }
      state.lent += 1
      return state.idle.popLast().map(Turn.with) ?? .open
    }
    if let turn { waiter.continuation.resume(returning: turn) }
  }

  /// Takes a connection back; nil for one that could not be opened.
  private func giveBack(_ lent: Lease?) {
    let lease = lent.flatMap { $0.isKept ? $0 : nil }
    let next = state.withLock { state -> (() -> Void)? in
      if !state.waiting.isEmpty {
        let first = state.waiting.removeFirst()
        return { first.continuation.resume(returning: lease.map(Turn.with) ?? .open) }
      }
      state.lent -= 1
      if state.isClosed {
        guard state.lent == 0 else { return nil }
        let closing = state.closing
        state.closing = []
        return { for continuation in closing { continuation.resume() } }
      }
      if let lease { state.idle.append(lease) }
      return nil
    }
    next?()
  }

  /// Lets running reads end, refuses all others, and closes the connections.
  func close() async {
    let refused = await BlockingQueue.run {
      let (idle, waiting) = state.withLock { state in
        state.isClosed = true
        defer { (state.idle, state.waiting) = ([], []) }
        return (state.idle, state.waiting)
      }
      // Their last use, which closes them on this thread.
      withExtendedLifetime(idle) {}
      return waiting
    }
    for waiter in refused { waiter.continuation.resume(returning: .refused(Self.closed)) }
    await withCheckedContinuation { continuation in
      let isDone = state.withLock { state -> Bool in
        if state.lent > 0 { state.closing.append(continuation) }
        return state.lent == 0
      }
      if isDone { continuation.resume() }
    }
  }

  private static let closed = EventLogError(.closed, "The log is closed.")
}
