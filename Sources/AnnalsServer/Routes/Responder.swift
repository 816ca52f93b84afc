#if Serve
import Annals
import AnnalsAnswers
import EventLog
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1

/// Answers requests: lets them in, finds the route, and turns errors into problem documents.
struct Responder: HTTPResponder {
  typealias Context = BasicRequestContext

  let server: ServerContext

  func respond(to request: Request, context: Context) async throws -> Response {
    let start = ContinuousClock.now
    let isHead = request.method == .head
    guard server.metrics.begin(limit: server.limits.requests) else {
      return Self.reply(to: tooManyRequests, server).response(isHead: isHead)
    }
    let reply = await reply(to: request)
    let duration = ContinuousClock.now - start
    let seconds =
      Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
    server.metrics.end(
      method: request.method.rawValue, status: reply.status.code, seconds: seconds)
    // The query may hold private texts, such as names. The path holds none.
    context.logger.info(
      "request",
      metadata: [
        "method": "\(request.method.rawValue.prefix(16))",
        "path": "\(Self.shown(request.head.path ?? ""))",
        "status": "\(reply.status.code)", "milliseconds": "\(Int(seconds * 1000))",
      ])
    return reply.response(isHead: isHead)
  }

  private func reply(to request: Request) async -> Reply {
    do {
      return try await answer(to: request)
    } catch {
      return PageRoutes.refusal(error, of: request.head, server) ?? Self.reply(to: error, server)
    }
  }

  private func answer(to request: Request) async throws -> Reply {
    let holder = try server.gate.holder(of: request.head)
    let target = try RequestTarget(request.head.path ?? "")
    let found = Route.served.routes(of: target.path)
    guard !found.isEmpty else { throw unknown(target) }
    let method = request.method == .head ? .get : request.method
    guard let (route, variables) = found.first(where: { $0.route.method == method }) else {
      let allowed = Self.methods(found.map(\.route.method))
      if method == .options {
        return Reply(.bytes([]), .text, status: .noContent, headers: [.allow: allowed])
      }
      var reply = Self.reply(
        to: Problem(
          .methodNotAllowed, "\(target.rawPath) does not take \(request.method.rawValue)",
          help: "it takes \(allowed)"), server)
      reply.headers[.allow] = allowed
      return reply
    }
    if !route.isOpen { try server.gate.check(holder, for: route.scope) }
    let limit = holder == nil ? server.limits.bodyWithoutToken : server.limits.body
    let call = Call(
      target: target, headers: request.headers, askedHost: request.head.authority,
      isHead: request.method == .head,
      variables: variables, holder: holder,
      server: server,
      body: { try await body(of: request, upTo: limit) })
    if route.isPinned { return try await route.answer(call) }
    return try await call.inTime { try await route.answer(call) }
  }

  /// The whole body. The request does not count as work while the server waits for the body.
  private func body(of request: Request, upTo limit: Int) async throws -> [UInt8] {
    let declared = request.headers[.contentLength].flatMap { Int($0) } ?? 0
    guard declared <= limit else { throw Self.tooLarge(limit) }
    server.metrics.awaitBody()
    let body = await Self.collected(request.body, upTo: limit)
    guard server.metrics.haveBody(limit: server.limits.requests) else { throw tooManyRequests }
    return try body.get()
  }

  private static func collected(
    _ body: RequestBody, upTo limit: Int
  ) async -> Result<[UInt8], any Error> {
    do {
      return .success(Array(try await body.collect(upTo: limit).readableBytesView))
    } catch is NIOTooManyBytesError {
      return .failure(tooLarge(limit))
    } catch is HTTPParserError {
      return .failure(
        Problem(.badRequest, "the body is cut off, or is not in the form that its headers say"))
    } catch {
      return .failure(error)
    }
  }

  private var tooManyRequests: Problem {
    Problem(.tooManyRequests, "the server works on \(server.limits.requests) requests already")
  }

  private func unknown(_ target: RequestTarget) -> Problem {
    Problem(
      .noResource, "nothing is served at \(target.rawPath)",
      suggestion: Suggestion.nearest(to: target.rawPath, among: Route.served.paths.sorted()))
  }

  private static func tooLarge(_ limit: Int) -> Problem {
    Problem(.bodyTooLarge, "the body has more than \(limit.grouped) bytes")
  }

  private static func methods(_ methods: [HTTPRequest.Method]) -> String {
    var names = methods.map(\.rawValue)
    if names.contains("GET") { names.append("HEAD") }
    return Set(names + ["OPTIONS"]).sorted().joined(separator: ", ")
  }

  /// The path without its query, cut.
  private static func shown(_ target: String) -> String {
    String(target.prefix { $0 != "?" }.prefix(200))
  }

  /// A problem document. What only the server's owner should know is not told: files and causes of a
  /// fault of the store are in the log.
  static func reply(to error: any Error, _ server: ServerContext) -> Reply {
    let failure = Failure(error)
    let document = ProblemDocument(failure, face: .http)
    for problem in failure.problems.prefix(1) { server.metrics.rejected(problem.code.rawValue) }
    var headers: HTTPFields = [:]
    headers[.contentType] = ProblemDocument.mediaType
    if document.status == 401 { headers[.wwwAuthenticate] = "Bearer realm=\"record\"" }
    if [429, 503].contains(document.status) { headers[.retryAfter] = "1" }
    return Reply(
      .bytes(Array((JSONWriter.pretty(document.json) + "\n").utf8)), .json,
      status: HTTPResponse.Status(code: document.status), headers: headers)
  }
}
#endif
