#if Serve
import EventLog
import Foundation
import Testing

@Suite struct RecordPageTests {
  private static let path = "/record/new/actor.named"
  private static let name = [("data.actor", "United States"), ("data.name", "Columbia")]
  private static let stance = [
    ("data.actor", "China"), ("data.topic", "ukraine-integrity"), ("data.level", "-1"),
    ("data.basis", "inferred"), ("data.assessor", "annals-editors"), ("on", "2025-03-02"),
    ("source", "kremlin-praises-us:p1"),
  ]

  @Test func nothing_is_written_from_elsewhere_or_without_a_token_that_may() async throws {
    let server = try await LocalServer()
    let (own, ana) = ("http://127.0.0.1:\(server.port)", "annals_token=\(LocalServer.anasToken)")
    let cases: [([String: String], Int)] = [
      (["Origin": own], 401),
      (["Origin": own, "Cookie": "annals_token=stale-0123456789abcdef"], 401),
      (["Origin": own, "Cookie": "annals_token=reader-0123456789abcdef"], 403),
      (["Cookie": ana], 403),
      (["Cookie": ana, "Origin": "https://evil.example"], 403),
      (["Cookie": ana, "Origin": "null"], 403),
      (["Cookie": ana, "Sec-Fetch-Site": "cross-site"], 403),
      (["Cookie": ana, "Sec-Fetch-Site": "same-site"], 403),
      (["Cookie": ana, "Sec-Fetch-Site": "none"], 403),
      (["Cookie": ana, "Origin": own, "Sec-Fetch-Site": "cross-site"], 403),
    ]
    for path in [Self.path, "/facts/249/correct", "/record/rows", "/api/v1/events"] {
      for (headers, status) in cases {
        let told = try await server.post(
          path, SignedIn.body(Self.name), type: "application/x-www-form-urlencoded", token: nil,
          headers)
        #expect(told.status == status, "\(path) \(headers): \(told.status) \(told.body)")
        #expect(told.body.contains("href=\"/session?back=\(path)\"") == !path.hasPrefix("/api"))
      }
    }
    let plain = try await server.post(
      Self.path, SignedIn.body(Self.name), type: "text/plain", token: nil,
      ["Cookie": ana, "Origin": own])
    #expect(plain.status == 415)
    #expect(try await server.head() == 306)
    let sameOrigin = try await server.post(
      Self.path, SignedIn.body(Self.name), type: "application/x-www-form-urlencoded", token: nil,
      ["Cookie": ana, "Origin": "null", "Sec-Fetch-Site": "same-origin"])
    #expect(sameOrigin.status == 303 && sameOrigin.headers["location"] == "/facts/307")
    #expect(await server.stop() == 0)
  }

  @Test func a_check_says_what_would_change_and_writes_nothing() async throws {
    let server = try await LocalServer()
    let browser = SignedIn(server: server)
    let part = try await browser.check("/record/new/stance.changed", Self.stance)
    #expect(part.status == 200 && part.body.hasPrefix("<h2>Nothing is written yet</h2>"))
    #expect(try await server.head() == 306)
    let line = """
      {"type":"stance.changed","on":"2025-03-02","data":{"actor":"CHN","topic":"ukraine-integrity",\
      "level":-1,"basis":"inferred","assessor":"annals-editors"},\
      "sources":[{"source":"kremlin-praises-us","locator":"p1"}]}
      """
    let told = try await server.post("/api/v1/events?dry_run=true", line)
    guard case .array(let changes)? = told.json["changes"], changes.count == 1,
      case .object(let change) = changes[0]
    else {
      Issue.record("the dry run says nothing of one change: \(told.body)")
      return
    }
    #expect(change["from"] == "2025-03-02")
    #expect(part.body.contains("1 stance would change"))
    #expect(part.body.contains("/s/CHN/ukraine-integrity?on=2025-03-02"))
    #expect(part.body.contains("neutral</span> → <span class=\"lv n1\">"))

    // Without the script the same stands on the page, and what was typed is kept.
    let page = try await browser.send(
      "/record/new/stance.changed", Self.stance + [("preview", "true")])
    #expect(page.status == 200 && page.body.contains(part.body))
    #expect(page.body.contains("name=\"data.actor\" value=\"China\""))
    #expect(page.body.contains("<option selected>inferred</option>"))
    #expect(try await server.head() == 306)

    let recorded = try await browser.send("/record/new/stance.changed", Self.stance)
    #expect(recorded.status == 303 && recorded.headers["location"] == "/facts/307")
    #expect(try await server.head() == 307)
    let event = try await server.get("/api/v1/events/307").json
    #expect(event["recorder"] == "Ana Sousa" && event["type"] == "stance.changed")
    let again = try await browser.check("/record/new/stance.changed", Self.stance)
    #expect(again.body.contains("The record holds this already"))
    #expect(await server.stop() == 0)
  }

  @Test func a_fact_and_a_dispute_of_it_name_several_sources() async throws {
    let server = try await LocalServer()
    let browser = SignedIn(server: server)
    let rest = Self.stance.filter { !["source", "quote"].contains($0.0) }
    let cited = [
      ("source", "kremlin-praises-us:p1; https://example.org/a;b ;"), ("quote", "a few words"),
    ]
    let recorded = try await browser.send("/record/new/stance.changed", rest + cited)
    #expect(recorded.status == 303, "\(recorded.body)")
    let reasoned = cited + [("form", "dispute"), ("reason", "It was said of another text.")]
    let disputed = try await browser.send("/facts/307/correct", reasoned)
    #expect(disputed.status == 303, "\(disputed.body)")
    for event in [307, 308] {
      let told = try await server.get("/api/v1/events/\(event)").json["sources"]
      guard case .array(let sources)? = told, sources.count == 2,
        case .object(let first) = sources[0],
        case .object(let second) = sources[1]
      else {
        Issue.record("#\(event) names not two sources: \(String(describing: told))")
        continue
      }
      #expect(first["source"] == "kremlin-praises-us" && first["quote"] == "a few words")
      #expect(second["source"] == "https://example.org/a;b" && second["quote"] ?? .null == .null)
    }
    #expect(await server.stop() == 0)
  }

  @Test func all_faults_are_told_at_once_and_beside_their_fields() async throws {
    let server = try await LocalServer()
    let browser = SignedIn(server: server)
    let hostile = "\" onmouseover=\"x<script>alert(1)</script>"
    let fields = [
      ("data.voter", hostile), ("data.weight", "abc"), ("on", "2025-13-01"),
      ("basis", hostile), ("quote", "words"),
    ]
    let part = try await browser.check("/record/new/vote.cast", fields)
    #expect(part.status == 200)
    for code in ["E1201", "E1106", "E1104", "E1105", "E1107"] {
      #expect(part.body.contains(code), "\(code): \(part.body)")
    }
    let page = try await browser.send("/record/new/vote.cast", fields)
    #expect(page.status == 422 && page.body.contains("there is no month 13"))
    #expect(page.body.components(separatedBy: "aria-invalid=\"true\"").count == 7)
    for text in [part.body, page.body] {
      #expect(!text.contains("<script>alert") && !text.contains("\" onmouseover"))
    }
    let unknown = try await browser.send("/record/new/vote.cast", [("voter", "USA")])
    #expect(unknown.status == 422 && unknown.body.contains("no field &quot;voter&quot;"))
    #expect(try await server.head() == 306)
    let missing = try await browser.get("/record/new/vote.casts")
    #expect(missing.status == 404 && missing.body.contains("Did you mean <b>vote.cast</b>"))
    #expect(await server.stop() == 0)
  }

  @Test func every_type_has_a_form_within_the_budget_of_a_page() async throws {
    let server = try await LocalServer()
    let browser = SignedIn(server: server)
    let types = try await browser.get("/record/new")
    let links = types.body.matches(of: /href="(\/record\/new\/[^"]+)"/).map { String($0.1) }
    #expect(links.contains("/record/new/vote.cast") && links.count > 20)
    for link in links {
      let page = try await browser.get(link)
      #expect(page.status == 200 && page.body.utf8.count < 60_000, "\(link)")
      #expect(page.body.contains("data-check"))
    }
    let reader = try await server.get("/record/new/vote.cast")
    #expect(reader.body.contains("You are not signed in") && !reader.body.contains("data-check"))
    #expect(await server.stop() == 0)
  }
}
#endif
