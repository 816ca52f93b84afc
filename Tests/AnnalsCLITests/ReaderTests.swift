import Foundation
import Testing

/// `rollcall`, `actor` and `source`, as a user and as a program reads them.
@Suite struct ReaderTests {
  /// Beside the shipped record: two accounts of one state's vote under two ids, a bloc, a second
  /// capture of a source.
  private static let more = """
    {"type":"actor.registered","data":{"actor":"alliance","kind":"bloc","name":"The Alliance"}}
    {"type":"membership.held","data":{"actor":"USA","group":"alliance","period":"1949-04-04/.."}}
    {"type":"membership.held","data":{"actor":"FRA","group":"alliance","period":"1949-04-04/.."}}
    {"type":"membership.held","data":{"actor":"RUS","group":"alliance","period":"2025-02-24/"}}
    {"type":"actor.registered","data":{"actor":"SOU","kind":"state","name":"Soudan"}}
    {"type":"vote.cast","on":"2025-02-24","data":{"rollcall":"un-ga/ES-11/7","voter":"FRA","choice":"yes"},"sources":[{"source":"un-digital-library"}]}
    {"type":"vote.cast","on":"2025-02-24","data":{"rollcall":"un-ga/ES-11/7","voter":"SOU","choice":"abstain"},"sources":[{"source":"un-digital-library"}]}
    {"type":"actor.merged","data":{"winner":"SDN","loser":"SOU"}}
    {"type":"source.captured","data":{"source":"kremlin-praises-us","title":"Kremlin praises US","url":"https://example.org/k"}}

    """

  private func record() async throws -> Program {
    let program = try await demo()
    try program.write(Self.more, to: "more.ndjson")
    let told = try await program.run("import", "more.ndjson")
    try #require(told.status == 0, "\(told.errors)")
    return program
  }

  private struct RollCall: Decodable {
    struct Vote: Decodable {
      var voter: String
      var choices: [String]
      var seq: Int
    }
    struct Conflict: Decodable {
      var voter: String
      var accounts: [EventJSON]
    }
    struct Bloc: Decodable {
      var members: Int
      var broke: [Vote]
    }
    var official: [String: Int?]
    var counted: [String: Int]
    var range: [String: [Int]]
    var difference: [String: Difference]?
    var votes: [Vote]
    var conflicts: [Conflict]
    var bloc: Bloc?
  }

  /// A number, or two where the count is a range.
  private enum Difference: Decodable, Equatable {
    case exactly(Int)
    case between(Int, Int)

    init(from decoder: any Decoder) throws {
      let value = try decoder.singleValueContainer()
      if let number = try? value.decode(Int.self) {
        self = .exactly(number)
      } else {
        let ends = try value.decode([Int].self)
        self = .between(ends[0], ends[1])
      }
    }
  }

  @Test func rollcall_in_json() async throws {
    let program = try await record()
    defer { program.cleanUp() }
    let answer: RollCall = try await program.ask("rollcall UN-GA/es-11/7")
    #expect(answer.official == ["yes": 93, "no": 18, "abstain": 65])
    #expect(answer.counted == ["yes": 1, "no": 4, "abstain": 0])
    #expect(answer.range == ["no": [4, 5], "abstain": [0, 1]])
    #expect(
      answer.difference == [
        "yes": .exactly(-92), "no": .between(-14, -13), "abstain": .between(-65, -64),
      ])
    let usa = try #require(answer.votes.first { $0.voter == "USA" })
    #expect(usa.choices == ["no"] && usa.seq == 249)
    #expect(answer.votes.count == 6)
    #expect(answer.conflicts.map(\.voter) == ["SDN"])
    #expect(
      answer.conflicts.first?.accounts.map { $0.sources?.first?.source } == [
        "kremlin-praises-us", "un-digital-library",
      ])
    let before: RollCall = try await program.ask("rollcall un-ga/ES-11/7 --known-by=#306")
    #expect(before.counted == ["yes": 0, "no": 5, "abstain": 0] && before.conflicts.isEmpty)
  }

  @Test func rollcall_of_a_bloc() async throws {
    let program = try await record()
    defer { program.cleanUp() }
    let line = "rollcall un-ga/ES-11/7 --bloc 'The Alliance'"
    let answer: RollCall = try await program.ask(line)
    #expect(answer.votes.map(\.voter) == ["FRA", "USA"] && answer.difference == nil)
    #expect(answer.bloc?.members == 2 && answer.bloc?.broke.isEmpty == true)
    let text = try await program.shell("annals \(line)")
    #expect(text.output.contains("The Alliance: 2 members on that day"))
    #expect(text.output.contains("possibly members on that day: Russia"))
  }

  @Test func rollcall_for_people_and_spreadsheets() async throws {
    let program = try await record()
    defer { program.cleanUp() }
    let text = try await program.run("rollcall", "un-ga/ES-11/7")
    for words in [
      "no             18   4 to 5  −14 to −13", "one of no, abstain (conflict)",
      "Accounts of a vote that contradict each other:",
      "#313  Soudan voted abstain on un-ga/ES-11/7",
    ] {
      #expect(text.output.contains(words), "\(text.output)")
    }
    let sheet = try await program.run("rollcall", "un-ga/ES-11/7", "-o", "csv")
    #expect(sheet.lines.first == "rollcall,voter,name,choice,seq,source,conflict,casting")
    #expect(sheet.lines.contains { $0.hasPrefix("un-ga/ES-11/7,SDN,Sudan,no|abstain,") })
    let open = try await program.run("rollcall", "un-ga/ES-11/8")
    #expect(open.output.contains("one of      no, abstain, not-voting: 1"))
  }

  @Test func event_shows_accounts_that_contradict_it() async throws {
    struct Conflicting: Decodable { var conflictsWith: [EventJSON] }
    let program = try await record()
    defer { program.cleanUp() }
    let answer: Conflicting = try await program.ask("event 253")
    #expect(answer.conflictsWith.map(\.seq) == [313])
    let text = try await program.run("event", "253")
    #expect(text.output.contains("Accounts of this vote that contradict each other:"))
    let other: Conflicting = try await program.ask("event 249")
    #expect(other.conflictsWith.isEmpty)
  }

  @Test func a_second_vote_of_the_same_source_is_refused_and_one_of_another_is_kept() async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    func append(_ source: String) async throws -> Program.Outcome {
      try await program.run(
        "append", "vote.cast", "rollcall=un-ga/ES-11/7", "voter=USA", "choice=yes", "--source",
        source)
    }
    let same = try await append("kremlin-praises-us:p1")
    #expect(same.status == 3)
    #expect(
      same.errors.contains(
        "already (#249, by kremlin-praises-us:000-03), and yes here (by kremlin-praises-us:p1)"),
      "\(same.errors)")
    let other = try await append("un-digital-library:p1")
    #expect(other.status == 0)
    #expect(
      other.errors.contains(
        "and no by another source (#249, by kremlin-praises-us:000-03): both accounts are kept"),
      "\(other.errors)")
  }

  @Test func actor_on_a_day() async throws {
    struct Answer: Decodable {
      struct Line: Decodable {
        var value: String
        var held: String?
        var seq: Int
      }
      var actor: String
      var kind: String
      var mergedId: String?
      var on: String
      var spokeFor: [String]
      var speakers: [String]
      var roles: [Line]
      var names: [Line]
      var merges: [Line]
    }
    let program = try await record()
    defer { program.cleanUp() }
    let peskov: Answer = try await program.ask("actor Peskov --on 2025-02-25")
    #expect(peskov.actor == "dmitry-peskov" && peskov.spokeFor == ["RUS"])
    #expect(peskov.roles.map(\.held) == ["certain"] && peskov.roles.map(\.seq) == [240])
    #expect(peskov.names.map(\.value).contains("Dimitri Peskov"))
    let later: Answer = try await program.ask("actor Peskov --on 2025-02-26")
    #expect(later.spokeFor.isEmpty && later.roles.isEmpty)
    let state: Answer = try await program.ask("actor Washington --on 2022-10-13")
    #expect(state.speakers == ["antony-blinken", "joe-biden", "linda-thomas-greenfield"])
    let merged: Answer = try await program.ask("actor SOU")
    #expect(merged.actor == "SDN" && merged.mergedId == "SOU")
    #expect(merged.merges.map(\.value) == ["SOU"])
    let text = try await program.run("actor", "alliance", "--on", "2025-02-24")
    #expect(text.output.contains("France (FRA)") && !text.output.contains("Russia"))
    #expect(text.output.contains("1 more role or membership may have been held on that day"))
    let possibly = try await program.run("actor", "alliance", "--on", "2025-02-24", "--possibly")
    #expect(possibly.output.contains("2025-02-24/"))
    #expect(possibly.output.contains("possible"))
  }

  @Test func source_and_its_versions() async throws {
    struct Answer: Decodable {
      struct Version: Decodable {
        struct Change: Decodable {
          var field: String
          var change: String
        }
        var version: Int?
        var seq: Int
        var n: Int
        var changes: [Change]?
      }
      struct Contradiction: Decodable {
        var kind: String
        var fact: EventJSON
        var others: [EventJSON]
      }
      var versions: [Version]
      var n: Int
      var types: [String: Int]
      var outdatedCount: Int
      var contradictions: [Contradiction]
    }
    let program = try await record()
    defer { program.cleanUp() }
    let answer: Answer = try await program.ask("source KREMLIN-praises-us")
    #expect(answer.versions.map(\.seq) == [239, 315])
    #expect(
      answer.versions.last?.changes?.map { "\($0.field) \($0.change)" } == [
        "title changed", "url added", "language removed", "published removed", "sha256 removed",
      ])
    #expect(answer.n == 39 && answer.types["vote.cast"] == 13 && answer.outdatedCount == 39)
    #expect(answer.contradictions.map { [$0.fact.seq, $0.others.first?.seq] } == [[253, 313]])
    let before: Answer = try await program.ask("source kremlin-praises-us --known-by=#306")
    #expect(before.versions.count == 1 && before.outdatedCount == 0)
    let text = try await program.run("source", "kremlin-praises-us")
    for words in [
      "title      changed: Kremlin praises US for UN votes aligning with Russia on Ukraine  →  "
        + "Kremlin praises US", "rests on version 1", "+ 29 more", "other vote  #253",
    ] {
      #expect(text.output.contains(words), "\(words): \(text.output)")
    }
  }
}
