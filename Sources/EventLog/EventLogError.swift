/// Why the log refused or failed. One struct for every back end; `code` is what callers test.
public struct EventLogError: Error, Sendable, CustomStringConvertible {
  public enum Code: String, Sendable, CaseIterable {
    /// The append condition does not hold; `conflicts` lists the events that broke it.
    case conflict
    /// An id is stored already, with other content; `conflicts` holds the stored event.
    case idConflict
    /// A target names no event of the log.
    case unknownTarget
    /// A size or position that is past the head.
    case outOfRange
    /// The event itself cannot be stored (bad body, over a limit).
    case invalidEvent
    /// Another process held the log for too long; nothing was stored, try again.
    case busy
    /// The disk or the file is full; nothing was stored.
    case full
    /// Reading or writing failed.
    case io
    /// The commit failed in a way that leaves open whether it is stored: append the same ids again.
    case commitUnknown
    /// The file is not a log of ours, was altered, or is damaged.
    case notALog, tampered, corrupt
    /// A program that replicates files has added its tables to the log.
    case replicated
    /// Written by a newer version of the program.
    case newerFormat
    /// No such file; a file that should not exist; no permission.
    case notFound, exists, notPermitted
    /// A file of the log was removed or replaced while it was open, or was given a second name.
    case replaced
    /// The clock differs from the last recorded instant by more than was allowed; nothing was stored.
    case implausibleClock
    /// Opened for reading only.
    case readOnly
    /// Somebody else ran the projection in between.
    case projectionMoved
    /// A table that a projection is to make is another's.
    case tableTaken
    /// A statement over the projections' tables is wrong, or not allowed.
    case badStatement
    case closed
    /// The task was cancelled. Of an append that throws this, nothing was stored.
    case cancelled
  }

  public var code: Code
  /// A full sentence.
  public var message: String
  /// Index into the appended events of the one that is at fault.
  public var index: Int?
  public var conflicts: [RecordedEvent]

  public init(
    _ code: Code, _ message: String, index: Int? = nil, conflicts: [RecordedEvent] = []
  ) {
    self.code = code
    self.message = message
    self.index = index
    self.conflicts = conflicts
  }

  public var description: String { "\(code.rawValue): \(message)" }

  /// What every call throws whose task was cancelled.
  public static let cancelled = EventLogError(.cancelled, "The task was cancelled.")

  /// Throws `.cancelled` when the current task was cancelled.
  public static func checkCancellation() throws(EventLogError) {
    if Task.isCancelled { throw .cancelled }
  }
}
