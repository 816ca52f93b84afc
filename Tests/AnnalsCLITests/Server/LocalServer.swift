#if Serve
import EventLog
import Foundation

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The system's `send`, whose name a method below has too.
private let transmit: @Sendable (Int32, UnsafeRawPointer?, Int, Int32) -> Int = send
#if os(Linux)
private let noSignal = Int32(MSG_NOSIGNAL)
#else
private let noSignal: Int32 = 0
#endif

/// The real server on a port of its own, asked over real sockets.
final class LocalServer: Sendable {
  /// The token of a person who may append, and of one who may do everything.
  static let (anasToken, adminsToken) = ("ana-0123456789abcdef", "admin-0123456789abcdef")
  static let tokens = """
    # Tokens of the tests.
    read reader-0123456789abcdef Rea Der
    append \(anasToken) Ana Sousa
    admin \(adminsToken) Bo
    """

  let program: Program
  let port: UInt16
  private let process: ChildProcess
  private let status: Task<Int32, Never>

  /// Serves the shipped record, or the store that `prepare` makes as `demo.annals`.
  init(_ options: String...) async throws {
    program = try await demo()
    try program.write(Self.tokens, to: "tokens.txt")
    chmod(program.folder.appendingPathComponent("tokens.txt").path, 0o600)
    let output = program.folder.appendingPathComponent("server.out").path
    let errors = program.folder.appendingPathComponent("server.err").path
    let process = try ChildProcess(
      Program.path,
      ["serve", "-s", "demo.annals", "--port", "0", "--tokens", "tokens.txt"] + options,
      in: program.folder.path, environment: ["PATH": "/usr/bin:/bin", "HOME": program.folder.path],
      input: "/dev/null", output: output, errors: errors)
    self.process = process
    status = Task { await process.wait() }
    var port: UInt16?
    for _ in 0..<6000 where port == nil {
      try await Task.sleep(for: .milliseconds(20))
      let text = (try? String(contentsOfFile: output, encoding: .utf8)) ?? ""
      port = text.firstMatch(of: /:(\d+)\/\n/).flatMap { UInt16($0.1) }
    }
    guard let port else {
      process.kill()
      throw Failed(text: (try? String(contentsOfFile: errors, encoding: .utf8)) ?? "no port")
    }
    self.port = port
  }

  struct Failed: Error { var text: String }

  /// Ends the server as an operator does, and answers with its exit code.
  func stop() async -> Int32 {
    process.terminate()
    let status = await status.value
    program.cleanUp()
    return status
  }

  /// Ends it as a power cut does; the store stays.
  func kill() async {
    process.kill()
    _ = await status.value
  }

  // MARK: Asking

  struct Answer: Sendable {
    var status: Int
    var headers: [String: String]
    var body: String

    var json: JSONObject {
      if case .object(let object)? = try? JSON(parsing: Array(body.utf8)) { object } else { [:] }
    }

    /// The codes of a problem document.
    var codes: [String] {
      guard case .array(let errors)? = json["errors"] else { return [] }
      return errors.compactMap { error in
        guard case .object(let object) = error, case .string(let code)? = object["code"] else {
          return nil
        }
        return code
      }
    }
  }

  func get(_ path: String, _ headers: [String: String] = [:]) async throws -> Answer {
    try await send("GET", path, headers)
  }

  func post(
    _ path: String, _ body: String, type: String = "application/json", token: String? = anasToken,
    _ headers: [String: String] = [:]
  ) async throws -> Answer {
    var headers = headers
    headers["Content-Type"] = type
    if let token { headers["Authorization"] = "Bearer \(token)" }
    return try await send("POST", path, headers, body)
  }

  func send(
    _ method: String, _ path: String, _ headers: [String: String] = [:], _ body: String = ""
  ) async throws -> Answer {
    var all = ["Host": "127.0.0.1:\(port)", "Connection": "close"]
    if !body.isEmpty { all["Content-Length"] = "\(body.utf8.count)" }
    all.merge(headers) { $1 }
    let head =
      "\(method) \(path) HTTP/1.1\r\n"
      + all.map { "\($0): \($1)\r\n" }.joined() + "\r\n"
    return try await raw(head + body)
  }

  /// Sends bytes as they are, and reads until the server closes.
  func raw(_ text: String) async throws -> Answer {
    let port = port
    let bytes = try await withCheckedThrowingContinuation { continuation in
      // Its own thread: a read may wait.
      Thread.detachNewThread {
        continuation.resume(with: Result { try Self.exchange(text, port) })
      }
    }
    AnswerSchemas.check(Self.answer(bytes).body)
    return Self.answer(bytes)
  }

  private static func exchange(_ text: String, _ port: UInt16) throws -> [UInt8] {
    #if os(Linux)
    let kind = Int32(SOCK_STREAM.rawValue)
    #else
    let kind = SOCK_STREAM
    #endif
    let socket = socket(AF_INET, kind, 0)
    guard socket >= 0 else { throw Failed(text: "no socket") }
    defer { close(socket) }
    var patience = timeval(tv_sec: 120, tv_usec: 0)
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let connected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard connected == 0 else { throw Failed(text: "cannot connect") }
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { transmit(socket, $0.baseAddress, $0.count, noSignal) }
      if count <= 0 { break }
      rest = rest.dropFirst(count)
    }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = recv(socket, &chunk, chunk.count, 0)
      if count <= 0 { return bytes }
      bytes += chunk[..<count]
    }
  }

  private static func answer(_ bytes: [UInt8]) -> Answer {
    let text = String(decoding: bytes, as: UTF8.self)
    guard let end = text.firstRange(of: "\r\n\r\n") else {
      return Answer(status: 0, headers: [:], body: text)
    }
    let lines = text[..<end.lowerBound].components(separatedBy: "\r\n")
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":") else { continue }
      headers[line[..<colon].lowercased()] =
        line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
    }
    var body = String(text[end.upperBound...])
    if headers["transfer-encoding"] == "chunked" { body = unchunked(body) }
    let status = lines[0].split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    return Answer(status: status, headers: headers, body: body)
  }

  private static func unchunked(_ body: String) -> String {
    var rest = Array(body.utf8)[...]
    var parts: [UInt8] = []
    while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
      let size = String(decoding: rest[..<end], as: UTF8.self)
        .trimmingCharacters(in: .whitespacesAndNewlines)
      guard let count = Int(size, radix: 16), count > 0 else { break }
      let start = rest.index(after: end)
      guard start + count <= rest.endIndex else { break }
      parts += rest[start..<start + count]
      rest = rest[min(start + count + 2, rest.endIndex)...]
    }
    return String(decoding: parts, as: UTF8.self)
  }
}
#endif
