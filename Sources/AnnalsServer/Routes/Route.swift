#if Serve
import Annals
import AnnalsAnswers
import EventLog
import HTTPTypes
import NIOCore

/// A request as a route sees it: decoded, and let in.
struct Call: Sendable {
  let target: RequestTarget
  let headers: HTTPFields
  /// The host and the port that the request names.
  let askedHost: String?
  /// Whether only the headers are sent.
  let isHead: Bool
  /// The variable segments of the path.
  let variables: [String]
  let holder: Tokens.Holder?
  let server: ServerContext
  /// The body; throws `.bodyTooLarge` for one that is longer than the server takes.
  let body: @Sendable () async throws -> [UInt8]

  var store: Store { server.store }

  /// Makes an answer, and gives up when that takes longer than the server allows.
  func inTime(_ make: @escaping @Sendable () async throws -> Reply) async throws -> Reply {
    try await server.deadlines.within(seconds: server.limits.seconds, make)
  }

  /// The values of the query that are not about the form of the answer.
  var items: [QuestionReader.Item] { target.query.filter { $0.name != "format" } }

  /// The media type to answer in: by the parameter `format`, or else by the header Accept.
  func type(offered: [MediaType]) throws(Problem) -> MediaType {
    let named = target.query.filter { $0.name == "format" }
    guard let format = named.first?.text else {
      return try MediaType.negotiated(headers[.accept], offered: offered)
    }
    let known = MediaType.named.filter { offered.contains($0.type) }
    guard named.count == 1, let found = known.first(where: { $0.name == format }) else {
      throw Problem(
        .usage, "format \"\(format)\" is no form of this answer",
        help: "one of \(known.map(\.name).joined(separator: ", "))",
        suggestion: Suggestion.nearest(to: format, among: known.map(\.name)))
    }
    return found.type
  }
}

/// One method of one path.
struct Route: Sendable {
  /// The interface for programs, which is described to them.
  static let all =
    QuestionRoutes.all + ReportRoute.all + EventRoutes.all + StreamRoute.all + CareRoutes.all
    + AssistantRoutes.all

  /// The pages for people, and what these load.
  static let pages = PageRoutes.all

  /// All paths: the interface for programs that `all` is, and the pages for people.
  static let served = RouteTable(all + pages)

  /// Segments of a path; `{name}` stands for any one.
  let path: String
  fileprivate let segments: [Substring]
  let method: HTTPRequest.Method
  /// The scope that a token needs.
  let scope: Tokens.Scope
  /// Whether it answers everybody even where reading needs a token: so that one can sign in.
  let isOpen: Bool
  /// Whether its answers are pinned: the server then bounds the time in which one is made, and gives one
  /// that it has at once.
  let isPinned: Bool
  let operation: Operation
  let answer: @Sendable (Call) async throws -> Reply

  init(
    _ method: HTTPRequest.Method, _ path: String, scope: Tokens.Scope = .read,
    isOpen: Bool = false, isPinned: Bool = false, _ operation: Operation,
    _ answer: @escaping @Sendable (Call) async throws -> Reply
  ) {
    self.method = method
    self.path = path
    segments = path.split(separator: "/")
    self.scope = scope
    self.isOpen = isOpen
    self.isPinned = isPinned
    self.operation = operation
    self.answer = answer
  }

  /// The variable segments of a path that fits; nil for one that does not.
  func variables(in path: [String]) -> [String]? {
    guard segments.count == path.count else { return nil }
    var variables: [String] = []
    for (segment, given) in zip(segments, path) {
      if segment.hasPrefix("{") {
        variables.append(given)
      } else if segment != given[...] {
        return nil
      }
    }
    return variables
  }
}

/// Finds the routes of a path.
struct RouteTable: Sendable {
  /// The paths that are served.
  let paths: Set<String>
  /// Routes without a variable segment, by their segments; and the others, by the number of these.
  private var fixed: [[String]: [Route]] = [:]
  private var variable: [Int: [Route]] = [:]

  init(_ routes: [Route]) {
    paths = Set(routes.map(\.path))
    for route in routes {
      if route.path.contains("{") {
        variable[route.segments.count, default: []].append(route)
      } else {
        fixed[route.segments.map { String($0) }, default: []].append(route)
      }
    }
  }

  /// The routes of a path, one for each method, with its variable segments. A path without variables goes
  /// before one with them.
  func routes(of path: [String]) -> [(route: Route, variables: [String])] {
    (fixed[path] ?? []).map { ($0, []) }
      + (variable[path.count] ?? []).compactMap { route in
        route.variables(in: path).map { (route, $0) }
      }
  }
}

/// What the interface description says of a route.
struct Operation: Sendable {
  let id: String
  let summary: String
  var parameters: [Parameter] = []
  /// The ids of the schemas of its answers, for JSON.
  var schemas: [String] = []
  var offered: [MediaType] = [.json]
  /// Media types of the body that it takes.
  var body: [String] = []
  var success = 200
  /// Further statuses, beside those that every route has.
  var failures: [Int] = []
}

/// What all routes share.
struct ServerContext: Sendable {
  let store: Store
  let record: RecordWatch
  let gate: Gate
  let metrics: Metrics
  let cache: AnswerCache
  let deadlines = Deadlines()
  let program: String
  let limits: ServerLimits
  /// The log, as the source of CloudEvents.
  let logName: String
}

/// Bounds on what one client can ask of the server.
public struct ServerLimits: Sendable {
  /// The longest body, in bytes.
  public var body = 8 << 20
  /// The same for a client without a token, who can write nothing.
  public var bodyWithoutToken = 256 << 10
  /// Connections at the same time.
  public var connections = 512
  /// Requests that are worked on at the same time; streams are not counted.
  public var requests = 64
  /// Streams at the same time.
  public var streams = 128
  /// How long an answer may take, in seconds.
  public var seconds = 30

  public init() {}
}
#endif
