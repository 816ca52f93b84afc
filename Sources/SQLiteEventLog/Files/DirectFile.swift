import CSQLite
import EventLog
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A file that is written past the system's memory of it.
///
/// When the writing of a new block fails, ext4 keeps the block as one that was never written, and a
/// page that is written to it later in the usual way stays lost, although its sync succeeds. A direct
/// write brings the block to the disk, or fails.
final class DirectFile: Sendable {
  static let blockSize = 4096

  /// -1 where the file system knows no direct writes.
  private let descriptor: Int32
  private let path: String

  /// Throws `.replaced` unless `path` leads to the file of this identity.
  init(_ path: String, _ identity: FileIdentity?) throws(EventLogError) {
    self.path = path
    descriptor = annals_open_direct(path)
    if descriptor < 0 {
      if errno == EINVAL { return }
      throw LogPath.error(errno, path)
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0, FileIdentity(status) == identity else {
      throw OpenFiles.replaced(path)
    }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Writes whole blocks. False when the file system knows no direct writes.
  func write(_ bytes: [UInt8], at offset: Int64) throws(EventLogError) -> Bool {
    guard descriptor >= 0 else { return false }
    let block = UnsafeMutableRawPointer.allocate(
      byteCount: bytes.count, alignment: Self.blockSize)
    defer { block.deallocate() }
    block.copyMemory(from: bytes, byteCount: bytes.count)
    var written = 0
    while written < bytes.count {
      let done = pwrite(
        descriptor, block + written, bytes.count - written, off_t(offset) + off_t(written))
      if done > 0 {
        written += done
      } else if done < 0 && errno == EINVAL {
        return false
      } else if done == 0 || errno != EINTR {
        throw LogPath.error(done == 0 ? EIO : errno, path)
      }
    }
    return true
  }

  private static let databases = Mutex<[FileIdentity: DirectFile]>([:])

  /// The file of a database. Kept for as long as the process lives: closing a descriptor of a file
  /// gives up all locks that the process has on it.
  static func database(_ files: OpenFiles) throws(EventLogError) -> DirectFile {
    if let open = databases.withLock({ $0[files.file] }) { return open }
    let opened = try DirectFile(files.path.file, files.file)
    databases.withLock { $0[files.file] = opened }
    return opened
  }
}
