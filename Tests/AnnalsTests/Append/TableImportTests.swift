import EventLog
import Testing

@testable import Annals

/// Tables become events as a mapping says: the shipped mappings on small tables, names, rejects,
/// and what is the same as in NDJSON.
@Suite struct TableImportTests {
  static let options = AppendOptions(recorder: "test")

  static func input(_ text: String, _ name: String = "table.csv") -> any EventInput {
    MemoryInput(Array(text.utf8), name: name)
  }

  static let rollcalls = """
    date,record_id,symbol,body,session,title,meeting,committee_report,agenda,yes,no,abstain,non_voting,listed,url
    1946-01-24,671200,A/RES/1(I),GA,I,Atomic energy,A/PV.17,A/12,N/A,0,0,0,0,0,https://digitallibrary.un.org/record/671200
    1970-12-08,201,A/RES/2671(XXV)[C],GA,25,"Middle East, part C",A/PV.1,,x,1,1,0,1,3,https://digitallibrary.un.org/record/201
    2025-02-24,4077111,S/RES/2774(2025),SC,,Ukraine,S/PV.9866,,x,1,0,1,0,2,https://digitallibrary.un.org/record/4077111
    N/A,454783,N/A,,,Charter,N/A,,N/A,0,0,0,0,0,https://digitallibrary.un.org/record/454783

    """
  static let ballots = """
    date,record_id,symbol,body,name_at_vote,iso3,choice,raw_code
    1970-12-08,201,A/RES/2671(XXV)[C],GA,USSR,SUN,Y,Y
    1970-12-08,201,A/RES/2671(XXV)[C],GA,UNITED STATES,USA,N,n
    1970-12-08,201,A/RES/2671(XXV)[C],GA,ALBANIA,ALB,X,
    2025-02-24,4077111,S/RES/2774(2025),SC,UNITED STATES OF AMERICA,USA,Y,Y
    2025-02-24,4077111,S/RES/2774(2025),SC,FRANCE,FRA,A,A

    """

  /// Every event as its type and payload, in log order.
  static func events(_ store: Store) async throws -> [String] {
    try await store.log.read(.all, in: EventRange()).map { event in
      "\(event.type.name) \(event.event.time?.text ?? "-") "
        + String(decoding: event.event.body, as: UTF8.self)
    }
  }

  @Test func theUnitedNationsVotes() async throws {
    try await withStore { store in
      // The order of the files does not matter.
      let report = try await store.append(
        [Self.input(Self.ballots), Self.input(Self.rollcalls)],
        mapping: try Mapping(shipped: "un-votes"), options: Self.options)
      #expect(report.rows == 9)
      #expect(report.skipped.map(\.reason) == ["without a symbol"])
      #expect(report.rejected == 0)
      let events = try await Self.events(store)
      let vote =
        "vote.cast 1970-12-08 {\"basis\":\"explicit\",\"data\":{\"choice\":\"no\",\"raw\":\"n\","
        + "\"rollcall\":\"un-ga/2671-XXV-C\",\"voter\":\"USA\"},\"sources\":[{\"locator\":"
        + "\"record/201\",\"source\":\"un-digital-library\"}]}"
      #expect(events.contains(vote))
      #expect(
        events.contains(
          "rollcall.held 2025-02-24 {\"basis\":\"explicit\",\"data\":{\"body\":\"un-sc\","
            + "\"method\":\"recorded\",\"motion\":\"S/RES/2774\",\"official\":{\"absent\":0,"
            + "\"abstain\":1,\"no\":0,\"yes\":1},\"result\":\"adopted\",\"rollcall\":\"un-sc/2774\","
            + "\"url\":\"https://digitallibrary.un.org/record/4077111\"},\"sources\":[{\"locator\":"
            + "\"record/4077111\",\"source\":\"un-digital-library\"}]}"))
      // What was decided without a vote is a motion, and no roll call.
      #expect(events.contains { $0.hasPrefix("motion.tabled") && $0.contains("A/RES/1-I") })
      #expect(!events.contains { $0.hasPrefix("rollcall.held") && $0.contains("un-ga/1-I") })
      #expect(events.filter { $0.contains("actor.registered") }.count == 6)
      let named = events.filter { $0.contains("actor.named") }
      #expect(named.count == 2, "USSR, United States of America: \(named)")
      let completed = events.last ?? ""
      #expect(completed.contains("\"dataset\":\"un-votes\""))
      #expect(
        completed.contains("\"from\":\"1970-12-08\"") && completed.contains("\"to\":\"2025-02-24\"")
      )
    }
  }

  /// The same events, under the same ids, as their lines of NDJSON would give.
  @Test func rowsGiveWhatLinesGive() async throws {
    for (name, tables) in [
      ("un-votes", [Self.rollcalls, Self.ballots]), ("undl", [Self.library]),
      ("unvotes", [Self.unvotesRollcalls, Self.unvotesBallots]),
      ("voteview", [Self.members, Self.votes]),
    ] {
      try await withStore { store in
        _ = try await store.append(
          tables.map { Self.input($0) }, mapping: try Mapping(shipped: name), options: Self.options)
        let events = try await store.log.read(.all, in: EventRange())
        var reader = EventReader(vocabulary: .builtIn, input: MemoryInput([]))
        for event in events {
          var line: JSONObject = ["type": .string(event.type.name)]
          if let time = event.event.time { line["on"] = .string(time.text) }
          var tape = JSONTape()
          try tape.parse(event.event.body)
          guard case .object(let body) = tape.value(tape.root) else { continue }
          for (key, value) in body { line[key] = value }
          var problems: [Problem] = []
          let draft = JSONWriter.canonical(.object(line)).withUnsafeBufferPointer {
            reader.read(
              $0, line: 1, place: InputPlace(input: 0, offset: 0, length: 0), problems: &problems)
          }
          #expect(problems.isEmpty)
          #expect(draft?.event == event.event, "\(name) \(event.type)")
        }
      }
    }
  }

  @Test func aSecondImportAppendsNothing() async throws {
    try await withStore { store in
      let mapping = try Mapping(shipped: "un-votes")
      let files = [Self.input(Self.rollcalls), Self.input(Self.ballots)]
      let first = try await store.append(files, mapping: mapping, options: Self.options)
      let head = try await store.log.head().position
      let second = try await store.append(files, mapping: mapping, options: Self.options)
      #expect(first.appended > 0 && second.appended == 0)
      #expect(second.alreadyPresent > 0 && !second.isCompleted)
      let now = try await store.log.head().position
      #expect(now == head)
    }
  }

  @Test func anImportThatWasCutOffIsCompletedByTheNext() async throws {
    try await withStore { store in
      let mapping = try Mapping(shipped: "un-votes")
      let files = [Self.input(Self.rollcalls), Self.input(Self.ballots)]
      let part = try await store.append(files, mapping: mapping, limit: 2, options: Self.options)
      #expect(part.appended > 0 && !part.isCompleted)
      _ = try await store.append(files, mapping: mapping, options: Self.options)
      try await withStore { whole in
        _ = try await whole.append(files, mapping: mapping, options: Self.options)
        let ids = { (store: Store) in
          Set(
            try await store.log.read(.all, in: EventRange()).filter {
              $0.type.name != "import.completed"
            }.map(\.id))
        }
        let (mine, theirs) = (try await ids(store), try await ids(whole))
        #expect(mine == theirs)
      }
    }
  }

  @Test func aDryRunWritesNothing() async throws {
    try await withStore { store in
      let report = try await store.append(
        [Self.input(Self.rollcalls), Self.input(Self.ballots)],
        mapping: try Mapping(shipped: "un-votes"),
        options: AppendOptions(recorder: "test", dryRun: true))
      #expect(report.appended > 0)
      let now = try await store.log.head().position
      #expect(now == .start)
    }
  }

  // MARK: other layouts

  static let library = """
    undl_id,ms_code,ms_name,ms_vote,date,session,resolution,draft,committee_report,meeting,title,agenda_title,subjects,vote_note,total_yes,total_no,total_abstentions,total_non_voting,total_ms,undl_link
    201,SUN,USSR,Y,1970-12-08,25,A/RES/2671(XXV)[C],,,A/PV.1,"Middle East, part C",,,,1,1,0,1,3,https://digitallibrary.un.org/record/201
    201,USA,UNITED STATES,n,1970-12-08,25,A/RES/2671(XXV)[C],,,A/PV.1,"Middle East, part C",,,,1,1,0,1,3,https://digitallibrary.un.org/record/201
    201,ALB,ALBANIA,X,1970-12-08,25,A/RES/2671(XXV)[C],,,A/PV.1,"Middle East, part C",,,,1,1,0,1,3,https://digitallibrary.un.org/record/201

    """

  /// Votes of both layouts of the same data are the same facts.
  @Test func theLibrarysOwnExportGivesTheSameFacts() async throws {
    try await withStore { store in
      _ = try await store.append(
        [Self.input(Self.rollcalls), Self.input(Self.ballots)],
        mapping: try Mapping(shipped: "un-votes"), options: Self.options)
      let report = try await store.append(
        [Self.input(Self.library)], mapping: try Mapping(shipped: "undl"), options: Self.options)
      #expect(report.rows == 3)
      #expect(report.appended == 0, "votes, roll call and motion are there already")
    }
  }

  static let unvotesRollcalls = """
    rcid,session,importantvote,date,unres,amend,para,short,descr
    3,1,0,1946-01-01,R/1/66,1,0,RULES,TO ADOPT AN AMENDMENT
    900,25,0,1970-12-01,R/25/2671C,0,0,MIDDLE EAST,
    901,33,0,1978-11-02,R/33/1A,,,"A, B",
    902,33,0,1978-11-03,R/33/2,0,0,TWICE,
    903,33,0,1978-11-03,R/33/2,0,0,TWICE,
    904,71,0,2016-10-31,A/RES/71/5,,,CUBA,
    905,61,0,2003-10-21,ESS/10/2,,,WALL,

    """
  static let unvotesBallots = """
    rcid,country,country_code,vote
    3,United States,US,yes
    900,Russia,RU,yes
    902,Zanzibar,,no
    903,Yemen Arab Republic,,abstain
    904,Russia,RU,no
    905,Namibia,NA,yes

    """

  @Test func theUnvotesLayout() async throws {
    try await withStore { store in
      let report = try await store.append(
        [Self.input(Self.unvotesBallots), Self.input(Self.unvotesRollcalls)],
        mapping: try Mapping(shipped: "unvotes"), options: Self.options)
      #expect(report.rows == 13)
      let votes = try await store.log.read(
        EventQuery(types: ["vote.cast"], tags: []), in: EventRange()
      )
      .map { event in
        let data = EventBody(event.event.body).data
        return [
          data["rollcall"]?.string ?? "", data["voter"]?.string ?? "",
          data["choice"]?.string ?? "", event.event.time?.text ?? "",
        ].joined(separator: " ")
      }
      #expect(
        votes == [
          "un-ga/unvotes-3 USA yes 1946", "un-ga/2671-XXV-C SUN yes 1970",
          "un-ga/unvotes-902 EAZ no 1978", "un-ga/unvotes-903 YEM abstain 1978",
          "un-ga/71/5 RUS no 2016-10-31", "un-ga/ES-10/2 NAM yes 2003-10-21",
        ])
      let motions = try await Self.events(store).filter { $0.hasPrefix("motion.tabled") }
      #expect(motions.contains { $0.contains("\"A/RES/33/1A\"") })
    }
  }

  @Test func ballotsNeedTheFileTheyReferTo() async throws {
    try await withStore { store in
      _ = await #expect(throws: Problems.self) {
        _ = try await store.append(
          [Self.input(Self.unvotesBallots)], mapping: try Mapping(shipped: "unvotes"),
          options: Self.options)
      }
    }
  }

  static let members = """
    congress,chamber,icpsr,state_icpsr,district_code,state_abbrev,party_code,occupancy,last_means,bioname,bioguide_id,born,died
    117,House,21500,41,1,AL,200,,,"DOE, Jane",D000001,1970,
    117,House,21501,41,2,AL,9999,,,"ROE, Richard",,1970,
    117,President,99913,99,0,USA,100,,,"SMITH, John",,1942,

    """
  static let votes = """
    congress,chamber,rollnumber,icpsr,cast_code,prob
    117,House,1,21500,1,99.1
    117,House,1,21501,9,0
    117,House,1,99913,0,0
    117,House,2,21500,5,1

    """

  @Test func theVoteviewLayout() async throws {
    try await withStore { store in
      let report = try await store.append(
        [Self.input(Self.votes), Self.input(Self.members)],
        mapping: try Mapping(shipped: "voteview"), options: Self.options)
      #expect(report.skipped.map(\.rows) == [1])
      let events = try await Self.events(store)
      #expect(events.filter { $0.hasPrefix("rollcall.held") }.count == 2)
      #expect(
        events.contains {
          $0.hasPrefix("vote.cast 2021-01-03/2023-01-02") && $0.contains("paired-no")
            && $0.contains("icpsr-21500")
        })
      #expect(events.contains { $0.contains("Party 9999 of Voteview") })
      #expect(
        events.contains { $0.hasPrefix("membership.held") && $0.contains("\"group\":\"us-house\"") }
      )
    }
  }

  @Test func voteviewTakesRollCallsFromTheirFile() async throws {
    let rollcalls = """
      congress,chamber,rollnumber,date,session,clerk_rollnumber,yea_count,nay_count,bill_number,vote_result,vote_desc,vote_question,dtl_desc
      117,House,1,2021-01-03,1,1,1,0,HR1,Passed,A bill,On Passage,
      117,House,2,2021-01-04,1,2,0,0,,Odd,,On a Motion,

      """
    try await withStore { store in
      _ = try await store.append(
        [Self.input(Self.votes), Self.input(rollcalls), Self.input(Self.members)],
        mapping: try Mapping(shipped: "voteview"), options: Self.options)
      let events = try await Self.events(store)
      let held = events.filter { $0.hasPrefix("rollcall.held") }
      #expect(held.count == 2, "none is made up from the votes")
      #expect(held.contains { $0.hasPrefix("rollcall.held 2021-01-03 ") && $0.contains("adopted") })
      #expect(held.contains { $0.contains("unknown") })
      #expect(events.contains { $0.hasPrefix("vote.cast 2021-01-04 ") })
    }
  }
}
