import Testing

/// An answer for a past state of the record, on a day, is the same to the byte whatever is recorded
/// afterwards.
@Suite struct PinnedAnswerTests {
  private static let record = """
    {"type":"actor.registered","data":{"actor":"USA","kind":"state","name":"United States"}}
    {"type":"actor.registered","data":{"actor":"RUS","kind":"state","name":"Russia"}}
    {"type":"actor.registered","data":{"actor":"BLR","kind":"state","name":"Belarus"}}
    {"type":"actor.registered","data":{"actor":"un","kind":"body","name":"UN"}}
    {"type":"actor.registered","data":{"actor":"ann","kind":"person","name":"Ann Smith"}}
    {"type":"actor.named","data":{"actor":"USA","name":"America"}}
    {"type":"source.captured","data":{"source":"s","title":"First title","url":"https://example.org/1"}}
    {"type":"topic.defined","data":{"topic":"t","proposition":"T should be."}}
    {"type":"topic.defined","data":{"topic":"u","proposition":"U should be."}}
    {"type":"motion.tabled","data":{"motion":"m","body":"un","title":"Motion M"}}
    {"type":"rollcall.held","on":"2025-02-24","data":{"rollcall":"r","motion":"m","body":"un",\
    "method":"recorded","result":"adopted","official":{"yes":1,"no":1,"abstain":0}}}
    {"type":"rollcall.held","on":"2025-03-24","data":{"rollcall":"q","motion":"m","body":"un",\
    "method":"recorded","result":"adopted"}}
    {"type":"topic.linked","data":{"topic":"t","rollcall":"r","supporting":"yes",\
    "strength":"strong","rationale":"the same"}}
    {"type":"role.held","data":{"person":"ann","organisation":"USA","title":"Envoy",\
    "speaksFor":true,"period":"2024/2025"}}
    {"id":"00000000-0000-8000-8000-000000000001","type":"vote.cast","on":"2025-02-24",\
    "sources":[{"source":"s","locator":"p1"}],"data":{"rollcall":"r","voter":"USA","choice":"no"}}
    {"id":"00000000-0000-8000-8000-000000000002","type":"vote.cast","on":"2025-02-24",\
    "sources":[{"source":"s"}],"data":{"rollcall":"r","voter":"RUS","choice":["yes","abstain"]}}
    {"id":"00000000-0000-8000-8000-000000000003","type":"statement.made","on":"2025-01-05",\
    "sources":[{"source":"s"}],"data":{"speaker":"ann","kind":"quote","text":"We are for it.",\
    "stance":{"topic":"t","level":2}}}
    {"id":"00000000-0000-8000-8000-000000000004","type":"stance.changed","on":"2024-05-05",\
    "data":{"actor":"BLR","topic":"t","level":1,"basis":"declared","until":"2024-12-31"}}
    {"id":"00000000-0000-8000-8000-000000000005","type":"fact.corrected","reason":"a slip",\
    "target":"00000000-0000-8000-8000-000000000003","data":{"text":"We support it."}}
    {"id":"00000000-0000-8000-8000-000000000006","type":"claim.made","on":"2025-01-06",\
    "data":{"claimant":"ann","kind":"context","proposition":"Support grows.",\
    "about":{"topics":["t"],"rollcalls":["r"]}}}
    """

  /// Everything that could shine through: names, titles, definitions, links, roles, merges,
  /// corrections, disputes, and new evidence on every day.
  private static let later: [String] = [
    """
    {"type":"actor.registered","data":{"actor":"AMERICA","kind":"bloc","name":"Americas"}}
    {"type":"actor.registered","data":{"actor":"T","kind":"bloc","name":"A group of that name"}}
    {"type":"actor.registered","data":{"actor":"russia","kind":"bloc","name":"United States"}}
    {"type":"actor.named","data":{"actor":"BLR","name":"America"}}
    {"type":"actor.named","data":{"actor":"RUS","name":"Ann Smith"}}
    {"type":"actor.identified","data":{"actor":"BLR","scheme":"x","value":"Russia"}}
    {"type":"topic.defined","data":{"topic":"RUS","proposition":"A topic of that name."}}
    {"type":"topic.defined","data":{"topic":"Belarus","proposition":"Another."}}
    {"type":"topic.defined","data":{"topic":"v","proposition":"Another."}}
    {"type":"topic.defined","data":{"topic":"a-new-one","proposition":"New."}}
    {"type":"source.captured","data":{"source":"s","title":"Second title","url":"https://example.org/2"}}
    {"type":"source.captured","data":{"source":"t","title":"Other source"}}
    """,
    """
    {"type":"rollcall.held","on":"2025-02-25","data":{"rollcall":"r2","motion":"m","body":"un",\
    "method":"recorded","result":"adopted"}}
    {"type":"topic.linked","data":{"topic":"t","motion":"m","supporting":"no",\
    "strength":"strong","rationale":"the motion"}}
    {"type":"topic.linked","data":{"topic":"u","rollcall":"r","supporting":"no",\
    "strength":"strong","rationale":"it too"}}
    {"type":"topic.linked","data":{"topic":"t","rollcall":"r","supporting":"no",\
    "strength":"strong","rationale":"the other way"}}
    {"type":"vote.cast","on":"2025-02-25","data":{"rollcall":"r2","voter":"USA","choice":"yes"}}
    {"type":"vote.cast","on":"2025-02-24","data":{"rollcall":"r","voter":"RUS","choice":"yes"}}
    {"type":"vote.cast","on":"2025-02-24","data":{"rollcall":"r","voter":"BLR","choice":"no"}}
    {"type":"role.held","data":{"person":"ann","organisation":"RUS","title":"Envoy",\
    "speaksFor":true,"period":"2024/2025"}}
    {"type":"statement.made","on":"2025-01-05","data":{"speaker":"ann","kind":"quote",\
    "text":"We are against it.","stance":{"topic":"t","level":-2}}}
    {"type":"stance.changed","on":"2025-03-01","data":{"actor":"USA","topic":"t","level":1,\
    "basis":"declared"}}
    {"type":"stance.changed","data":{"actor":"USA","topic":"t","level":1,"basis":"inferred"}}
    {"type":"claim.made","on":"2025-01-07","data":{"claimant":"ann","kind":"context",\
    "proposition":"Support is the same.","about":{"topics":["t"]}}}
    """,
    """
    {"type":"fact.disputed","reason":"x","target":"00000000-0000-8000-8000-000000000001","data":{}}
    {"type":"vote.cast","on":"2025-02-24","id":"00000000-0000-8000-8000-000000000011",\
    "data":{"rollcall":"r","voter":"USA","choice":"yes"}}
    {"type":"fact.disputed","reason":"x","target":["00000000-0000-8000-8000-000000000001",\
    "00000000-0000-8000-8000-000000000011"],"data":{}}
    {"type":"dispute.settled","reason":"x","target":["00000000-0000-8000-8000-000000000001",\
    "00000000-0000-8000-8000-000000000011"],\
    "data":{"preferred":"00000000-0000-8000-8000-000000000011"}}
    {"type":"fact.corrected","reason":"x","target":"00000000-0000-8000-8000-000000000003",\
    "on":"2025-01-04","data":{"text":"Quite another text."}}
    {"type":"fact.retracted","reason":"x","target":"00000000-0000-8000-8000-000000000005","data":{}}
    {"type":"fact.retracted","reason":"x","target":"00000000-0000-8000-8000-000000000004","data":{}}
    {"type":"actor.merged","data":{"winner":"BLR","loser":"RUS"}}
    """,
  ]

  /// What corrects or retracts definitions, by position.
  private static let amendments = """
    annals retract 6 --reason x --recorder later && annals retract 7 --reason x --recorder later \
    && annals correct 1 --set 'name=The States' --reason x --recorder later \
    && annals correct 8 --set 'proposition=T should not be.' --reason x --recorder later \
    && annals correct 10 --set 'title=Renamed' --reason x --recorder later \
    && annals correct 11 --set official.yes=9 --set on=2025-02-20 --reason x --recorder later \
    && annals correct 13 --set supporting=no --reason x --recorder later \
    && annals retract 14 --reason x --recorder later && annals retract 2 --reason x --recorder later
    """

  private static let questions: [String] = {
    var questions: [String] = []
    for actor in ["USA", "America", "'united states'", "usa", "Russia", "RUS", "Belarus", "ann"] {
      for topic in ["t", "T", "u"] {
        questions += [
          "show \(actor) \(topic) --history", "audit \(actor) \(topic) --history",
          "show \(actor) \(topic) --rule record/1", "show \(actor) \(topic) --rule classic/1",
        ]
      }
      questions += [
        "timeline \(actor) --history", "log \(actor)", "health \(actor)",
        "changes --actor \(actor) --first", "audit \(actor) t --possibly",
        "show \(actor) t --strong-only", "audit \(actor) t --exclude-source s",
      ]
    }
    questions += [
      "compare USA Russia Belarus t", "compare USA RUS t --every year", "changes",
      "changes --first",
      "compare America Belarus t --every quarter --rule record/1", "health", "health t",
      "timeline t --history", "timeline T", "log", "log t", "log --type vote.cast",
      "log --source s", "search support", "search title", "list actors", "list topics",
      "list sources", "list rollcalls", "list motions", "list rollcalls --topic t",
      "agreement USA RUS", "agreement USA BLR --facts --every year", "agreement USA", "agreement",
      "rollcalls", "rollcalls --topic t --differing", "swings", "swings --topic t",
      "list positions", "list positions --topic T", "list motions --topic t",
      "diff --known-by '#8..#20'", "diff USA t --known-by '#8..#20'",
      "diff BLR t --known-by '#10..#20'",
    ]
    questions += (1...20).map { "event \($0)" }
    return questions
  }()

  private func answers(_ program: Program) async throws -> [String] {
    // One shell for all: each answer ends with its exit code.
    let script = Self.questions.map { question in
      let takesDay = ["show", "audit", "compare", "changes", "timeline", "log", "diff"]
        .contains(String(question.prefix { $0 != " " }))
      let isPinned = question.contains("--known-by")
      return "annals \(question)\(isPinned ? "" : " --known-by '#20'")"
        + "\(takesDay && !question.hasPrefix("diff --") ? " --on 2025-12-31" : "") -o json 2>&1"
        + "; echo \"§$?§\""
    }
    let outcome = try await program.shell(script.joined(separator: "\n"))
    return outcome.output.split(separator: "§").map(String.init)
  }

  @Test func answersStayTheSameToTheByte() async throws {
    let program = try Program()
    defer { program.cleanUp() }
    try program.write(Self.record, to: "record.ndjson")
    let made = try await program.shell(
      "annals init a.annals && annals import record.ndjson --recorder first")
    try #require(made.status == 0, "\(made.errors)")
    let before = try await answers(program)
    // Every question was understood.
    #expect(before.count == 2 * Self.questions.count + 1)
    for (question, status) in zip(Self.questions, stride(from: 1, to: before.count, by: 2)) {
      #expect(before[status] == "0", "\(question): \(before[status - 1])")
    }
    for (index, lines) in Self.later.enumerated() {
      try program.write(lines, to: "later\(index).ndjson")
      let appended = try await program.shell(
        "annals import later\(index).ndjson --recorder later")
      try #require(appended.status == 0, "\(appended.errors)")
      if index == 1 {
        let amended = try await program.shell(Self.amendments)
        try #require(amended.status == 0, "\(amended.errors)")
      }
    }
    let after = try await answers(program)
    for (index, question) in Self.questions.enumerated() where 2 * index < after.count {
      let isSame = before[2 * index] == after[2 * index]
      #expect(isSame, "\(question):\n\(before[2 * index])\nnow\n\(after[2 * index])")
    }
  }
}
