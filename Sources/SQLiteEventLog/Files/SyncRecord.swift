import EventLog

/// What is known to be on the disk of a log and its journal: 88 bytes in the lock file.
///
/// A process writes the record after a sync has succeeded, and only then. What the record does not
/// cover may be in the system's memory alone, also when a later sync reports success: Linux takes
/// pages for written whose writing has failed. The record itself need not be synced: one that is
/// lost, old or damaged makes the next writer do some work again, and nothing worse.
struct SyncRecord: Equatable {
  static let length = 88
  private static let mark: UInt64 = 0x316C_616E_6E41_0A0D

  /// The database and its journal. That they stand here says also that their names are on the disk.
  var file: FileIdentity
  var journal: FileIdentity
  /// The generation of the journal that `frames` and `backfilled` belong to.
  var salts: UInt64 = 0
  /// So many frames of the journal are on the disk.
  var frames: UInt32 = 0
  /// So many of them are in the database too, and that is on the disk.
  var backfilled: UInt32 = 0
  /// The last event that was on the disk.
  var head: Int64 = 0
  /// So long were the journal and the database, in bytes, when their last sync succeeded. Blocks
  /// behind that are new.
  var journalLength: Int64 = 0
  var fileLength: Int64 = 0

  init(file: FileIdentity, journal: FileIdentity) {
    self.file = file
    self.journal = journal
  }

  /// Nil for bytes that are no record: an empty lock file, or a damaged one.
  init?(_ bytes: [UInt8]) {
    guard bytes.count == Self.length else { return nil }
    func word(_ index: Int) -> UInt64 {
      bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self) }
    }
    guard word(0) == Self.mark, word(10) == Self.checksum(bytes.prefix(80)) else { return nil }
    // The journal stands on the same device: it has a number on it alone.
    file = FileIdentity(device: word(1), number: word(2))
    journal = FileIdentity(device: word(1), number: word(3))
    salts = word(4)
    frames = UInt32(truncatingIfNeeded: word(5))
    backfilled = UInt32(truncatingIfNeeded: word(5) >> 32)
    head = Int64(bitPattern: word(6))
    journalLength = Int64(bitPattern: word(7))
    fileLength = Int64(bitPattern: word(8))
  }

  var bytes: [UInt8] {
    let words = [
      Self.mark, file.device, file.number, journal.number, salts,
      UInt64(frames) | UInt64(backfilled) << 32, UInt64(bitPattern: head),
      UInt64(bitPattern: journalLength), UInt64(bitPattern: fileLength), 0,
    ]
    var bytes = words.withUnsafeBytes { Array($0) }
    withUnsafeBytes(of: Self.checksum(bytes[...])) { bytes += $0 }
    return bytes
  }

  /// FNV-1a, 64 bits: against torn and foreign bytes, not against forgery.
  private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }
}
