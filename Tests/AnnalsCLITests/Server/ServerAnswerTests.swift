#if Serve
import EventLog
import Foundation
import Testing

@Suite struct ServerAnswerTests {
  /// A question to the command line, and the same over HTTP.
  private static let questions = [
    ("show USA ukraine-integrity", "stance?actor=USA&topic=ukraine-integrity"),
    (
      "show 'the United States' ukraine-integrity --on 2024-12-31 --known-by '#260' --possibly",
      "stance?actor=the+United%20States&topic=ukraine-integrity&on=2024-12-31&known_by=%23260&possibly=true"
    ),
    (
      "show USA ukraine-integrity --exclude-type vote.cast --history --rule latest/1",
      "stance?actor=USA&topic=ukraine-integrity&exclude_type=vote.cast&history=true&rule=latest/1"
    ),
    (
      "show USA ukraine-integrity --rule record/1 --every quarter",
      "shares?actor=USA&topic=ukraine-integrity&every=quarter"
    ),
    ("audit RUS ukraine-integrity", "audit?actor=RUS&topic=ukraine-integrity"),
    (
      "compare USA RUS UKR ukraine-integrity --every year",
      "comparison?actor=USA&actor=RUS&actor=UKR&topic=ukraine-integrity&every=year"
    ),
    (
      "diff USA ukraine-integrity --on 2022-01-01..2025-03-01",
      "difference?actor=USA&topic=ukraine-integrity&on=2022-01-01..2025-03-01"
    ),
    (
      "diff USA ukraine-integrity --known-by '#100..#306'",
      "difference?actor=USA&topic=ukraine-integrity&known_by=%23100..%23306"
    ),
    ("diff --known-by '#200..#306'", "difference?known_by=%23200..%23306"),
    ("changes --first", "changes?first=true"), ("swings --actor USA", "swings?actor=USA"),
    ("rollcall un-ga/ES-11/7", "rollcall?id=un-ga%2FES-11/7"), ("rollcalls", "rollcalls"),
    ("agreement USA RUS --facts", "agreement?actor=USA&actor=RUS&facts=true"),
    ("agreement USA --top 5", "agreement?actor=USA&top=5"), ("agreement", "agreement"),
    ("timeline USA ukraine-integrity", "timeline?subject=USA&subject=ukraine-integrity"),
    ("search Peskov -n 3", "search?text=Peskov&limit=3"), ("event 249", "events/249"),
    ("actor Peskov --on 2025-02-25", "actor?actor=Peskov&on=2025-02-25"),
    ("source kremlin-praises-us", "source?source=kremlin-praises-us"),
    ("list actors", "list?kind=actors"),
    ("list stances --topic ukraine-integrity", "list?kind=stances&topic=ukraine-integrity"),
    ("health -n 100", "health?limit=100"), ("explain", "errors"),
    ("replay --list", "projections"),
  ]

  @Test func the_same_question_has_the_same_answer_over_http_in_every_form() async throws {
    let server = try await LocalServer()
    for (line, path) in Self.questions {
      let told = try await server.program.shell(
        "export ANNALS_STORE=demo.annals; annals \(line) -o json; echo =; annals \(line) -o csv; "
          + "echo =; annals \(line) -o ndjson")
      let expected = told.output.components(separatedBy: "=\n")
      let json = try await server.get("/api/v1/\(path)")
      #expect(json.status == 200 && json.body == expected[0], "\(line)\n\(json.body.prefix(400))")
      let csv = try await server.get("/api/v1/\(path)", ["Accept": "text/csv, */*;q=0.1"])
      #expect(csv.body == expected[1], "\(line)")
      let rows = try await server.get(
        "/api/v1/\(path)\(path.contains("?") ? "&" : "?")format=ndjson")
      #expect(rows.body == expected[2], "\(line)")
    }
    for (format, name) in [
      ("html", "html"), ("md", "md"), ("svg", "svg"), ("csv", "csv"), ("json", "json"),
    ] {
      let told = try await server.program.shell(
        "annals report USA RUS ukraine-integrity --on 2025-03-01 --format \(name) -s demo.annals")
      let report = try await server.get(
        "/api/v1/report?actor=USA&actor=RUS&topic=ukraine-integrity&on=2025-03-01&format=\(format)")
      #expect(report.status == 200 && report.body == told.output, "\(format)")
    }
    // The formulas of rules name commands, which each face writes in its own words.
    let rules = try await server.get("/api/v1/rules")
    #expect(rules.status == 200 && !rules.body.contains("annals "), "\(rules.body.prefix(2000))")
    let log = try await server.get("/api/v1/events?limit=7&reverse=true")
    let told = try await server.program.shell("annals log -n 7 --reverse -s demo.annals -o json")
    var object = log.json
    #expect(object["next_url"] == "/api/v1/events?limit=7&reverse=true&after=7&known_by=%23306")
    object["next_url"] = nil
    #expect(JSON.object(object) == (try JSON(parsing: Array(told.output.utf8))))
    #expect(await server.stop() == 0)
  }

  @Test func a_walk_over_the_pages_meets_every_event_once_while_others_append() async throws {
    let server = try await LocalServer()
    var path = "/api/v1/events?limit=50"
    var seen: [Int64] = []
    while true {
      let page = try await server.get(path)
      guard case .array(let entries)? = page.json["entries"] else { break }
      for case .object(let entry) in entries {
        if case .integer(let seq)? = entry["seq"] { seen.append(seq) }
      }
      let added = try await server.post(
        "/api/v1/events",
        #"{"type":"actor.named","data":{"actor":"USA","name":"Name \#(seen.count)"}}"#)
      #expect(added.status == 201)
      guard case .string(let next)? = page.json["next_url"] else {
        #expect(page.json["next"] == .null)
        break
      }
      path = next
    }
    #expect(seen == (1...306).reversed().map { Int64($0) })
    #expect(await server.stop() == 0)
  }

  @Test func a_pinned_answer_stays_and_another_says_when_it_has_changed() async throws {
    let server = try await LocalServer()
    let pinned = "/api/v1/stance?actor=USA&topic=ukraine-integrity&on=2025-03-01&known_by=%23306"
    let live = "/api/v1/stance?actor=USA&topic=ukraine-integrity&on=2025-03-01"
    let (first, open) = (try await server.get(pinned), try await server.get(live))
    #expect(first.headers["cache-control"] == "public, max-age=31536000, immutable")
    #expect(open.headers["cache-control"] == "no-cache")
    #expect(first.headers["vary"] == "Accept, Authorization")
    let tags = (try #require(first.headers["etag"]), try #require(open.headers["etag"]))
    #expect(tags.0.hasPrefix("\"306-"))
    #expect(try await server.get(live, ["If-None-Match": tags.1]).status == 304)
    // A client that has any answer has none to a question that cannot be asked.
    #expect(try await server.get(live, ["If-None-Match": "*"]).status == 304)
    #expect(try await server.get(live + "&known_by=never", ["If-None-Match": "*"]).status == 400)
    // Past the head, a position stands for something else tomorrow.
    let future = try await server.get(live + "&known_by=%23999")
    #expect(future.headers["cache-control"] == "no-cache")
    let added = try await server.post(
      "/api/v1/events", #"{"type":"actor.named","data":{"actor":"USA","name":"Columbia"}}"#)
    #expect(added.status == 201 && added.headers["location"] == "/api/v1/events/307")
    #expect(try await server.get(pinned).body == first.body)
    #expect(try await server.get(pinned, ["If-None-Match": tags.0]).status == 304)
    let changed = try await server.get(live, ["If-None-Match": tags.1])
    #expect(changed.status == 200 && changed.headers["etag"] != tags.1)
    // Another form of the same answer is another entity.
    let csv = try await server.get(live, ["Accept": "text/csv"])
    #expect(csv.headers["etag"] != changed.headers["etag"])
    #expect(csv.headers["access-control-allow-origin"] == "*")
    #expect(await server.stop() == 0)
  }

  /// A zero byte within a value is no place at which one parameter ends and another begins.
  @Test func a_question_never_gets_the_answer_that_is_kept_of_another() async throws {
    let server = try await LocalServer()
    let odd = try await server.get("/api/v1/search?text=ukraine%00limit=1&known_by=%23306")
    let plain = try await server.get("/api/v1/search?text=ukraine&limit=1&known_by=%23306")
    #expect(plain.status == 200 && plain.body != odd.body)
    #expect(await server.stop() == 0)
  }

  /// The server closes the connection after the answer, and not after its idle time of a minute.
  @Test func a_connection_ends_where_the_client_expects_it() async throws {
    let server = try await LocalServer()
    for (version, header) in [
      ("1.0", ""), ("1.1", "Connection: Close\r\n"), ("1.1", "Connection: keep-alive, close\r\n"),
      (
        "1.1", "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n"
      ),
    ] {
      let clock = ContinuousClock()
      let start = clock.now
      let told = try await server.raw(
        "GET /healthz HTTP/\(version)\r\nHost: localhost\r\n\(header)\r\n")
      #expect(told.status == 200 && clock.now - start < .seconds(40), "\(version) \(header)")
    }
    #expect(await server.stop() == 0)
  }

  @Test func all_faults_of_a_question_are_told_at_once() async throws {
    let server = try await LocalServer()
    let wrong = try await server.get(
      "/api/v1/stance?actor=USA&actor=RUS&tpoic=x&on=2025-02-30&rule=latest/9&possibly=maybe")
    #expect(wrong.status == 400 && wrong.headers["content-type"] == "application/problem+json")
    #expect(wrong.codes.count == 6, "\(wrong.body)")
    #expect(wrong.body.contains("tpoic") && wrong.body.contains("\"suggestion\": \"topic\""))
    let cases: [(String, String, [String: String], Int)] = [
      ("GET", "/api/v1/stance?actor=Nobody&topic=ukraine-integrity", [:], 404),
      ("GET", "/api/v1/nothing", [:], 404), ("GET", "/api/v1/stance/", [:], 404),
      ("GET", "/api/v1//stance", [:], 404), ("GET", "/api/v1/events/%2e%2e", [:], 404),
      ("DELETE", "/api/v1/events", [:], 405),
      ("GET", "/api/v1/rules", ["Accept": "image/png"], 406),
      ("GET", "/api/v1/events?limit=1001", [:], 400), ("GET", "/api/v1/events?limit=0", [:], 400),
      ("GET", "/api/v1/events?limit=x", [:], 400), ("GET", "/api/v1/%zz", [:], 400),
      ("GET", "/api/v1/rules?text=%ff", [:], 400), ("GET", "/healthz?x=1", [:], 400),
      ("GET", "/api/v1/events/9999", [:], 404), ("GET", "/api/v1/rollcall?id=none", [:], 404),
      ("GET", "/api/v1/rules", ["Host": "evil.example"], 403),
      ("GET", "/api/v1/rules", ["Authorization": "Bearer wrong"], 401),
      ("GET", "/token", [:], 401),
    ]
    for (method, path, headers, status) in cases {
      let answer = try await server.send(method, path, headers)
      #expect(answer.status == status, "\(method) \(path): \(answer.status) \(answer.body)")
      #expect(!answer.codes.isEmpty, "\(path)")
      if status == 401 { #expect(answer.headers["www-authenticate"] != nil) }
      if status == 405 { #expect(answer.headers["allow"] == "GET, HEAD, OPTIONS, POST") }
    }
    let options = try await server.send("OPTIONS", "/api/v1/events")
    #expect(options.status == 204 && options.headers["allow"] == "GET, HEAD, OPTIONS, POST")
    let head = try await server.send("HEAD", "/api/v1/rules")
    #expect(head.status == 200 && head.body.isEmpty && head.headers["content-length"] != "0")
    #expect(await server.stop() == 0)
  }

  /// A block of the documentation: a request, and its status or its body.
  @Test func every_request_in_the_documentation_is_answered_as_it_says() async throws {
    let page = try String(
      contentsOf: DocumentationTests.root.appendingPathComponent("Documentation/http.md"),
      encoding: .utf8)
    let server = try await LocalServer()
    let blocks = page.components(separatedBy: "```http\n").dropFirst()
    #expect(blocks.count > 2)
    for block in blocks {
      let text = try #require(block.components(separatedBy: "\n```").first)
      let parts = text.components(separatedBy: "\n\n")
      let answer = try await server.get(String(parts[0].dropFirst("GET ".count)))
      if let status = Int(parts[1]) {
        #expect(answer.status == status, "\(parts[0])")
      } else {
        #expect(answer.body == parts[1] + "\n", "\(parts[0])")
      }
    }
    for path in ["/docs", "/llms.txt", "/openapi.json", "/healthz", "/readyz", "/metrics"] {
      #expect(try await server.get(path).status == 200, "\(path)")
    }
    // Every link on the page for people works.
    let docs = try await server.get("/docs").body
    let links = docs.matches(of: /href="([^"]+)"/).map {
      String($0.1).replacingOccurrences(of: "&amp;", with: "&")
    }
    #expect(links.count > 20)
    for link in links {
      let answer = try await server.get(link)
      #expect(answer.status == 200, "\(link): \(answer.body.prefix(300))")
    }
    let proof = try await server.get("/api/v1/proofs/249")
    #expect(proof.status == 200 && proof.json["size"] == 306, "\(proof.body)")
    #expect(try await server.get("/api/v1/find?text=ukr").json["n"] != 0)
    let schema = try await server.get("/schemas/answers/show.v2.json")
    #expect(schema.status == 200 && schema.headers["content-type"] == "application/json")
    #expect(try await server.get("/schemas/answers/none.json").status == 404)
    #expect(await server.stop() == 0)
  }
}
#endif
