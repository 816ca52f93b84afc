import CSQLite
import EventLog

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The write-ahead log as a file, by descriptors of its own. (SQLite's locks are on the database and
/// on the index, so that closing these gives up none of them.)
final class JournalFile {
  private static let headerLength = 32
  private static let frameHeaderLength = 24
  private static let chunk: Int64 = 1 << 20

  private let path: String
  private let descriptor: Int32
  private let direct: DirectFile
  private let index: JournalIndex
  let length: Int64

  /// Opens the journal that a connection has open.
  init(_ files: OpenFiles, _ index: JournalIndex) throws(EventLogError) {
    path = files.path.log
    self.index = index
    descriptor = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { throw LogPath.error(errno, path) }
    var status = stat()
    let isOurs = fstat(descriptor, &status) == 0 && FileIdentity(status) == files.journal
    length = Int64(status.st_size)
    do throws(EventLogError) {
      direct = try DirectFile(path, files.journal)
      if !isOurs { throw OpenFiles.replaced(path) }
    } catch {
      close(descriptor)
      throw error
    }
  }

  deinit { close(descriptor) }

  /// Brings all that was written to the disk.
  func synchronize() throws(EventLogError) {
    try LogPath.synchronize(descriptor, path)
  }

  /// Writes again the frames after the first `frames`, which the system may take for written, and what
  /// stands behind the first `length` bytes, in blocks that are new.
  ///
  /// Throws `.io` when the file does not hold the frames of the index. Then the system has lost them
  /// since; a journal that no program has open is read anew, up to its last whole commit.
  func rewrite(after frames: UInt32, behind length: Int64) throws(EventLogError) {
    if index.frames > frames {
      try verify(after: frames)
      try rewrite(frames == 0 ? 0 : end(of: frames), end(of: index.frames))
    }
    try rewrite(length, self.length)
  }

  private func rewrite(_ first: Int64, _ end: Int64) throws(EventLogError) {
    let block = Int64(DirectFile.blockSize)
    var place = first / block * block
    while place < end {
      let count = min(Self.chunk, length - place)
      let bytes = try read(Int(count), at: place)
      let missing = (block - count % block) % block
      if try !direct.write(bytes + [UInt8](repeating: 0, count: Int(missing)), at: place) {
        try write(bytes[...], at: place)
      }
      place += count
    }
  }

  /// Reads the frames after the first `frames` of the index, and compares each with its checksum.
  private func verify(after frames: UInt32) throws(EventLogError) {
    let length = Self.frameHeaderLength + index.pageSize
    var sum =
      frames == 0
      ? Self.sum(try read(Self.headerLength, at: 0), at: 24)
      : Self.sum(try read(Self.frameHeaderLength, at: place(of: frames)), at: 16)
    var next = frames + 1
    while next <= index.frames {
      let bytes = try read(length, at: place(of: next))
      var checksum = JournalChecksum(sum: sum, isBigEndian: index.hasBigEndianChecksums)
      bytes.withUnsafeBytes { all in
        checksum.add(UnsafeRawBufferPointer(rebasing: all[..<8]))
        checksum.add(UnsafeRawBufferPointer(rebasing: all[Self.frameHeaderLength...]))
      }
      sum = checksum.sum
      guard Self.salts(bytes, at: 8) == index.salts, Self.sum(bytes, at: 16) == sum else {
        throw lost
      }
      next += 1
    }
    if sum != index.checksum { throw lost }
  }

  /// The pages of the database that the first frames hold, and for each the last of these frames.
  func pages(through frames: UInt32) throws(EventLogError) -> [(page: UInt32, frame: UInt32)] {
    var last: [UInt32: UInt32] = [:]
    for frame in stride(from: 1, through: frames, by: 1) {
      let header = try read(Self.frameHeaderLength, at: place(of: frame))
      last[Self.word(header, at: 0)] = frame
    }
    return last.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// What a frame says that a page is to be.
  func content(of frame: UInt32) throws(EventLogError) -> [UInt8] {
    try read(index.pageSize, at: place(of: frame) + Int64(Self.frameHeaderLength))
  }

  private func place(of frame: UInt32) -> Int64 { end(of: frame - 1) }

  private func end(of frame: UInt32) -> Int64 { Self.end(of: frame, pageSize: index.pageSize) }

  /// Where a frame ends in the file.
  static func end(of frame: UInt32, pageSize: Int) -> Int64 {
    Int64(headerLength) + Int64(frame) * Int64(frameHeaderLength + pageSize)
  }

  private var lost: EventLogError {
    EventLogError(
      .io,
      "\(path) does not hold what was written to it: the disk has lost part of it. Close all programs"
        + " that have the log open, and run the command again.")
  }

  private static func word(_ bytes: [UInt8], at offset: Int) -> UInt32 {
    UInt32(
      bigEndian: bytes.withUnsafeBytes {
        $0.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
      })
  }

  private static func salts(_ bytes: [UInt8], at offset: Int) -> UInt64 {
    bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: UInt64.self) }
  }

  private static func sum(_ bytes: [UInt8], at offset: Int) -> JournalChecksum.Sum {
    JournalChecksum.Sum(word(bytes, at: offset), word(bytes, at: offset + 4))
  }

  private func read(_ count: Int, at offset: Int64) throws(EventLogError) -> [UInt8] {
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let done = pread(
          descriptor, buffer.baseAddress! + filled, count - filled, off_t(offset) + off_t(filled))
        if done > 0 {
          filled += done
        } else if done == 0 {
          break
        } else if errno != EINTR {
          failure = errno
          break
        }
      }
    }
    if failure != 0 { throw LogPath.error(failure, path) }
    if bytes.count < count { throw lost }
    return bytes
  }

  private func write(_ bytes: ArraySlice<UInt8>, at offset: Int64) throws(EventLogError) {
    var written = 0
    while written < bytes.count {
      let done = bytes.withUnsafeBytes {
        pwrite(
          descriptor, $0.baseAddress! + written, bytes.count - written,
          off_t(offset) + off_t(written))
      }
      if done >= 0 {
        written += done
      } else if errno != EINTR {
        throw LogPath.error(errno, path)
      }
    }
  }
}
