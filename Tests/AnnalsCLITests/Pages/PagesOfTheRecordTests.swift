#if Serve
import EventLog
import Foundation
import Testing

@Suite struct PagesOfTheRecordTests {
  @Test func changes_and_health_show_the_figures_of_their_answers() async throws {
    let server = try await LocalServer()
    for query in ["", "?first=true", "?topic=ukraine-integrity&since=2025&first=true"] {
      let page = try await server.get("/changes\(query)")
      let answer = try await server.get("/api/v1/changes\(query)")
      let rows = answer.rows("changes")
      #expect(page.status == 200 && !rows.isEmpty)
      let shown = page.body.matches(of: /<tr><th scope="row">/).count
      #expect(shown == rows.count)
      for row in rows {
        let position = row.object("evidence")?.number("seq") ?? 0
        #expect(page.body.contains("/facts/\(position)\""))
        #expect(page.words.contains(row.text("from") ?? "?"))
      }
      let firsts = answer.number("firsts") ?? -1
      #expect(page.words.contains("\(firsts) first stance"), "\(query)")
    }
    let page = try await server.get("/record")
    let health = try await server.get("/api/v1/health?limit=5")
    for (kind, count) in health.json.object("counts") ?? [:] {
      guard case .integer(let count) = count else { continue }
      let title =
        kind == "conflicting" ? "Contradicted" : kind.capitalized.replacing("-S", with: " s")
      #expect(page.words.contains("\(title) \(count) "), "\(kind)")
    }
    for finding in health.rows("findings") {
      #expect(page.words.contains(finding.text("text") ?? "?"))
    }
    let head = try await server.get("/api/v1/head")
    #expect(page.words.contains(head.json.text("root") ?? "?") && page.words.contains("#306"))
    for view in try await server.get("/api/v1/projections").rows("views") {
      #expect(page.words.contains(view.text("view") ?? "?"))
    }
    let thin = try await server.get("/record?kind=thin")
    #expect(
      thin.body.matches(of: /rests on this fact alone/).count
        == (health.json.object("counts")?.number("thin")).map(Int.init))
    #expect(await server.stop() == 0)
  }

  @Test func a_difference_says_whether_the_world_changed_or_what_was_known() async throws {
    let server = try await LocalServer()
    let pair = "actor=USA&topic=ukraine-integrity"
    let known = try await server.get("/difference?\(pair)&known_by=%23230..%23306&on=2025-03-01")
    let lines = try await server.get(
      "/api/v1/difference?\(pair)&known_by=%23230..%23306&on=2025-03-01"
    ).rows("lines")
    #expect(
      known.words.contains(
        "What was known changed: by #230 United States ▽ leaned against this on 2025-03-01, by #306 it "
          + "▼ opposed it."))
    #expect(known.body.matches(of: /A step (was|changed)/).count == lines.count)
    for line in lines {
      guard case .array(let causes)? = line["causes"] else { continue }
      for case .object(let cause) in causes {
        #expect(known.body.contains("/facts/\(cause.number("seq") ?? 0)\""))
      }
    }
    let world = try await server.get("/difference?\(pair)&on=2024-12-31..2025-03-01")
    #expect(world.words.contains("The world changed: United States ▲ supported this on 2024-12-31"))
    let record = try await server.get("/difference?known_by=%23200..%23306")
    let stances = try await server.get("/api/v1/difference?known_by=%23200..%23306").rows("stances")
    #expect(record.words.contains("and \(stances.count) stances changed"))
    for equal in [
      "\(pair)&on=2025-03-01..2025-03-01", "\(pair)&known_by=%23306..%23306",
      "known_by=%23306..%23306",
    ] {
      #expect(
        try await server.get("/difference?\(equal)").words.contains("Unchanged: "), "\(equal)")
    }
    // The files are pinned to the moments of the page.
    let file = try #require(known.target(of: "JSON"))
    let downloaded = try await server.get(file)
    #expect(downloaded.rows("lines") == lines && file.contains("known_by=%23230..%23306"))
    #expect(await server.stop() == 0)
  }

  @Test func an_actor_and_a_source_show_the_figures_of_their_answers() async throws {
    let server = try await LocalServer()
    for moments in ["", "?on=2025-02-22&known_by=%23306"] {
      let page = try await server.get("/actors/USA\(moments)")
      let day = moments.isEmpty ? "" : "&on=2025-02-22&known_by=%23306"
      for topic in ["ukraine-integrity", "us-russia-ties"] {
        let stance = try await server.get("/api/v1/stance?actor=USA&topic=\(topic)\(day)").json
        let label = stance.object("stance")?.text("label") ?? stance.text("label") ?? "?"
        let since = stance.text("since") ?? "—"
        let row = try #require(
          page.body.matches(of: /<tr><th scope="row">.*?<\/tr>/).map { String($0.0) }
            .first { $0.contains("/s/USA/\(topic)") })
        #expect(row.contains(label) && row.contains(since), "\(topic)\(moments): \(stance)")
      }
    }
    let person = try await server.get("/actors/Peskov?on=2025-02-25")
    #expect(person.words.contains("On 2025-02-25 Dmitry Peskov spoke for Russia."))
    let source = try await server.get("/source?id=kremlin-praises-us")
    let answer = try await server.get("/api/v1/source?source=kremlin-praises-us")
    #expect(source.words.contains("\(answer.number("n") ?? -1) facts rest on this source"))
    for (type, count) in answer.json.object("types") ?? [:] {
      guard case .integer(let count) = count else { continue }
      #expect(source.words.contains("\(type.replacing(".", with: " ")) \(count)"))
    }
    for (path, kind) in [("/actors", "actors"), ("/sources", "sources")] {
      let list = try await server.get(path)
      let entries = try await server.get("/api/v1/list?kind=\(kind)").rows("entries")
      #expect(list.words.contains("The record knows \(entries.count) \(kind)."))
      #expect(list.body.matches(of: /<tr><th scope="row">/).count == entries.count)
    }
    #expect(await server.stop() == 0)
  }

  @Test func the_jump_box_leads_to_what_is_named_exactly() async throws {
    let server = try await LocalServer()
    let event = try await server.get("/api/v1/events/249").json
    let id = try #require(event.text("id"))
    let leaf = String(try #require(event.text("leaf_hash")).prefix(12))
    for (text, address) in [
      ("%23249", "/facts/249"), ("249", "/facts/249"), (id, "/facts/249"),
      (leaf, "/facts/249"), (leaf.uppercased(), "/facts/249"),
      (String(id.prefix(11)), "/facts/249"),
      ("the+united+states", "/actors/USA"),
      ("ukraine-integrity", "/topics/ukraine-integrity"),
      ("UN-GA/es-11/7", "/rollcall?id=un-ga/ES-11/7"), ("Peskov", "/actors/dmitry-peskov"),
    ] {
      let reply = try await server.get("/find?text=\(text)")
      #expect(reply.status == 303 && reply.headers["location"] == address, "\(text)")
    }
    let found = try await server.get("/find?text=allies")
    let answer = try await server.get("/api/v1/find?text=allies")
    #expect(found.status == 200)
    for entry in answer.rows("entries") {
      #expect(found.words.contains(entry.text("name") ?? "?"))
    }
    let nothing = try await server.get("/find?text=no+such+words")
    #expect(nothing.words.contains("Nothing in the record has this name, this id or this text."))
    // Too short for a hash, and of no event.
    for text in [String(leaf.prefix(4)), "00000000000"] {
      #expect(try await server.get("/find?text=\(text)").status == 200)
    }
    let beyond = try await server.get("/find?text=%23307")
    #expect(beyond.status == 200 && beyond.words.contains("The record ends at #306."))
    #expect(await server.stop() == 0)
  }

  @Test func hostile_texts_come_out_as_they_were_written() async throws {
    let server = try await LocalServer()
    let script = "<script>alert(1)</script>"
    let handler = #"\" onmouseover=\"x"#
    try server.program.write(
      """
      {"type":"actor.registered","data":{"actor":"evil","kind":"state","name":"\(script)"}}
      {"type":"actor.named","data":{"actor":"evil","name":"\(handler)"}}
      {"type":"source.captured","on":"2025-02-25","data":{"source":"evil-source","title":"\(handler)"}}
      {"type":"vote.cast","on":"2025-02-24","data":{"voter":"evil","rollcall":"un-ga/ES-11/7","choice":"no"},\
      "sources":[{"source":"evil-source","locator":"\(handler)","quote":"\(script)"}],"note":"\(script)"}

      """, to: "evil.ndjson")
    let told = try await server.program.shell("annals import evil.ndjson -s demo.annals")
    #expect(told.status == 0, "\(told.errors)")
    let asked = "%3Cscript%3Ealert(1)%3C/script%3E%22%20onmouseover=%22x"
    for path in [
      "/log", "/log?text=\(asked)", "/changes?first=true", "/actors", "/actors/evil", "/sources",
      "/source?id=evil-source", "/difference?known_by=%23306..%23310", "/record",
      "/find?text=evil-",
      "/find?text=\(asked)", "/log?recorder=\(asked)", "/log?subject=\(asked)",
      "/actors/\(asked.replacing("/", with: "%2F"))",
      "/difference?actor=evil&topic=ukraine-integrity&known_by=%23306..%23310&on=2025-03-01",
    ] {
      let page = try await server.get(path)
      #expect([200, 404].contains(page.status), "\(path)")
      #expect(!page.body.contains(script), "\(path)")
      #expect(!page.body.contains("\" onmouseover"), "\(path)")
      #expect(page.headers["content-security-policy"]?.contains("script-src 'self'") == true)
    }
    #expect(try await server.get("/actors/evil").words.contains(script))
    #expect(await server.stop() == 0)
  }

  @Test func a_page_that_cannot_be_made_names_every_fault() async throws {
    let server = try await LocalServer()
    for (path, status, faults) in [
      ("/log?confidence=sure&since=foo&bar=1", 400, ["sure", "foo", "bar"]),
      ("/log?after=x", 400, ["after"]), ("/log?subject=nobody-at-all", 404, ["nobody-at-all"]),
      ("/changes?topic=nothing", 404, ["nothing"]), ("/changes?limit=5", 400, ["limit"]),
      ("/swings?until=1-1-1", 400, ["1-1-1"]), ("/difference?actor=USA", 409, ["topic"]),
      ("/difference?known_by=%23306..%23200", 400, ["#306"]), ("/source", 400, ["id"]),
      ("/source?id=none", 404, ["none"]), ("/actors/nobody-at-all", 404, ["nobody-at-all"]),
      ("/actors/USA?on=sometime", 400, ["sometime"]), ("/record?kind=old", 400, ["old"]),
      ("/find", 400, ["text"]), ("/record?known_by=249", 400, ["249"]),
    ] {
      let page = try await server.get(path)
      #expect(page.status == status && page.body.hasPrefix("<!doctype html>"), "\(path)")
      for fault in faults { #expect(page.words.lowercased().contains(fault), "\(path): \(fault)") }
    }
    #expect(await server.stop() == 0)
  }
}
#endif
