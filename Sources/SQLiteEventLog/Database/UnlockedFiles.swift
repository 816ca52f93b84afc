import CSQLite
import EventLog

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The files of a log, read without any lock.
///
/// SQLite's locks need an index beside the log. A user who may not write the log must not create it,
/// because the owner could not write it then, and must not lock it, because that would stop writers.
/// Such a reader compares the files after each row with what they were at the beginning:
///
/// * Only a checkpoint writes the log's file, which then has another time of its last change.
/// * A write-ahead log that is reused gets another header before its frames are overwritten.
///
/// Both are written before the pages themselves, so a reader that has seen a new page also sees that.
final class UnlockedFiles {
  /// What differs once a file was written or replaced.
  struct State: Equatable {
    var device: dev_t
    var inode: ino_t
    var size: off_t
    var seconds: Int
    var nanoseconds: Int

    /// Nil where there is no such file, or it is empty.
    ///
    /// The time is that of a change, which no program can set. Of the write-ahead log it is that of a
    /// write: as root, SQLite changes the owner of that file each time it opens it.
    init?(of path: String, written isWritten: Bool = false) {
      guard let status = LogPath.status(of: path), status.st_size > 0 else { return nil }
      (device, inode, size) = (status.st_dev, status.st_ino, status.st_size)
      #if canImport(Darwin)
      let time = isWritten ? status.st_mtimespec : status.st_ctimespec
      #else
      let time = isWritten ? status.st_mtim : status.st_ctim
      #endif
      (seconds, nanoseconds) = (Int(time.tv_sec), Int(time.tv_nsec))
    }

    /// Longer than the steps in which Linux and others tell the time of a change.
    private static let step = 20_000_000
    /// The same for file systems that tell whole seconds only.
    private static let coarseStep = 2_100_000_000

    /// Nanoseconds until a further change is sure to get another time; zero or less when it is now.
    var timeToSettle: Int {
      var now = timespec()
      clock_gettime(CLOCK_REALTIME, &now)
      let age = (Int(now.tv_sec) - seconds) * 1_000_000_000 + now.tv_nsec - nanoseconds
      return (nanoseconds == 0 ? Self.coarseStep : Self.step) - abs(age)
    }

    func isSameFile(as other: State?) -> Bool {
      device == other?.device && inode == other?.inode
    }
  }

  private let path: LogPath
  private let file: State
  /// The state of the write-ahead log; nil when there is nothing in it.
  private let log: State?
  private let logDescriptor: Int32
  private let header: [UInt8]

  private static let headerLength = 32

  init(_ path: LogPath) throws(EventLogError) {
    self.path = path
    file = try Self.settledState(of: path.file)
    log = State(of: path.log, written: true)
    guard log != nil else {
      (logDescriptor, header) = (-1, [])
      return
    }
    logDescriptor = open(path.log, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    // It may have been removed meanwhile; `isOpen` finds that out.
    guard logDescriptor >= 0 || errno == ENOENT else { throw LogPath.error(errno, path.log) }
    header = Self.header(logDescriptor)
  }

  deinit { if logDescriptor >= 0 { close(logDescriptor) } }

  /// The state of a file whose last change is old enough for a further one to get another time.
  static func settledState(of path: String) throws(EventLogError) -> State {
    while true {
      guard let state = State(of: path) else { throw LogPath.error(errno, path) }
      let rest = state.timeToSettle
      if rest <= 0 { return state }
      usleep(UInt32(rest / 1000 + 1))
    }
  }

  private static func header(_ descriptor: Int32) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: headerLength) { buffer, count in
      count = max(0, pread(descriptor, buffer.baseAddress, headerLength, 0))
    }
  }

  /// Opens a connection to exactly these files.
  func connect() throws(EventLogError) -> Connection {
    if log == nil { return try Self.connectWithoutLog(path) }
    // Without locks, SQLite reads a write-ahead log with an index in its own memory.
    let connection = try Connection(
      path.file, flags: SQLITE_OPEN_READONLY | SQLITE_OPEN_NOFOLLOW, system: "unix-none")
    try connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    return connection
  }

  /// Opens a connection to the file as it is without its write-ahead log.
  static func connectWithoutLog(_ path: LogPath) throws(EventLogError) -> Connection {
    try Connection(
      "file:" + PercentEncoding.value(path.file) + "?immutable=1",
      flags: SQLITE_OPEN_READONLY | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_URI)
  }

  /// True when a connection that has read its first row has opened the same write-ahead log as this.
  var isOpen: Bool {
    guard let log else { return isUnchanged }
    return isUnchanged && log.isSameFile(as: State(of: path.log, written: true))
  }

  /// False once a page that was read may not be one of the snapshot.
  var isUnchanged: Bool {
    State(of: path.file) == file && (log == nil || Self.header(logDescriptor) == header)
  }

  /// True when nothing was appended since.
  var isCurrent: Bool { isUnchanged && State(of: path.log, written: true) == log }

  /// Makes what was read of the write-ahead log durable.
  func synchronize() throws(EventLogError) {
    if log != nil { try LogPath.synchronize(logDescriptor, path.log) }
  }

  var error: EventLogError {
    EventLogError(
      .busy,
      "\(path.file) was written while this user read it without locks. A user who may write the file"
        + " and its folder reads beside writers.")
  }
}
