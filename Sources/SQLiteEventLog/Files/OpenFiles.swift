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

  init(_ file: annals_file) {
    self.init(device: file.device, number: file.number)
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
  private let folder: FolderState

  /// Looks up the files that stand at `path` now.
  init(at path: LogPath) throws(EventLogError) {
    self.path = path
    folder = FolderState(path.folder)
    guard let found = LogPath.lookUp(path.file) else { throw Self.replaced(path.file) }
    file = FileIdentity(found)
    journal = LogPath.lookUp(path.log).map { FileIdentity($0) }
    index = LogPath.lookUp(path.index).map { FileIdentity($0) }
  }

  /// Throws `.replaced` unless the names still lead to the files that were opened, and the database
  /// has one name only.
  func check() throws(EventLogError) {
    let now = folder.state
    if folder.isKnown(now) { return }
    try checkDatabase()
    if let journal { try look(path.log, is: journal) }
    if let index { try look(path.index, is: index) }
    folder.isRight(now)
  }

  /// Checks the database alone. Its folder does not show a second name in another folder, so this
  /// looks at the file itself.
  func checkDatabase() throws(EventLogError) {
    if try look(path.file, is: file).links > 1 {
      throw EventLogError(
        .replaced,
        "\(path.file) was given a second name (a hard link) while it was open: each name would have"
          + " a journal of its own. Remove the link, and open the log again.")
    }
  }

  @discardableResult
  private func look(_ name: String, is opened: FileIdentity) throws(EventLogError) -> annals_file {
    guard let now = LogPath.lookUp(name), FileIdentity(now) == opened else {
      throw Self.replaced(name)
    }
    return now
  }

  static func replaced(_ path: String) -> EventLogError {
    EventLogError(
      .replaced,
      "\(path) was removed, or replaced by another file, while the log was open. What was appended"
        + " since then may be in the file that has no name any more.")
  }
}

/// Tells whether any name in a folder may have changed since all of them were right: one system call
/// in place of one for each name.
private final class FolderState {
  struct State: Equatable {
    let folder: FileIdentity
    /// When a name was last made, moved or removed, since 1970.
    let seconds: Int64
    let nanoseconds: UInt32
  }

  private let path: String
  private var known: State?

  init(_ path: String) { self.path = path }

  var state: State? {
    LogPath.lookUp(path, withTime: true).map {
      State(folder: FileIdentity($0), seconds: $0.seconds, nanoseconds: $0.nanoseconds)
    }
  }

  func isKnown(_ state: State?) -> Bool { state != nil && state == known }

  /// All names were right after this state was read.
  ///
  /// It is known from then on, unless the folder changed just now: file systems stamp changes by a
  /// clock that ticks every 10 ms or more often, and a second change within one tick does not show.
  func isRight(_ state: State?) {
    let second = Instant.now().microseconds / 1_000_000
    known = state.flatMap { $0.seconds < second - 1 ? $0 : nil }
  }
}
