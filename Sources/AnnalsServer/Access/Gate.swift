#if Serve
import Annals
import HTTPTypes

/// Decides which requests come in, by their headers.
struct Gate: Sendable {
  let tokens: Tokens
  /// Names under which the server may be asked, without ports: a page of another site cannot reach it
  /// by a name of its own.
  let hosts: Set<String>
  /// Whether reading needs a token.
  let isReadingClosed: Bool

  /// The holder of the request's token; nil for a request without a token, and for one whose cookie is
  /// not valid any more. Throws `.unauthorized` for an unknown token in the header Authorization,
  /// `.forbidden` for a host or an origin that is not the server's own.
  func holder(of request: HTTPRequest) throws(Problem) -> Tokens.Holder? {
    try checkHost(request)
    let isWriting = request.method != .get && request.method != .head
    if isWriting { try checkOrigin(request) }
    guard let header = request.headerFields[.authorization] else {
      guard let token = SessionCookie.token(in: request.headerFields) else { return nil }
      if isWriting { try requireOrigin(request) }
      return tokens.holder(of: token)
    }
    let words = header.split(separator: " ", omittingEmptySubsequences: true)
    guard words.count == 2, words[0].lowercased() == "bearer" else {
      throw Problem(.unauthorized, "the header Authorization has no bearer token")
    }
    guard let holder = tokens.holder(of: words[1]) else {
      throw Problem(.unauthorized, "the token is not known")
    }
    return holder
  }

  /// Throws if the holder's token does not have the scope.
  func check(_ holder: Tokens.Holder?, for scope: Tokens.Scope) throws(Problem) {
    if scope == .read && !isReadingClosed { return }
    guard let holder else {
      throw Problem(
        .unauthorized,
        tokens.isEmpty
          ? "this server has no token file, and only reads"
          : "this needs a token with the scope \(scope.rawValue)")
    }
    guard holder.scope >= scope else {
      throw Problem(
        .forbidden,
        "the token of \(holder.name) has the scope \(holder.scope.rawValue), and this needs "
          + scope.rawValue)
    }
  }

  private func checkHost(_ request: HTTPRequest) throws(Problem) {
    guard let authority = request.authority, !authority.isEmpty else {
      throw Problem(.badRequest, "the header Host is missing")
    }
    guard hosts.contains(Self.name(authority).lowercased()) else {
      throw Problem(
        .forbidden, "the server is not known as \(authority)",
        help: "ask it by its own address, or start it with  --allowed-host NAME")
    }
  }

  /// A browser says from which page a request comes; only the server's own pages may write. A browser
  /// that hides the origin sends `null`, and then says with Sec-Fetch-Site whether it is the same.
  private func checkOrigin(_ request: HTTPRequest) throws(Problem) {
    let site = request.headerFields[.secFetchSite]
    if let site, site != "same-origin", site != "none" {
      throw Problem(.forbidden, "a page of another site may not write here")
    }
    if let origin = request.headerFields[.origin], origin != "null" || site != "same-origin" {
      let own = request.authority.map { ["http://\($0)", "https://\($0)"] } ?? []
      guard own.contains(origin.lowercased()) else {
        throw Problem(.forbidden, "a page of \(origin) may not write here")
      }
    }
  }

  /// A browser sends the cookie with each request, also when a page of another site causes the request.
  /// So a request that writes, and has a cookie, must say that it comes from a page of this server.
  private func requireOrigin(_ request: HTTPRequest) throws(Problem) {
    if request.headerFields[.origin] != nil || request.headerFields[.secFetchSite] == "same-origin"
    {
      return
    }
    throw Problem(
      .forbidden, "the request does not say from which page it comes",
      help: "write with the header Authorization, or from a page of this server")
  }

  /// `127.0.0.1:7464` without its port; an IPv6 address keeps its brackets.
  private static func name(_ authority: String) -> Substring {
    if authority.hasPrefix("[") {
      return authority.firstIndex(of: "]").map { authority[...$0] } ?? authority[...]
    }
    return authority.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)[0]
  }
}

extension HTTPField.Name {
  static let secFetchSite = Self("Sec-Fetch-Site")!
}
#endif
