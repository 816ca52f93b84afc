import EventLog
import Testing

@testable import Annals

/// Data sets in Popolo become the events that NDJSON of the same facts would be; whatever is wrong
/// is reported at its place in the files.
@Suite struct PopoloImportTests {
  static let options = AppendOptions(recorder: "test")
  static let popolo = PopoloOptions(source: "parliament")

  static func file(_ text: String, _ name: String = "data.json") -> any EventInput {
    MemoryInput(Array(text.utf8), name: name)
  }

  static let organizations = """
    [{"id": "house", "name": "House", "classification": "chamber"},
     {"id": "green", "name": "Greens", "classification": "political party",
      "parent_id": "union", "founding_date": "1993-02"},
     {"id": "union", "name": "Union"}]
    """
  static let persons = """
    [{"id": "1", "name": "Ana Sousa", "birth_date": "1970",
      "other_names": [{"name": "Ana Reis", "end_date": "1999"}, {"name": "Ana Sousa"}],
      "identifiers": [{"scheme": "wikidata", "identifier": "Q1"}, {"identifier": "7"}],
      "sources": [{"url": "https://p.example/1", "note": "page"}]},
     {"id": 2, "name": "Ben \\"B\\" Okoro"}, {"id": "cleo", "name": "Cleo"}]
    """
  static let memberships = """
    [{"id": "m1", "person_id": "1", "organization_id": "house", "on_behalf_of_id": "green",
      "role": "Speaker", "start_date": "2023-05"},
     {"person_id": 2, "organization_id": "house", "role": "member", "end_date": "2024-01-31"},
     {"person_id": "cleo", "organization_id": "green"}]
    """
  static let motions = """
    [{"id": "bill-7", "text": "That the harbour be deepened.", "organization_id": "house",
      "creator_id": "1", "date": "2023-06-01T10:00:00", "requirement": "simple majority"}]
    """
  static let votes = """
    [{"vote_event_id": "42", "voter_id": "1", "option": "yes"},
     {"vote_event_id": "42", "voter_id": 2, "option": "Not Voting", "weight": 1},
     {"vote_event_id": "42", "voter_id": "cleo", "option": "paired"}]
    """
  static let counts = """
    [{"vote_event_id": "42", "option": "yes", "value": 1},
     {"vote_event_id": "42", "option": "no", "value": 3, "group_id": "green"},
     {"vote_event_id": "42", "option": "no", "value": 4, "group_id": "union"},
     {"vote_event_id": "42", "option": "not voting", "value": 1}]
    """
  static let voteEvents = """
    [{"id": "42", "motion_id": "bill-7", "start_date": "2023-06-15T09:00:00Z", "result": "passed",
      "legislative_session_id": "s9"}]
    """

  static let whole = """
    {"organizations": \(organizations), "persons": \(persons), "memberships": \(memberships),
     "motions": \(motions), "vote_events": \(voteEvents), "votes": \(votes), "counts": \(counts),
     "events": [{"id": "s9", "identifier": "9", "name": "Ninth session"}],
     "areas": [{"id": "a"}, {"id": "b"}]}
    """

  /// The facts of `whole`, by hand.
  static let expected = """
    {"type":"actor.registered","data":{"actor":"house","kind":"body","name":"House"},"sources":[{"source":"parliament","locator":"organization/house"}]}
    {"type":"actor.registered","data":{"actor":"green","kind":"bloc","name":"Greens"},"sources":[{"source":"parliament","locator":"organization/green"}]}
    {"type":"actor.registered","data":{"actor":"union","kind":"organisation","name":"Union"},"sources":[{"source":"parliament","locator":"organization/union"}]}
    {"type":"actor.registered","data":{"actor":"person-1","kind":"person","name":"Ana Sousa"},"sources":[{"source":"parliament","locator":"person/1"},{"source":"https://p.example/1"}]}
    {"type":"actor.registered","data":{"actor":"person-2","kind":"person","name":"Ben \\"B\\" Okoro"},"sources":[{"source":"parliament","locator":"person/2"}]}
    {"type":"actor.registered","data":{"actor":"cleo","kind":"person","name":"Cleo"},"sources":[{"source":"parliament","locator":"person/cleo"}]}
    {"type":"actor.identified","data":{"actor":"person-1","scheme":"popolo","value":"1"},"sources":[{"source":"parliament","locator":"person/1"},{"source":"https://p.example/1"}]}
    {"type":"actor.named","data":{"actor":"person-1","name":"Ana Reis","period":"/1999"},"sources":[{"source":"parliament","locator":"person/1"},{"source":"https://p.example/1"}]}
    {"type":"actor.identified","data":{"actor":"person-1","scheme":"wikidata","value":"Q1"},"sources":[{"source":"parliament","locator":"person/1"},{"source":"https://p.example/1"}]}
    {"type":"actor.identified","data":{"actor":"person-2","scheme":"popolo","value":"2"},"sources":[{"source":"parliament","locator":"person/2"}]}
    {"type":"membership.held","data":{"actor":"green","group":"union","period":"1993-02/.."},"sources":[{"source":"parliament","locator":"organization/green"}]}
    {"type":"membership.held","data":{"actor":"person-1","group":"house","period":"2023-05/.."},"sources":[{"source":"parliament","locator":"membership/m1"}]}
    {"type":"membership.held","data":{"actor":"person-1","group":"green","period":"2023-05/.."},"sources":[{"source":"parliament","locator":"membership/m1"}]}
    {"type":"role.held","data":{"person":"person-1","organisation":"house","title":"Speaker","speaksFor":false,"period":"2023-05/.."},"sources":[{"source":"parliament","locator":"membership/m1"}]}
    {"type":"membership.held","data":{"actor":"person-2","group":"house","period":"/2024-01-31"},"sources":[{"source":"parliament"}]}
    {"type":"motion.tabled","on":"2023-06-01","basis":"explicit","data":{"motion":"bill-7","body":"house","title":"That the harbour be deepened."},"sources":[{"source":"parliament","locator":"motion/bill-7"}]}
    {"type":"sponsorship.declared","on":"2023-06-01","basis":"explicit","data":{"actor":"person-1","motion":"bill-7","kind":"author","answer":"joined"},"sources":[{"source":"parliament","locator":"motion/bill-7"}]}
    {"type":"rollcall.held","on":"2023-06-15T09:00:00Z","basis":"explicit","data":{"rollcall":"vote-event-42","motion":"bill-7","body":"house","session":"9","method":"recorded","official":{"yes":1,"no":7},"result":"adopted"},"sources":[{"source":"parliament","locator":"vote_event/42"}]}
    {"type":"vote.cast","on":"2023-06-15T09:00:00Z","basis":"explicit","data":{"rollcall":"vote-event-42","voter":"person-1","choice":"yes"},"sources":[{"source":"parliament","locator":"vote_event/42"}]}
    {"type":"vote.cast","on":"2023-06-15T09:00:00Z","basis":"explicit","data":{"rollcall":"vote-event-42","voter":"person-2","choice":"not-voting","raw":"Not Voting"},"sources":[{"source":"parliament","locator":"vote_event/42"}]}
    {"type":"vote.cast","on":"2023-06-15T09:00:00Z","basis":"explicit","data":{"rollcall":"vote-event-42","voter":"cleo","choice":["paired-yes","paired-no"],"raw":"paired"},"sources":[{"source":"parliament","locator":"vote_event/42"}]}

    """

  /// Ids, types and bodies in the order of the log, of all but source and import.
  static func events(_ store: Store) async throws -> [String] {
    try await store.log.read(.all, in: EventRange()).map { row in
      "\(row.event.id) \(row.event.type.name) \(row.event.time?.text ?? "-") "
        + row.event.tags.map { "\($0.kind):\($0.value)" }.joined(separator: ",") + " "
        + String(decoding: row.event.body, as: UTF8.self)
    }.filter { !$0.contains(" source.captured ") && !$0.contains(" import.completed ") }
  }

  @Test func theEventsAreThoseOfNDJSON() async throws {
    let given = try await withStore { store in
      let report = try await store.append(
        popolo: [Self.file(Self.whole)], Self.popolo, options: Self.options)
      #expect(report.appended == 22 && report.rows == 18 && report.isCompleted)
      return try await Self.events(store)
    }
    let expected = try await withStore { store in
      let source = """
        {"type":"source.captured","data":{"source":"parliament","title":"x"},"sources":[{"source":"parliament"}]}

        """
      _ = try await store.append(Array((source + Self.expected).utf8), options: Self.options)
      return try await Self.events(store)
    }
    #expect(given == expected)
  }

  @Test func aFilePerClassIsTheSameDataSet() async throws {
    let files = [
      Self.file(Self.votes, "export/votes.json"), Self.file(Self.counts, "counts.json"),
      Self.file(Self.persons, "persons.json"),
      Self.file("{\"vote_events\": \(Self.voteEvents)}", "vote_events.json"),
      Self.file("{\"result\": \(Self.organizations)}", "organizations.json"),
      Self.file(Self.memberships, "memberships-2023.json"), Self.file(Self.motions, "motions.json"),
      Self.file(#"{"events": [{"id": "s9", "identifier": "9"}]}"#, "events.json"),
    ]
    let separate = try await withStore { store in
      _ = try await store.append(popolo: files, Self.popolo, options: Self.options)
      return try await Self.events(store)
    }
    let whole = try await withStore { store in
      _ = try await store.append(
        popolo: [Self.file(Self.whole)], Self.popolo, options: Self.options)
      return try await Self.events(store)
    }
    #expect(separate == whole)
  }

  @Test func whatStandsInsideIsTheSameToo() async throws {
    let nested = """
      {"organizations": \(Self.organizations), "persons": \(Self.persons),
       "memberships": \(Self.memberships), "events": [{"id": "s9", "identifier": "9"}],
       "motions": [{"id": "bill-7", "text": "That the harbour be deepened.",
         "organization_id": "house", "creator_id": "1", "date": "2023-06-01",
         "vote_events": [{"id": "42", "start_date": "2023-06-15T09:00:00Z", "result": "passed",
           "legislative_session_id": "s9",
           "counts": \(Self.counts), "votes": \(Self.votes)}]}]}
      """
    let given = try await withStore { store in
      _ = try await store.append(popolo: [Self.file(nested)], Self.popolo, options: Self.options)
      return try await Self.events(store)
    }
    let whole = try await withStore { store in
      _ = try await store.append(
        popolo: [Self.file(Self.whole)], Self.popolo, options: Self.options)
      return try await Self.events(store)
    }
    #expect(given == whole)
  }

  @Test func aSecondImportAppendsNothing() async throws {
    try await withStore { store in
      let first = try await store.append(popolo: [Self.file(Self.whole)], options: Self.options)
      let head = try await store.log.head().position
      let second = try await store.append(popolo: [Self.file(Self.whole)], options: Self.options)
      #expect(second.appended == 0 && second.alreadyPresent == first.appended)
      #expect(try await store.log.head().position == head)
    }
  }

  /// Under a source of its own a data set is the same from any file.
  @Test func aRenamedFileAppendsNothing() async throws {
    try await withStore { store in
      _ = try await store.append(
        popolo: [Self.file(Self.whole)], Self.popolo, options: Self.options)
      let again = try await store.append(
        popolo: [Self.file(Self.whole, "-")], Self.popolo, options: Self.options)
      #expect(again.appended == 0 && !again.isCompleted)
    }
  }

  /// A later export under the same source: what has not changed is not recorded again.
  @Test func aLaterExportAddsWhatIsNew() async throws {
    try await withStore { store in
      _ = try await store.append(
        popolo: [Self.file(Self.whole)], Self.popolo, options: Self.options)
      let more = Self.whole.replacing(
        "\"id\": \"cleo\", \"name\": \"Cleo\"}",
        with: "\"id\": \"cleo\", \"name\": \"Cleo\"}, {\"id\": \"dan\", \"name\": \"Dan\"}")
      let report = try await store.append(
        popolo: [Self.file(more)], Self.popolo, options: Self.options)
      // The person, and the source as it is now.
      #expect(report.appended == 2)
    }
  }

  @Test func anotherSourceMeansTheSameActors() async throws {
    try await withStore { store in
      _ = try await store.append(
        popolo: [Self.file(Self.whole)], Self.popolo, options: Self.options)
      let report = try await store.append(
        popolo: [Self.file(Self.whole)], PopoloOptions(source: "copy"), options: Self.options)
      #expect(report.secondAccounts.agreeing == 3)
      let registered = try await store.log.read(
        EventQuery(types: ["actor.registered"], tags: []), in: EventRange())
      #expect(registered.count == 6)
      // With a prefix they are others.
      let apart = try await store.append(
        popolo: [Self.file(Self.whole)], PopoloOptions(source: "other", prefix: "x"),
        options: Self.options)
      #expect(apart.appended == 22 + 4)
      #expect(try await store.isDefined(Tag(kind: "rollcall", value: "x/vote-event-42")))
    }
  }

  @Test func whatHasNoPlaceIsCounted() async throws {
    try await withStore { store in
      let report = try await store.append(
        popolo: [Self.file(Self.whole)], Self.popolo, options: Self.options)
      let skipped = Dictionary(uniqueKeysWithValues: report.skipped.map { ($0.reason, $0.rows) })
      #expect(
        skipped == [
          "areas": 2, "person.birth_date": 1, "identifiers without a scheme": 1,
          "memberships without any date": 1, "motion.requirement": 1,
          "counts of \"not voting\"": 1,
        ])
    }
  }

  @Test func theVoteEventOfNoMotionIsItsOwnMotion() async throws {
    try await withStore { store in
      let text = """
        {"organizations": \(Self.organizations), "vote_events": [
          {"id": "v", "identifier": "Vote 3", "organization_id": "house", "start_date": "2023-02"}]}
        """
      _ = try await store.append(popolo: [Self.file(text)], Self.popolo, options: Self.options)
      let events = try await Self.events(store)
      #expect(events.contains { $0.contains("motion.tabled ../2023-02 ") && $0.contains("Vote 3") })
      #expect(events.contains { $0.contains("rollcall.held 2023-02 ") })
    }
  }

  /// A membership has the beginning and the end of its term, where it has none of its own.
  @Test func aMembershipEndsWithItsTerm() async throws {
    func member(_ dates: String) -> String {
      #"{"person_id": "cleo", "organization_id": "house", "legislative_period_id": "t"\#(dates)}"#
    }
    try await withStore { store in
      let text = """
        {"organizations": \(Self.organizations), "persons": \(Self.persons),
         "events": [{"id": "t", "start_date": "2019-05", "end_date": "2023-04-30"}],
         "memberships": [\(member("")), \(member(#", "start_date": "2020-02-01""#)),
           \(member(#", "end_date": "2021-03-04""#)), \(member(#", "start_date": "2024""#))]}
        """
      _ = try await store.append(popolo: [Self.file(text)], Self.popolo, options: Self.options)
      let facts = try await store.timeline(["cleo"], types: ["membership.held"]).entries.map(\.fact)
      #expect(
        Set(facts.compactMap(\.fields.periodText)) == [
          "2019-05/2023-04-30", "2020-02-01/2023-04-30", "2019-05/2021-03-04", "2024/..",
        ])
    }
  }

  // MARK: what is wrong

  private static func problems(
    _ text: String, _ name: String = "data.json", in store: Store
  ) async throws -> [Problem] {
    do {
      _ = try await store.append(popolo: [file(text, name)], popolo, options: options)
      return []
    } catch let problems as Problems {
      #expect(try await store.log.head().position == .start)
      return problems.problems
    }
  }

  @Test func everyFaultIsReportedAtItsPlace() async throws {
    let text = """
      {"organizations": [{"id": "house", "name": "House"}, {"id": "house", "name": "Again"}],
       "persons": [{"id": "ana", "name": "Ana"}, {"name": "Nobody"}, {"id": "ben"},
         {"id": "house", "name": "Collides"}, {"id": "’", "name": "D"}, 7],
       "memberships": [{"person_id": "ana", "organization_id": "hose", "start_date": "2020"},
         {"person_id": "ana", "organization_id": "house", "start_date": "2020-13"},
         {"person_id": "ana", "organization_id": "house", "start_date": "2020", "end_date": "2019"}],
       "vote_events": [{"id": "v", "organization_id": "house", "motion_id": "gone",
          "counts": [{"option": "yes", "value": "3"}],
          "votes": [{"voter_id": "ana", "option": "abstian"}]},
         {"id": "w", "organization_id": "house", "start_date": "2020-01-02",
          "votes": [{"voter_id": "ana", "option": "yes"}, {"voter_id": "ana", "option": "absent"},
                    {"voter_id": "ben", "option": "no"}, {"voter_id": "bob", "option": "no"}]}],
       "votes": [{"vote_event_id": "x", "voter_id": "ana", "option": "no"}, {"option": ["yes"]}]}
      """
    let found = try await withStore { try await Self.problems(text, in: $0) }
    let places = found.map { "\($0.code.rawValue) \($0.pointer ?? "")" }
    #expect(
      places == [
        "E1304 /organizations/1/id", "E1107 /persons/1", "E1107 /persons/2",
        "E1304 /persons/3/id", "E1117 /persons/4/id", "E1106 /persons/5",
        "E1113 /memberships/0/organization_id", "E1104 /memberships/1/start_date",
        "E1104 /memberships/2/end_date", "E1106 /vote_events/0/counts/0/value",
        "E1105 /vote_events/0/votes/0/option", "E1303 /vote_events/1/votes/1/voter_id",
        "E1113 /vote_events/1/votes/3/voter_id", "E1113 /votes/0/vote_event_id",
        "E1107 /votes/1",
      ])
    #expect(found.first { $0.code == .unknownValue }?.suggestion == "abstain")
    #expect(found.first { $0.pointer == "/memberships/0/organization_id" }?.suggestion == "house")
    let last = try #require(found.first { $0.code == .unknownValue })
    #expect(last.position == InputLocation(file: "data.json", line: 9, column: 45))
    #expect(last.excerpt?.text.contains("abstian") == true)
  }

  /// Who refers to something that is refused is not told off for it.
  @Test func oneFaultIsReportedOnce() async throws {
    let text = """
      {"organizations": [{"id": "house", "name": "House"}], "persons": [{"id": "ana"}],
       "vote_events": [{"id": "v", "motion": {"id": "m", "text": "M"},
         "organization_id": "house", "counts": [{"option": "yes", "value": -1}],
         "votes": [{"voter_id": "house", "option": "yes"}, {"voter_id": "ana", "option": "no"}]}],
       "motions": [{"id": "n", "text": "N", "date": "soon", "organization_id": "house",
         "vote_events": [{"id": "w", "votes": [{"voter_id": "house", "option": "yes"}]}]}]}
      """
    let found = try await withStore { try await Self.problems(text, in: $0) }
    #expect(
      found.map(\.pointer) == [
        "/persons/0", "/vote_events/0/counts/0/value", "/motions/0/date",
      ])
  }

  /// A motion may be repeated in each of its vote events, and stand by itself too.
  @Test func aMotionMayBeRepeated() async throws {
    let text = """
      {"organizations": [{"id": "h", "name": "H"}],
       "vote_events": [{"id": "v", "organization_id": "h", "motion": {"id": "m"}},
         {"id": "w", "organization_id": "h", "motion": {"id": "m"}}],
       "motions": [{"id": "m", "text": "M", "organization_id": "h"}]}
      """
    let events = try await withStore { store in
      _ = try await store.append(popolo: [Self.file(text)], Self.popolo, options: Self.options)
      return try await Self.events(store)
    }
    #expect(events.count(where: { $0.contains("motion.tabled") }) == 1)
    #expect(events.count(where: { $0.contains(#""motion":"m""#) }) == 3)
  }

  @Test func whatIsNoPopoloIsSaidToBeNone() async throws {
    try await withStore { store in
      #expect(try await Self.problems("[1,", in: store).map(\.code) == [.notJSON])
      #expect(try await Self.problems("[]", in: store).map(\.code) == [.notPopolo])
      #expect(try await Self.problems("3", in: store).map(\.code) == [.notPopolo])
      let misspelt = try await Self.problems(#"{"person": []}"#, in: store)
      #expect(misspelt.map(\.code) == [.notPopolo] && misspelt[0].suggestion == "persons")
      #expect(try await Self.problems(#"{"persons": {}}"#, in: store).map(\.code) == [.wrongType])
    }
  }

  /// Where something is wrong in a file without a line break, and how fast that is found out.
  @Test func manyFaultsInOneLongLineAreFound() async throws {
    let votes = (0..<900).map { #"{"voter_id":"p\#($0)","option":"é\#($0)?"}"# }.joined(
      separator: ",")
    let text = """
      {"organizations":[{"id":"h","name":"H"}],"vote_events":[{"id":"v","organization_id":"h",\
      "votes":[\(votes)]}]}
      """
    let found = try await withStore { try await Self.problems(text, in: $0) }
    #expect(found.count == 900)
    let last = try #require(found.last)
    #expect(last.pointer == "/vote_events/0/votes/899/option" && last.position?.line == 1)
    #expect(last.position?.column == text.unicodeScalars.count - 11)
    #expect(last.excerpt?.text.contains("p899") == true)
  }

  /// Each of these took a pass over the whole file.
  @Test func manyObjectsOfOneIDAreReportedWithThePlaceOfTheFirst() async throws {
    let persons = (0..<20_000).map { #"{"id":"p","name":"n\#($0)"}"# }.joined(separator: ",")
    try await withStore { store in
      let error = await #expect(throws: Problems.self) {
        try await store.append(
          popolo: [Self.file(#"{"persons":[\#(persons)]}"#)], Self.popolo, options: Self.options)
      }
      let found = try #require(error)
      #expect(found.problems.count == 1000 && found.problems.count + found.more >= 19_999)
      #expect(found.problems.allSatisfy { $0.code == .alreadyDefined })
      #expect(found.problems.allSatisfy { $0.help == "the first is at data.json:1:19" })
    }
  }

  @Test func ofManyUnknownListsAFewAreComparedWithTheClasses() async throws {
    let lists = (0..<60_000).map { #""k\#($0)":1"# }.joined(separator: ",")
    try await withStore { store in
      let found = try await Self.problems("{\(lists)}", in: store)
      #expect(found.map(\.code) == [.notPopolo] && found[0].suggestion == nil)
    }
  }

  /// Texts like Popolo with something wrong anywhere give problems, and never a trap.
  @Test func brokenDataNeverTraps() async throws {
    var random = SplitMix(seed: 5)
    let pieces = ["null", "7", "[]", "{}", "\"\"", "\"house\"", "[{}]", "true", "-1e3"]
    try await withStore { store in
      var options = Self.options
      options.dryRun = true
      for _ in 0..<100 {
        var text = Array(Self.whole.utf8)
        // A value after a colon is replaced.
        let colons = text.indices.filter { text[$0] == UInt8(ascii: ":") && text[$0 + 1] == 0x20 }
        let start = colons.randomElement(using: &random).map { $0 + 2 } ?? 0
        let tape = try #require(Self.valueRange(text, from: start))
        let piece = pieces.randomElement(using: &random) ?? "null"
        text.replaceSubrange(tape, with: Array(piece.utf8))
        do {
          _ = try await store.append(
            popolo: [MemoryInput(text, name: "data.json")], Self.popolo, options: options)
        } catch let problems as Problems {
          #expect(problems.problems.allSatisfy { $0.position != nil })
        }
      }
    }
  }

  /// The value that begins at an offset, by the brackets and quotes in it.
  private static func valueRange(_ text: [UInt8], from start: Int) -> Range<Int>? {
    for end in start + 1...text.count {
      if (try? JSON(parsing: Array(text[start..<end]))) != nil,
        end == text.count || ![UInt8](0x30...0x39).contains(text[end])
      {
        return start..<end
      }
    }
    return nil
  }
}
