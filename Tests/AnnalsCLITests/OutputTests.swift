import Foundation
import Testing

/// The formats for programs, and how the layout for people follows the screen.
@Suite struct OutputTests {
  static let questions = [
    "show USA ukraine-integrity", "audit USA ukraine-integrity", "timeline USA ukraine-integrity",
    "rollcall un-ga/ES-11/7", "actor Peskov", "source kremlin-praises-us", "log -n 7", "event 249",
    "list actors", "list types", "list positions", "search Peskov",
    "agreement USA RUS", "agreement USA", "agreement", "agreement USA RUS --facts", "rollcalls",
    "replay --list", "doctor", "explain E1105", "explain",
  ]

  @Test func every_answer_has_every_format() async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    for question in Self.questions {
      let json = try await program.shell("annals \(question) -o json")
      #expect(json.status == 0, "\(question): \(json.errors)")
      let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8))
      let schema = (object as? [String: Any])?["schema"] as? String
      #expect(schema?.hasPrefix("annals.") == true, "\(question)")

      let ndjson = try await program.shell("annals \(question) -o ndjson")
      #expect(ndjson.status == 0 && !ndjson.lines.isEmpty, "\(question)")
      for line in ndjson.lines {
        _ = try JSONSerialization.jsonObject(with: Data(line.utf8))
      }

      let tsv = try await program.shell("annals \(question) -o tsv")
      let fields = tsv.output.split(separator: "\n").map {
        $0.split(separator: "\t", omittingEmptySubsequences: false).count
      }
      #expect(tsv.status == 0 && Set(fields).count == 1 && fields.count > 1, "\(question)")

      let csv = try await program.shell("annals \(question) -o csv")
      #expect(csv.status == 0 && csv.lines.count >= fields.count, "\(question)")
    }
  }

  @Test func show_prints_what_was_promised() async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    let result = try await program.run(
      "show", "the United States", "ukraine-integrity", "--on", "2025-02-24", "-o", "json")
    let object =
      try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any] ?? [:]
    for key in [
      "schema", "actor", "topic", "on", "known_by", "stance", "since", "rule", "n", "period",
      "coverage", "evidence", "actor_name", "proposition",
    ] { #expect(object[key] != nil, "\(key)") }
    #expect(object["actor"] as? String == "USA")
    let stance = object["stance"] as? [String: Any]
    #expect(stance?["label"] as? String == "opposes" && stance?["low"] as? Int == -2)
    #expect(object["since"] as? String == "2025-02-24")
    let knownBy = object["known_by"] as? [String: Any]
    #expect(knownBy?["seq"] is Int && knownBy?["recorded"] is String)
    let evidence = object["evidence"] as? [[String: Any]] ?? []
    let first = try #require(evidence.first)
    #expect(Set(first.keys).isSuperset(of: ["seq", "id", "type", "on", "source"]))
    #expect(first["type"] as? String == "vote.cast")
  }

  @Test func audit_prints_what_was_promised() async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    let result = try await program.run("audit", "US", "ukraine-integrity", "-o", "json")
    let object =
      try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any] ?? [:]
    let steps = object["steps"] as? [[String: Any]] ?? []
    #expect(steps.count >= 3)
    for step in steps {
      let promised: Set<String> = [
        "from", "to", "stance", "before", "evidence", "rests_on",
      ]
      #expect(Set(step.keys).isSuperset(of: promised))
      let evidence = step["evidence"] as? [String: Any] ?? [:]
      let told: Set<String> = ["seq", "id", "source", "recorded", "recorder", "delay_days"]
      #expect(Set(evidence.keys).isSuperset(of: told))
    }
    #expect(object["remarks"] is [[String: Any]])
  }

  @Test func a_pipe_is_never_cut_and_has_no_colours() async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    let result = try await program.run(
      "audit", "USA", "ukraine-integrity", environment: ["COLUMNS": "40"])
    #expect(!result.output.contains("…") && !result.output.contains("\u{1B}"))
    #expect(result.errors.isEmpty)
    #expect(result.output.contains("T") && !result.output.contains(" d)"))
    let forced = try await program.run(
      "audit", "USA", "ukraine-integrity", environment: ["CLICOLOR_FORCE": "1"])
    #expect(forced.output.contains("\u{1B}[1m"))
  }

  @Test(.enabled(if: Program.hasTerminal, "needs script(1) of util-linux"))
  func a_screen_is_fitted_and_has_colours_and_hints() async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    let result = try await program.terminal("log -n 5", columns: 90)
    #expect(result.output.contains("…") && result.output.contains("\u{1B}[1m"))
    for line in result.output.split(separator: "\r\n") {
      #expect(plain(line).count <= 90, "\(line)")
    }
    let show = try await program.terminal("show USA ukraine-integrity")
    #expect(show.output.contains("annals audit USA ukraine-integrity"))
    let audit = try await program.terminal("audit USA ukraine-integrity", columns: 160)
    #expect(audit.output.contains(" d)"))
    let quiet = try await program.terminal("show USA ukraine-integrity -q")
    #expect(!quiet.output.contains("annals audit USA"))
  }

  @Test(.enabled(if: Program.hasTerminal, "needs script(1) of util-linux"))
  func colours_can_be_switched_off() async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    for environment in [["NO_COLOR": "1"], ["TERM": "dumb"]] {
      let result = try await program.terminal("log -n 5", environment: environment)
      #expect(!result.output.contains("\u{1B}[1m"))
    }
    let option = try await program.terminal("log -n 5 --color never")
    #expect(!option.output.contains("\u{1B}[1m"))
    let both = try await program.terminal(
      "log -n 5 --color always", environment: ["NO_COLOR": "1"])
    #expect(both.output.contains("\u{1B}[1m"))
  }

  @Test(.enabled(if: Program.hasTerminal, "needs script(1) of util-linux"))
  func import_does_not_wait_for_a_terminal() async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    let result = try await program.terminal("import --color never")
    #expect(result.status == 64)
    #expect(result.output.contains("error[E1005]: nothing to import"))
  }

  @Test func a_text_of_an_event_cannot_move_the_cursor() async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    let made = try await program.run(
      "append", "statement.made", "speaker=Peskov", "kind=quote", "text=a\u{1B}[2Jb\u{202E}c")
    #expect(made.status == 0, "\(made.errors)")
    let shown = try await program.run("log", "-n", "1")
    #expect(!shown.output.contains("\u{1B}") && !shown.output.contains("\u{202E}"))
    #expect(shown.output.contains("\\u{1B}[2J"))
  }

  private func plain(_ line: Substring) -> String {
    String(line.replacing(/\u{1B}\[[0-9;]*[mK]/, with: ""))
  }
}
