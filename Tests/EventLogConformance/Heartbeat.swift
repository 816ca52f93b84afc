import Dispatch
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Set once, by one task, for others to see.
public final class Flag: Sendable {
  private let value = Atomic(false)

  public init() {}

  public var isSet: Bool { value.load(ordering: .relaxed) }
  public func set() { value.store(true, ordering: .relaxed) }
}

/// Shows that work which keeps threads busy does not do so with the threads that run Swift's tasks.
///
/// The work calls `holdThread`, which returns when a plain task has called `beat`. On Swift's own
/// threads, as many calls as there are threads would never let that task run.
public final class Heartbeat: Sendable {
  private let busy = Atomic(0)
  private let hasBeaten = Flag()
  private let starved = Flag()

  public init() {}

  /// Whether a call of `holdThread` has given up.
  public var isStarved: Bool { starved.isSet }

  /// Keeps the thread busy, without ever blocking it, until `beat` was called.
  public func holdThread() {
    busy.add(1, ordering: .relaxed)
    // Where it works this takes milliseconds, or minutes beside hundreds of other tests; where it does
    // not, for ever.
    let end = DispatchTime.now() + .seconds(600)
    while !hasBeaten.isSet {
      if DispatchTime.now() > end { return starved.set() }
      sched_yield()
    }
  }

  /// Waits as a plain task, by `yield`, until so many threads are busy.
  public func isBusy(_ count: Int = 1) async {
    while busy.load(ordering: .relaxed) < count, !isStarved { await Task.yield() }
  }

  /// Takes a few turns as a plain task, while the threads are held; then lets them go.
  public func beat() async {
    for _ in 0..<10 { await Task.yield() }
    hasBeaten.set()
  }
}
