import Testing

/// How arguments are read: options before the command, misspelt names, help.
@Suite struct CommandLineTests {
  @Test func prints_its_version() async throws {
    let program = try Program()
    defer { program.cleanUp() }
    let result = try await program.run("--version")
    #expect(result.status == 0)
    #expect(result.output.hasPrefix("annals "))
    #expect(result.errors.isEmpty)
  }

  @Test func without_arguments_it_prints_help() async throws {
    let program = try Program()
    defer { program.cleanUp() }
    let result = try await program.run()
    #expect(result.status == 0)
    #expect(result.output.contains("annals init un.annals --demo"))
  }

  static let commands = [
    "init", "doctor", "append", "import", "correct", "retract", "show", "timeline", "log", "event",
    "rollcall", "actor", "source", "list", "search", "export", "audit", "replay", "explain",
    "completions", "compare", "diff", "changes", "health", "agreement", "rollcalls", "swings",
    "key", "checkpoint", "cosign", "prove", "check-proof",
  ]

  @Test(arguments: commands)
  func help_has_examples_and_describes_every_option(_ command: String) async throws {
    let program = try Program()
    defer { program.cleanUp() }
    let result = try await program.run(command, "--help", environment: ["COLUMNS": "200"])
    #expect(result.status == 0)
    let example = command == "completions" ? "annals completions bash" : "  annals "
    #expect(result.output.contains("Examples:") && result.output.contains(example))
    let examples = result.output.split(separator: "\n").filter { $0.hasPrefix("  annals ") }
    #expect(examples.count >= 2 || command == "completions")
    let lines = result.output.split(separator: "\n", omittingEmptySubsequences: false)
    for (line, next) in zip(lines, lines.dropFirst()) where line.hasPrefix("  -") {
      // The description stands beside a short option, and below a long one.
      let text = line.drop { $0 == " " }
      let isBeside = text.contains("  ")
      #expect(isBeside || next.hasPrefix("      "), "no help: \(line)")
    }
    let spelledOut = try await program.run("help", command, environment: ["COLUMNS": "200"])
    #expect(spelledOut.output == result.output)
  }

  @Test(arguments: ["time", "formats", "exit-codes", "environment", "mapping"])
  func help_has_topics(_ topic: String) async throws {
    let program = try Program()
    defer { program.cleanUp() }
    let result = try await program.run("help", topic)
    #expect(result.status == 0)
    #expect(result.lines.count > 5)
    #expect(result.lines.allSatisfy { $0.count <= 100 })
  }

  @Test func global_options_stand_before_and_after_the_command() async throws {
    let program = try Program()
    defer { program.cleanUp() }
    let after = try await program.run("explain", "E1105", "-o", "json")
    #expect(after.status == 0)
    for arguments in [["-o", "json"], ["--output", "json"], ["--output=json"]] {
      let joined = (arguments + ["explain", "E1105"]).joined(separator: " ")
      let before = try await program.shell("annals \(joined)")
      #expect(before.output == after.output, "\(joined)")
    }
    let several = try await program.run(
      "-q", "-s", "x.annals", "--color", "never", "explain", "E1105")
    #expect(several.status == 0)
  }

  @Test func a_misspelt_command_is_named_with_the_one_that_was_meant() async throws {
    let program = try Program()
    defer { program.cleanUp() }
    let result = try await program.run("apend", "vote.cast")
    #expect(result.status == 64)
    #expect(result.output.isEmpty)
    #expect(result.errors.contains(#"error[E1001]: no command "apend" — did you mean "append"?"#))
    let topic = try await program.run("help", "tmie")
    #expect(topic.status == 64)
    #expect(topic.errors.contains(#"did you mean "time"?"#))
  }

  @Test func a_misspelt_option_is_named_with_the_one_that_was_meant() async throws {
    let program = try Program()
    defer { program.cleanUp() }
    for option in ["--stor", "--stor=x"] {
      let result = try await program.run("show", option, "x", "USA", "t")
      #expect(result.status == 64)
      #expect(
        result.errors.contains(#"show has no option --stor — did you mean "--store"?"#),
        "\(result.errors)")
    }
  }

  @Test func a_shell_comment_instead_of_a_position_is_explained() async throws {
    let program = try Program()
    defer { program.cleanUp() }
    let result = try await program.shell("annals show USA t --known-by #40")
    #expect(result.status == 64)
    #expect(result.errors.contains("--known-by=#40"))
  }
}
