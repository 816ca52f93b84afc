import Annals

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Lines of standard input, one after the other, each as soon as it is there.
struct InputLines {
  /// A longer line is refused.
  static let longest = 8 << 20

  private var buffer: [UInt8] = []
  private var isAtEnd = false

  /// The next line without its end; nil at the end of the input.
  mutating func next() throws -> [UInt8]? {
    while true {
      if let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
        let line = Array(buffer[..<end])
        buffer.removeFirst(end + 1)
        return line
      }
      if isAtEnd {
        defer { buffer = [] }
        return buffer.isEmpty ? nil : buffer
      }
      guard buffer.count <= Self.longest else {
        throw Problem(.tooLong, "a line of the input has more than \(Self.longest) bytes")
      }
      var chunk = [UInt8](repeating: 0, count: 65_536)
      let count = read(System.standardInput, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      if count <= 0 { isAtEnd = true } else { buffer += chunk[..<count] }
    }
  }
}
