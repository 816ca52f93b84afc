import Foundation
import Testing

/// How errors are shown: all of them, each with its place, a caret and a way out.
@Suite struct ErrorTests {
  static let input = """
    {"type":"vote","on": oops}
    {"acter":"us","type":"vote.cast","data":{"rollcall":"un-ga/ES-11/7","voter":"GBR","choice":"no"}}
    {"type":"vote.cast","on":"03/02/2022","data":{"rollcall":"un-ga/ES-11/7","voter":"GBR","choice":"no"}}
    {"type":"statement.made","data":{"speaker":"dmitry-peskov","kind":"quote","text":"x"}}

    """

  @Test func all_faults_of_a_file_are_shown_with_carets() async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    try program.write(Self.input, to: "bad.ndjson")
    let before = try await program.run("export")
    let result = try await program.run("import", "bad.ndjson")
    #expect(result.status == 65)
    #expect(result.output.isEmpty)
    #expect(
      result.errors.hasPrefix(
        """
        error[E1101]: bad.ndjson:1:22: expected a value, found "oops"
           1 | {"type":"vote","on": oops}
             |                      ^^^^

        """))
    #expect(result.errors.contains("error[E1103]: bad.ndjson:2:2: unknown field \"acter\""))
    #expect(result.errors.contains("     |  ^^^^^^^"))
    #expect(result.errors.contains("error[E1104]: bad.ndjson:3:26: "))
    #expect(result.errors.contains("     | help: 2022-03-02 if the month is March"))
    #expect(result.errors.hasSuffix("3 of 4 events are wrong; nothing was appended.\n"))
    let after = try await program.run("export")
    let isUnchanged = after.output == before.output
    #expect(isUnchanged)
  }

  /// A tool that writes a wrong name writes it in each line.
  @Test func a_fault_of_each_line_is_shown_five_times_and_counted() async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    let line =
      #"{"type":"vote.cast","day":"2025","data":{"rollcall":"un-ga/ES-11/7","voter":"GBR"}}"#
    try program.write(String(repeating: line + "\n", count: 40), to: "bad.ndjson")
    let result = try await program.run("import", "bad.ndjson")
    #expect(result.status == 65)
    for (code, words) in [("E1103", "unknown field \"day\""), ("E1107", "data.choice is missing")] {
      let lines = result.errors.split(separator: "\n").filter { $0.contains("\(code)]") }
      #expect(lines.count == 6, "\(result.errors)")
      for number in 1...5 {
        #expect(lines.contains { $0.hasPrefix("error[\(code)]: bad.ndjson:\(number):") })
      }
      #expect(lines.last == "error[\(code)]: \(words): 35 more, the last in line 40")
    }
    #expect(result.errors.hasSuffix("40 of 40 events are wrong; nothing was appended.\n"))
    let document = try await program.run("import", "bad.ndjson", "-o", "json")
    #expect(document.errors.components(separatedBy: "unknown field").count == 41)
  }

  @Test func with_json_it_is_one_problem_object_on_standard_error() async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    let result = try await program.run("import", "-", "-o", "json", input: Self.input)
    #expect(result.status == 65)
    #expect(result.output.isEmpty)
    let problem =
      try JSONSerialization.jsonObject(with: Data(result.errors.utf8)) as? [String: Any] ?? [:]
    #expect((problem["type"] as? String)?.hasSuffix("/errors/E1101") == true)
    #expect(problem["title"] is String && problem["status"] as? Int == 400)
    #expect(problem["detail"] as? String == "3 of 4 events are wrong; nothing was appended.")
    let errors = problem["errors"] as? [[String: Any]] ?? []
    #expect(errors.map { $0["line"] as? Int } == [1, 2, 3])
    #expect(errors.map { $0["code"] as? String } == ["E1101", "E1103", "E1104"])
    let usage = try await program.run("-o", "json", "apend")
    let usageProblem =
      try JSONSerialization.jsonObject(with: Data(usage.errors.utf8)) as? [String: Any] ?? [:]
    #expect(usageProblem["exit_code"] as? Int == 64)
  }

  @Test func a_fault_in_an_argument_is_shown_there() async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    let value = try await program.run(
      "append", "vote.cast", "rollcall=un-ga/ES-11/7", "voter=FRA", "choice=maybe")
    #expect(value.errors.contains("     | choice=maybe\n     |        ^^^^^\n"))
    let name = try await program.run(
      "append", "vote.cast", "rollcall=un-ga/ES-11/7", "voter=FRA", "choise=yes", "choice=yes")
    #expect(name.errors.contains("     | choise=yes\n     | ^^^^^^ help: did you mean \"choice\"?"))
    let actor = try await program.run(
      "append", "vote.cast", "rollcall=un-ga/ES-11/7", "voter=Fraance", "choice=yes")
    #expect(actor.status == 4)
    #expect(actor.errors.contains("     | voter=Fraance\n     |       ^^^^^^^"))
  }

  @Test func good_lines_are_kept_with_rejects() async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    try program.write(Self.input, to: "mixed.ndjson")
    let result = try await program.run("import", "mixed.ndjson", "--rejects", "bad.ndjson")
    #expect(result.status == 0)
    #expect(result.lines.count == 1)
    #expect(try program.read("bad.ndjson").split(separator: "\n").count == 3)
    #expect(result.errors.contains("error[E1103]: mixed.ndjson:2:2"))
    #expect(result.errors.contains("3 rejected lines are in bad.ndjson"))
  }
}
