import CSQLite
import EventLog

/// Keeps account of which parts of the write-ahead log are on the disk, and writes those again that
/// may not be. Used under the file lock.
///
/// After a failed sync, Linux takes the pages concerned for written: they can still be read, and the
/// next sync reports success without writing them. So no event is acknowledged on the strength of a
/// sync alone. A frame counts as synced when this connection wrote it, or wrote it again, and its
/// own sync of the file then succeeded; or when the record in the lock file says that another
/// process has done the same.
final class Journal {
  private let connection: Connection
  private let files: OpenFiles
  private let journal: FileIdentity
  /// Whether this connection made the journal: then the database holds all there is.
  private let isNew: Bool

  /// The journal after this connection's last use of it: each frame is on the disk, or was written
  /// by this connection, whose next sync fails when the frame could not be written.
  private var known: JournalIndex?
  /// The record as this connection read or wrote it last.
  private var record: SyncRecord?
  /// The last commit that was synced and is not in the record yet.
  private var unsaved: (index: JournalIndex, head: Position)?
  /// How long the journal was when this connection wrote again what stands behind its frames.
  private var rewrittenLength: Int64 = 0
  /// Whether a record of the journal at hand may be in the lock file. A file that was just made may
  /// have the number of one that was removed.
  private var mayBeRecorded: Bool

  /// For a connection that has read from the log before, so that its journal is open.
  init(_ connection: Connection, isNew: Bool) throws(EventLogError) {
    try connection.checkFiles()
    guard let files = connection.files, let journal = files.journal else {
      throw EventLogError(.io, "The log has no write-ahead log.")
    }
    self.connection = connection
    self.files = files
    self.journal = journal
    self.isNew = isNew
    mayBeRecorded = !isNew
  }

  // MARK: Before and after a transaction

  /// Rewrites frames that another process left in the journal and that may not be on the disk. The
  /// next sync of the journal makes them durable. Returns false when no other connection has written
  /// since this one did.
  func restore(_ lock: FileLock) throws(EventLogError) -> Bool {
    let index = try JournalIndex(of: connection)
    if let known, known.hasFrames(of: index) { return false }
    try rewrite(index, lock, synchronizing: false)
    return true
  }

  /// Makes all of the journal durable, whichever process has written it. `head` is the last event
  /// that can be read from it. Throws `.replaced` when the files no longer have the log's names.
  func settle(_ lock: FileLock, head: Position) throws(EventLogError) {
    let index = try JournalIndex(of: connection)
    try rewrite(index, lock, synchronizing: true)
    try files.check()
    save(lock, index, head: head)
  }

  /// Takes note of a commit of this connection. When it was synced, so is all of the journal, which
  /// `saveCommitted` records. Throws `.replaced` when the files no longer have the log's names.
  func committed(isSynced: Bool, head: Position) throws(EventLogError) {
    known = nil
    unsaved = nil
    try files.check()
    // Another program than this one may have appended right after the commit, without our lock.
    guard let index = try? JournalIndex(of: connection), index.frames == connection.hooks.logPages
    else { return }
    known = index
    if isSynced { unsaved = (index, head) }
  }

  /// Records the commits that were synced. Callers need not wait for this: without the record, another
  /// process writes more frames again than it has to.
  func saveCommitted(_ lock: FileLock) {
    guard let (index, head) = unsaved else { return }
    unsaved = nil
    save(lock, index, head: head)
  }

  /// Writes again what no record covers.
  private func rewrite(
    _ index: JournalIndex, _ lock: FileLock, synchronizing: Bool
  ) throws(EventLogError) {
    let record = try record(lock)
    rewrittenLength = 0
    let synced = record.salts == index.salts ? record.frames : 0
    if index.frames > synced || LogPath.size(of: files.path.log) > record.journalLength {
      let file = try JournalFile(files, index)
      try file.rewrite(after: synced, behind: record.journalLength)
      if synchronizing { try file.synchronize() }
      // Whole blocks were written: it may be longer than before.
      rewrittenLength = LogPath.size(of: files.path.log)
    }
    known = index
  }

  /// The record of the last process that held the lock. If the lock file has no record of these files,
  /// this syncs their names to the disk and begins one.
  private func record(_ lock: FileLock) throws(EventLogError) -> SyncRecord {
    let found = lock.record
    if mayBeRecorded, let found, found.file == files.file, found.journal == journal {
      record = found
      return found
    }
    try files.path.syncNames()
    var begun = SyncRecord(file: files.file, journal: journal)
    // A journal is removed when all of it is in the database, and on the disk.
    if let found, found.file == files.file {
      begun.head = found.head
      begun.fileLength = found.fileLength
    } else if isNew {
      begun.fileLength = LogPath.size(of: files.path.file)
    }
    record = begun
    lock.record = begun
    mayBeRecorded = true
    return begun
  }

  /// Records that all frames are on the disk.
  private func save(_ lock: FileLock, _ index: JournalIndex, head: Position) {
    guard var next = record else { return }
    if next.salts != index.salts { next.backfilled = 0 }
    next.salts = index.salts
    next.frames = index.frames
    next.head = max(next.head, head.rawValue)
    next.journalLength = max(next.journalLength, rewrittenLength, index.end)
    if next != record { lock.record = next }
    record = next
  }

  // MARK: Checkpoints

  /// Moves the journal into the database. True when all of it was moved.
  ///
  /// A checkpoint that fails, or is killed, leaves pages in the database that may not be on the disk.
  /// They are written again before another checkpoint may succeed.
  func checkpoint(_ lock: FileLock, truncate: Bool) throws(EventLogError) -> Bool {
    // Where another file has taken the lock's name, another process may be appending.
    guard lock.isCurrent else { return false }
    saveCommitted(lock)
    let before = try JournalIndex(of: connection)
    if known?.hasFrames(of: before) != true {
      try rewrite(before, lock, synchronizing: true)
    }
    let record = try record(lock)
    let synced = record.salts == before.salts ? record.backfilled : 0
    if before.backfilled > synced || LogPath.size(of: files.path.file) > record.fileLength {
      try restorePages(before, after: synced, behind: record.fileLength)
    }
    let isComplete = try connection.checkpoint(truncate: truncate)
    let after = try JournalIndex(of: connection)
    // SQLite has synced the pages when all frames were moved.
    if !isComplete { try connection.synchronizeDatabase() }
    var next = record
    if isComplete {
      next.frames = after.frames
      known = after
    } else if next.salts != after.salts {
      next.frames = 0
    }
    next.salts = after.salts
    next.backfilled = after.backfilled
    next.fileLength = LogPath.size(of: files.path.file)
    next.journalLength = min(next.journalLength, LogPath.size(of: files.path.log))
    rewrittenLength = 0
    lock.record = next
    self.record = next
    return isComplete
  }

  /// Forgets the journal, which is removed now if no other connection has it open: another file may
  /// get its number.
  func retire(_ lock: FileLock) {
    guard var last = record else { return }
    (last.journal.number, last.frames, last.backfilled, last.journalLength) = (0, 0, 0, 0)
    lock.record = last
    record = nil
    known = nil
  }

  /// Writes again the pages of the database that are said to be in it, and that no record covers.
  private func restorePages(
    _ index: JournalIndex, after synced: UInt32, behind length: Int64
  ) throws(EventLogError) {
    let file = try JournalFile(files, index)
    // Never a page of the database ahead of the journal that repairs it.
    try file.rewrite(after: 0, behind: 0)
    try file.synchronize()
    let pageSize = Int64(index.pageSize)
    let end = LogPath.size(of: files.path.file)
    // New blocks, with any content: SQLite will write to them as if they were old.
    for (page, _) in try file.pages(through: index.frames) {
      let place = Int64(page - 1) * pageSize
      guard place >= length, place + pageSize <= end else { continue }
      let content = try connection.read(pageAt: place, size: index.pageSize)
      if try !DirectFile.database(files).write(content, at: place) {
        try connection.write(page: content, at: place)
      }
    }
    // Pages that SQLite will not write again, because a checkpoint has moved them.
    for (page, frame) in try file.pages(through: index.backfilled) {
      guard frame > synced, page <= index.pages else { continue }
      try connection.write(page: file.content(of: frame), at: Int64(page - 1) * pageSize)
    }
    try connection.synchronizeDatabase()
  }
}
