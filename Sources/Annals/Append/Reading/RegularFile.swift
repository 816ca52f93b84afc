#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Opens and reads the files that a user names. Only a regular file is read: a pipe may never end,
/// and a device may never stop.
package enum RegularFile {
  /// Opens a file to read; returns its size in bytes as well.
  package static func open(
    _ path: String
  ) throws(UnreadableFile) -> (descriptor: Int32, size: Int) {
    // O_NONBLOCK: opening a named pipe would otherwise wait for a writer.
    let descriptor = openToRead(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
    var status = stat()
    guard descriptor >= 0, fstat(descriptor, &status) == 0 else {
      let number = errno
      if descriptor >= 0 { close(descriptor) }
      throw UnreadableFile(path, system: number)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw UnreadableFile(
        path, .fileRefused, "it is \(kind(of: status.st_mode)), not a file",
        help: "name a regular file, or copy what it holds into one",
        isFolder: status.st_mode & S_IFMT == S_IFDIR)
    }
    return (descriptor, Int(status.st_size))
  }

  /// A whole file of at most `limit` bytes.
  package static func contents(
    of path: String, limit: Int
  ) throws(UnreadableFile) -> [UInt8] {
    let descriptor = try open(path).descriptor
    defer { close(descriptor) }
    return try contents(of: descriptor, path, limit: limit)
  }

  /// What is left to read of an open file, if that is at most `limit` bytes. The size of the file is
  /// not asked: it may grow meanwhile, and files of the kernel state none.
  package static func contents(
    of descriptor: Int32, _ path: String, limit: Int
  ) throws(UnreadableFile) -> [UInt8] {
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = part.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      if count < 0 { throw UnreadableFile(path, system: errno) }
      if count == 0 { return bytes }
      bytes += part[..<count]
      if bytes.count > limit {
        throw UnreadableFile(
          path, .fileRefused, "it has more than \(limit) bytes",
          help: "files of this kind have at most \(limit) bytes: check that it is the right one")
      }
    }
  }

  private static func kind(of mode: mode_t) -> String {
    switch mode & S_IFMT {
    case S_IFDIR: "a folder"
    case S_IFIFO: "a pipe"
    case S_IFCHR, S_IFBLK: "a device"
    case S_IFSOCK: "a socket"
    default: "something else"
    }
  }
}

/// `open`, by a name that does not collide with the method.
private func openToRead(_ path: String, _ flags: Int32) -> Int32 {
  while true {
    let descriptor = open(path, flags)
    if descriptor >= 0 || errno != EINTR { return descriptor }
  }
}

/// The most bytes that a file may have of which the program keeps all in memory.
package enum FileLimit {
  /// `annals.yaml`.
  package static let settings = 1 << 16
  /// A schema, a view, a template, a key, a checkpoint, a policy.
  package static let text = 1 << 20
  /// A mapping.
  package static let mapping = 4 << 20
  /// The memory of a key, and a file of aliases.
  package static let list = 16 << 20
  /// A proof.
  package static let proof = 32 << 20
  /// Files of one folder of schemas or of views.
  package static let filesInFolder = 1000
}

/// Why a file cannot be read.
package struct UnreadableFile: Error {
  package let path: String
  package let code: ErrorCode
  /// "it is a pipe, not a file", or the system's own words.
  package let reason: String
  package let help: Help?
  package let isMissing: Bool
  let isFolder: Bool

  init(
    _ path: String, _ code: ErrorCode, _ reason: String, help: Help, isFolder: Bool = false
  ) {
    (self.path, self.code, self.reason, self.help) = (path, code, reason, help)
    isMissing = false
    self.isFolder = isFolder
  }

  init(_ path: String, system number: Int32) {
    self.path = path
    code = .inputMissing
    reason = String(cString: strerror(number))
    help = nil
    isMissing = number == ENOENT
    isFolder = false
  }

  package var problem: Problem { problem() }

  /// The problem under another code where the file is missing, or the system refuses to read it.
  package func problem(
    _ other: ErrorCode = .inputMissing, _ what: String? = nil, help: Help? = nil
  ) -> Problem {
    Problem(
      code == .fileRefused ? code : other,
      "cannot read \(what.map { "\($0) " } ?? "")\(path): \(reason)", help: self.help ?? help)
  }
}
