import CSQLite
import EventLog

/// Finds a write-ahead log that does not belong to the file beside it: it was left when a copy was put
/// in the place of the file. SQLite would apply it to the copy.
struct LeftoverLog {
  private let path: LogPath
  private let options: SQLiteLogOptions
  /// True when there is something in the write-ahead log.
  let isPossible: Bool

  /// True when others may have the log open. They have checked it, so there is no need to wait where it
  /// was written just now.
  private let hadIndex: Bool

  private static let selectLeaf = "SELECT leaf FROM main.event WHERE seq = ?1"

  init(_ path: LogPath, _ options: SQLiteLogOptions) {
    self.path = path
    self.options = options
    // What can be read of a damaged log is read as it is.
    isPossible = path.hasLog && !options.isSalvage
    hadIndex = path.hasIndex
  }

  /// Compares events of the file alone with the same events as `connection` reads them. Appending and
  /// erasing keep their hashes.
  func check(_ connection: Connection) throws(EventLogError) {
    guard isPossible, let state = UnlockedFiles.State(of: path.file),
      !hadIndex || state.timeToSettle <= 0,
      let before = try? UnlockedFiles.settledState(of: path.file),
      let alone = connectionToFileAlone()
    else { return }
    var isSame = true
    var position = alone.head
    while isSame, position > .start {
      let expected = try? leaf(at: position, alone.connection)
      let found = try leaf(at: position, connection)
      // What cannot be read of the file alone is in the write-ahead log: a checkpoint was interrupted.
      isSame = expected == nil || expected == found
      position = Position(position.rawValue / 2)
    }
    // Where a checkpoint has written the file meanwhile, nothing follows.
    if !isSame, UnlockedFiles.State(of: path.file) == before { throw error }
  }

  /// Runs `body`; where it finds damage that is not in the file alone, the error names the write-ahead
  /// log.
  func explained<Value>(
    _ body: () throws(EventLogError) -> Value
  ) throws(EventLogError) -> Value {
    do throws(EventLogError) {
      return try body()
    } catch {
      guard isPossible, [.tampered, .corrupt, .notALog].contains(error.code),
        connectionToFileAlone() != nil
      else { throw error }
      throw self.error
    }
  }

  private func leaf(
    at position: Position, _ connection: Connection
  ) throws(EventLogError) -> [UInt8]? {
    let statement = try connection.prepared(Self.selectLeaf)
    defer { statement.reset() }
    statement.bind(position.rawValue, at: 1)
    return try statement.step() ? statement.bytes(0) : nil
  }

  /// A connection that does not see the write-ahead log, and the head without it; nil where the file
  /// is not a whole log by itself.
  private func connectionToFileAlone() -> (connection: Connection, head: Position)? {
    guard let connection = try? UnlockedFiles.connectWithoutLog(path) else { return nil }
    let names = NameTable()
    guard (try? LogFile.prepare(connection, path.file, options)) != nil,
      (try? LogFile.checkEnd(connection, names)) != nil,
      let head = try? LogReader(connection, names).head()
    else { return nil }
    return (connection, head.position)
  }

  private var error: EventLogError {
    EventLogError(
      .tampered,
      "\(path.log) belongs to another file than \(path.file), which is a whole log without it: it was"
        + " probably left when a copy was put in the place of an earlier file. Move \(path.log) and"
        + " \(path.index) to another folder, and open the store again; keep them, because they may hold"
        + " the last events of the earlier file.")
  }
}
