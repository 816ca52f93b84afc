import Dispatch
import EventLog
import Synchronization

/// Hands the head of the log to those who follow it, however many they are: the writer passes each
/// new head on, and one timer reads the head for what other processes have appended.
final class HeadWatch: Sendable {
  typealias Followers = AsyncThrowingStream<LogHead, any Error>

  private struct Follower {
    /// The position of the last head that it was given.
    var last: Position
    let continuation: Followers.Continuation
  }

  private struct State {
    var followers: [Int: Follower] = [:]
    var lastFollower = 0
    /// The newest head that is known.
    var head = LogHead(position: .start, recorded: nil)
    var isDelivering = false
    var isReading = false
    /// A follower came while the head was being read.
    var mustReadAgain = false
    var isClosed = false
    /// Runs while there are followers.
    var timer: (any DispatchSourceTimer)?
  }

  private let state = Mutex(State())
  private let queue = DispatchQueue(label: "annals.sqlite.follow")
  private let interval: Double
  private let readHead: @Sendable () async throws(EventLogError) -> LogHead

  /// How often the head was read, and whether the timer runs: for tests.
  let reads = Atomic<Int>(0)
  var isPolling: Bool { state.withLock { $0.timer != nil } }

  init(
    every interval: Duration,
    readHead: @escaping @Sendable () async throws(EventLogError) -> LogHead
  ) {
    self.interval = interval / .seconds(1)
    self.readHead = readHead
  }

  deinit { state.withLock { $0.timer?.cancel() } }

  /// Every head past `position`, the newest only where the reader of the stream is slow.
  func follow(after position: Position) -> Followers {
    Followers(bufferingPolicy: .bufferingNewest(1)) { continuation in
      let number = state.withLock { state -> Int? in
        if state.isClosed { return nil }
        state.lastFollower += 1
        state.followers[state.lastFollower] = Follower(last: position, continuation: continuation)
        if state.timer == nil { state.timer = startTimer() }
        return state.lastFollower
      }
      guard let number else {
        return continuation.finish(throwing: EventLogError(.closed, "The log is closed."))
      }
      continuation.onTermination = { [self] _ in remove(number) }
      read(again: true)
    }
  }

  /// Takes in a head that was committed or read.
  func publish(_ head: LogHead) {
    let mustDeliver = state.withLock { state -> Bool in
      if head.position > state.head.position { state.head = head }
      if state.followers.isEmpty || state.isDelivering { return false }
      state.isDelivering = true
      return true
    }
    if mustDeliver { queue.async { self.deliver() } }
  }

  /// Ends all streams, once they have the newest head.
  func close() {
    state.withLock { $0.isClosed = true }
    queue.async {
      self.deliver()
      self.end(nil)
    }
  }

  // MARK: On the queue

  private func deliver() {
    let (head, continuations) = state.withLock { state in
      state.isDelivering = false
      var continuations: [Followers.Continuation] = []
      for (number, follower) in state.followers where follower.last < state.head.position {
        state.followers[number]?.last = state.head.position
        continuations.append(follower.continuation)
      }
      return (state.head, continuations)
    }
    for continuation in continuations { continuation.yield(head) }
  }

  /// Ends the streams of all who follow now.
  private func end(_ error: EventLogError?) {
    let followers = state.withLock { state in
      state.timer?.cancel()
      state.timer = nil
      defer { state.followers = [:] }
      return state.followers
    }
    for follower in followers.values { follower.continuation.finish(throwing: error) }
  }

  private func remove(_ number: Int) {
    state.withLock { state in
      state.followers[number] = nil
      guard state.followers.isEmpty else { return }
      state.timer?.cancel()
      state.timer = nil
    }
  }

  // MARK: Reading the head

  private func startTimer() -> any DispatchSourceTimer {
    let timer = DispatchSource.makeTimerSource(queue: queue)
    timer.schedule(deadline: .now() + interval, repeating: interval)
    timer.setEventHandler { [weak self] in self?.read(again: false) }
    timer.resume()
    return timer
  }

  /// Has the head read for all followers: `again` where a read that has begun may be too old.
  private func read(again: Bool) {
    let mustStart = state.withLock { state -> Bool in
      if state.isReading {
        state.mustReadAgain = state.mustReadAgain || again
        return false
      }
      state.isReading = true
      return true
    }
    guard mustStart else { return }
    Task {
      repeat {
        reads.add(1, ordering: .relaxed)
        do throws(EventLogError) {
          publish(try await readHead())
        } catch {
          // A log that closes ends the streams itself, after its last commit.
          if error.code != .closed { queue.async { self.end(error) } }
        }
      } while mustGoOn()
    }
  }

  private func mustGoOn() -> Bool {
    state.withLock { state in
      state.isReading = state.mustReadAgain
      state.mustReadAgain = false
      return state.isReading
    }
  }
}
