#if Serve
import EventLog
import Foundation
import Testing

@Suite struct SessionPageTests {
  private static let form = "application/x-www-form-urlencoded"

  private func signIn(
    _ server: LocalServer, _ fields: [(String, String)], _ headers: [String: String] = [:]
  ) async throws -> LocalServer.Answer {
    try await server.post(
      "/session", SignedIn.body(fields), type: Self.form, token: nil, headers)
  }

  @Test func one_signs_in_with_a_token_and_out_again() async throws {
    let server = try await LocalServer()
    let signedIn = try await signIn(
      server, [("token", " \(LocalServer.anasToken)\n"), ("back", "/facts/249?known_by=%23300")])
    #expect(signedIn.status == 303)
    #expect(signedIn.headers["location"] == "/facts/249?known_by=%23300")
    let cookie = signedIn.headers["set-cookie"] ?? ""
    #expect(cookie.hasPrefix("annals_token=\(LocalServer.anasToken); "))
    for part in ["HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=43200"] {
      #expect(cookie.contains("; \(part)"))
    }
    #expect(!cookie.contains("Secure"))
    let behindProxy = try await signIn(
      server, [("token", LocalServer.anasToken)], ["X-Forwarded-Proto": "https"])
    #expect(behindProxy.headers["set-cookie"]?.hasSuffix("; Secure") == true)

    let browser = SignedIn(server: server)
    let page = try await browser.get("/session")
    #expect(page.body.contains("Signed in as Ana Sousa") && page.body.contains("Sign out"))
    #expect(try await browser.get("/").body.contains("signed in as Ana Sousa"))
    let out = try await browser.send("/session", [("sign_out", "true")])
    #expect(out.status == 303 && out.headers["set-cookie"]?.contains("Max-Age=0") == true)
    #expect(await server.stop() == 0)
  }

  @Test func a_wrong_token_and_a_page_elsewhere_are_refused() async throws {
    let server = try await LocalServer()
    let wrong = try await signIn(server, [("token", "<script>alert(1)</script>")])
    #expect(wrong.status == 401 && wrong.headers["set-cookie"] == nil)
    #expect(wrong.body.contains("does not know the token") && !wrong.body.contains("alert(1)"))
    for back in ["//evil.example", "https://evil.example", "/\\evil.example", "/a\r\nX: y", "x"] {
      let told = try await signIn(server, [("token", LocalServer.anasToken), ("back", back)])
      #expect(told.status == 303 && told.headers["location"] == "/", "\(back)")
    }
    let page = try await server.get("/session?back=/x%22%20onmouseover=%22y")
    #expect(!page.body.contains("onmouseover"))
    // A cookie that is not valid any more hides nothing, and does not keep one from signing in.
    let stale = SignedIn(server: server, token: "stale-0123456789abcdef")
    #expect(try await stale.get("/record/new").body.contains("You are not signed in"))
    let again = try await stale.send("/session", [("token", LocalServer.anasToken)])
    #expect(again.status == 303 && again.headers["set-cookie"] != nil)
    #expect(await server.stop() == 0)
  }

  @Test func where_reading_needs_a_token_one_can_still_sign_in() async throws {
    let server = try await LocalServer("--closed")
    let closed = try await server.get("/topics/ukraine-integrity", ["Accept": "text/html"])
    #expect(closed.status == 401)
    #expect(closed.body.contains("href=\"/session?back=/topics/ukraine-integrity\""))
    #expect(try await server.get("/session").status == 200)
    #expect(try await server.get("/assets/style.css").status == 200)
    let reader = SignedIn(server: server, token: "reader-0123456789abcdef")
    #expect(try await reader.get("/topics/ukraine-integrity").status == 200)
    #expect(await server.stop() == 0)
  }
}
#endif
