import Foundation
import Testing

/// Questions that add to the record, or ask what it said before: each with a store of its own.
@Suite struct QuestionsTimeTests {
  private static let question = "show USA ukraine-integrity"

  @Test("6. \"Did not vote in favour\" reads as abstained once the roll call says so")
  func sixth() async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    let open = try await program.event("vote.cast", "kremlin-praises-us", "000-13")
    #expect(open.data?.choice == .init("no", "abstain", "not-voting"))
    let before: ShowJSON = try await program.ask(Self.question)

    let made = try await program.shell(
      "annals append vote.cast rollcall=un-ga/ES-11/8 voter=USA choice=abstain --on 2025-02-24 "
        + "--source un-digital-library")
    try #require(made.status == 0, "\(made.errors)")
    let resolving: EventJSON = try await program.ask("event \(made.output.prefix { $0 != "\t" })")
    #expect(resolving.data?.choice == .init("abstain"))
    #expect(resolving.sources?.map(\.source) == ["un-digital-library"])

    // The stance names it beside the open one, which it does not replace in the record.
    let after: ShowJSON = try await program.ask(Self.question)
    #expect(Set(after.recorded.map(\.seq)).isSuperset(of: [open.seq, resolving.seq]))
    #expect(after.level == before.level)
    let kept: EventJSON = try await program.ask("event \(open.seq)")
    #expect(kept.data?.choice == open.data?.choice && kept.live == true)
    let timeline: TimelineJSON = try await program.ask("timeline USA --type vote.cast --history")
    let both = timeline.entries.filter { $0.data?.rollcall == "un-ga/ES-11/8" }
    #expect(both.map(\.seq) == [open.seq, resolving.seq])

    // From now on the vote is known; what the record said before can still be asked.
    let other = try await program.shell(
      "annals append vote.cast rollcall=un-ga/ES-11/8 voter=USA choice=no")
    #expect(other.status == 3)
    #expect(other.errors.contains("error[E1303]") && other.errors.contains("voted abstain"))
    let past: ShowJSON = try await program.ask("\(Self.question) --known-by=#\(resolving.seq - 1)")
    #expect(Set(past.recorded.map(\.seq)) == Set(before.recorded.map(\.seq)))
  }

  @Test func the_same_question_as_known_in_the_past() async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    let vote = try await program.event("vote.cast", "kremlin-praises-us", "000-03")
    let declined = try await program.event(
      "sponsorship.declared", "us-declines-to-co-sponsor", "001-02")
    let before = [(vote.seq - 1, -1), (declined.seq - 1, 2)]
    for (position, level) in before {
      let show: ShowJSON = try await program.ask("\(Self.question) --known-by=#\(position)")
      #expect(show.level == level && show.knownBy.seq == position)
      #expect(show.recorded.allSatisfy { $0.seq <= position })
    }
    let empty: ShowJSON = try await program.ask("\(Self.question) --known-by 2001")
    #expect(empty.level == nil && empty.evidence.isEmpty && empty.knownBy.seq == 0)

    // What is recorded later about that day changes the answer, but not the answer of before.
    let head: ShowJSON = try await program.ask("\(Self.question) --on 2025-02-24")
    let made = try await program.shell(
      "annals retract \(vote.seq) --reason 'taken from the wrong row'")
    try #require(made.status == 0, "\(made.errors)")
    let now: ShowJSON = try await program.ask("\(Self.question) --on 2025-02-24")
    let then: ShowJSON = try await program.ask(
      "\(Self.question) --on 2025-02-24 --known-by=#\(head.knownBy.seq)")
    #expect(now.level == -1)
    #expect(then.level == -2)
    #expect(Set(then.recorded.map(\.seq)) == Set(head.recorded.map(\.seq)))
  }

  @Test func the_same_question_has_the_same_answer_to_the_byte() async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    // Every process hashes by another seed, which must not show in any order.
    for question in [
      Self.question, "audit USA ukraine-integrity", "timeline ukraine-integrity",
      "log USA", "list actors", "search Russia", "event 249",
    ] {
      let first = try await program.shell("annals \(question) -o json")
      try #require(first.status == 0, "\(question): \(first.errors)")
      for _ in 1...6 {
        let again = try await program.shell("annals \(question) -o json")
        let isSame = again.output == first.output
        #expect(isSame, "\(question)")
      }
    }
  }

  @Test func an_export_gives_the_same_events_in_another_store() async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    let changed = try await program.shell(
      """
      annals correct 249 --set choice=abstain --reason 'read the wrong row' \
      && annals retract 307 --reason 'it was right' \
      && annals append fact.disputed --target 249 --reason 'two sources differ'
      """)
    try #require(changed.status == 0, "\(changed.errors)")
    let copied = try await program.shell(
      """
      annals init copy.annals && annals export -s demo.annals \
      | annals import - -s copy.annals --recorder somebody-else
      """)
    try #require(copied.status == 0, "\(copied.errors)")
    let first = try await program.run("export", "-s", "demo.annals")
    let second = try await program.run("export", "-s", "copy.annals")
    #expect(first.lines.count == 309)
    #expect(try Self.facts(first) == Self.facts(second))
    // Brought back to where they came from, none of them is new.
    let back = try await program.shell(
      "annals export -s copy.annals | annals import - -s demo.annals")
    #expect(back.status == 0, "\(back.errors)")
    let unchanged = try await program.run("export", "-s", "demo.annals")
    #expect(unchanged.output == first.output)
  }

  /// The lines of an export without what each log says for itself.
  private static func facts(_ export: Program.Outcome) throws -> [NSDictionary] {
    let own: Set = ["recorded", "recorder", "batch", "batchNote", "salt", "leaf"]
    return try export.lines.map { line in
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] ?? [:]
      return object.filter { !own.contains($0.key) } as NSDictionary
    }
  }
}
