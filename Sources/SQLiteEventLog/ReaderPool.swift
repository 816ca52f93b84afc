import Dispatch
import EventLog
import Synchronization

/// A few connections that read, each used by one task at a time, on threads of their own: calls
/// into SQLite block, and must not hold up Swift's own threads.
final class ReaderPool: Sendable {
  private struct State {
    var idle: [Lease] = []
    /// Connections that are lent out, or about to be opened.
    var lent = 0
    var waiting: [CheckedContinuation<Turn, Never>] = []
    var isClosed = false
    /// Waits for the last lent connection to come back.
    var closing: CheckedContinuation<Void, Never>?
  }

  /// A connection that goes from one task to the next under the mutex.
  private struct Lease: @unchecked Sendable {
    let reader: LogReader

    /// One that keeps others from appending is closed as soon as it has been read from; so is one that
    /// could not end its transaction, for want of memory.
    var isKept: Bool {
      reader.connection.guardian == nil && !reader.connection.isInTransaction
    }
  }

  private enum Turn: Sendable {
    case with(Lease)
    case open, refused
  }

  private let state = Mutex(State())
  private let executor = QueueExecutor("annals.sqlite.readers")
  private let limit: Int
  private let open: @Sendable () throws(EventLogError) -> LogReader

  init(limit: Int, open: @escaping @Sendable () throws(EventLogError) -> LogReader) {
    self.limit = max(1, limit)
    self.open = open
  }

  /// Runs `body` with a connection of its own, off Swift's threads.
  func read<Value: Sendable, Failure: Error>(
    _ body: (Result<LogReader, EventLogError>) throws(Failure) -> Value
  ) async throws(Failure) -> Value {
    let turn = await withCheckedContinuation { take($0) }
    return try await withTaskExecutorPreference(executor) { () async throws(Failure) in
      let lease: Lease
      do throws(EventLogError) {
        switch turn {
        case .with(let idle): lease = idle
        case .open: lease = Lease(reader: try open())
        case .refused: throw EventLogError(.closed, "The log is closed.")
        }
      } catch {
        if case .open = turn { giveBack(nil) }
        return try body(.failure(error))
      }
      defer {
        lease.reader.end()
        giveBack(lease)
      }
      return try body(.success(lease.reader))
    }
  }

  /// Opens the first connection, on the caller's thread, and looks whether the log is whole.
  func openFirst(checksEnd: Bool) throws(EventLogError) {
    let lease = Lease(reader: try open())
    if checksEnd { try LogFile.checkEnd(lease.reader.connection, lease.reader.names) }
    if lease.isKept { state.withLock { $0.idle.append(lease) } }
  }

  private func take(_ continuation: CheckedContinuation<Turn, Never>) {
    let turn = state.withLock { state -> Turn? in
      if state.isClosed { return .refused }
      guard state.lent < limit else {
        state.waiting.append(continuation)
        return nil
      }
      state.lent += 1
      return state.idle.popLast().map(Turn.with) ?? .open
    }
    if let turn { continuation.resume(returning: turn) }
  }

  /// Takes a connection back; nil for one that could not be opened.
  private func giveBack(_ lent: Lease?) {
    let lease = lent.flatMap { $0.isKept ? $0 : nil }
    let next = state.withLock { state -> (() -> Void)? in
      if !state.waiting.isEmpty {
        let first = state.waiting.removeFirst()
        return { first.resume(returning: lease.map(Turn.with) ?? .open) }
      }
      state.lent -= 1
      if state.isClosed {
        guard state.lent == 0, let closing = state.closing else { return nil }
        state.closing = nil
        return { closing.resume() }
      }
      if let lease { state.idle.append(lease) }
      return nil
    }
    next?()
  }

  /// Lets running reads end, refuses all others, and closes the connections.
  func close() async {
    let refused = state.withLock { state in
      state.isClosed = true
      state.idle.removeAll()
      defer { state.waiting.removeAll() }
      return state.waiting
    }
    for continuation in refused { continuation.resume(returning: .refused) }
    await withCheckedContinuation { continuation in
      let isDone = state.withLock { state -> Bool in
        if state.lent > 0 { state.closing = continuation }
        return state.lent == 0
      }
      if isDone { continuation.resume() }
    }
  }
}

/// Runs tasks on a dispatch queue: as many threads as needed, none of them Swift's own.
final class QueueExecutor: TaskExecutor {
  private let queue: DispatchQueue

  init(_ label: String) {
    queue = DispatchQueue(label: label, attributes: .concurrent)
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}
