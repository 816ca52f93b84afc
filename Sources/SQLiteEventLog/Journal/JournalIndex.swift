import CSQLite
import EventLog

/// How far the write-ahead log goes, as its index in shared memory says. The layout of the index is
/// part of SQLite's published file format (walformat.html, section 2.1).
struct JournalIndex: Equatable {
  /// Both salts of the log's generation, as they stand in the file.
  let salts: UInt64
  /// Frames up to the end of the last commit.
  let frames: UInt32
  /// Frames at the log's beginning that a checkpoint has copied into the database.
  let backfilled: UInt32
  /// The cumulative checksum of the last frame.
  let checksum: JournalChecksum.Sum
  let hasBigEndianChecksums: Bool
  let pageSize: Int
  /// Pages of the database after the last commit.
  let pages: UInt32

  /// Where the frames end in the file.
  var end: Int64 { JournalFile.end(of: frames, pageSize: pageSize) }

  /// Whether another state of the index is about the same frames; checkpoints change none.
  func hasFrames(of other: JournalIndex) -> Bool {
    salts == other.salts && frames == other.frames && checksum == other.checksum
  }

  /// Reads the index on a connection that has read from the log before.
  init(of connection: Connection) throws(EventLogError) {
    self = try connection.withJournalIndex { bytes throws(EventLogError) in
      try JournalIndex(bytes)
    }
  }

  private init(_ bytes: UnsafeRawBufferPointer) throws(EventLogError) {
    func word(_ offset: Int) -> UInt32 {
      bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
    }
    guard bytes[12] == 1 else {
      throw EventLogError(.io, "The index of the write-ahead log is not ready.")
    }
    let size = bytes.loadUnaligned(fromByteOffset: 14, as: UInt16.self)
    salts = bytes.loadUnaligned(fromByteOffset: 32, as: UInt64.self)
    frames = word(16)
    backfilled = word(96)
    checksum = JournalChecksum.Sum(word(24), word(28))
    hasBigEndianChecksums = bytes[13] != 0
    // 65,536 does not fit the field, and is written as 1.
    pageSize = Int(size & 0xFE00) + Int(size & 1) << 16
    pages = word(20)
  }
}

/// The checksum of the write-ahead log: each frame's covers all frames before it (walformat.html,
/// section 4.2).
struct JournalChecksum {
  struct Sum: Equatable {
    var first: UInt32
    var second: UInt32

    init(_ first: UInt32, _ second: UInt32) {
      self.first = first
      self.second = second
    }
  }

  var sum: Sum
  let isBigEndian: Bool

  /// Adds bytes, whose number is a multiple of 8.
  mutating func add(_ bytes: UnsafeRawBufferPointer) {
    var (first, second) = (sum.first, sum.second)
    for offset in stride(from: 0, to: bytes.count, by: 8) {
      let a = bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
      let b = bytes.loadUnaligned(fromByteOffset: offset + 4, as: UInt32.self)
      first &+= (isBigEndian ? UInt32(bigEndian: a) : UInt32(littleEndian: a)) &+ second
      second &+= (isBigEndian ? UInt32(bigEndian: b) : UInt32(littleEndian: b)) &+ first
    }
    sum = Sum(first, second)
  }
}
