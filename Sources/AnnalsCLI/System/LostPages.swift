import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A file that is mapped into this program's memory is cut off by another program. SQLite maps the index
/// of the write-ahead log; the system sends SIGBUS when a part that is gone is read.
enum LostPages {
  /// The address of the message.
  private static let message = Atomic<UInt>(0)
  private static let status = Atomic<Int32>(1)

  /// From now on, such a signal ends the program with this message and this exit code.
  static func endProgram(saying text: String, status code: Int32) {
    message.store(UInt(bitPattern: strdup(text)), ordering: .relaxed)
    status.store(code, ordering: .relaxed)
    signal(SIGBUS) { _ in
      // A signal handler may call nothing that takes memory or a lock; so the text is ready.
      if let text = UnsafePointer<CChar>(bitPattern: LostPages.message.load(ordering: .relaxed)) {
        _ = write(System.standardError, text, strlen(text))
      }
      _exit(LostPages.status.load(ordering: .relaxed))
    }
  }
}
