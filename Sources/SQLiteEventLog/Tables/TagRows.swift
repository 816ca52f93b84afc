import EventLog

/// Collects which numbers the events of a batch are filed under, as rows of the tag index.
struct TagRows {
  struct Row {
    let name: Int64
    let seq: Int64
    var more: Int64
  }

  private(set) var rows: [Row] = []
  /// For each number of the name table the index in `rows` of its latest row, -1 for none.
  private var latest: [Int32] = []

  mutating func file(_ seq: Int64, under name: Int64) {
    guard name > 0 else {
      rows.append(Row(name: name, seq: seq, more: 0))
      return
    }
    while latest.count <= name { latest.append(-1) }
    let index = Int(latest[Int(name)])
    if index >= 0 {
      let distance = seq - rows[index].seq
      if distance == 0 { return }
      if distance < 64 {
        rows[index].more |= 1 << (distance - 1)
        return
      }
    }
    latest[Int(name)] = Int32(rows.count)
    rows.append(Row(name: name, seq: seq, more: 0))
  }

  /// Hands out the rows in the order of the index, so that neighbours are inserted together.
  mutating func removeAll(
    _ body: (Row) throws(EventLogError) -> Void
  ) throws(EventLogError) {
    for row in rows where row.name > 0 { latest[Int(row.name)] = -1 }
    rows.sort { ($0.name, $0.seq) < ($1.name, $1.seq) }
    defer { rows.removeAll(keepingCapacity: true) }
    for row in rows { try body(row) }
  }
}
