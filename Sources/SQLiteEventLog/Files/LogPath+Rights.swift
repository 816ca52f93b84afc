import CSQLite
import EventLog

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Rights of the files beside a log, and of its copies: they follow from those of the log's file.
extension LogPath {
  /// Creates an empty file with the rights of another, so that a copy is private from its first byte
  /// on, and not only once it is complete.
  static func create(_ file: String, like other: String) throws(EventLogError) {
    guard let original = status(of: other) else { throw error(errno, other) }
    let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw error(errno, file) }
    defer { close(descriptor) }
    let mode = original.st_mode & 0o777
    guard give(descriptor, group: original.st_gid, mode: mode) else { throw error(errno, file) }
  }

  /// True when files that this user creates beside the log are files that its owner can write.
  var isOwned: Bool { geteuid() == 0 || Self.status(of: file)?.st_uid == geteuid() }

  /// True when SQLite's index is there: the log is open, or the last program did not close it.
  var hasIndex: Bool { Self.status(of: index) != nil }

  /// Creates the files that SQLite keeps beside an open log, if they are missing and this user may
  /// write the log. SQLite would give them the group of this user, which may exclude the owner of the
  /// log. Where they cannot be created, SQLite says why.
  func createCompanions() {
    guard let original = Self.status(of: file) else { return }
    let mode = original.st_mode & 0o777
    create(log, [], mode, original)
    // A user who can open the index can lock it, and so stop all writers. Three bytes are an index
    // that no connection uses yet; SQLite would give an empty one the mode of the log.
    create(index, [0, 0, 0], Self.writersMode(mode), original)
  }

  /// The rights of a file that only users who may write a log of this mode may open. Others could lock
  /// it, and so stop all writers.
  static func writersMode(_ mode: mode_t) -> mode_t {
    let writers = mode & 0o022
    return 0o600 | writers | writers << 1
  }

  private func create(_ path: String, _ bytes: [UInt8], _ mode: mode_t, _ original: stat) {
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW
    let descriptor = open(path, flags, mode & 0o700)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    let owner = geteuid() == 0 ? original.st_uid : .max
    if !Self.give(descriptor, owner: owner, group: original.st_gid, mode: mode)
      || write(descriptor, bytes, bytes.count) != bytes.count
    {
      unlink(path)
    }
  }

  /// Gives a file its group and mode, and its owner where that is not `.max`. Where this user may not
  /// set the group, what the mode grants to only one of group and others is granted to neither.
  private static func give(
    _ descriptor: Int32, owner: uid_t = .max, group: gid_t, mode: mode_t
  ) -> Bool {
    if fchown(descriptor, owner, group) == 0 { return fchmod(descriptor, mode) == 0 }
    let shared = mode & mode >> 3 & 0o007
    return fchmod(descriptor, mode & 0o700 | shared << 3 | shared) == 0
  }
}
