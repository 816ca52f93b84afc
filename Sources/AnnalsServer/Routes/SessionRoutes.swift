#if Serve
import Annals
import AnnalsAnswers
import AnnalsPages
import HTTPTypes

/// Signing in with a token, and out again.
enum SessionRoutes {
  static var all: [Route] { [show, change] }

  private static let back = Parameter("back", .text, "The page to come back to.")

  private static var show: Route {
    Route(
      .get, "/session", isOpen: true,
      Operation(
        id: "page-session", summary: "Who is signed in.", parameters: [back], offered: [.html])
    ) { call in
      let given = call.filled.first { $0.name == "back" }?.text
      let page = SessionPage.page(
        scope: call.holder?.scope.rawValue, back: Self.path(given), PageRoutes.context(call))
      return PageRoutes.form(page, PageRoutes.context(call))
    }
  }

  private static var change: Route {
    Route(
      .post, "/session", isOpen: true,
      Operation(
        id: "page-sign-in", summary: "Sign in, or out.", offered: [.html], body: [Call.formType],
        success: 303)
    ) { call in
      let items = try await call.form(["token", "back", "sign_out"])
      func value(_ name: String) -> String? { items.first { $0.name == name }?.text }
      let back = Self.path(value("back"))
      if value("sign_out") != nil {
        return reply(SessionCookie.setting(nil, isSecure: call.isSecure), back)
      }
      let token = value("token")?.filter { !$0.isWhitespace } ?? ""
      guard call.server.gate.tokens.holder(of: token) != nil else {
        let fault = Problem(
          .unauthorized,
          token.isEmpty ? "no token was sent" : "this server does not know the token",
          help: "write the token as it was given to you")
        let context = PageRoutes.context(nil, call.server)
        return PageRoutes.form(
          SessionPage.page(scope: nil, back: back, fault: fault, context), context)
      }
      return reply(SessionCookie.setting(token, isSecure: call.isSecure), back)
    }
  }

  private static func reply(_ cookie: String, _ path: String) -> Reply {
    var reply = PageRoutes.seeOther(path)
    reply.headers[.setCookie] = cookie
    return reply
  }

  /// A path on this server, as it was given; the first page for anything else. A browser reads `//` and
  /// `/\` at the beginning as the name of another server.
  static func path(_ text: String?) -> String {
    guard let text, text.hasPrefix("/"), !text.hasPrefix("//"),
      text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\\") })
    else { return "/" }
    return text
  }
}
#endif
