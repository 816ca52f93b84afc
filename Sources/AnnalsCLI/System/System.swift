// This file, Interrupt.swift and LostPages.swift are the only ones of this target that speak to the C
// library.
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What the program asks of the operating system.
enum System {
  static let standardInput: Int32 = 0
  static let standardOutput: Int32 = 1
  static let standardError: Int32 = 2

  /// An environment variable; nil when it is not set or empty.
  static func environment(_ name: String) -> String? {
    guard let value = getenv(name), value.pointee != 0 else { return nil }
    return String(cString: value)
  }

  static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

  /// Columns and rows of the terminal behind a descriptor.
  static func windowSize(_ descriptor: Int32) -> (columns: Int, rows: Int)? {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return (Int(size.ws_col), Int(size.ws_row))
  }

  /// Who is logged in: `LOGNAME` or `USER`, else the name behind the user id.
  static func loginName() -> String? {
    if let name = environment("LOGNAME") ?? environment("USER") { return name }
    guard let entry = getpwuid(geteuid()), let name = entry.pointee.pw_name else { return nil }
    return String(cString: name)
  }

  /// Name, release and machine, as `uname` has them.
  static var description: String {
    var names = utsname()
    guard uname(&names) == 0 else { return "unknown" }
    return [text(&names.sysname), text(&names.release), text(&names.machine)]
      .joined(separator: " ")
  }

  /// The characters of a C array up to its zero.
  private static func text<Characters>(_ characters: inout Characters) -> String {
    withUnsafeBytes(of: &characters) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
  }

  static func leave(_ status: Int32) -> Never { exit(status) }

  /// Default behaviour for broken pipes, whatever the parent has set: die silently, as `cat` does.
  static func dieOnBrokenPipe() { signal(SIGPIPE, SIG_DFL) }

  /// Makes writing to a broken pipe an error, for an answer that must not be lost silently.
  static func failOnBrokenPipe() { signal(SIGPIPE, SIG_IGN) }

  /// Takes the numbers of streams that the parent has closed: a file that is opened must not become
  /// the output. Using such a stream fails, as it did before.
  static func occupyClosedStreams() {
    for stream in standardInput...standardError where fcntl(stream, F_GETFD) < 0 {
      _ = try? open("/dev/null", stream == standardInput ? O_WRONLY : O_RDONLY)
    }
  }

  // MARK: Files

  /// Names of the files in a folder, sorted; nil when it cannot be read.
  static func names(in folder: String) -> [String]? {
    guard let stream = opendir(folder) else { return nil }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      names.append(text(&entry.pointee.d_name))
    }
    return names.sorted()
  }

  /// The path with the current folder in front, symbolic links resolved; as given where it leads
  /// nowhere.
  static func absolute(_ path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  static func isWritable(_ path: String) -> Bool { access(path, W_OK) == 0 }

  /// Size in bytes; nil when there is no such file.
  static func size(of path: String) -> Int64? {
    var information = stat()
    return stat(path, &information) == 0 ? Int64(information.st_size) : nil
  }

  /// Opens a file, to read if nothing else is given; throws the system's reason as text.
  static func open(_ path: String, _ access: Int32 = O_RDONLY) throws(SystemError) -> Int32 {
    #if canImport(Glibc)
    let descriptor = Glibc.open(path, access | O_CLOEXEC)
    #elseif canImport(Musl)
    let descriptor = Musl.open(path, access | O_CLOEXEC)
    #else
    let descriptor = Darwin.open(path, access | O_CLOEXEC)
    #endif
    guard descriptor >= 0 else { throw .last }
    return descriptor
  }

  /// Creates a file to write; throws when one is there already. A private one is its owner's alone.
  static func create(
    _ path: String, isPrivate: Bool = false
  ) throws(SystemError) -> Int32 {
    let mode: mode_t = isPrivate ? 0o600 : 0o644
    #if canImport(Glibc)
    let descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    #elseif canImport(Musl)
    let descriptor = Musl.open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    #else
    let descriptor = Darwin.open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    #endif
    guard descriptor >= 0 else { throw .last }
    return descriptor
  }

  /// Lets the users who may read and write a file do the same with an open one, as far as this user
  /// may grant that.
  static func giveRights(of path: String, to descriptor: Int32) {
    var status = stat()
    guard stat(path, &status) == 0 else { return }
    _ = fchown(descriptor, uid_t.max, status.st_gid)
    fchmod(descriptor, status.st_mode & 0o666)
  }

  static func rename(_ path: String, to name: String) throws(SystemError) {
    #if canImport(Glibc)
    let result = Glibc.rename(path, name)
    #elseif canImport(Musl)
    let result = Musl.rename(path, name)
    #else
    let result = Darwin.rename(path, name)
    #endif
    guard result == 0 else { throw .last }
  }

  /// How `open` opens a file to write at its end.
  static let appending = O_WRONLY | O_APPEND

  /// Makes a folder; does nothing where there is one.
  static func createFolder(_ path: String) throws(SystemError) {
    if mkdir(path, 0o755) == 0 { return }
    let error = SystemError.last
    var status = stat()
    if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { return }
    throw error
  }

  static func remove(_ path: String) { unlink(path) }

  /// Waits until what was written to a file is on the disk.
  static func synchronize(_ descriptor: Int32) throws(SystemError) {
    guard fsync(descriptor) == 0 else { throw .last }
  }

  /// Waits until the name of a file is on the disk.
  static func synchronizeFolder(of path: String) throws(SystemError) {
    let slash = path.lastIndex(of: "/")
    let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let descriptor = try open(folder)
    defer { closeFile(descriptor) }
    try synchronize(descriptor)
  }

  /// Waits for the lock on an open file; closing it, or the end of the process, gives it back.
  /// False when another process still holds the lock after `patience`.
  static func lock(_ descriptor: Int32, within patience: Duration) throws(SystemError) -> Bool {
    let end = ContinuousClock.now + patience
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      guard errno == EWOULDBLOCK || errno == EINTR else { throw .last }
      if ContinuousClock.now >= end { return false }
      usleep(10_000)
    }
    return true
  }

  /// True when others than its owner may read or write an open file.
  static func isOpenToOthers(_ descriptor: Int32) -> Bool {
    var status = stat()
    return fstat(descriptor, &status) == 0 && status.st_mode & 0o066 != 0
  }

  /// True when this process may open some more files: without them the runtime ends it.
  static var hasDescriptors: Bool {
    let opened = (0..<32).map { _ in dup(standardError) }
    for descriptor in opened where descriptor >= 0 { close(descriptor) }
    return opened.allSatisfy { $0 >= 0 }
  }

  /// True when this process may take so many bytes more: without them the runtime ends it.
  static func canTake(_ bytes: Int) -> Bool {
    let pages = mmap(nil, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard pages != MAP_FAILED else { return false }
    munmap(pages, bytes)
    return true
  }

  static var processID: Int32 { getpid() }

  static func closeFile(_ descriptor: Int32) { close(descriptor) }

  // MARK: Writing

  /// Writes everything, or ends the program: nobody reads what cannot be written.
  static func emit(_ bytes: [UInt8], to descriptor: Int32) {
    do {
      try write(bytes, to: descriptor)
    } catch {
      endUnwritten(descriptor, error)
    }
  }

  /// Writes everything.
  static func write(_ bytes: [UInt8], to descriptor: Int32) throws(SystemError) {
    let failure = bytes.withUnsafeBytes { buffer -> SystemError? in
      var rest = buffer[...]
      while let start = UnsafeRawBufferPointer(rebasing: rest).baseAddress, !rest.isEmpty {
        #if canImport(Glibc)
        let count = Glibc.write(descriptor, start, rest.count)
        #elseif canImport(Musl)
        let count = Musl.write(descriptor, start, rest.count)
        #else
        let count = Darwin.write(descriptor, start, rest.count)
        #endif
        if count >= 0 {
          rest = rest.dropFirst(count)
        } else if errno != EINTR {
          return .last
        }
      }
      return nil
    }
    if let failure { throw failure }
  }

  private static func endUnwritten(_ descriptor: Int32, _ reason: SystemError) -> Never {
    // A reader that went away is no fault: end as SIGPIPE would have done.
    if reason.number == EPIPE { leave(128 + SIGPIPE) }
    if descriptor == standardOutput {
      let message = "error[E1409]: cannot write the answer: \(reason.text)\n"
      emit(Array(message.utf8), to: standardError)
    }
    leave(ExitStatus.inputOutput)
  }
}

/// The system's reason for a failed call.
struct SystemError: Error {
  let number: Int32

  static var last: SystemError { SystemError(number: errno) }

  var isExisting: Bool { number == EEXIST }
  var text: String { String(cString: strerror(number)) }
}
