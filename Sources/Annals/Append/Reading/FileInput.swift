import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A file or a pipe, read once into a copy: when another program writes to the file afterwards,
/// what was checked is what is appended.
public struct FileInput: EventInput {
  public let name: String?
  private let copy: InputCopies.Copy

  public var size: Int { copy.size }

  /// Throws `.inputMissing` when the file cannot be opened for reading, `.fileRefused` when it is not
  /// a regular file, `.inputChanged` when another program writes to it while it is read.
  public init(path: String, copies: InputCopies = InputCopies()) throws {
    try self.init(path: path, copies: copies, onRead: {})
  }

  /// `onRead` runs before each block is read.
  init(path: String, copies: InputCopies, onRead: () throws -> Void) throws {
    let descriptor: Int32
    do throws(UnreadableFile) {
      descriptor = try RegularFile.open(path).descriptor
    } catch {
      var problem = error.problem
      problem.help = Self.help(error, path)
      throw Problems([problem])
    }
    defer { close(descriptor) }
    var status = stat()
    fstat(descriptor, &status)
    let before = status
    copy = try copies.add(descriptor, path, size: Int(before.st_size), onRead: onRead)
    guard fstat(descriptor, &status) == 0, Self.isUnchanged(before, status),
      copy.size == Int(before.st_size)
    else {
      throw Problems([
        Problem(
          .inputChanged, "\(path) was written to while it was read",
          help: "import it again when it is complete")
      ])
    }
    name = path
  }

  /// What to do with something that is no regular file.
  private static func help(_ error: UnreadableFile, _ path: String) -> Help {
    guard error.code == .fileRefused else { return "check the name; - reads standard input" }
    if error.isFolder { return "name the files in it:  \(command: "import \(path)/*.ndjson")" }
    return path.hasPrefix("/dev/")
      ? "let the shell pass it on:  \(command: "import - < <(COMMAND)"),  or  COMMAND | "
        + "\(command: "import -")"
      : "let the shell pass it on:  \(command: "import - < \(path)")"
  }

  /// Reads a pipe to its end.
  public init(draining pipe: Int32, name: String, copies: InputCopies = InputCopies()) throws {
    copy = try copies.add(pipe, name, size: 0, onRead: {})
    self.name = name
  }

  public func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws -> Int {
    try copy.read(into: buffer, at: offset)
  }

  private static func isUnchanged(_ before: stat, _ after: stat) -> Bool {
    #if canImport(Darwin)
    let (first, second) = (before.st_mtimespec, after.st_mtimespec)
    #else
    let (first, second) = (before.st_mtim, after.st_mtim)
    #endif
    return before.st_size == after.st_size && first.tv_sec == second.tv_sec
      && first.tv_nsec == second.tv_nsec
  }
}

/// Where the files of one import are copied to: into memory as long as there is room, all others into
/// one temporary file without a name, which only this process can read.
public final class InputCopies: Sendable {
  /// Part of an input's bytes.
  struct Copy: Sendable {
    fileprivate enum Place: Sendable {
      case memory([UInt8])
      case file(InputCopies, start: Int)
    }

    fileprivate var place = Place.memory([])
    fileprivate(set) var size = 0

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws -> Int {
      let count = max(0, min(buffer.count, size - offset))
      if count == 0 { return 0 }
      switch place {
      case .memory(let bytes): buffer.copyBytes(from: bytes[offset..<offset + count])
      case .file(let copies, let start):
        let target = UnsafeMutableRawBufferPointer(rebasing: buffer[..<count])
        try copies.read(into: target, at: start + offset)
      }
      return count
    }
  }

  private struct State {
    var memoryLeft: Int
    var file: Int32 = -1
    var folder = ""
    /// Where the next input goes.
    var end = 0
  }

  private static let blockSize = 1 << 20

  private let state: Mutex<State>

  /// `memory` is how many bytes of all inputs together stay in memory.
  public init(memory: Int = 1 << 20) {
    state = Mutex(State(memoryLeft: memory))
  }

  deinit {
    let file = state.withLock { $0.file }
    if file >= 0 { close(file) }
  }

  /// Reads a descriptor to its end. `size` is how long it probably is, 0 where that is not known.
  func add(
    _ descriptor: Int32, _ name: String, size: Int, onRead: () throws -> Void
  ) throws -> Copy {
    try state.withLock { state in
      var bytes: [UInt8] = []
      var isInMemory = size <= state.memoryLeft
      if isInMemory { bytes.reserveCapacity(size) }
      let start = state.end
      try withUnsafeTemporaryAllocation(byteCount: Self.blockSize, alignment: 16) { buffer in
        while true {
          try onRead()
          let count = Self.retrying { systemRead(descriptor, buffer.baseAddress, buffer.count) }
          if count == 0 { break }
          guard count > 0 else { throw Self.failure("cannot read \(name)") }
          let block = UnsafeRawBufferPointer(rebasing: buffer[..<count])
          if isInMemory, bytes.count + count > state.memoryLeft {
            isInMemory = false
            try bytes.withUnsafeBytes { try Self.write($0, of: name, &state) }
            bytes = []
          }
          if isInMemory {
            bytes.append(contentsOf: block)
          } else {
            try Self.write(block, of: name, &state)
          }
        }
      }
      if isInMemory {
        state.memoryLeft -= bytes.count
        return Copy(place: .memory(bytes), size: bytes.count)
      }
      return Copy(place: .file(self, start: start), size: state.end - start)
    }
  }

  private func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws {
    let file = state.withLock { $0.file }
    var done = 0
    while done < buffer.count {
      let count = Self.retrying {
        pread(file, buffer.baseAddress! + done, buffer.count - done, off_t(offset + done))
      }
      guard count > 0 else { throw Self.failure("cannot read the copy of the input") }
      done += count
    }
  }

  private static func write(
    _ bytes: UnsafeRawBufferPointer, of name: String, _ state: inout State
  ) throws {
    if state.file < 0 { try openFile(&state) }
    var written = 0
    while written < bytes.count {
      let count = retrying {
        pwrite(
          state.file, bytes.baseAddress! + written, bytes.count - written,
          off_t(state.end + written))
      }
      if count < 0 && (errno == ENOSPC || errno == EDQUOT) {
        throw Problems([
          Problem(
            .diskFull, "\(state.folder) has no room for a copy of \(name)",
            help: "TMPDIR names the folder for such copies")
        ])
      }
      guard count > 0 else { throw failure("cannot copy \(name) to \(state.folder)") }
      written += count
    }
    state.end += bytes.count
  }

  /// In TMPDIR; where that is not set, preferably on a disk.
  private static func openFile(_ state: inout State) throws {
    let folders = getenv("TMPDIR").map { [String(cString: $0)] } ?? ["/var/tmp", "/tmp"]
    for folder in folders {
      var template = Array((folder + "/annals-input-XXXXXX").utf8CString)
      let file = mkstemp(&template)
      guard file >= 0 else { continue }
      unlink(template)
      _ = fcntl(file, F_SETFD, FD_CLOEXEC)
      (state.file, state.folder) = (file, folder)
      return
    }
    throw failure("cannot make a temporary file in \(folders[0])")
  }

  private static func retrying(_ call: () -> Int) -> Int {
    while true {
      let result = call()
      if result >= 0 || errno != EINTR { return result }
    }
  }

  private static func failure(_ what: String) -> Problems {
    Problems([Problem(.inputMissing, "\(what): \(String(cString: strerror(errno)))")])
  }
}

/// `read`, by a name that does not collide with the method.
private func systemRead(
  _ descriptor: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int
) -> Int {
  read(descriptor, buffer, count)
}
