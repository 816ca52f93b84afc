#if Serve
import Annals
import AnnalsAnswers
import EventLog
import HTTPTypes

/// Reading and appending events.
enum EventRoutes {
  private static let base = QuestionRoutes.base + "/events"

  static var all: [Route] { [list, append, correct, retract, export] }

  // MARK: Reading

  private static let offered: [MediaType] = [.json, .ndjson, .jsonl, .csv, .tsv, .cloudEvents]

  /// A page of the log: `next` and `next_url` lead to the next one.
  private static var list: Route {
    let question = Question.log
    return Route(
      .get, base, isPinned: true,
      Operation(
        id: "list-events", summary: question.summary, parameters: question.parameters,
        schemas: question.schemas, offered: offered, failures: [404, 406])
    ) { call in
      let type = try call.type(offered: offered)
      let pin = try await Pin(question.name, question.parameters, call.items, type, call)
      return try await pin.reply(call) {
        let answer = try await question.asking(pin.items, face: .http)(call.store)
        guard let page = answer as? EntriesAnswer else {
          throw Problem(.internal, "the log answered with something else")
        }
        return try reply(page, type, call)
      }
    }
  }

  private static func reply(
    _ page: EntriesAnswer, _ type: MediaType, _ call: Call
  ) throws -> Reply {
    let next = nextURL(page, call)
    var reply: Reply
    switch type {
    case .json:
      guard case .object(var object) = page.json else { throw Problem(.internal, "no object") }
      object["next_url"] = next.map(JSON.string) ?? .null
      reply = .json(.object(object))
    case .cloudEvents:
      let events = page.entries.map { CloudEvent.json($0.fact.root, source: call.server.logName) }
      reply = Reply(.bytes(Array((JSONWriter.pretty(.array(events)) + "\n").utf8)), type)
    default: reply = .answer(page, as: type)
    }
    if let next { reply.headers[.link] = "<\(next)>; rel=\"next\"" }
    return reply
  }

  /// The next page shows the same state of the record, whatever is appended meanwhile.
  private static func nextURL(_ answer: EntriesAnswer, _ call: Call) -> String? {
    guard case .integer(let next)? = answer.question["next"] else { return nil }
    var items = call.target.query.filter { $0.name != "after" && $0.name != "known_by" }
    items.append((name: "after", text: "\(next)"))
    items.append((name: "known_by", text: "#\(answer.knownBy.position.rawValue)"))
    return base + "?"
      + items.map { "\(PercentEncoding.value($0.name))=\(PercentEncoding.value($0.text))" }
      .joined(separator: "&")
  }

  private static let exported = [
    Parameter("after", .position, "Only events behind this one.", example: "0"),
    Parameter("through", .position, "Only events up to this one.", example: "306"),
  ]

  /// The whole record in the import format.
  private static var export: Route {
    Route(
      .get, QuestionRoutes.base + "/export",
      Operation(
        id: "get-export", summary: "All events in the import format, one per line.",
        parameters: exported, offered: [.ndjson, .jsonl], failures: [406])
    ) { call in
      let type = try call.type(offered: [.ndjson, .jsonl])
      var reader = QuestionReader(call.items, of: exported, face: .http)
      let after = reader.position("after") ?? .start
      let through = reader.position("through")
      try reader.finish()
      let store = call.store
      let head = try await store.log.head().position
      let end = min(through ?? head, head)
      let erasures = try await store.log.erasures()
      return Reply(
        .stream { write in
          var position = after
          while position < end {
            let page = try await store.log.read(
              .all, in: EventRange(after: position, through: end, limit: 500))
            guard let last = page.last else { return }
            // Lines from before and after an erasure do not go together. A client sees that the
            // answer was cut off, and asks again.
            guard try await store.log.erasures() == erasures else {
              throw Problem(.inputChanged, "a payload was erased during the export")
            }
            try await write(page.flatMap { Store.exportLine($0) })
            position = last.position
          }
        }, type)
    }
  }

  // MARK: Appending

  private static let dryRun = Parameter(
    "dry_run", .flag, "Check everything and tell what would change; write nothing.")
  private static let bodies = [
    "application/json", "application/x-ndjson", "application/jsonl",
    "application/cloudevents+json", "application/cloudevents-batch+json",
  ]

  private static var append: Route {
    Route(
      .post, base, scope: .append,
      Operation(
        id: "append-events", summary: "Append events: all of them, or none.",
        parameters: [dryRun], schemas: ["receipt.v2"], body: bodies, success: 201,
        failures: [409, 412, 413, 415, 422])
    ) { call in
      let options = try options(call)
      let lines = try lines(try await call.body(), call.headers[.contentType])
      return try await receipt(call, options) { try await call.store.append(lines, options: $0) }
    }
  }

  private static var correct: Route {
    amendment("corrections", "Append a correction of an event.") { call, target, body, options in
      guard case .object(let changes)? = body["changes"], !changes.isEmpty else {
        throw Problem(
          .missingField, "changes is missing", pointer: "/changes",
          help: "an object of fields and their new values: {\"choice\": \"no\"}")
      }
      return try await call.store.correct(
        target, changes: changes.map { (path: $0, value: $1) }, sources: try sources(body),
        reason: try reason(body), options: options)
    }
  }

  private static var retract: Route {
    amendment("retractions", "Append the withdrawal of an event.") { call, target, body, options in
      var takesDependents = false
      if let value = body["with_dependents"] {
        guard case .bool(let given) = value else {
          throw Problem(
            .wrongType, "with_dependents is neither true nor false", pointer: "/with_dependents")
        }
        takesDependents = given
      }
      return try await call.store.retract(
        target, withDependents: takesDependents, sources: try sources(body),
        reason: try reason(body), options: options)
    }
  }

  private static func amendment(
    _ name: String, _ summary: String,
    _ write:
      @escaping @Sendable (Call, EventReference, JSONObject, AppendOptions) async throws
      -> WriteReport
  ) -> Route {
    Route(
      .post, "\(base)/{event}/\(name)", scope: .append,
      Operation(
        id: "append-\(name)", summary: summary, parameters: [dryRun], schemas: ["receipt.v2"],
        body: ["application/json"], success: 201, failures: [404, 409, 412, 413, 415, 422])
    ) { call in
      let options = try options(call)
      let target = try Value.event(call.variables[0])
      try requireType(call.headers[.contentType], among: ["application/json"])
      guard case .object(let body) = try json(try await call.body()) else {
        throw Problem(.wrongType, "the body is not a JSON object")
      }
      let known = [
        "reason", "sources", name == "corrections" ? "changes" : "with_dependents",
      ]
      for (field, _) in body where !known.contains(field) {
        throw Problem(
          .unknownField, "unknown field \"\(field)\"", pointer: "/\(field)",
          help: "fields: \(known.joined(separator: ", "))",
          suggestion: Suggestion.nearest(to: field, among: known))
      }
      return try await receipt(call, options) { try await write(call, target, body, $0) }
    }
  }

  private static func reason(_ body: JSONObject) throws(Problem) -> String {
    guard case .string(let reason)? = body["reason"], !reason.isEmpty else {
      throw Problem(
        .missingField, "reason is missing", pointer: "/reason", help: "say why, in a sentence")
    }
    return reason
  }

  private static func sources(_ body: JSONObject) throws(Problem) -> [JSON] {
    guard let value = body["sources"] else { return [] }
    guard case .array(let sources) = value else {
      throw Problem(.wrongType, "sources is not a list", pointer: "/sources")
    }
    return sources
  }

  /// Appends in the name of the token's holder, and answers with the receipt.
  private static func receipt(
    _ call: Call, _ options: AppendOptions,
    _ write: (AppendOptions) async throws -> WriteReport
  ) async throws -> Reply {
    let report = try await self.write(call, options, write)
    let isNew = report.appended > 0 && !report.isDryRun
    var reply = Reply.json(report.json, status: isNew ? .created : .ok)
    if isNew, report.receipts.count == 1, let receipt = report.receipts.first {
      reply.headers[.location] = "\(base)/\(receipt.position.rawValue)"
    }
    return reply
  }

  /// Appends, and counts what was appended.
  static func write(
    _ call: Call, _ options: AppendOptions,
    _ write: (AppendOptions) async throws -> WriteReport
  ) async throws -> WriteReport {
    let report = try await write(options)
    if !report.isDryRun { call.server.metrics.appended(report.appended) }
    return report
  }

  private static func options(_ call: Call) throws -> AppendOptions {
    var reader = QuestionReader(call.items, of: [dryRun], face: .http)
    let isDryRun = reader.flag("dry_run")
    try reader.finish()
    return try options(call, isDryRun: isDryRun)
  }

  /// The holder of the token is the recorder.
  static func options(_ call: Call, isDryRun: Bool) throws -> AppendOptions {
    guard let holder = call.holder else {
      throw Problem(.unauthorized, "this needs a token with the scope append")
    }
    var expected: Position?
    if let match = call.headers[.ifMatch] {
      let digits = match.filter { $0 != "\"" }
      guard let number = Int64(digits), number >= 0 else {
        throw Problem(
          .badRequest, "If-Match \(match) is no position",
          help: "the head that you know, in quotes: If-Match: \"62\"")
      }
      expected = Position(number)
    }
    return AppendOptions(recorder: holder.name, dryRun: isDryRun, expectedHead: expected)
  }

  // MARK: Bodies

  /// The body as lines of the import format.
  private static func lines(_ body: [UInt8], _ type: String?) throws -> [UInt8] {
    switch try requireType(type, among: bodies) {
    case "application/json":
      let value = try json(body)
      guard case .object = value else {
        throw Problem(
          .wrongType, "the body is not one event",
          help: "one JSON object; several events as application/x-ndjson, one per line")
      }
      return line(value)
    case "application/cloudevents+json": return line(try CloudEvent.line(try json(body)))
    case "application/cloudevents-batch+json":
      guard case .array(let events) = try json(body) else {
        throw Problem(.wrongType, "a batch of CloudEvents is a list")
      }
      var lines: [UInt8] = []
      var problems: [Problem] = []
      for (index, event) in events.enumerated() {
        do throws(Problem) {
          lines += line(try CloudEvent.line(event, at: "/\(index)"))
        } catch { if problems.count < 100 { problems.append(error) } }
      }
      if !problems.isEmpty { throw Problems(problems) }
      return lines
    default:
      guard body.contains(where: { !" \t\r\n".utf8.contains($0) }) else {
        throw Problem(.nothingToImport, "the body has no event")
      }
      return body
    }
  }

  private static func line(_ json: JSON) -> [UInt8] {
    Array((JSONWriter.compact(json) + "\n").utf8)
  }

  private static func json(_ body: [UInt8]) throws(Problem) -> JSON {
    do {
      return try JSON(parsing: body)
    } catch {
      throw Problem(error, in: body, file: nil)
    }
  }

  @discardableResult
  static func requireType(_ type: String?, among types: [String]) throws(Problem) -> String {
    let name = type?.split(separator: ";").first.map { $0.filter { $0 != " " }.lowercased() } ?? ""
    guard types.contains(name) else {
      throw Problem(
        .unsupportedMediaType,
        name.isEmpty ? "the header Content-Type is missing" : "\(name) cannot be read here",
        help: "one of \(types.joined(separator: ", "))")
    }
    return name
  }
}

extension HTTPField.Name {
  static let link = Self("Link")!
}
#endif
