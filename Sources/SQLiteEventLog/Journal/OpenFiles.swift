import CSQLite
import EventLog

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A file by its number on a device, which stays when its name changes.
struct FileIdentity: Hashable {
  var device: UInt64
  var number: UInt64

  init(device: UInt64, number: UInt64) {
    self.device = device
    self.number = number
  }

  init(_ status: stat) {
    self.init(device: UInt64(truncatingIfNeeded: status.st_dev), number: UInt64(status.st_ino))
  }
}

/// The files of a log as a connection found them when it opened them.
///
/// A path is not a file: another program may give the name to another file, remove it, or add a
/// second name. What is written to a file without a name is lost, and two names mean two journals.
struct OpenFiles {
  let path: LogPath
  let file: FileIdentity
  /// The journal and its index; nil where another program has given the file another kind of journal.
  let journal: FileIdentity?
  let index: FileIdentity?

  /// Looks up the files that stand at `path` now.
  init(at path: LogPath) throws(EventLogError) {
    self.path = path
    guard let status = LogPath.status(of: path.file) else { throw Self.replaced(path.file) }
    file = FileIdentity(status)
    journal = LogPath.status(of: path.log).map(FileIdentity.init)
    index = LogPath.status(of: path.index).map(FileIdentity.init)
  }

  /// Throws `.replaced` unless the names still lead to the files that were opened, and the database
  /// has one name only.
  func check() throws(EventLogError) {
    guard let now = LogPath.status(of: path.file), FileIdentity(now) == file else {
      throw Self.replaced(path.file)
    }
    if now.st_nlink > 1 {
      throw EventLogError(
        .replaced,
        "\(path.file) was given a second name (a hard link) while it was open: each name would have"
          + " a journal of its own. Remove the link, and open the log again.")
    }
    for (name, opened) in [(path.log, journal), (path.index, index)] {
      guard let opened else { continue }
      if LogPath.status(of: name).map(FileIdentity.init) != opened { throw Self.replaced(name) }
    }
  }

  static func replaced(_ path: String) -> EventLogError {
    EventLogError(
      .replaced,
      "\(path) was removed, or replaced by another file, while the log was open. What was appended"
        + " since then may be in the file that has no name any more.")
  }
}
