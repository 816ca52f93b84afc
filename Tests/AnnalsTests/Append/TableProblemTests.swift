import EventLog
import Synchronization
import Testing

@testable import Annals

/// What is wrong in a table or in a mapping is said all at once, with its place.
@Suite struct TableProblemTests {
  private func problems(_ body: () async throws -> Void) async -> [Problem] {
    do {
      try await body()
      return []
    } catch let problems as Problems {
      return problems.problems
    } catch {
      Issue.record(error)
      return []
    }
  }

  private func place(_ problem: Problem) -> String {
    "\(problem.code.rawValue) \(problem.position?.line ?? 0):\(problem.position?.column ?? 0)"
  }

  @Test func faultsOfRowsPointToTheirCells() async throws {
    let ballots = """
      date,record_id,symbol,body,name_at_vote,iso3,choice,raw_code
      1970-12-08,201,A/RES/2671(XXV)[C],GA,USSR,SUN,Q,Y
      1970-13-08,201,A/RES/2671(XXV)[C],GA,FRANCE,FRA,Y,Y
      1970-12-08,201,A/RES/9(XXV),GA,FRANCE,FRA,Y,Y
      1970-12-08,201,A/RES/2671(XXV)[C],GA,"FRA"NCE,FRA,Y,Y
      1970-12-08,201,A/RES/2671(XXV)[C],GA,FRANCE,FRA,Y
      1970-12-08,201,X/1,GA,FRANCE,FRA,Y,Y

      """
    try await withStore { store in
      let found = await problems {
        _ = try await store.append(
          [TableImportTests.input(TableImportTests.rollcalls), TableImportTests.input(ballots)],
          mapping: try Mapping(shipped: "un-votes"), options: TableImportTests.options)
      }
      #expect(
        found.map(place).sorted() == [
          "E1104 3:1", "E1105 2:47", "E1105 7:16", "E1113 4:16", "E1121 5:43", "E1121 6:50",
        ])
      let now = try await store.log.head().position
      #expect(now == .start)
    }
  }

  @Test func anUnknownNameIsReportedOnceWithItsRows() async throws {
    let ballots = """
      rcid,country,country_code,vote
      3,United States,US,yes
      3,Ruritania,,no
      900,Ruritania,,no
      900,Frnce,,no

      """
    let files = [
      TableImportTests.input(TableImportTests.unvotesRollcalls),
      TableImportTests.input(ballots, "ballots.csv"),
    ]
    try await withStore { store in
      let mapping = try Mapping(shipped: "unvotes")
      let found = await problems {
        _ = try await store.append(files, mapping: mapping, options: TableImportTests.options)
      }
      #expect(found.map(\.code) == [.unknownName, .unknownName])
      #expect(found[0].message == "nobody is known as \"Ruritania\" (2 rows)")
      #expect(place(found[0]) == "E1122 3:3")
      #expect(found[1].suggestion == "FRA")
      #expect(found[1].help?.words(for: .commandLine).hasSuffix("Frnce,FRA") == true)
      let now = try await store.log.head().position
      #expect(now == .start)
      let aliases = try Aliases.read(
        TableImportTests.input("name,actor\nRuritania,DEU\nFrnce,FRA\n"))
      let report = try await store.append(
        files, mapping: mapping, aliases: aliases, options: TableImportTests.options)
      #expect(report.appended > 0)
    }
  }

  @Test func rejectedRowsStandBelowTheirFirstLine() async throws {
    let ballots = """
      rcid,country,country_code,vote
      3,United States,US,yes
      3,Ruritania,,no
      3,France,FR,maybe

      """
    let lines = Mutex<[String]>([])
    var options = TableImportTests.options
    options.reject = { line, _ in
      lines.withLock { $0.append(String(decoding: line, as: UTF8.self)) }
    }
    try await withStore { store in
      let report = try await store.append(
        [
          TableImportTests.input(TableImportTests.unvotesRollcalls),
          TableImportTests.input(ballots),
        ], mapping: try Mapping(shipped: "unvotes"), options: options)
      #expect(report.rejected == 2)
      #expect(report.unknownNames.map(\.code) == [.unknownName, .unknownValue])
      let votes = try await store.log.read(
        EventQuery(types: ["vote.cast"], tags: []), in: EventRange())
      #expect(votes.count == 1)
    }
    #expect(
      lines.withLock { $0 } == [
        "rcid,country,country_code,vote", "3,Ruritania,,no", "3,France,FR,maybe",
      ])
  }

  @Test func aTableOfAnotherKindIsNamed() async throws {
    try await withStore { store in
      let found = await problems {
        _ = try await store.append(
          [TableImportTests.input("rcid,country,code,vote\n")],
          mapping: try Mapping(shipped: "unvotes"), options: TableImportTests.options)
      }
      #expect(found.map(\.code) == [.unknownTable])
      #expect(found.first?.message.contains("country_code") == true)
    }
  }

  @Test func namesOfColumnsMustDiffer() async throws {
    try await withStore { store in
      let found = await problems {
        _ = try await store.append(
          [TableImportTests.input("rcid,,vote,vote\n")],
          mapping: try Mapping(shipped: "unvotes"), options: TableImportTests.options)
      }
      #expect(found.map(place) == ["E1121 1:6", "E1121 1:12"])
    }
  }

  // MARK: mappings

  @Test func shippedMappingsAreRight() throws {
    for name in Mapping.shippedNames { _ = try Mapping(shipped: name) }
    #expect(Mapping.shippedNames == ["un-votes", "undl", "unvotes", "voteview"])
  }

  @Test func allFaultsOfAMappingAreFound() throws {
    let text = """
      mapping: mine
      colour: red
      tables:
        choices: {Y: "yes"}
      files:
        ballots:
          columns: [id, who, vote]
          events:
            - event: vote.cst
              data: {rollcall: "{id}"}
            - event: vote.cast
              data:
                rollcal: "{id}"
                voter: "{hwo}"
                choice: {take: "{vote}", map: choice, otherwise: drop}
      """
    do {
      _ = try Mapping(parsing: text, file: "mine.yaml")
      Issue.record("it was taken")
    } catch {
      #expect(
        error.problems.map { "\($0.position?.line ?? 0) \($0.suggestion ?? "-")" } == [
          "2 -", "9 vote.cast", "15 -", "13 rollcall", "13 -", "14 who", "15 choices",
        ])
    }
  }

  @Test func aKeyThatStandsTwiceIsRefused() {
    #expect(throws: Problems.self) {
      _ = try Mapping(parsing: "mapping: a\nmapping: b\nfiles: {}\n", file: "a.yaml")
    }
    #expect(throws: Problems.self) { _ = try Mapping(parsing: "a: [", file: "a.yaml") }
  }

  @Test(arguments: [
    ("R/{s:digits}/{n:digits}", "R/25/2671", ["s": "25", "n": "2671"]),
    ("A/RES/{n}({s})[{p}]", "A/RES/2671(XXV)[C]", ["n": "2671", "s": "XXV", "p": "C"]),
    ("{n:digits}{part:letters}", "93A", ["n": "93", "part": "A"]),
  ])
  func patternsTakeTextsApart(_ pattern: String, _ text: String, _ parts: [String: String]) throws {
    let rewrite = try Rewrite(pattern: pattern, result: "x")
    let found = rewrite.match(Array(text.utf8))
    #expect(found?.mapValues { String(decoding: $0, as: UTF8.self) } == parts)
  }

  @Test func patternsFitWholeTextsOnly() throws {
    #expect(try Rewrite(pattern: "R/{n:digits}", result: "x").match(Array("R/1A".utf8)) == nil)
    #expect(try Rewrite(pattern: "R/{n:digits}", result: "x").match(Array("R/".utf8)) == nil)
    #expect(throws: TextTemplate.Fault.self) { try Rewrite(pattern: "{a}{b}", result: "x") }
    #expect(throws: TextTemplate.Fault.self) { try Rewrite(pattern: "{a}", result: "{b}") }
  }
}
