public import EventLog

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Settings of an open log; none of them changes what is stored, or how safely.
public struct SQLiteLogOptions: Sendable {
  /// Tells when a batch is recorded. May jump: `recorded` still never runs backwards.
  public var clock: @Sendable () -> Instant = Instant.now
  /// How far the clock may differ from the instant of the last batch; an append beyond that throws
  /// `.implausibleClock`. Nil accepts every clock.
  ///
  /// Instants of the log only rise: after one batch far ahead of the time, all later batches get
  /// instants right behind it, and the log does not tell any more when they were recorded.
  public var clockBounds: ClockBounds?
  /// Makes this many random bytes, for the salts of the events. Called off the writer's thread,
  /// once per append.
  public var randomBytes: @Sendable (Int) -> [UInt8] = SQLiteLogOptions.systemRandomBytes
  /// How long an append waits for another process before it throws `.busy`.
  public var busyTimeout: Duration = .seconds(10)
  /// Memory for pages of the file, in bytes: of the writer, and of each reader.
  public var pageCache = 64 << 20
  public var readerCache = 16 << 20
  /// How many reads can run at the same time: by default as many as there are cores, from 2 to 8.
  public var readers = min(max(2, sysconf(Int32(_SC_NPROCESSORS_ONLN))), 8)
  /// Whether opening and reading take place on the thread of the caller. That saves the change to
  /// another thread and back: for a program with one task at a time, such as a command. A server
  /// leaves it off, or its tasks keep each other waiting.
  public var blocksCaller = false
  /// How often `follow` looks for events that other processes appended.
  public var pollInterval: Duration = .milliseconds(200)
  /// How long a statement given to `rows` may run.
  public var statementTimeout: Duration = .seconds(60)

  /// Whether the end of the log is looked at when it is opened. Off for who is about to find out
  /// what is wrong with it.
  public var checksEnd = true
  /// Whether a file is opened, for reading only, whose guards and views are not those of the log:
  /// for who is about to save what can be read of it.
  public var isSalvage = false

  /// Projections that this program's appends take along, in their own transaction.
  public var inline: [any InlineProjection] = []
  /// How long the statements of an inline projection may take for one event. One that takes
  /// longer stops the projection; appends wait for it only once.
  public var projectionTimeout: Duration = .seconds(2)

  public init() {}

  /// Differences of the clock that are believed.
  public struct ClockBounds: Sendable {
    public var behind: Duration
    public var ahead: Duration

    /// A day behind, for a clock that was set right; a year ahead, for a log that rests.
    public init(behind: Duration = .seconds(86_400), ahead: Duration = .seconds(366 * 86_400)) {
      self.behind = behind
      self.ahead = ahead
    }

    /// Why a clock is not believed; nil when it is.
    func refusal(of now: Instant, after recorded: Instant?) -> EventLogError? {
      guard let recorded else { return nil }
      let difference = now.microseconds - recorded.microseconds
      let isBehind = difference < -Int64(behind / .microseconds(1))
      guard isBehind || difference > Int64(ahead / .microseconds(1)) else { return nil }
      let days = abs(difference) / 86_400_000_000
      return EventLogError(
        .implausibleClock,
        "The clock says \(now), which is \(days) days \(isBehind ? "before" : "after") the last"
          + " recorded event (\(recorded)).")
    }
  }

  /// From the kernel, in the pieces that it hands out.
  @Sendable private static func systemRandomBytes(_ count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let piece = min(256, count - filled)
        guard getentropy(buffer.baseAddress! + filled, piece) == 0 else {
          preconditionFailure("the system has no random numbers")
        }
        filled += piece
      }
    }
  }
}
