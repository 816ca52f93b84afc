import CFaults

/// Which calls within SQLite fail, and how.
struct FaultMode {
  var name: String
  var mask: Int
  var how: Int
  var isPersistent: Bool
  /// Reads that say nothing of what they left out: who writes by them writes something else.
  var altersWhatIsRead: Bool { how == FAULT_HALF && mask == FAULT_READ }
  /// Memory, and not a file.
  var isMemory: Bool { mask == FAULT_MALLOC }

  private static let files =
    FAULT_READ | FAULT_WRITE | FAULT_SYNC | FAULT_TRUNCATE | FAULT_OPEN | FAULT_LOCK | FAULT_SHM_MAP
    | FAULT_SHM_LOCK | FAULT_DELETE | FAULT_FILE_SIZE | FAULT_ACCESS
  private static let kinds: [(String, Int, Int)] = [
    ("error", files, FAULT_ERROR),
    ("full", FAULT_WRITE | FAULT_SYNC | FAULT_TRUNCATE | FAULT_SHM_MAP, FAULT_FULL),
    ("busy", FAULT_LOCK | FAULT_SHM_LOCK, FAULT_BUSY),
    ("half-read", FAULT_READ, FAULT_HALF),
    ("half-write", FAULT_WRITE, FAULT_HALF),
    ("memory", FAULT_MALLOC, FAULT_ERROR),
  ]

  static let all = kinds.flatMap { name, mask, how in
    [
      FaultMode(name: name, mask: mask, how: how, isPersistent: false),
      // SQLite waits ten seconds for a lock of the write-ahead log's index that it never gets.
      FaultMode(
        name: name + "-on", mask: how == FAULT_BUSY ? FAULT_LOCK : mask, how: how,
        isPersistent: true),
    ]
  }

  func arm(_ k: Int64) { faults_arm(UInt32(mask), Int32(how), k, isPersistent ? 1 : 0) }

  /// Ends the faults; answers how many calls could have failed, and how many have.
  static func disarm() -> (calls: Int64, failed: Int64) {
    var failed: Int64 = 0
    let calls = faults_disarm(&failed)
    return (calls, failed)
  }
}
