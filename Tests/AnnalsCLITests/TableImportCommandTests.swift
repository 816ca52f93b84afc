import Testing

/// `annals import` with tables.
@Suite struct TableImportCommandTests {
  private static let mapping = """
    mapping: mine
    sources: [{source: minutes, title: Minutes}]
    actors: {body: {council: Council}, person: {ada: Ada}}
    tables:
      choices: {y: "yes", n: "no"}
    files:
      votes:
        columns: [roll, who, vote]
        skip: [{when: {vote: ""}, because: nothing was said}]
        events:
          - event: motion.tabled
            once: "{roll}"
            data: {motion: "m-{roll}", body: council, title: "Motion {roll}"}
          - event: rollcall.held
            once: "{roll}"
            data: {rollcall: "r-{roll}", motion: "m-{roll}", body: council, method: recorded, result: unknown}
          - event: vote.cast
            on: "2024"
            data:
              rollcall: "r-{roll}"
              voter: {take: "{who}", as: actor}
              choice: {take: "{vote}", map: choices}
            sources: [{source: minutes}]

    """

  private func program(_ rows: String) async throws -> Program {
    let program = try Program()
    try program.write(Self.mapping, to: "mine.yaml")
    try program.write("roll,who,vote\n" + rows, to: "votes.csv")
    #expect(try await program.run("init", "a.annals").status == 0)
    return program
  }

  @Test func aTableNeedsAMapping() async throws {
    let program = try await program("1,Ada,y\n")
    defer { program.cleanUp() }
    let result = try await program.run("import", "votes.csv")
    #expect(result.status == 65)
    #expect(result.errors.contains("E1123") && result.errors.contains("un-votes"))
    let other = try await program.run("import", "votes.csv", "--map", "un-vote")
    #expect(other.status == 78)
    #expect(other.errors.contains("un-votes"))
  }

  @Test func theClosingLineCountsRows() async throws {
    let program = try await program("1,Ada,y\n2,Ada,\n1,Bob,n\n2,Ada,maybe\n")
    defer { program.cleanUp() }
    let all = try await program.run("import", "votes.csv", "--map", "mine.yaml")
    #expect(all.status == 65)
    #expect(all.errors.contains("votes.csv:4:3") && all.errors.contains("votes.csv:5:7"))
    let good = try await program.run(
      "import", "votes.csv", "--map", "mine.yaml", "--rejects", "bad.csv")
    #expect(good.status == 0)
    #expect(good.errors.contains("2 rejected"))
    #expect(good.errors.contains("1 skipped (nothing was said)"))
    #expect(try program.read("bad.csv") == "roll,who,vote\n1,Bob,n\n2,Ada,maybe\n")
    try program.write("name,actor\nBob,ada\n", to: "who.csv")
    let dry = try await program.run(
      "import", "bad.csv", "--map", "mine.yaml", "--aliases", "who.csv", "--limit", "1",
      "--dry-run")
    // Ada has voted in this roll call already.
    #expect(dry.status == 65)
    #expect(dry.errors.contains("bad.csv:2:3"))
  }
}
