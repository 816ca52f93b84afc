import CSQLite
import EventLog

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Where a log lies, with the names of the files beside it.
///
/// The path is resolved once: two names for one file would mean two journals and two locks.
struct LogPath {
  let file: String

  var log: String { file + "-wal" }
  var index: String { file + "-shm" }
  var journal: String { file + "-journal" }
  var lock: String { file + ".lock" }

  /// The path of a log that is there.
  init(existing path: String) throws(EventLogError) {
    guard let resolved = realpath(path, nil) else { throw Self.error(errno, path) }
    defer { free(resolved) }
    file = String(cString: resolved)
    guard let status = Self.status(of: file) else { throw Self.error(errno, path) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw EventLogError(.notALog, "\(path) is not a regular file.")
    }
    if status.st_nlink > 1 {
      throw EventLogError(
        .notPermitted,
        "\(path) has more than one name (hard links): each would have a journal of its own.")
    }
    if Self.lookUp(file)?.is_mount_point == 1 {
      throw EventLogError(
        .notPermitted,
        "\(path) is mounted by itself (as by  docker run -v FILE:FILE): its journal would not be"
          + " the one of other programs that use the file. Mount its folder instead.")
    }
    if status.st_size == 0 { throw EventLogError(.notALog, "\(path) is empty.") }
    for companion in [log, index, journal, lock] {
      if let status = Self.status(of: companion), status.st_mode & S_IFMT != S_IFREG {
        throw EventLogError(.notPermitted, "\(companion) is not a regular file.")
      }
    }
    // The log never leaves one: somebody opened the file with another journal mode.
    if let journal = Self.status(of: journal), journal.st_size > 0 {
      throw EventLogError(.tampered, "\(path)-journal was left by another program.")
    }
    try refuseUntrustedFileSystem()
  }

  /// The path of a log to be made.
  init(new path: String) throws(EventLogError) {
    let (folder, name) = Self.split(path)
    guard !name.isEmpty, name != ".", name != ".." else {
      throw EventLogError(.notFound, "\"\(path)\" names no file.")
    }
    guard let resolved = realpath(folder, nil) else { throw Self.error(errno, folder) }
    defer { free(resolved) }
    let base = String(cString: resolved)
    file = base.hasSuffix("/") ? base + name : base + "/" + name
    if Self.status(of: file) != nil { throw EventLogError(.exists, "\(path) exists.") }
    // SQLite would read a log that an older file of this name left into the new one.
    for leftover in [log, journal] where (Self.status(of: leftover)?.st_size ?? 0) > 0 {
      throw EventLogError(.exists, "\(leftover) was left by another log; move it away first.")
    }
    try refuseUntrustedFileSystem()
  }

  var folder: String { Self.split(file).folder }

  var isWritable: Bool { access(file, W_OK) == 0 }

  /// True when there is something in the write-ahead log.
  var hasLog: Bool { Self.size(of: log) > 0 }

  private func syncFolder() throws(EventLogError) {
    let descriptor = open(folder, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Self.error(errno, folder) }
    defer { close(descriptor) }
    try Self.synchronize(descriptor, folder)
  }

  /// A name beside the file that nobody uses, for it to have until it is complete.
  func temporary() -> String {
    var random = SystemRandomNumberGenerator()
    return file + ".new-" + String(random.next(), radix: 36)
  }

  /// Gives a finished file its name, unless something has that name by now, and makes the name
  /// durable. When that fails, the file has no name.
  func take(over temporary: String) throws(EventLogError) {
    if annals_rename_to_new(temporary, file) != 0 {
      guard errno == EINVAL || errno == ENOSYS else { throw Self.error(errno, file) }
      // In two steps: an interruption in between leaves a file of two names, which is refused.
      if link(temporary, file) != 0 { throw Self.error(errno, file) }
      unlink(temporary)
    }
    do throws(EventLogError) {
      try syncFolder()
    } catch {
      unlink(file)
      throw error
    }
  }

  /// Removes what an interrupted creation left.
  func discard(_ temporary: String) {
    unlink(temporary)
    discardCompanions(of: temporary)
  }

  /// Removes what stands beside a file that was open and has been closed.
  func discardCompanions(of temporary: String) {
    for suffix in ["-journal", "-wal", "-shm", ".lock"] { unlink(temporary + suffix) }
  }

  /// Makes a file's content durable; returns its size in bytes. For a file that was written just
  /// now: see `Journal` for one that was written before.
  static func synchronize(_ file: String) throws(EventLogError) -> Int {
    let descriptor = open(file, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw error(errno, file) }
    defer { close(descriptor) }
    var status = stat()
    try synchronize(descriptor, file)
    guard fstat(descriptor, &status) == 0 else { throw error(errno, file) }
    return Int(status.st_size)
  }

  static func synchronize(_ descriptor: Int32, _ file: String) throws(EventLogError) {
    #if canImport(Darwin)
    // On macOS, fsync alone leaves data in the drive's own memory. Some file systems know no other.
    if fcntl(descriptor, F_FULLFSYNC) == 0 { return }
    #endif
    if fsync(descriptor) != 0 { throw error(errno, file) }
  }

  /// Makes the names in the folder durable. When an earlier sync of the folder has failed (SQLite says
  /// nothing of such a failure), the next one may do nothing: so the folder is changed first.
  func syncNames() throws(EventLogError) {
    let name = temporary()
    let descriptor = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Self.error(errno, name) }
    close(descriptor)
    unlink(name)
    try syncFolder()
  }

  /// The lock of the log needs locks that hold between all who have the file open, its write-ahead log
  /// needs memory that they share, and what is acknowledged needs syncs that reach the disk.
  private func refuseUntrustedFileSystem() throws(EventLogError) {
    if let allowed = getenv("ANNALS_ALLOW_NETWORK_FS"), String(cString: allowed) == "1" { return }
    var number: Int32 = 0
    let name = annals_untrusted_file_system(folder, &number)
    if number != 0 { throw Self.error(number, folder) }
    guard let name else { return }
    throw EventLogError(
      .notPermitted,
      "\(folder) is on a file system (\(String(cString: name))) whose locks and syncs cannot be trusted."
        + " Keep the store on a local disk. If one machine alone uses this file system, as a disk with"
        + " ntfs-3g, and a power cut may lose the last events, ANNALS_ALLOW_NETWORK_FS=1 allows it."
    )
  }

  private static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return (".", path) }
    let folder = slash == path.startIndex ? "/" : String(path[..<slash])
    return (folder, String(path[path.index(after: slash)...]))
  }

  /// What stands at a path, a symbolic link as one; nil where there is nothing.
  static func status(of path: String) -> stat? {
    var status = stat()
    return lstat(path, &status) == 0 ? status : nil
  }

  /// The file that a name leads to, without its rights; its time of change only if it is asked for.
  /// Returns nil when no file has this name.
  static func lookUp(_ path: String, withTime: Bool = false) -> annals_file? {
    var found = annals_file()
    if annals_look_up(path, withTime ? 1 : 0, &found) == 0 { return found }
    // Old kernels do not have the call, and some containers refuse it (EPERM).
    guard let status = status(of: path) else { return nil }
    let identity = FileIdentity(status)
    (found.device, found.number) = (identity.device, identity.number)
    (found.links, found.size) = (UInt64(status.st_nlink), Int64(status.st_size))
    #if canImport(Darwin)
    let time = status.st_mtimespec
    #else
    let time = status.st_mtim
    #endif
    if withTime { (found.seconds, found.nanoseconds) = (Int64(time.tv_sec), UInt32(time.tv_nsec)) }
    return found
  }

  /// Size in bytes; 0 where there is no such file.
  static func size(of path: String) -> Int64 { lookUp(path)?.size ?? 0 }

  static func error(_ number: Int32, _ path: String) -> EventLogError {
    let code: EventLogError.Code =
      switch number {
      case ENOENT, ENOTDIR: .notFound
      case EEXIST: .exists
      case EACCES, EPERM, EROFS, ELOOP: .notPermitted
      case ENOSPC: .full
      default: .io
      }
    return EventLogError(code, "\(path): \(String(cString: strerror(number))).")
  }
}
