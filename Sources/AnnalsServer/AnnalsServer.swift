#if Serve
public import Annals
import EventLog
import HTTPTypes
import Hummingbird
import HummingbirdCore
public import Logging
import NIOCore
import ServiceLifecycle
import UnixSignals

/// Serves one store over HTTP.
public struct AnnalsServer: Sendable {
  /// Where the server listens, and who may ask it.
  public struct Options: Sendable {
    public var host = "127.0.0.1"
    /// 0 for any free port.
    public var port = 7464
    public var tokens = Tokens()
    /// Further names under which the server is asked, beside localhost and the host itself.
    public var allowedHosts: [String] = []
    /// Whether reading needs a token, too.
    public var isReadingClosed = false
    public var limits = ServerLimits()
    /// Name and version of the program.
    public var program = "annals"

    public init() {}
  }

  private let context: ServerContext
  private let options: Options
  private let logger: Logger

  public init(store: Store, options: Options, logger: Logger) async throws {
    let hosts = ["localhost", "127.0.0.1", "[::1]", options.host] + options.allowedHosts
    let gate = Gate(
      tokens: options.tokens, hosts: Set(hosts.map { $0.lowercased() }),
      isReadingClosed: options.isReadingClosed)
    let first = try await store.log.events(at: [Position(1)])[0]
    context = ServerContext(
      store: store, record: RecordWatch(store.log), gate: gate, metrics: Metrics(),
      cache: AnswerCache(), program: options.program,
      limits: options.limits,
      logName: "urn:annals:" + (first?.id.description ?? "empty"))
    self.options = options
    self.logger = logger
  }

  /// Serves until the process gets SIGTERM or SIGINT; open streams are ended then. `isListening` is
  /// told the port.
  public func run(_ isListening: @escaping @Sendable (Int) async -> Void) async throws {
    var configuration = ApplicationConfiguration(
      address: .hostname(options.host, port: options.port), serverName: nil)
    configuration.availableConnectionsDelegate = MaximumAvailableConnections(
      options.limits.connections)
    let channel = HTTP1Channel.Configuration(
      additionalChannelHandlers: [ConnectionEnd.Setup()], idleTimeout: .seconds(60),
      httpDecoderConfiguration: .init(
        maxHeaderFieldSize: 16 << 10, maxHeaderListSize: 32 << 10, maxHeaderFieldCount: 100))
    let application = Application(
      responder: Responder(server: context), server: .http1(configuration: channel),
      configuration: configuration,
      onServerRunning: { channel in await isListening(channel.localAddress?.port ?? 0) },
      logger: logger)
    var group = ServiceGroupConfiguration(
      services: [application], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
    // A client may read nothing of its answer, or send a body one byte a minute.
    group.maximumGracefulShutdownDuration = .seconds(3)
    try await ServiceGroup(configuration: group).run()
  }
}
#endif
