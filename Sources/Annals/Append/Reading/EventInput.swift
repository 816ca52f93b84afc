#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Where a line stands, so that it can be read again.
public struct InputPlace: Hashable, Sendable {
  /// Which of the inputs of an import.
  var input: Int
  var offset: Int
  var length: Int
}

/// Something that holds NDJSON and can be read more than once: an import is checked whole before
/// anything of it is written. The same bytes must come each time, as they are not checked again; a file
/// may change, so `FileInput` reads it into a copy.
public protocol EventInput: Sendable {
  /// Named in the positions of problems; nil where the input is an argument, not a file.
  var name: String? { get }
  /// Size in bytes, for progress.
  var size: Int { get }
  /// Reads up to `buffer.count` bytes from an offset; 0 at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws -> Int
}

/// An input in memory.
public struct MemoryInput: EventInput {
  public let name: String?
  private let bytes: [UInt8]

  public init(_ bytes: [UInt8], name: String? = nil) {
    self.bytes = bytes
    self.name = name
  }

  public var size: Int { bytes.count }

  public func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) -> Int {
    let count = max(0, min(buffer.count, bytes.count - offset))
    if count > 0 { buffer.copyBytes(from: bytes[offset..<offset + count]) }
    return count
  }
}

extension EventInput {
  /// A line that was read before.
  func text(at place: InputPlace) throws -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: place.length)
    let count = try bytes.withUnsafeMutableBytes { try read(into: $0, at: place.offset) }
    return count == place.length ? bytes : nil
  }
}

/// Hands out the lines of an input, one after the other, from a buffer that is used again.
struct LineReader {
  /// A longer line is handed out cut off: its reader says that it is too long.
  static let longestLine = 8 << 20
  /// What some programs write in front of UTF-8; it means nothing.
  static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  private let input: any EventInput
  private var buffer: [UInt8] = []
  /// Where in the input the buffer starts.
  private var start = 0
  /// Where in the buffer the next line starts.
  private var at = 0
  private(set) var line = 0
  private var isAtEnd = false

  init(_ input: any EventInput) { self.input = input }

  /// Bytes handed out so far.
  var offset: Int { start + at }

  /// Calls `body` with the next line without its line end; nil at the end of the input.
  /// Blank lines are passed over, but counted.
  mutating func next<Result>(
    _ body: (UnsafeBufferPointer<UInt8>, _ line: Int, _ offset: Int) throws -> Result
  ) throws -> Result? {
    while true {
      guard let range = try nextRange() else { return nil }
      line += 1
      let isBlank = buffer[range].allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
      if isBlank { continue }
      return try buffer.withUnsafeBufferPointer {
        try body(UnsafeBufferPointer(rebasing: $0[range]), line, start + range.lowerBound)
      }
    }
  }

  private mutating func nextRange() throws -> Range<Int>? {
    if start == 0, at == 0, buffer.isEmpty {
      try fill()
      if buffer.starts(with: Self.byteOrderMark) { at = Self.byteOrderMark.count }
    }
    var searched = at
    while true {
      let newline: Int? = buffer.withUnsafeBytes { bytes in
        guard searched < bytes.count, let base = bytes.baseAddress,
          let found = memchr(base + searched, 0x0A, bytes.count - searched)
        else { return nil }
        return UnsafeRawPointer(found) - base
      }
      if let newline {
        let range = at..<newline
        at = newline + 1
        return range
      }
      if isAtEnd {
        guard at < buffer.count else { return nil }
        let range = at..<buffer.count
        at = buffer.count
        return range
      }
      if buffer.count - at > Self.longestLine {
        return try skipLongLine()
      }
      searched = buffer.count - at
      try fill()
    }
  }

  /// Moves what is left to the front and reads on behind it.
  private mutating func fill() throws {
    buffer.removeSubrange(..<at)
    start += at
    at = 0
    let kept = buffer.count
    let offset = start + kept
    // An input is as long as it was when it was opened: what a writer adds meanwhile is not read.
    let more = min(1 << 20, max(0, input.size - offset))
    buffer.append(contentsOf: repeatElement(0, count: more))
    let input = input
    let count = try buffer.withUnsafeMutableBytes {
      try input.read(into: UnsafeMutableRawBufferPointer(rebasing: $0[kept...]), at: offset)
    }
    buffer.removeLast(more - count)
    isAtEnd = count == 0
  }

  /// Hands out the start of a line that is too long, and goes on behind its end.
  private mutating func skipLongLine() throws -> Range<Int> {
    let head = Array(buffer[at..<at + Self.longestLine + 1])
    at = buffer.count
    while !isAtEnd {
      try fill()
      if let newline = buffer.firstIndex(of: 0x0A) {
        at = newline + 1
        break
      }
      at = buffer.count
    }
    // The head goes in front of what is still to be handed out.
    buffer.replaceSubrange(..<at, with: head)
    start = start + at - head.count
    at = head.count
    return 0..<head.count
  }
}
