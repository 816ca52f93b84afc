#if Serve
import Annals
import AnnalsAnswers
import AnnalsPages
import HTTPTypes

/// Replies with forms, and to forms.
extension PageRoutes {
  /// A page with a form that writes. A browser tells this server that the form is the server's own.
  static func form(_ page: Page, _ context: PageContext) -> Reply {
    var reply = html(page, context)
    reply.headers[.referrerPolicy] = "same-origin"
    reply.headers[.vary] = "Cookie"
    // A browser keeps what was typed when one comes back.
    reply.headers[.cacheControl] = "private, no-cache"
    return reply
  }

  /// A part of a page, for the script that puts it in place.
  static func fragment(_ part: HTML, status: Int = 200) -> Reply {
    var reply = Reply.text(part.markup, .html)
    reply.status = HTTPResponse.Status(code: status)
    return reply
  }

  /// Leads to another page, which the browser then asks for.
  static func seeOther(_ path: String) -> Reply {
    var reply = Reply(.bytes([]), .html, status: .seeOther)
    reply.headers[.location] = path
    return reply
  }

  /// A refusal as a page, where a page was asked for. Nil for programs, and for faults of the store,
  /// which are told alike to all.
  static func refusal(
    _ error: any Error, of request: HTTPRequest, _ server: ServerContext
  ) -> Reply? {
    guard isForPeople(request) else { return nil }
    let failure = Failure(error)
    let status = ProblemDocument(failure, face: .page).status
    guard status < 500, let first = failure.problems.first else { return nil }
    server.metrics.rejected(first.code.rawValue)
    let holder = (try? server.gate.holder(of: request)) ?? nil
    let context = context(holder, server)
    // A form is at the address to which it is sent.
    let asked = request.path ?? "/"
    let back = SessionRoutes.path(
      request.method == .get ? asked : String(asked.prefix { $0 != "?" }))
    var reply: Reply
    if request.headerFields[.fragment] != nil {
      let part = PlainPages.refusal(failure, status: status, back: back, context)
      reply = fragment(part, status: status)
    } else {
      reply = html(PlainPages.failure(failure, status: status, back: back, context), context)
    }
    if status == 401 { reply.headers[.wwwAuthenticate] = "Bearer realm=\"record\"" }
    return reply
  }

  /// Whether a browser asks for a page, or for something that is not there.
  private static func isForPeople(_ request: HTTPRequest) -> Bool {
    guard let target = try? RequestTarget(request.path ?? "") else { return false }
    if Route.pages.contains(where: { $0.variables(in: target.path) != nil }) { return true }
    let isServed = !Route.served.routes(of: target.path).isEmpty
    return !isServed && target.path.first != "api"
      && request.headerFields[.accept]?.contains("text/html") ?? false
  }
}

extension Call {
  /// Who looks at a page on which facts are recorded.
  var visitor: Visitor {
    guard let holder else { return .nobody }
    return holder.scope >= .append ? .editor(holder.name) : .reader(holder.name)
  }
}
#endif
