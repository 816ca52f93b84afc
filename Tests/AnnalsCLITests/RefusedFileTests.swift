import Testing

/// Files that are no files, or far too large, are refused at once and by name. A program that reads a
/// pipe without a writer would wait for ever: the limit ends such a test, and is far above what a
/// loaded machine takes.
@Suite(.timeLimit(.minutes(5))) struct RefusedFileTests {
  @Test(
    arguments: [
      ("ln -s /dev/zero annals.yaml", "show USA ukraine-integrity", "annals.yaml", "a device"),
      ("mkfifo annals.yaml", "help vote.cast", "annals.yaml", "a pipe"),
      ("mkdir own && mkfifo own/a.b.v1.json", "log --schemas own", "own/a.b.v1.json", "a pipe"),
      ("mkdir own && mkfifo own/x.sql", "replay --list --projections own", "own/x.sql", "a pipe"),
      ("mkfifo x.key", "checkpoint --key x.key", "x.key", "a pipe"),
      ("mkfifo x", "verify --fast --checkpoint x", "x", "a pipe"),
      ("mkfifo x", "check-proof x --key a+b", "x", "a pipe"),
      ("mkdir x", "report USA ukraine-integrity --template x", "x", "a folder"),
      ("mkfifo x", "import x", "x", "a pipe"),
      ("mkfifo x.yaml; touch y.csv", "import y.csv --map x.yaml", "x.yaml", "a pipe"),
      ("mkfifo x; touch y.csv", "import y.csv --map un-votes --aliases x", "x", "a pipe"),
    ])
  func what_is_no_regular_file_is_named(
    _ setting: String, _ arguments: String, _ file: String, _ kind: String
  ) async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    #expect(try await program.shell(setting).status == 0)
    // A key is needed to get to the proof.
    let key = try await program.shell("annals key new k --name e.org/k -q")
    let line = arguments.replacing("a+b", with: "'\(key.lines.first ?? "")'")
    let refused = try await program.shell("annals \(line)")
    #expect(refused.status == 66, "\(refused.errors)")
    #expect(refused.errors.hasPrefix("error[E1009]: cannot read "), "\(refused.errors)")
    #expect(refused.errors.contains("\(file): it is \(kind), not a file"), "\(refused.errors)")
    #expect(refused.errors.contains("help: "))
  }

  @Test(arguments: [
    ("annals.yaml", 64 << 10, "log"),
    ("x.md", 1 << 20, "report USA ukraine-integrity --template x.md"),
    ("own/a.b.v1.json", 1 << 20, "log --schemas own"), ("p", 1 << 20, "check-proof p --policy p"),
  ])
  func a_file_has_a_largest_size(_ file: String, _ limit: Int, _ arguments: String) async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    try program.write(String(repeating: "#", count: limit + 1), to: file)
    let refused = try await program.shell("annals \(arguments)")
    #expect(refused.status == 66, "\(refused.errors)")
    #expect(
      refused.errors.contains("error[E1009]: cannot read \(file): it has more than \(limit) bytes"),
      "\(refused.errors)")
  }

  @Test func a_missing_settings_file_is_none() async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    #expect(try await program.run("log", "--limit", "1").status == 0)
  }
}
