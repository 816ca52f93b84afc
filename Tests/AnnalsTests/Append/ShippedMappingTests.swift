import EventLog
import Testing

@testable import Annals

/// The shipped mappings on what their data sets really hold.
@Suite struct ShippedMappingTests {
  private static let members = """
    congress,chamber,icpsr,party_code,bioname,bioguide_id
    80,President,99999.0,100.0,"ROOSEVELT, Other",
    80.0,Senate,500.0,100.0,"ALDEN, Ann",A000001
    80,House,501,200,"BROOK, Bo",
    81,House,502,200,"CROSS, Cy",

    """
  private static let rollcalls = """
    congress,chamber,rollnumber,date,yea_count,nay_count,bill_number,vote_result,vote_desc,vote_question,dtl_desc
    80.0,Senate,7.0,1947-05-05,1.0,0.0,S1,Passed,,,
    81,House,1,1949-01-03,1,0,H1,Passed,,,

    """
  private static let votes = """
    congress,chamber,rollnumber,icpsr,cast_code
    80,Senate,7,500.0,1.0
    80,Senate,7,99999,6
    81,House,1,502,1
    81,House,1,501,0.0

    """

  @Test func aPresidentHasNoVoteAndAnOldCongressNoMembersOnTheDayOfTheNew() async throws {
    try await withStore { store in
      let report = try await store.append(
        [Self.votes, Self.members, Self.rollcalls].map { TableImportTests.input($0) },
        mapping: try Mapping(shipped: "voteview"), options: TableImportTests.options)
      #expect(report.skipped.map(\.rows) == [1, 1])
      let senate = try await store.rollcall("us-senate/80-7")
      #expect(senate.votes.map(\.voter.id) == ["icpsr-500"])
      #expect(senate.on == "1947-05-05")
      #expect(!senate.differences.contains { !$0.agrees })
      #expect(senate.members.listed == 1)
      let house = try await store.rollcall("us-house/81-1")
      #expect(house.members.listed == 1)
      #expect(house.members.unrecorded == 0)
    }
  }

  @Test func whatAnEarlierReleaseGaveOtherwiseIsToldOf() async throws {
    let mapping = """
      mapping: board
      dataset: board
      sources: [{source: board, title: Board}]
      actors: {body: {board: Board}, bloc: {reds: Reds}}
      files:
        hands:
          columns: [name, from, to]
          values:
            member: {take: "{name}", case: lower, as: id}
          events:
            - event: actor.registered
              missing-only: true
              once: "{member}"
              data: {actor: "{member}", kind: person, name: "{name}"}
            - event: membership.held
              data: {actor: "{member}", group: reds, period: "{from}/{to}"}
              sources: [{source: board}]
            - event: vote.cast
              data: {rollcall: poll-1, voter: "{member}", choice: "yes"}
              sources: [{source: board}]
      """
    try await withStore { store in
      let read = try Mapping(parsing: mapping, file: "board.yaml")
      func report(_ rows: String, isDryRun: Bool = false) async throws -> [String] {
        var options = TableImportTests.options
        options.dryRun = isDryRun
        return try await store.append(
          [TableImportTests.input("name,from,to\n" + rows)], mapping: read, options: options
        ).remarks.listed.filter { $0.kind == "earlier-release" }.map(\.text)
      }
      _ = try await store.append(
        Array(
          #"""
          {"type":"actor.registered","data":{"actor":"board","kind":"body","name":"Board"}}
          {"type":"motion.tabled","data":{"motion":"m","body":"board","title":"M"}}
          {"type":"rollcall.held","data":{"rollcall":"poll-1","motion":"m","body":"board","method":"recorded","result":"adopted"}}
          """#.utf8), options: TableImportTests.options)
      #expect(try await report("Ada,2001-01-03,2003-01-03\nBob,2001-01-03,2003-01-03\n").isEmpty)
      let other = "Ada,2001-01-03,2003-01-02\nCyd,2001-01-03,2003-01-02\n"
      for isDryRun in [true, false] {
        let texts = try await report(other, isDryRun: isDryRun)
        #expect(texts.count == 2)
        #expect(
          texts.first?.contains("recorded 1 vote that this one does not give")
            == true)
        #expect(texts.first?.contains("bob voted yes on poll-1") == true)
        #expect(
          texts.last?.contains("recorded 1 membership or office with other periods than this one")
            == true)
        #expect(texts.last?.contains("ada was a member of reds (2001-01-03/2003-01-03)") == true)
      }
      // What was retracted is not told of again, and neither is what comes after it.
      let events = try await store.log.read(
        EventQuery(types: ["vote.cast", "membership.held"]), in: EventRange())
      for event in events {
        let fact = try #require(try await store.reader(Position(.max)).fact(of: event))
        if fact.fields.voter == "bob" || fact.fields.periodText == "2001-01-03/2003-01-03" {
          _ = try await store.retract(
            .position(event.position), reason: "another release", options: TableImportTests.options)
        }
      }
      #expect(try await report(other).isEmpty)
      #expect(try await report("Ada,2003-01-03,2005-01-02\nCyd,2003-01-03,2005-01-02\n").isEmpty)
    }
  }

  @Test func aPresidentIsKnownByTheChamberToo() async throws {
    try await withStore { store in
      let report = try await store.append(
        [Self.votes, Self.members].map {
          TableImportTests.input($0.replacing("99999", with: "77"))
        }, mapping: try Mapping(shipped: "voteview"), options: TableImportTests.options)
      #expect(report.skipped.map(\.rows).reduce(0, +) == 2)
    }
  }

  @Test func theSecurityCouncilsFileOfTheDigitalLibrary() async throws {
    let council = """
      undl_id,ms_code,ms_name,permanent_member,ms_vote,date,resolution,draft,meeting,description,agenda,subjects,vote_note,modality,total_yes,total_no,total_abstentions,total_non_voting,total_ms,undl_link
      1,CHN,CHINA,True,Y,1998-01-29,S/RES/1151(1998),,,Resolution 1151 (1998),Lebanon,,,ADOPTED BY VOTE,2.0,0.0,1.0,0.0,3.0,https://digitallibrary.un.org/record/1
      1,KEN,KENYA,False,A,1998-01-29,S/RES/1151(1998),,,Resolution 1151 (1998),Lebanon,,,ADOPTED BY VOTE,2.0,0.0,1.0,0.0,3.0,https://digitallibrary.un.org/record/1
      1,FRA,FRANCE,True,Y,1998-01-29,S/RES/1151(1998),,,Resolution 1151 (1998),Lebanon,,,ADOPTED BY VOTE,2.0,0.0,1.0,0.0,3.0,https://digitallibrary.un.org/record/1
      2.0,FRA,FRANCE,True,,1998-02-02,S/RES/1152(1998),,,Resolution 1152 (1998),x,,,ADOPTED WITHOUT VOTE,,,,,15.0,https://digitallibrary.un.org/record/2

      """
    try await withStore { store in
      _ = try await store.append(
        [TableImportTests.input(council)], mapping: try Mapping(shipped: "undl"),
        options: TableImportTests.options)
      let answer = try await store.rollcall("un-sc/1151")
      #expect(answer.body?.id == "un-sc")
      #expect(answer.motion?.name == "Resolution 1151 (1998)")
      #expect(
        answer.votes.map { "\($0.voter.id) \($0.choices[0])" } == [
          "CHN yes", "FRA yes", "KEN abstain",
        ])
      #expect(!answer.differences.contains { !$0.agrees })
      #expect(
        try await store.rollcall("un-sc/1152").accounts.first?.entry.fact.fields.method
          == "consensus")
    }
  }

  @Test func theAssemblysFileWithDecimalPoints() async throws {
    let assembly = """
      undl_id,ms_code,ms_name,ms_vote,date,session,resolution,title,total_yes,total_no,total_abstentions,total_non_voting,total_ms,undl_link
      9.0,AFG,AFGHANISTAN,Y,1997-12-12,52.0,A/RES/52/100,A title,1.0,0.0,0.0,2.0,3.0,https://digitallibrary.un.org/record/9

      """
    try await withStore { store in
      _ = try await store.append(
        [TableImportTests.input(assembly)], mapping: try Mapping(shipped: "undl"),
        options: TableImportTests.options)
      let answer = try await store.rollcall("un-ga/52/100")
      #expect(answer.session == "52")
      #expect(answer.official.map { $0.votes } == [1, 0, 0, 2])
      #expect(answer.accounts.first?.entry.fact.sources.first?.locator == "record/9")
    }
  }

  @Test(arguments: [
    ("RU", "46", "1991-12-20", "SUN"), ("RU", "46", "1992-08-25", "RUS"),
    ("YU", "57", "2002-12-20", "YUG"), ("YU", "57", "2003-06-05", "SCG"),
    ("YU", "60", "2006-05-08", "SCG"), ("YU", "60.0", "2006-06-30", "SRB"),
  ])
  func theSeatIsThatOfTheStateOnTheDay(
    _ code: String, _ session: String, _ day: String, _ state: String
  ) async throws {
    let files = [
      "rcid,country,country_code,vote\n5.0,Somewhere,\(code),yes\n",
      "rcid,session,importantvote,date,unres,amend,para,short,descr\n"
        + "5,\(session),0,\(day),R/\(session.prefix(2))/12,0,0,X,x\n",
    ]
    try await withStore { store in
      _ = try await store.append(
        files.map { TableImportTests.input($0) }, mapping: try Mapping(shipped: "unvotes"),
        options: TableImportTests.options)
      let id = "un-ga/\(session.prefix(2))/12"
      #expect(try await store.rollcall(id).votes.map(\.voter.id) == [state])
    }
  }
}
