import CSQLite
import Dispatch
import EventLog
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The lock under which all processes append and checkpoint, one at a time.
///
/// SQLite before 3.51.3 can lose pages when one connection checkpoints while another resets the
/// write-ahead log, and its own lock wakes waiters in no order. The
/// kernel frees this one when its holder dies. Used by one queue.
final class FileLock: Sendable {
  private let path: String
  private let descriptor: Int32
  private let identity: FileIdentity
  /// Whether this user may write to the lock file, and so keep the record in it.
  private let isWritable: Bool
  private let waiters = DispatchQueue(label: "annals.sqlite.lock")
  private let granted = DispatchSemaphore(value: 0)

  private enum Helper { case idle, waiting, abandoned }
  private let helper = Mutex(Helper.idle)
  /// Why the helper was refused the lock, where it was: an error number.
  private let refusal = Mutex<Int32?>(nil)

  /// Opens the lock of a log, and creates the file if it is missing.
  init(_ log: LogPath) throws(EventLogError) {
    path = log.lock
    var opened = Self.open(path)
    if opened == nil, errno == EACCES, log.isWritable, unlink(path) == 0 {
      // Made when fewer users could write to the log. Who holds it sees that it is not current.
      opened = Self.open(path)
    }
    guard let opened else { throw LogPath.error(errno, path) }
    (descriptor, isWritable) = opened
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw Self.closing(descriptor, path) }
    identity = FileIdentity(status)
    // An earlier version made it for everyone, and another user may have made it as their own.
    share(with: log)
  }

  /// Makes or opens the file; nil, with `errno`, when neither can be done.
  private static func open(_ path: String) -> (descriptor: Int32, isWritable: Bool)? {
    let flags = O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
    let made = openFile(path, flags | O_RDWR | O_CREAT | O_EXCL)
    if made >= 0 { return (made, true) }
    guard errno == EEXIST else { return nil }
    let writable = openFile(path, flags | O_RDWR)
    if writable >= 0 { return (writable, true) }
    // Reading is enough for the lock: users who share the log need not own this file.
    let readable = openFile(path, flags | O_RDONLY)
    return readable >= 0 ? (readable, false) : nil
  }

  private static func closing(_ descriptor: Int32, _ path: String) -> EventLogError {
    let error = LogPath.error(errno, path)
    close(descriptor)
    return error
  }

  /// Gives the lock to the users who may write to the log, and to no others: a user who may only read
  /// could hold the lock, and keep all others from writing. Does what this user is allowed to do.
  private func share(with log: LogPath) {
    var lock = stat()
    guard let log = LogPath.status(of: log.file), fstat(descriptor, &lock) == 0 else { return }
    if log.st_uid != lock.st_uid || log.st_gid != lock.st_gid {
      if fchown(descriptor, log.st_uid, log.st_gid) != 0 {
        _ = fchown(descriptor, uid_t.max, log.st_gid)
      }
    }
    let mode = LogPath.writersMode(log.st_mode)
    if lock.st_mode & 0o777 != mode { fchmod(descriptor, mode) }
  }

  deinit { close(descriptor) }

  /// Waits for the lock; throws `.busy` when it is not free in time, and `.cancelled`.
  ///
  /// flock(2) knows no deadline, and a loop of attempts would starve beside a busy process: so a
  /// helper thread waits in the kernel's queue, and gives the lock back if nobody wants it by then.
  func acquire(within seconds: Double) throws(EventLogError) {
    let before = helper.withLock { helper in
      defer { if helper == .abandoned { helper = .waiting } }
      return helper
    }
    if before == .idle {
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return }
      guard errno == EWOULDBLOCK || errno == EINTR else { throw LogPath.error(errno, path) }
      helper.withLock { $0 = .waiting }
      waiters.async { [self] in
        var refusal: Int32?
        while refusal == nil && flock(descriptor, LOCK_EX) != 0 {
          if errno != EINTR { refusal = errno }
        }
        self.refusal.withLock { $0 = refusal }
        let isWanted = helper.withLock { helper in
          defer { helper = .idle }
          if helper == .abandoned && refusal == nil { flock(descriptor, LOCK_UN) }
          return helper == .waiting
        }
        if isWanted { granted.signal() }
      }
    }
    if waitUntilGranted(within: seconds) { return try checkGranted() }
    let isAbandoned = helper.withLock { helper in
      guard helper == .waiting else { return false }
      helper = .abandoned
      return true
    }
    if isAbandoned {
      try EventLogError.checkCancellation()
      throw EventLogError(.busy, "Another process held the log for over \(seconds) seconds.")
    }
    granted.wait()  // Granted just now.
    try checkGranted()
  }

  /// False when the time is over, or the task was cancelled; the writer's queue runs no task.
  private func waitUntilGranted(within seconds: Double) -> Bool {
    let end = DispatchTime.now() + seconds
    while !Task.isCancelled, .now() < end {
      if granted.wait(timeout: min(end, .now() + 0.05)) == .success { return true }
    }
    return false
  }

  private func checkGranted() throws(EventLogError) {
    if let number = refusal.withLock({ $0 }) { throw LogPath.error(number, path) }
  }

  /// False when somebody has removed the file, or put another in its place: then this lock holds
  /// nobody back any more.
  var isCurrent: Bool {
    LogPath.lookUp(path).map { FileIdentity($0) } == identity
  }

  func release() {
    flock(descriptor, LOCK_UN)
  }

  /// What is known to be on the disk, as the last process to hold the lock has recorded it; nil where
  /// it has recorded nothing. A record that cannot be written is left out: the next process then
  /// syncs more than it needs to.
  var record: SyncRecord? {
    get {
      var bytes = [UInt8](repeating: 0, count: SyncRecord.length)
      let count = pread(descriptor, &bytes, bytes.count, 0)
      return count == bytes.count ? SyncRecord(bytes) : nil
    }
    set {
      guard isWritable, let newValue else { return }
      let bytes = newValue.bytes
      _ = pwrite(descriptor, bytes, bytes.count, 0)
    }
  }
}

/// `open`, by a name that does not collide with the method.
private func openFile(_ path: String, _ flags: Int32) -> Int32 { open(path, flags, 0o600) }
