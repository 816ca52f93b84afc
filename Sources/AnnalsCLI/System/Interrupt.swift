import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Ctrl-C while something is being written: finish the batch, or remove the half-made file, then stop.
///
/// Readers need none of this: the signal's default action ends them at once.
enum Interrupt {
  private static let pressed = Atomic(false)

  /// Runs `work` so that the first Ctrl-C cancels its task, which the library checks between
  /// batches. A second one ends the program at once; the log survives that too.
  static func cancelling<Result: Sendable>(
    _ work: sending @escaping @isolated(any) () async throws -> Result
  ) async throws -> Result {
    signal(SIGINT) { _ in
      Interrupt.pressed.store(true, ordering: .relaxed)
      signal(SIGINT, SIG_DFL)
    }
    defer { signal(SIGINT, SIG_DFL) }
    let task = Task { try await work() }
    let watch = Task {
      while !Task.isCancelled {
        if pressed.load(ordering: .relaxed) { return task.cancel() }
        try await Task.sleep(for: .milliseconds(50))
      }
    }
    defer { watch.cancel() }
    return try await task.value
  }
}
