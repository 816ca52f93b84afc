import Testing

/// What users' texts can do to a terminal or a spreadsheet: nothing.
@Suite struct SafeOutputTests {
  private func program() async throws -> Program {
    let program = try await demo()
    let made = try await program.shell(
      #"annals append actor.registered actor=EVIL kind=state name="=cmd|'/c calc'!A0" -q; "#
        + #"annals append actor.registered actor=ESC kind=state name="$(printf 'a\033[31m\302\233\342\200\256b')" -q"#
    )
    #expect(made.status == 0, "\(made.errors)")
    return program
  }

  @Test func a_cell_that_begins_like_a_formula_is_a_text() async throws {
    let program = try await program()
    defer { program.cleanUp() }
    let cell = "=cmd|'/c calc'!A0"
    let csv = try await program.shell("annals list actors -o csv | grep EVIL")
    #expect(csv.output.contains(",'\(cell),"), "\(csv.output)")
    for format in ["csv-exact", "tsv", "json", "ndjson"] {
      let exact = try await program.shell("annals list actors -o \(format) | grep -A3 EVIL")
      #expect(exact.output.contains(cell) && !exact.output.contains("'\(cell)"), "\(format)")
    }
    let report = try await program.shell(
      "annals append statement.made speaker=RUS kind=quote text='=1+1' stance.topic=ukraine-integrity "
        + "stance.level=-2 --on 2026-01-05 -q; annals report RUS ukraine-integrity -o csv | tail -1"
    )
    #expect(report.output.contains(",-2,"), "numbers stay numbers: \(report.output)")
  }

  @Test(.enabled(if: Program.hasTerminal)) func a_terminal_gets_no_control_characters() async throws
  {
    let program = try await program()
    defer { program.cleanUp() }
    for format in ["csv", "csv-exact", "tsv", "json", "ndjson"] {
      let shown = try await program.terminal("list actors -o \(format)").output
      let line = try #require(shown.split(whereSeparator: \.isNewline).first { $0.contains("ESC") })
      let all = format == "json" ? Substring(shown) : line
      let isSafe = all.unicodeScalars.allSatisfy {
        ($0.value >= 0x20 || $0 == "\n" || $0 == "\r" || $0 == "\t")
          && !(0x7F..<0xA0).contains($0.value) && $0.value != 0x202E
      }
      #expect(isSafe, "\(format): \(all.debugDescription)")
      #expect(
        all.contains(format.contains("json") ? "\\u009B\\u202E" : "\\u{9B}\\u{202E}"), "\(all)")
      let piped = try await program.run("list", "actors", "-o", format).output
      #expect(piped.unicodeScalars.contains { $0.value == 0x202E }, "\(format) is exact in a pipe")
    }
  }
}
