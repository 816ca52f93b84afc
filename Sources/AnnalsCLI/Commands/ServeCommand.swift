#if Serve
import Annals
import AnnalsAnswers
import AnnalsServer
import ArgumentParser
import EventLog
import Logging
import SQLiteEventLog

/// `annals serve`
struct ServeCommand: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Serve the record over HTTP, to programs, pages and assistants.",
    usage: "annals serve [--demo] [--open] [--port PORT] [--tokens FILE] [OPTIONS]",
    discussion: """
      The server listens on this machine alone, unless --host says otherwise. Reading is open; \
      appending needs a token from the file named with --tokens. A line of that file has a scope \
      (read, append or admin), a token and a person's name. The name becomes the recorder of what \
      is appended with the token.

      Open the printed address in a browser; /docs describes the interface for programs. The server ends with Ctrl-C or SIGTERM.

      Examples:
        annals serve --demo --open
        annals serve -s un.annals --port 8080
        annals serve --tokens tokens.txt
      """)

  @Flag(help: "Serve the shipped record, in a store that is removed at the end.")
  var demo = false

  @Flag(help: "Open the server's page in a browser.")
  var open = false

  @Option(help: ArgumentHelp("The address to listen on.", valueName: "address"))
  var host = "127.0.0.1"

  @Option(help: ArgumentHelp("The port to listen on; 0 for any free one.", valueName: "port"))
  var port = 7464

  @Option(
    help: ArgumentHelp("The file of tokens. Without one, nobody can append.", valueName: "file"),
    completion: .file())
  var tokens: String?

  @Flag(help: "Reading needs a token, too.")
  var closed = false

  @Option(
    help: ArgumentHelp(
      "A further name under which the server is asked. May be given several times.",
      valueName: "name"))
  var allowedHost: [String] = []

  @OptionGroup var globals: GlobalOptions

  func run(_ session: Session) async throws {
    guard (0...65_535).contains(port) else {
      throw Failure.usage("--port \(port) is no port", help: "a number from 0 to 65535")
    }
    var options = AnnalsServer.Options()
    (options.host, options.port) = (host, port)
    (options.allowedHosts, options.isReadingClosed) = (allowedHost, closed)
    options.program = Version.program
    if let tokens { options.tokens = try Self.tokens(in: tokens) }
    if closed && options.tokens.isEmpty {
      throw Failure.usage(
        "--closed needs a token file: without tokens, no client can read",
        help: "name the file:  --tokens FILE")
    }
    System.failOnBrokenPipe()
    if demo {
      try await DemoStore.use { store in try await serve(store, options, session) }
    } else {
      try await session.withStore(serving: true) { store in
        try await serve(store, options, session)
      }
    }
  }

  private func serve(
    _ store: Store, _ options: AnnalsServer.Options, _ session: Session
  ) async throws {
    var logger = Logger(label: "annals") { _ in
      JSONLogHandler { System.emit($0, to: System.standardError) }
    }
    logger.logLevel = session.terminal.isQuiet ? .error : .info
    let server = try await AnnalsServer(store: store, options: options, logger: logger)
    do {
      try await server.run { [host, open] port in
        let name = host.contains(":") ? "[\(host)]" : host == "0.0.0.0" ? "127.0.0.1" : host
        let address = "http://\(name):\(port)"
        System.emit(Array("\(address)/\n".utf8), to: System.standardOutput)
        if open { Browser.show("\(address)/") }
      }
    } catch  where !(error is CancellationError) {
      if Failure(error).problems.first?.code != .internal { throw error }
      throw Failure([
        Problem(
          .storeIO, "cannot listen on \(host):\(port): \(error)",
          help: "choose another port:  --port 0  takes any free one")
      ])
    }
  }

  /// Reads the token file. Refuses a file that other users may read.
  private static func tokens(in path: String) throws -> Tokens {
    let bytes = try Session.contents(of: path)
    let descriptor = try System.open(path)
    defer { System.closeFile(descriptor) }
    if System.isOpenToOthers(descriptor) {
      throw Problem(
        .badConfiguration, "other users may read \(path), and could use its tokens",
        help: "chmod 600 \(path)")
    }
    return try Tokens(parsing: bytes, file: path)
  }
}

/// The shipped record in a store of its own, which is removed at the end.
enum DemoStore {
  static func use<Result>(_ body: (Store) async throws -> Result) async throws -> Result {
    let folder = System.environment("TMPDIR") ?? "/tmp"
    let path = "\(folder)/annals-demo-\(System.processID).annals"
    defer { for suffix in ["", "-wal", "-shm", ".lock"] { System.remove(path + suffix) } }
    let log = try await SQLiteEventLog.create(at: path, options: StoreAccess.servingOptions([]))
    let store = Store(log: log)
    let inputs = ShippedRecord.files.map { MemoryInput($0.bytes, name: $0.name) }
    do {
      _ = try await store.append(
        inputs, options: AppendOptions(recorder: "annals", note: "shipped with annals"))
      let result = try await body(store)
      await log.close()
      return result
    } catch {
      await log.close()
      throw error
    }
  }
}
#endif
