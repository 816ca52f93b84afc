#if Serve
import Annals
import AnnalsAnswers
import EventLog
import HTTPTypes

/// A route for each question that the record answers.
enum QuestionRoutes {
  /// Paths below this one are the interface for programs.
  static let base = "/api/v1"

  private static let offered: [MediaType] = [.json, .ndjson, .jsonl, .csv, .tsv]

  static var all: [Route] {
    Question.all.filter { !["log", "event"].contains($0.name) }.map { question in
      route("\(base)/\(question.name)", question, id: "get-\(question.name)") { $0.items }
    } + [
      route("\(base)/events/{event}", Question.event, id: "get-event", hiding: ["event"]) { call in
        call.items + [(name: "event", text: call.variables[0])]
      }
    ]
  }

  private static func route(
    _ path: String, _ question: Question, id: String, hiding: Set<String> = [],
    _ items: @escaping @Sendable (Call) -> [QuestionReader.Item]
  ) -> Route {
    Route(
      .get, path, isPinned: true,
      Operation(
        id: id, summary: question.summary,
        parameters: question.parameters.filter { !hiding.contains($0.name) },
        schemas: question.schemas, offered: offered, failures: [404, 406])
    ) { call in
      let type = try call.type(offered: offered)
      let items = items(call)
      let pin = try await Pin(question.name, question.parameters, items, type, call)
      return try await pin.reply(call) {
        .answer(try await question.asking(pin.items, face: .http)(call.store), as: type)
      }
    }
  }
}

/// What an answer depends on, as an entity tag; and whether it can ever change.
struct Pin: Sendable {
  /// The parameters with a fixed state of the record. An append during the computation does not change
  /// the answer.
  let items: [QuestionReader.Item]
  private let tag: String?
  private let isImmutable: Bool
  /// A hash of everything that the answer depends on.
  private let key: [UInt8]
  private let erasures: Int64

  /// Finds the state of the record that the question is about: the tag needs no answer.
  init(
    _ name: String, _ parameters: [Parameter], _ items: [QuestionReader.Item], _ type: MediaType,
    _ call: Call
  ) async throws {
    // Views change without an event, and the catalogue has no state.
    guard parameters.contains(where: { $0.name == "known_by" }) else {
      (self.items, tag, isImmutable, key, erasures) = (items, nil, false, [], 0)
      return
    }
    let now = Instant.now()
    let state = try await call.server.record.state()
    let head = state.head
    erasures = state.erasures
    let asked = items.filter { $0.name == "known_by" }.flatMap { item in
      item.text.utf8.contains(UInt8(ascii: "."))
        ? item.text.split(separator: "..") : [item.text[...]]
    }
    var positions: [Int64] = []
    var isPinned = !asked.isEmpty
    for text in asked {
      switch try? Moment.knownBy(text, now: now) {
      case .position(let position)?:
        positions.append(min(position, head).rawValue)
        // A position past the head stands for another state as soon as the log grows.
        if position > head { isPinned = false }
      case .instant(let instant)?:
        positions.append(try await call.store.log.position(recordedBy: instant).rawValue)
        isPinned = false
      // The question itself is refused, with all that is wrong with it.
      case nil: isPinned = false
      }
    }
    if asked.isEmpty { positions = [head.rawValue] }
    self.items =
      asked.isEmpty ? items + [(name: "known_by", text: "#\(head.rawValue)")] : items
    // Without a day of its own, a question may be about today.
    let isOfToday =
      parameters.contains { $0.name == "on" } && !items.contains { $0.name == "on" }
      || items.contains { Self.isOfToday($0.text) }
    let day = isOfToday ? CalendarDay(containing: now.microseconds / 1_000_000).description : ""
    isImmutable = isPinned && !isOfToday
    var parts = [
      call.server.program, name, type.rawValue, day, "\(erasures)", "\(positions.count)",
    ]
    parts += positions.map { "\($0)" }
    parts += items.filter { $0.name != "known_by" }.flatMap { [$0.name, $0.text] }
    key = AnswerCache.key(parts)
    tag =
      "\"\(positions.map { "\($0)" }.joined(separator: "-"))-\(Array(key.prefix(8)).hexDigits)\""
  }

  /// Whether a value may be a moment that is reckoned from today, or two of which one is.
  private static func isOfToday(_ text: String) -> Bool {
    ["today", "yesterday"].contains { word in
      text.utf8.starts(with: word.utf8)
        || text.utf8.suffix(word.utf8.count).elementsEqual(word.utf8)
    }
  }

  /// The answer: as it was given before, or made of `items`. A question that cannot be asked has no
  /// answer that was given before.
  func reply(
    _ call: Call, _ make: @escaping @Sendable () async throws -> Reply
  ) async throws -> Reply {
    let known = call.headers[.ifNoneMatch]?.split(separator: ",").map(\.trimmingSpaces) ?? []
    if let tag, known.contains(where: { $0 == tag || $0 == "W/" + tag }) { return unchanged }
    var reply = try await cached(call, make)
    if tag != nil, known.contains("*") { return unchanged }
    mark(&reply)
    return reply
  }

  /// The answer without the headers of `mark`: a pinned and an unpinned address share an answer, but not
  /// the header Cache-Control.
  private func cached(
    _ call: Call, _ make: @escaping @Sendable () async throws -> Reply
  ) async throws -> Reply {
    if tag == nil { return try await call.inTime(make) }
    let cache = call.server.cache
    if let known = cache.reply(for: key) { return known }
    let reply = try await call.inTime(make)
    // An erasure meanwhile may or may not have reached the answer.
    if try await call.server.record.state().erasures == erasures { cache.keep(reply, for: key) }
    return reply
  }

  /// The client has the answer already.
  private var unchanged: Reply {
    var reply = Reply(.bytes([]), .json, status: .notModified)
    mark(&reply)
    return reply
  }

  /// Adds the tag, and how long a copy may be kept.
  private func mark(_ reply: inout Reply) {
    reply.headers[.vary] = "Accept, Authorization"
    guard let tag else { return }
    reply.headers[.eTag] = tag
    reply.headers[.cacheControl] =
      isImmutable ? "public, max-age=31536000, immutable" : "no-cache"
    // A spreadsheet or a chart of another site may read an answer.
    if reply.type == .csv { reply.headers[.accessControlAllowOrigin] = "*" }
    // So may a page show a chart as a picture.
    let isShared = reply.type == .csv || reply.type == .svg
    reply.headers[.crossOriginResourcePolicy] = isShared ? "cross-origin" : "same-origin"
  }
}

extension Substring {
  fileprivate var trimmingSpaces: Substring {
    var text = self
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return text
  }
}
#endif
