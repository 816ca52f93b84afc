public import EventLog

extension SQLiteEventLog {
  public func export(
    in range: EventRange, _ body: (RecordedEvent) throws -> Void
  ) async throws {
    // On a connection of its own: `body` may wait for another program, and other reads go on.
    try await withTaskExecutorPreference(BlockingQueue("annals.sqlite.export")) {
      try EventLogError.checkCancellation()
      let connection = try LogFile.openSnapshot(LogPath(existing: path), options)
      let reader = LogReader(connection, NameTable())
      let kinds = try reader.begin()
      defer { reader.end() }
      var range = range
      range.through = min(range.through, try reader.head().position)
      range.after = max(range.after, .start)
      // The snapshot may hold events of a process that was killed before it synced them.
      try reader.settle(within: options.busyTimeout / .seconds(1))
      let lookup = EventLookup(connection, reader.names)
      let cursor = try EventCursor(
        .all, in: range, names: reader.names, kinds: kinds, on: connection)
      var count = 0
      while count < range.limit ?? .max, try cursor.next() {
        try body(cursor.event(lookup))
        count += 1
      }
    }
  }
}
