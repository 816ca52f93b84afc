import Dispatch

/// A thread for calls that block, apart from the threads that run Swift's tasks.
///
/// Dispatch gives a serial queue a thread of its own. It does not do so for a concurrent queue: on
/// Linux the work of one runs in the pool of as many threads as cores that runs Swift's tasks too,
/// and delays every other task.
final class BlockingQueue: TaskExecutor {
  private let queue: DispatchQueue

  init(_ label: String) {
    queue = DispatchQueue(label: label)
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }

  /// Runs `body` on this thread while the calling task waits; on the caller's thread if
  /// `blocksCaller`, see `SQLiteLogOptions`.
  func run<Value: Sendable, Failure: Error>(
    blocksCaller: Bool = false, _ body: () throws(Failure) -> Value
  ) async throws(Failure) -> Value {
    if blocksCaller { return try body() }
    return try await withTaskExecutorPreference(self) { () async throws(Failure) in try body() }
  }

  /// Runs `body` on a new thread: for files that are made, opened, copied or synced.
  static func run<Value: Sendable, Failure: Error>(
    blocksCaller: Bool = false, _ body: () throws(Failure) -> Value
  ) async throws(Failure) -> Value {
    try await BlockingQueue("annals.sqlite.file").run(blocksCaller: blocksCaller, body)
  }
}
