import EventLog
import Testing

@testable import Annals

/// What a mapping makes of the texts in cells.
@Suite struct MappedValueTests {
  @Test(
    arguments: [
      ("120.0", 120), ("14226.000", 14226), ("-3.0", -3), ("0.0", 0), ("7", 7),
    ] as [(String, Int64)])
  func aDecimalPointBeforeZerosChangesNoNumber(_ text: String, _ number: Int64) {
    #expect(WholeNumber.value(Array(text.utf8)) == number)
  }

  @Test(arguments: ["1.5", "1.", ".0", "1.0.0", "--1.0", "1.0e3", "", "a.0", "1,0"])
  func otherTextsStayAsTheyAre(_ text: String) {
    #expect(WholeNumber.plain(Array(text.utf8)) == Array(text.utf8))
    #expect(WholeNumber.value(Array(text.utf8)) == nil)
  }

  private static func mapping(_ files: String) throws -> Mapping {
    try Mapping(
      parsing: """
        mapping: board
        dataset: board
        actors:
          body: {board: Board}
        tables:
          words: {"1": "yes", "2": "no"}
        files:
        \(files)
        """, file: "board.yaml")
  }

  @Test func columnsOfWholeNumbersAreReadAsSuch() async throws {
    let mapping = try Self.mapping(
      """
        polls:
          columns: [poll, day]
          whole: [poll]
          events:
            - event: motion.tabled
              data: {motion: "poll-{poll}", body: board, title: "Poll {poll}"}
            - event: rollcall.held
              on: "{day}"
              data:
                {rollcall: "poll-{poll}", motion: "poll-{poll}", body: board, method: recorded,
                 result: unknown}
        hands:
          columns: [poll, member, word]
          join: {polls: poll}
          whole: [poll, member, word]
          skip:
            - when: {word: "9"}
              because: away
            - when: {member: 90..99}
              because: a guest
          events:
            - event: actor.registered
              missing-only: true
              once: "{member}"
              data: {actor: "member-{member}", kind: person, name: "Member {member}"}
            - event: vote.cast
              on: "{polls.day}"
              data: {rollcall: "poll-{poll}", voter: "member-{member}", choice: {take: "{word}", map: words}}
      """)
    let polls = "poll,day\n3.0,2019-04-02\n"
    let hands = "poll,member,word\n3,17.0,1.0\n3.0,18,2.0\n3.0,17.0,9.0\n3,91.0,1\n"
    try await withStore { store in
      let report = try await store.append(
        [TableImportTests.input(hands), TableImportTests.input(polls)], mapping: mapping,
        options: TableImportTests.options)
      #expect(report.skipped.map { "\($0.reason) \($0.rows)" } == ["a guest 1", "away 1"])
      let votes = try await store.rollcall("poll-3").votes
      #expect(votes.map { "\($0.voter.id) \($0.choices[0])" } == ["member-17 yes", "member-18 no"])
      #expect(votes.allSatisfy { $0.main.time?.text == "2019-04-02" })
    }
  }

  @Test func aColumnSaysWhichVoteIsTheCastingVote() async throws {
    let mapping = try Self.mapping(
      """
        hands:
          columns: [name, word, chair]
          values:
            member: {take: "{name}", case: lower, as: id}
          events:
            - event: actor.registered
              missing-only: true
              once: "{member}"
              data: {actor: "{member}", kind: person, name: "{name}"}
            - event: vote.cast
              data:
                rollcall: poll-1
                voter: "{member}"
                choice: {take: "{word}", map: words}
                casting: {take: "{chair}", as: boolean}
      """)
    try await withStore { store in
      let head = "name,word,chair\n"
      func report(_ rows: String) async throws -> WriteReport {
        try await store.append(
          [TableImportTests.input(head + rows)], mapping: mapping, options: TableImportTests.options
        )
      }
      _ = try await store.append(
        Array(
          #"""
          {"type":"actor.registered","data":{"actor":"board","kind":"body","name":"Board"}}
          {"type":"motion.tabled","data":{"motion":"m","body":"board","title":"M"}}
          {"type":"rollcall.held","data":{"rollcall":"poll-1","motion":"m","body":"board","method":"recorded","result":"adopted"}}
          """#.utf8), options: TableImportTests.options)
      _ = try await report("Ada,2,\nAda,1,true\nBob,1,\n")
      let votes = try await store.rollcall("poll-1").votes
      #expect(
        votes.map { "\($0.voter.id) \($0.choices[0]) \($0.isCasting)" } == [
          "ada yes true", "bob yes false", "ada no false",
        ])
      let refused = await #expect(throws: Problems.self) { _ = try await report("Ada,2,true\n") }
      #expect(refused?.problems.map(\.code) == [.secondVote])
    }
  }

  private static let named = """
      hands:
        columns: [name]
        values:
          member: {take: "board/{name}", case: lower, as: id}
        events:
          - event: actor.registered
            missing-only: true
            once: "{member}"
            data: {actor: "{member}", kind: person, name: "{name}"}
    """

  @Test func anIDIsMadeOfAName() async throws {
    try await withStore { store in
      _ = try await store.append(
        [TableImportTests.input("name\nEva Nováková\nJiří Černý\nEva Nováková\n")],
        mapping: Self.mapping(Self.named), options: TableImportTests.options)
      #expect(try await store.resolveActor("Jiří Černý").id == "board/jiri-cerny")
      let tags = try await store.log.tags(kind: "actor")
      #expect(tags.count == 2)
    }
  }

  @Test func twoNamesThatGiveOneIDAreToldWhereverTheyStand() async throws {
    try await withStore { store in
      let found = await #expect(throws: Problems.self) {
        _ = try await store.append(
          [
            TableImportTests.input("name\nEva Nováková\nOtto\n", "a.csv"),
            TableImportTests.input("name\nEva Novakova\n", "b.csv"),
          ], mapping: Self.mapping(Self.named), options: TableImportTests.options)
      }
      #expect(found?.problems.map { $0.position?.file } == ["a.csv", "b.csv"])
      #expect(found?.problems.allSatisfy { $0.code == .alreadyDefined } == true)
      let head = try await store.log.head()
      #expect(head.position == .start)
    }
  }

  @Test func aValueThatTheMappingDoesNotKnowIsToldOnceWithItsRows() async throws {
    let mapping = try Self.mapping(
      """
        hands:
          columns: [name, word]
          events:
            - event: vote.cast
              data:
                {rollcall: poll-1, voter: {take: "{name}", as: actor}, choice: {take: "{word}", map: words}}
      """)
    try await withStore { store in
      let found = await #expect(throws: Problems.self) {
        _ = try await store.append(
          [TableImportTests.input("name,word\nAda,3\nAda,3\nBob,1\nAda,4\n")], mapping: mapping,
          options: TableImportTests.options)
      }
      #expect(
        found?.problems.map(\.message).sorted() == [
          "nobody is known as \"Ada\" (3 rows)", "nobody is known as \"Bob\" (1 row)",
          "the mapping does not say what \"3\" means (2 rows)",
          "the mapping does not say what \"4\" means (1 row)",
        ])
    }
  }

  /// The first row brings in the body, the source and the roll call; where it is refused, the next does.
  @Test func whatTheFirstRowDefinesIsNotLostWithIt() async throws {
    let ballots = """
      undl_id,ms_code,ms_name,ms_vote,date,session,resolution,title,total_yes,total_no,total_abstentions,total_non_voting,total_ms,undl_link
      4,KEN,KENYA,?,1999-12-01,54,A/RES/54/9,T,1,0,0,0,1,https://digitallibrary.un.org/record/4
      4,PER,PERU,Y,1999-12-01,54,A/RES/54/9,T,1,0,0,0,1,https://digitallibrary.un.org/record/4

      """
    try await withStore { store in
      let mapping = try Mapping(shipped: "undl")
      let found = await #expect(throws: Problems.self) {
        _ = try await store.append(
          [TableImportTests.input(ballots)], mapping: mapping, options: TableImportTests.options)
      }
      #expect(found?.problems.map(\.code) == [.unknownValue])
      var options = TableImportTests.options
      options.reject = { _, _ in }
      let report = try await store.append(
        [TableImportTests.input(ballots)], mapping: mapping, options: options)
      #expect(report.rejected == 1)
      #expect(try await store.rollcall("un-ga/54/9").votes.map(\.voter.id) == ["PER"])
    }
  }

  @Test func amongSeveralOfOneNameNobodyIsGuessed() async throws {
    let mapping = try Self.mapping(
      """
        hands:
          columns: [name]
          events:
            - event: vote.cast
              data: {rollcall: poll-1, voter: {take: "{name}", as: actor}, choice: "yes"}
      """)
    try await withStore { store in
      for id in ["ana-1", "ana-2"] {
        _ = try await store.append(
          Array(
            #"{"type":"actor.registered","data":{"actor":"\#(id)","kind":"person","name":"Ana Reis"}}"#
              .utf8), options: AppendOptions(recorder: "test"))
      }
      let found = await #expect(throws: Problems.self) {
        _ = try await store.append(
          [TableImportTests.input("name\nAna Reis\nAna Reiss\n")], mapping: mapping,
          options: TableImportTests.options)
      }
      let problems = found?.problems ?? []
      #expect(problems.map(\.suggestion) == [nil, nil])
      #expect(problems.first?.message.contains("ana-1, ana-2") == true)
      #expect(problems.allSatisfy { $0.help?.words(for: .commandLine).hasSuffix(",ID") == true })
    }
  }

  @Test func anotherDelimiterIsNamed() async throws {
    let mapping = try Self.mapping(
      """
        hands:
          columns: [name, word]
          events: []
      """)
    try await withStore { store in
      for (text, what) in [
        ("name;word\na;b\n", "semicolons"), ("\"name\"\t\"word\"\na\tb\n", "tabs"),
      ] {
        let found = await #expect(throws: Problems.self) {
          _ = try await store.append(
            [TableImportTests.input(text)], mapping: mapping, options: TableImportTests.options)
        }
        #expect(found?.problems.first?.message.contains("separated by \(what)") == true)
      }
    }
  }
}
