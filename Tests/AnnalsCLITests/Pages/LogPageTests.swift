#if Serve
import EventLog
import Foundation
import Testing

@Suite struct LogPageTests {
  /// The number behind a value of a facet.
  private func count(_ value: String, _ page: LocalServer.Answer) -> Int? {
    let words = value.split(separator: ".").joined(separator: " ").replacing("_", with: " ")
    for row in page.body.matches(
      of: /<li>(?:<a [^>]*>|<b>)([^<]*)<\/(?:a|b)> <span class="quiet">([\d,]+)<\/span><\/li>/)
    where row.1 == words {
      return Int(row.2.replacing(",", with: ""))
    }
    return nil
  }

  @Test func each_facet_counts_the_events_that_the_log_holds() async throws {
    let server = try await LocalServer()
    for filter in ["", "type=vote.cast", "source=kremlin-praises-us", "since=2025", "batch=1"] {
      let events = try await server.get("/api/v1/events?limit=1000&\(filter)").rows("entries")
      let page = try await server.get("/log?\(filter)")
      #expect(!events.isEmpty && page.status == 200)
      for (facet, values) in [
        ("type", events.compactMap { $0.text("type") }),
        ("confidence", events.compactMap { $0.text("confidence") }),
        ("recorder", events.compactMap { $0.text("recorder") }),
      ] {
        for (value, all) in Dictionary(grouping: values, by: { $0 })
        where facet != "type" || all.count > 8 {
          #expect(count(value, page) == all.count, "\(filter): \(value)")
        }
      }
    }
    // What the log itself has no filter for.
    let reported = try await server.get("/log?confidence=reported&type=statement.made")
    let statements = try await server.get("/api/v1/events?limit=1000&type=statement.made")
      .rows("entries").filter { $0.text("confidence") == "reported" }
    #expect(reported.words.contains("\(statements.count) events match."))
    for event in statements {
      #expect(reported.body.contains("/facts/\(event.number("seq") ?? 0)\""))
    }
    let text = try await server.get("/log?text=peskov&type=role.held")
    let held = try await server.get("/api/v1/search?text=peskov&limit=1000").rows("entries")
      .filter { $0.text("type") == "role.held" }
    #expect(text.words.contains("\(held.count) events match.") && held.count > 1)
    #expect(await server.stop() == 0)
  }

  @Test func the_pages_of_the_log_show_every_event_once_and_lead_back() async throws {
    let server = try await LocalServer()
    for (first, words) in [
      ("/log", "‹ earlier events"), ("/log?reverse=true", "later events ›"),
      ("/log?confidence=asserted", "‹ earlier events"), ("/log?until=2025", "‹ earlier events"),
    ] {
      let back = words == "‹ earlier events" ? "later events ›" : "‹ earlier events"
      var (path, paths, seen): (String?, [String], [Int64]) = (first, [], [])
      while let address = path {
        let page = try await server.get(address)
        #expect(page.status == 200 && page.body.utf8.count < 60_000)
        seen += page.body.matches(of: /<li class="(?:open|off)"><a href="\/facts\/(\d+)"/)
          .compactMap { Int64($0.1) }
        // Without the way on, the control stays in its place.
        #expect(page.body.contains(words) && page.body.contains(back))
        let before = page.target(of: back)
        if let last = paths.last, let before {
          let same = try await server.get(before)
          let known = try await server.get(last)
          #expect(same.words == known.words, "\(address) leads back to \(before)")
        }
        #expect((before == nil) == paths.isEmpty)
        paths.append(address)
        path = page.target(of: words)
      }
      let sorted = first.contains("reverse") ? seen.sorted() : seen.sorted(by: >)
      #expect(seen == sorted && Set(seen).count == seen.count, "\(first)")
      if !first.contains("=") || first.contains("reverse") { #expect(seen.count == 306) }
    }
    #expect(await server.stop() == 0)
  }

  @Test func what_was_withdrawn_is_struck_with_its_day_and_not_before() async throws {
    let server = try await LocalServer()
    let told = try await server.program.shell(
      "annals retract 283 --reason 'Wrong <source>' -s demo.annals")
    #expect(told.status == 0, "\(told.errors)")
    let now = try await server.get("/log?type=role.held")
    let struck = try #require(now.body.firstMatch(of: /<li class="off">.*?<\/li>/))
    let words = String(struck.0)
    #expect(words.contains("/facts/283\"") && words.contains("<del>"))
    #expect(words.contains(/<b>withdrawn<\/b> by <a href="\/facts\/307">#307<\/a> on \d+/))
    let before = try await server.get("/log?type=role.held&known_by=%23306")
    #expect(!before.body.contains("<del>") && before.words.contains("As known by #306"))
    #expect(before.words.contains("1 event was recorded"))
    // Both times, at each of them.
    #expect(before.body.matches(of: /In the world .*? in the record since \d/).count > 3)
    let jump = try await server.get("/log?recorded=2000")
    #expect(jump.words.contains("The list ends here."))
    #expect(await server.stop() == 0)
  }
}
#endif
