#if Serve
import Foundation
import Testing

@Suite struct VotePagesTests {
  private typealias Object = [String: Any]

  /// Names that would be markup, if a page did not escape them.
  private static let tag = "<script>alert(1)</script>"
  private static let attribute = "\\\" onmouseover=\\\"x"

  /// Two actors with 25 common roll calls, and a third with three; one more roll call has 400 voters.
  private static var votes: String {
    var lines = [
      #"{"type":"topic.defined","data":{"topic":"levy","proposition":"A \#(tag) levy"}}"#
    ]
    func actor(_ id: String, _ name: String, _ kind: String) {
      lines.append(
        #"{"type":"actor.registered","data":{"actor":"\#(id)","name":"\#(name)","kind":"\#(kind)"}}"#
      )
    }
    actor("asm", "The Assembly", "body")
    actor("trio", "The Trio \(attribute)", "bloc")
    for (id, name) in [("X1", "State \(tag)"), ("X2", "State \(attribute)"), ("X3", "Third")] {
      actor(id, name, "state")
      lines.append(
        #"{"type":"membership.held","data":{"actor":"\#(id)","group":"trio","#
          + #""period":"2000-01-01/.."}}"#)
    }
    func call(_ id: String, _ on: String, _ choices: [(voter: String, choice: String)]) {
      let motion = "motion/\(id)"
      lines.append(
        #"{"type":"motion.tabled","on":"\#(on)","data":{"motion":"\#(motion)","body":"asm","#
          + #""title":"\#(attribute) \#(id)"}}"#)
      lines.append(
        #"{"type":"topic.linked","data":{"topic":"levy","motion":"\#(motion)","#
          + #""supporting":"yes","strength":"strong","rationale":"\#(tag)"}}"#)
      lines.append(
        #"{"type":"rollcall.held","on":"\#(on)","data":{"rollcall":"\#(id)","#
          + #""motion":"\#(motion)","body":"asm","method":"recorded","result":"adopted","#
          + #""official":{"yes":7,"no":2,"abstain":1}}}"#)
      for (voter, choice) in choices {
        lines.append(
          #"{"type":"vote.cast","on":"\#(on)","data":{"rollcall":"\#(id)","#
            + #""voter":"\#(voter)","choice":"\#(choice)"}}"#)
      }
    }
    for number in 1...25 {
      var choices = [("X1", "yes"), ("X2", number % 5 == 0 ? "no" : "yes")]
      if number > 22 { choices.append(("X3", "abstain")) }
      call("asm/\(number)", "2020-03-\(number < 10 ? "0" : "")\(number)", choices)
    }
    for number in 1...400 {
      actor("MP\(number)", "Member with a Rather Long Name \(number)", "person")
    }
    call(
      "asm/large", "2021-05-05",
      (1...400).map { ("MP\($0)", $0 % 3 == 0 ? "no" : "yes") } + [("X1", "no")])
    return lines.joined(separator: "\n")
  }

  private static func serverWithVotes() async throws -> LocalServer {
    let server = try await LocalServer()
    let told = try await server.post("/api/v1/events", votes, type: "application/x-ndjson")
    #expect(told.status == 201, "\(told.body.prefix(2000))")
    return server
  }

  private static func object(_ server: LocalServer, _ path: String) async throws -> Object {
    let answer = try await server.get("/api/v1/\(path)")
    #expect(answer.status == 200, "\(answer.body)")
    return try #require(
      try JSONSerialization.jsonObject(with: Data(answer.body.utf8)) as? Object)
  }

  /// What stands in a page, without its markup.
  private static func words(_ page: String) -> String {
    page.replacing(/<[^>]*>/, with: " ").replacing("\u{a0}", with: " ").replacing(/\s+/, with: " ")
  }

  @Test func the_list_of_roll_calls_shows_both_tallies_of_each_roll_call_in_its_order() async throws
  {
    let server = try await LocalServer()
    let page = try await server.get("/rollcalls?body=un-ga")
    let words = Self.words(page.body)
    let answer = try await Self.object(server, "rollcalls?body=un-ga")
    let rows = try #require(answer["rollcalls"] as? [Object])
    #expect(rows.count == 8 && words.contains("8 roll calls, 3 with recorded votes"))
    var rest = words[...]
    for row in rows {
      let official = try #require(row["official"] as? [String: Int])
      let counted = try #require(row["counted"] as? [String: Int])
      let id = try #require(row["rollcall"] as? String)
      let start = try #require(rest.firstRange(of: id))
      rest = rest[start.upperBound...]
      let end = rest.firstRange(of: "un-ga/ES-11")?.lowerBound ?? rest.endIndex
      func tally(_ figures: [String: Int]) -> String {
        ["yes", "no", "abstain"].map { "\(figures[$0] ?? 0)" }.joined(separator: " – ")
      }
      #expect(rest[..<end].contains(tally(official)), "\(id)")
      if row["recorded"] as? Int != 0, (row["range"] as? Object)?.isEmpty == true {
        #expect(rest[..<end].contains(tally(counted)), "\(id)")
      }
    }
    for (query, fault) in [
      ("page=2", "page 2 is past the last page"), ("period=xx", "xx"), ("colour=red", "colour"),
      ("differing=true&conflicts=true", "one of them at a time"), ("page=none", "whole number"),
    ] {
      let refused = try await server.get("/rollcalls?\(query)")
      #expect(
        (400..<500).contains(refused.status) && refused.body.lowercased().contains(fault),
        "\(refused.body)")
    }
    #expect(await server.stop() == 0)
  }

  @Test func a_roll_call_as_announced_counted_and_meant_is_never_merged() async throws {
    let server = try await LocalServer()
    let page = try await server.get("/rollcall?id=un-ga/es-11/4")
    let answer = try await Self.object(server, "rollcall?id=un-ga/es-11/4")
    let words = Self.words(page.body)
    #expect(words.contains("Adopted : 143 voted yes, 5 voted no, 35 abstained and 10 were absent"))
    let counted = try #require(answer["counted"] as? [String: Int])
    #expect(words.contains("As announced 143 5 35 10 #"))
    #expect(
      words.contains(
        "As counted \(["yes", "no", "abstain", "absent"].map { "\(counted[$0] ?? 0)" }.joined(separator: " ")) "
          + "9 recorded votes"))
    #expect(words.contains("No member is recorded as having said that it meant otherwise."))
    #expect(!words.contains("As the voters meant 143"))
    #expect(words.contains("For ukraine-integrity a yes supports the proposition"))
    for vote in try #require(answer["votes"] as? [Object]) {
      let (id, seq) = (vote["voter"] as? String ?? "", vote["seq"] as? Int ?? 0)
      #expect(page.body.contains("/s/\(id)/ukraine-integrity\""), "\(id)")
      #expect(page.body.contains("/facts/\(seq)\""), "\(id)")
    }
    // A range stays a range.
    let open = Self.words(try await server.get("/rollcall?id=un-ga/ES-11/8").body)
    #expect(open.contains("As counted 0 0 to 1 0 to 1 0 0 to 1 1 recorded vote"))
    // An earlier state of the record has no votes yet, and says how it is now.
    let pinned = Self.words(try await server.get("/rollcall?id=un-sc/2774&known_by=%23260").body)
    #expect(pinned.contains("As known by #260 not recorded not recorded 0"))
    #expect(pinned.contains("As known now, #306 not recorded not recorded 7"))
    #expect(pinned.contains("No single vote is recorded."))
    #expect(try await server.get("/rollcall").status == 400)
    #expect(try await server.get("/rollcall?id=nothing").status == 404)
    // What a member says that it had meant stands beside its vote.
    let abstaining = try #require(
      (answer["votes"] as? [Object])?.first { ($0["choices"] as? [String]) == ["abstain"] })
    let (id, name) = (
      abstaining["voter"] as? String ?? "", abstaining["voter_name"] as? String ?? ""
    )
    let said = try await server.post(
      "/api/v1/events",
      #"{"type":"statement.made","data":{"speaker":"\#(id)","kind":"paraphrase","text":"A slip.","#
        + #""meant":{"rollcall":"un-ga/ES-11/4","choice":"no"}}}"#)
    #expect(said.status == 201, "\(said.body)")
    let meant = Self.words(try await server.get("/rollcall?id=un-ga/es-11/4").body)
    let (no, abstain) = (counted["no"] ?? 0, counted["abstain"] ?? 0)
    #expect(meant.contains("As counted 0 \(no) \(abstain) 0 "), "\(meant)")
    #expect(
      meant.contains("As the voters meant 0 \(no + 1) \(abstain - 1) 0 \(name) meant no ( #307 )"),
      "\(meant)")
    #expect(await server.stop() == 0)
  }

  @Test func agreement_is_what_the_answer_says_and_withheld_where_it_rests_on_little() async throws
  {
    let server = try await Self.serverWithVotes()
    let page = try await server.get("/agreement?actor=X1,X2&actor=X3&known_by=%23900")
    let answer = try await Self.object(server, "agreement?known_by=%23900")
    let rows = try #require(answer["rows"] as? [Object])
    let pair = try #require(
      rows.first { $0["a"] as? String == "X1" && $0["b"] as? String == "X2" })
    let share = try #require(pair["agreement"] as? Double)
    #expect(share == 0.8 && pair["n"] as? Int == 25)
    let pin = "&amp;known_by=%23900"
    #expect(
      page.body.contains(
        "<td class=\"w4\"><a href=\"/agreement/pair?a=X1&amp;b=X2\(pin)\">80%<br>n\u{a0}25</a></td>"
      ),
      "\(page.body)")
    #expect(
      page.body.contains(
        "<td class=\"hold\"><a href=\"/agreement/pair?a=X1&amp;b=X3\(pin)\">"
          + "<span class=\"sr\">withheld, </span>n\u{a0}3</a></td>"))
    let bloc = try await server.get("/agreement?bloc=trio&period=2020")
    #expect(bloc.body.contains(">80%<br>n\u{a0}25</a>"))
    let two = try await server.get("/agreement/pair?a=X1&b=X2&period=2020")
    let words = Self.words(two.body)
    #expect(words.contains("is 80% over 25 common roll calls"))
    #expect(
      words.contains(
        "20 times the same choice, 0 times one of them abstained, 5 times yes against no"))
    #expect(words.contains("2020 80% 25 20 0 5 25"))
    let thin = Self.words(try await server.get("/agreement/pair?a=X1&b=X3").body)
    #expect(thin.contains("is withheld: they chose in 3 common roll calls"))
    #expect(thin.contains("2020 withheld 3 0 3 0 25"))
    let many = (1...25).map { "MP\($0)" }.joined(separator: ",")
    for (path, status, fault) in [
      ("/agreement?actor=\(many)", 400, "at most 24"),
      ("/agreement?actor=X1,nobody", 404, "nobody"),
      ("/agreement/pair?a=X1", 400, "b is missing"),
      ("/agreement/pair?a=X1&b=X2&every=week", 400, "week"),
    ] {
      let refused = try await server.get(path)
      #expect(
        refused.status == status && refused.body.lowercased().contains(fault.lowercased()),
        "\(path)\n\(refused.body)")
    }
    #expect(await server.stop() == 0)
  }

  @Test func actors_side_by_side_stand_where_the_answer_has_them() async throws {
    let server = try await LocalServer()
    let query = "topic=ukraine-integrity&on=2025-02-22&known_by=%23306"
    let page = try await server.get("/compare?\(query)&actor=USA,+Russia&actor=CHN")
    let answer = try await Self.object(
      server, "comparison?\(query)&actor=USA&actor=Russia&actor=CHN")
    let words = Self.words(page.body)
    for actor in try #require(answer["actors"] as? [Object]) {
      let name = try #require(actor["actor_name"] as? String)
      let stance = try #require((actor["stance"] as? Object)?["label"] as? String)
      let since = try #require(actor["since"] as? String)
      #expect(words.firstMatch(of: try Regex("\(name) \\S \(stance) \(since)")) != nil, "\(name)")
    }
    #expect(
      words.contains(
        "On 22 February 2025 China – was neutral on this; United States ▽ leaned against"))
    // Both spacings are there, and only one of them is shown.
    #expect(page.body.contains("<div class=\"box scale\"") && page.body.contains("box even"))
    #expect(page.body.contains("/api/v1/comparison?actor=USA&amp;actor=Russia&amp;actor=CHN"))
    let many = (1...21).map { "A\($0)" }.joined(separator: ",")
    let refused = try await server.get("/compare?topic=ukraine-integrity&actor=\(many)")
    #expect(refused.status == 400 && refused.body.contains("at most 20"), "\(refused.body)")
    #expect(try await server.get("/compare").status == 200)
    #expect(try await server.get("/compare?topic=nothing&actor=USA").status == 404)
    #expect(await server.stop() == 0)
  }

  @Test func names_that_are_markup_come_out_as_text_and_pages_stay_small() async throws {
    let server = try await Self.serverWithVotes()
    for path in [
      "/rollcalls?topic=levy", "/rollcall?id=asm/25", "/rollcall?id=asm/25&bloc=trio",
      "/rollcall?id=asm/large", "/agreement?bloc=trio", "/agreement?actor=X1",
      "/agreement/pair?a=X1&b=X2", "/compare?topic=levy&bloc=trio",
      "/compare?topic=levy&actor=\((1...17).map { "MP\($0)" }.joined(separator: ","))&bloc=trio",
      "/rollcalls?body=%3Cscript%3Ealert(1)%3C/script%3E",
      "/agreement?actor=%22%20onmouseover=%22x",
    ] {
      let page = try await server.get(path)
      #expect(page.headers["content-type"]?.hasPrefix("text/html") == true, "\(path)")
      #expect(!page.body.contains("<script>alert"), "\(path)")
      #expect(!page.body.contains("\" onmouseover="), "\(path)")
      #expect(page.body.contains("&lt;script") || page.body.contains("onmouseover="), "\(path)")
      #expect(page.body.utf8.count <= 60_000, "\(path): \(page.body.utf8.count)")
    }
    let large = Self.words(try await server.get("/rollcall?id=asm/large").body)
    #expect(large.contains("Voted yes 267") && large.contains("and 207 more, in the files below"))
    #expect(await server.stop() == 0)
  }
}
#endif
