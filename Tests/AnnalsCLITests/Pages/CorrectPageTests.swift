#if Serve
import EventLog
import Foundation
import Testing

@Suite struct CorrectPageTests {
  /// The vote of the United States on un-ga/ES-11/7, as its form sends it.
  private static let path = "/facts/249/correct"
  private static let vote = [
    ("form", "correct"), ("as_of", "249"), ("data.rollcall", "un-ga/ES-11/7"),
    ("data.voter", "USA"), ("data.choice", "no"), ("on", "2025-02-24"),
    ("confidence", "asserted"),
  ]

  private func vote(_ changes: [String: String]) -> [(String, String)] {
    let known = Self.vote.map(\.0)
    return Self.vote.map { ($0.0, changes[$0.0] ?? $0.1) }
      + changes.filter { !known.contains($0.key) }.map { ($0.key, $0.value) }
  }

  @Test func a_correction_holds_only_what_was_changed() async throws {
    let server = try await LocalServer()
    let browser = SignedIn(server: server)
    let page = try await browser.get(Self.path)
    #expect(page.body.contains("name=\"data.choice\" value=\"no\" checked"))
    #expect(page.body.contains("name=\"data.rollcall\" value=\"un-ga/ES-11/7\""))
    let fact = try await server.get("/api/v1/events/249").json
    let basis: String
    if case .string(let text)? = fact["basis"] { basis = text } else { basis = "" }
    let changed = vote(["data.choice": "abstain", "basis": basis, "reason": "A slip."])
    let part = try await browser.check(Self.path, changed)
    #expect(part.body.contains("stance would change") || part.body.contains("No stance"))
    #expect(try await server.head() == 306)
    let recorded = try await browser.send(Self.path, changed)
    #expect(recorded.status == 303 && recorded.headers["location"] == "/facts/307")
    let event = try await server.get("/api/v1/events/307").json
    #expect(event["type"] == "fact.corrected" && event["recorder"] == "Ana Sousa")
    #expect(event["data"] == ["choice": "abstain"] && event["on"] == nil)
    #expect(event["basis"] == nil && event["reason"] == "A slip.")

    // What tells of the vote as an event says what it said; what tells of the fact says what holds.
    let wrong = "United States voted no on un-ga/ES-11/7"
    for path in [
      "/log?type=vote.cast", "/facts/249", "/facts/307",
      "/api/v1/revisions?actor=USA&topic=ukraine-integrity",
    ] {
      #expect(try await server.get(path).body.contains(wrong), "\(path)")
    }
    for path in ["/facts/249", "/api/v1/events/249", "/s/USA/ukraine-integrity"] {
      #expect(
        try await server.get(path).body.contains(wrong.replacing("no on", with: "abstain on")),
        "\(path)")
    }

    // Who opened the form before must look again.
    let late = try await browser.send(
      Self.path, vote(["data.choice": "yes", "basis": basis, "reason": "x"]))
    #expect(late.status == 412 && late.body.contains("since this form was opened"))
    #expect(try await server.head() == 307)
    #expect(await server.stop() == 0)
  }

  @Test func a_correction_tells_all_that_is_wrong_with_it() async throws {
    let server = try await LocalServer()
    let browser = SignedIn(server: server)
    let part = try await browser.check(
      Self.path, vote(["data.voter": "<b>Nobody</b>", "data.weight": "x", "on": "", "reason": ""]))
    for text in ["E1201", "E1106", "cannot take this away", "The reason is missing"] {
      #expect(part.body.contains(text), "\(text): \(part.body)")
    }
    #expect(!part.body.contains("<b>Nobody"))
    let missing = try await browser.get("/facts/9999/correct")
    #expect(missing.status == 404 && missing.body.contains("E1203"))
    #expect(try await server.head() == 306)
    #expect(await server.stop() == 0)
  }

  @Test func a_fact_is_withdrawn_with_what_rests_on_it_and_disputed() async throws {
    let server = try await LocalServer()
    let browser = SignedIn(server: server)
    let disputed = try await browser.send(
      Self.path, [("form", "dispute"), ("reason", "Others say no."), ("against", "#250")])
    #expect(disputed.status == 303)
    let dispute = try await server.get("/api/v1/events/307").json
    #expect(dispute["type"] == "fact.disputed" && dispute["recorder"] == "Ana Sousa")
    let withdrawn = try await browser.send(
      Self.path, [("form", "retract"), ("reason", "It is not so.")])
    #expect(withdrawn.status == 303)
    #expect(try await server.get("/api/v1/events/249").json["live"] == false)
    #expect(try await browser.get(Self.path).body.contains("withdrawn by"))
    // An amendment cannot be corrected; what it says can be withdrawn.
    let amendment = try await browser.get("/facts/308/correct")
    #expect(!amendment.body.contains("value=\"correct\""))
    #expect(amendment.body.contains("value=\"retract\""))
    #expect(await server.stop() == 0)
  }

  @Test func a_reader_gets_a_letter_to_the_editors() async throws {
    let server = try await LocalServer()
    let page = try await server.get(Self.path)
    #expect(page.body.contains("href=\"/session?back=/facts/249/correct\""))
    #expect(page.body.contains("annals correct 249 --set"))
    #expect(page.body.contains("http://127.0.0.1:\(server.port)/facts/249?known_by=%23306"))
    #expect(!page.body.contains("data-check"))
    #expect(await server.stop() == 0)
  }
}
#endif
