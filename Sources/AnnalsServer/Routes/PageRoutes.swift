#if Serve
import Annals
import AnnalsAnswers
import AnnalsPages
import Crypto
import EventLog
import HTTPTypes

/// The pages for people, and what they load.
enum PageRoutes {
  static var all: [Route] {
    [home, topic, explorer, cite, embed, saved, feed, event, times, style, script, icon]
      + VotePageRoutes.all + RecordPageRoutes.all + WritingPageRoutes.all
  }

  /// A page: made when it is asked for, and kept as long as the log stands where it does.
  static func page(
    _ path: String, _ id: String, _ summary: String, isFrozen: Bool = false,
    _ make: @escaping @Sendable (Call, PageContext) async throws -> Page
  ) -> Route {
    document(path, id, summary, isFrozen: isFrozen) { call, context in
      html(try await make(call, context), context)
    }
  }

  /// A page or a file made from one. `refusal` tells of problems with the request.
  static func document(
    _ path: String, _ id: String, _ summary: String, isFrozen: Bool = false,
    type: MediaType = .html,
    _ make: @escaping @Sendable (Call, PageContext) async throws -> Reply
  ) -> Route {
    Route(.get, path, isPinned: true, Operation(id: id, summary: summary, offered: [type])) {
      call in
      try await PagePin(call, isFrozen: isFrozen).reply(call) {
        try await make(call, context(call))
      }
    }
  }

  static func context(_ call: Call) -> PageContext {
    context(call.holder, call.server, origin: call.origin)
  }

  static func context(
    _ holder: Tokens.Holder?, _ server: ServerContext, origin: String = ""
  ) -> PageContext {
    PageContext(
      store: server.store, writer: holder?.name, takesTokens: !server.gate.tokens.isEmpty,
      program: server.program, origin: origin)
  }

  /// A page as a reply. Nothing of another site runs in it or is loaded by it.
  static func html(_ page: Page, _ context: PageContext) -> Reply {
    var reply = Reply.text(page.document(context), .html)
    reply.status = HTTPResponse.Status(code: page.status)
    reply.headers[.contentSecurityPolicy] =
      "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
      + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    return reply
  }

  // MARK: Pages

  private static var home: Route {
    page("/", "page-home", "Topics, and what changed last.") { call, context in
      try call.refuseQuery()
      return try await TopicPages.home(context)
    }
  }

  private static var topic: Route {
    page("/topics/{topic}", "page-topic", "Where everybody stands on a topic.") { call, context in
      var read = QuestionReader(call.filled, of: [.on, .knownBy], face: .page)
      let viewpoint = read.viewpoint(on: read.moment(), rule: .latest2)
      try read.finish()
      return try await TopicPages.topic(
        call.variables[0], viewpoint, moments(call), context)
    }
  }

  private static var explorer: Route {
    page("/s/{actor}/{topic}", "page-explorer", "Where an actor stands, since when, and why.") {
      call, context in
      try await ExplorerPage.page(try question(call, isFrozen: false), context)
    }
  }

  /// The page that a citation leads to: the same bytes as long as the record exists.
  private static var cite: Route {
    page("/cite/{actor}/{topic}", "page-cite", "A stance as it is cited.", isFrozen: true) {
      call, context in
      let question = try question(call, isFrozen: true)
      guard question.moments.on != nil, question.moments.knownBy != nil else {
        throw Problem(
          .usage, "a citation names both moments",
          help: "add  \(option: "on", "DAY")  and  \(option: "known-by", "#POSITION")")
      }
      return try await ExplorerPage.page(question, context)
    }
  }

  /// The answer and the picture in a frame of another site's page.
  private static var embed: Route {
    document("/embed/{actor}/{topic}", "page-embed", "A stance, for a frame in another page.") {
      call, context in
      let question = try question(call, isFrozen: false)
      let page = try await ExplorerPage.embedded(question, context)
      var reply = html(page, context)
      reply.body = .bytes(Array(page.frame(context).utf8))
      reply.headers[.contentSecurityPolicy] = reply.headers[.contentSecurityPolicy]?
        .replacing("frame-ancestors 'none'", with: "frame-ancestors *")
      reply.headers[.crossOriginResourcePolicy] = "cross-origin"
      return reply
    }
  }

  /// The explorer as one file that works with the network off.
  private static var saved: Route {
    document(
      "/saved/{actor}/{topic}", "page-saved", "A stance as one file, for use without network."
    ) {
      call, context in
      var offline = context
      offline.links = .files(FileSite(), depth: 0)
      let question = try question(call, isFrozen: false)
      let page = try await ExplorerPage.page(question, offline)
      var reply = Reply.text(page.saved(offline), .html)
      reply.headers[.contentSecurityPolicy] = "sandbox"
      reply.headers[.contentDisposition] = "attachment; filename=\"annals.html\""
      return reply
    }
  }

  private static var feed: Route {
    let parameters = [
      Parameter("actor", .text, "The actor.", example: "USA"),
      Parameter("topic", .text, "The topic.", example: "ukraine-integrity"),
      Parameter("only", .choice(["corrections"]), "Corrections of the record alone."),
    ]
    return document("/feed", "feed", "What is new, as an Atom feed.", type: .atom) {
      call, context in
      var read = QuestionReader(call.filled, of: parameters, face: .page)
      let (actor, topic, only) = (read.text("actor"), read.text("topic"), read.text("only"))
      if actor == nil, topic != nil || only == nil {
        read.contradict("a feed needs \(read.name("actor")), or \(read.name("only"))")
      }
      try read.finish()
      let subject: Feeds.Subject =
        if let actor { topic.map { .stance(actor: actor, topic: $0) } ?? .actor(actor) } else {
          .corrections
        }
      var reply = Reply.text(
        try await Feeds.document(subject, base: call.origin, context), .atom)
      reply.headers[.contentType] = "application/atom+xml; charset=utf-8"
      return reply
    }
  }

  private static func question(
    _ call: Call, isFrozen: Bool
  ) throws -> ExplorerPage.Question {
    let parameters = [.on, .knownBy, .lineRule] + Parameter.leaveOut
    var read = QuestionReader(call.filled, of: parameters, face: .page)
    let rule = read.rule(among: Rule.ofLines) ?? .latest2
    let viewpoint = read.viewpoint(on: read.moment(), rule: rule)
    try read.finish()
    return ExplorerPage.Question(
      actor: call.variables[0], topic: call.variables[1], viewpoint: viewpoint,
      moments: moments(call), isFrozen: isFrozen)
  }

  /// The two moments of the query, as written.
  static func moments(_ call: Call) -> Moments {
    func value(_ name: String) -> String? { call.filled.first { $0.name == name }?.text }
    return Moments(on: value("on"), knownBy: value("known_by"))
  }

  private static var event: Route {
    page("/facts/{event}", "page-event", "One event, its corrections and its proof.") {
      call, context in
      var read = QuestionReader(call.filled, of: [.knownBy], face: .page)
      let knownBy = read.state()
      try read.finish()
      return try await EventPage.page(
        try Value.event(call.variables[0]), knownBy: knownBy, context)
    }
  }

  private static var times: Route {
    page("/time", "page-times", "The two times, explained.") { call, context in
      try call.refuseQuery()
      return PlainPages.times(context)
    }
  }

  // MARK: What pages load

  private static var style: Route { asset("/assets/style.css", "get-style", .css, Asset.style) }
  private static var script: Route { asset("/assets/app.js", "get-script", .script, Asset.script) }

  private static var icon: Route { asset("/assets/icon.svg", "get-icon", .svg, Asset.icon) }

  private static func asset(
    _ path: String, _ id: String, _ type: MediaType, _ bytes: [UInt8]
  ) -> Route {
    let tag = "\"\(Array(SHA256.hash(data: bytes).prefix(8)).hexDigits)\""
    return Route(
      .get, path, isOpen: true,
      Operation(id: id, summary: "What the pages load.", offered: [type])
    ) { call in
      let isKnown = call.headers[.ifNoneMatch] == tag
      var reply = Reply(.bytes(isKnown ? [] : bytes), type, status: isKnown ? .notModified : .ok)
      reply.headers[.eTag] = tag
      reply.headers[.cacheControl] = "max-age=300"
      return reply
    }
  }
}

extension Call {
  /// The values of the query that are not empty: a form sends its empty fields too.
  var filled: [QuestionReader.Item] { items.filter { !$0.text.isEmpty } }
}

/// What a page depends on: its address, the end of the log, the day, and who asks.
private struct PagePin {
  private let key: [UInt8]
  private let tag: String
  private let isFrozen: Bool

  init(_ call: Call, isFrozen: Bool) async throws {
    let state = try await call.server.record.state()
    var parts = [
      call.server.program, call.origin, call.target.rawPath, "\(state.erasures)",
    ]
    if !isFrozen { parts += ["\(state.head)", "\(Instant.now().day)", call.holder?.name ?? ""] }
    parts += call.target.query.flatMap { [$0.name, $0.text] }
    key = AnswerCache.key(parts)
    tag = "\"\(Array(key.prefix(8)).hexDigits)\""
    self.isFrozen = isFrozen
  }

  func reply(
    _ call: Call, _ make: @escaping @Sendable () async throws -> Reply
  ) async throws -> Reply {
    var reply: Reply
    if call.headers[.ifNoneMatch] == tag {
      reply = Reply(.bytes([]), .html, status: .notModified)
    } else if let known = call.server.cache.reply(for: key) {
      reply = known
    } else {
      reply = try await call.inTime(make)
      if reply.status == .ok { call.server.cache.keep(reply, for: key) }
      if reply.status != .ok { return reply }
    }
    reply.headers[.eTag] = tag
    reply.headers[.vary] = "Cookie, Authorization"
    // Where reading needs a token, a copy belongs to the reader alone.
    let whose = call.server.gate.isReadingClosed ? "private" : "public"
    reply.headers[.cacheControl] = isFrozen ? "\(whose), max-age=31536000, immutable" : "no-cache"
    return reply
  }
}
#endif
