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
  private let waiters = DispatchQueue(label: "annals.sqlite.lock")
  private let granted = DispatchSemaphore(value: 0)

  private enum Helper { case idle, waiting, abandoned }
  private let helper = Mutex(Helper.idle)
  /// Why the helper was refused the lock, where it was: an error number.
  private let refusal = Mutex<Int32?>(nil)

  init(_ path: String) throws(EventLogError) {
    self.path = path
    // Reading is enough for the lock: users who share the file need not own this one.
    descriptor = open(path, O_RDONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o666)
    guard descriptor >= 0 else { throw LogPath.error(errno, path) }
  }

  deinit { close(descriptor) }

  /// Waits for the lock; throws `.busy` when it is not free in time.
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
    if granted.wait(timeout: .now() + seconds) == .success { return try checkGranted() }
    let isAbandoned = helper.withLock { helper in
      guard helper == .waiting else { return false }
      helper = .abandoned
      return true
    }
    if isAbandoned {
      throw EventLogError(.busy, "Another process held the log for over \(seconds) seconds.")
    }
    granted.wait()  // Granted just now.
    try checkGranted()
  }

  private func checkGranted() throws(EventLogError) {
    if let number = refusal.withLock({ $0 }) { throw LogPath.error(number, path) }
  }

  /// Keeps others from appending until this is gone, unless somebody does so now.
  func share() -> Bool { flock(descriptor, LOCK_SH | LOCK_NB) == 0 }

  /// False when somebody has removed the file, or put another in its place: then this lock holds
  /// nobody back any more.
  var isCurrent: Bool {
    var (mine, current) = (stat(), stat())
    return fstat(descriptor, &mine) == 0 && lstat(path, &current) == 0
      && mine.st_ino == current.st_ino && mine.st_dev == current.st_dev
  }

  func release() {
    flock(descriptor, LOCK_UN)
  }
}
