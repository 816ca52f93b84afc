import EventLog
import Testing

@testable import Annals

/// Random histories of disputes and settlements, of stances that end, of corrections and
/// retractions of all of them: one answer, whoever reads it.
@Suite struct DisputeHistoryTests {
  private typealias Line = LittleRecord

  private static let actors = ["USA", "RUS"]
  private static let rollcalls = ["a": "2025-01-03", "b": "2025-01-05"]

  @Test(arguments: [64, 66, 81, 104, 117, 124] as [UInt64])
  func sliceFoldAndStoredViewsAgree(seed: UInt64) async throws {
    var random = SplitMix(seed: seed)
    var accepted: [String] = []
    var lines: [[StancePair: [LineSegment]]] = []
    try await withStore { store in
      let record = try await Line.make(store, rollcalls: Self.rollcalls)
      var facts: [Int] = []
      var disputes: [(id: Int, targets: [Int])] = []
      for id in 1...70 {
        let made = Self.event(id, facts, disputes, &random)
        guard let made else { continue }
        guard await record.refuses(made.line) == [] else { continue }
        accepted.append(made.line)
        if made.type == "fact.disputed" { disputes.append((id, made.targets)) }
        if made.targets.isEmpty { facts.append(id) }
        lines.append(try await agreed(store))
        if id % 10 == 0 { try await record.checkViews() }
      }
      try await record.checkViews()
    }
    #expect(accepted.contains { $0.contains("dispute.settled") })
    // What was taken one by one is taken at once, and known states read the same.
    try await withStore { store in
      let record = try await Line.make(store, rollcalls: Self.rollcalls)
      let base = try await store.log.head().position
      try await record.add(accepted.joined(separator: "\n"))
      for (index, expected) in lines.enumerated() {
        let known = base.advanced(by: index + 1)
        let found = try await store.lines(through: known)
        for actor in Self.actors {
          let pair = StancePair(actor: actor, topic: "t")
          #expect(found[pair] ?? [] == expected[pair], "seed \(seed), \(actor) known by \(known)")
        }
      }
      try await record.checkViews()
    }
  }

  /// The lines of all, which the slices for one question and the fold of the whole log agree on.
  private func agreed(_ store: Store) async throws -> [StancePair: [LineSegment]] {
    let head = try await store.log.head().position
    let folded = try await store.lines(through: head)
    var lines: [StancePair: [LineSegment]] = [:]
    for actor in Self.actors {
      let pair = StancePair(actor: actor, topic: "t")
      let slice = try await StanceSlice.read(pair, under: .latest2, from: store.reader(head))
      lines[pair] = slice.result.line(of: slice.pair, under: .latest2)
      #expect(lines[pair] == folded[pair] ?? [], "\(actor) known by \(head)")
    }
    let topic = try await StanceSlice.read(topic: "t", under: .latest2, from: store.reader(head))
    for actor in Self.actors {
      guard let names = topic.names,
        let number = names.id(of: Tag(kind: "actor", value: actor)),
        let t = names.id(of: Tag(kind: "topic", value: "t"))
      else { continue }
      let line = topic.result.line(
        of: StanceFold.Pair(actor: number, topic: t), under: .latest2)
      #expect(line == lines[StancePair(actor: actor, topic: "t")], "\(actor) known by \(head)")
    }
    return lines
  }

  private static func event(
    _ id: Int, _ facts: [Int], _ disputes: [(id: Int, targets: [Int])], _ random: inout SplitMix
  ) -> (type: String, line: String, targets: [Int])? {
    func any<Element>(_ elements: [Element]) -> Element? { elements.randomElement(using: &random) }
    let day = { (number: Int) in "2025-01-0\(number)" }
    let actor = any(actors) ?? "USA"
    switch Int.random(in: 0..<100, using: &random) {
    case 0..<25:
      let first = Int.random(in: 1...8, using: &random)
      let end = Bool.random(using: &random) ? Int.random(in: first...9, using: &random) : nil
      let level = Int.random(in: -2...2, using: &random)
      return (
        "", Line.stanceLine(level, day(first), until: end.map(day), of: actor, id: id), []
      )
    case 25..<50:
      let choice = any(["yes", "no", "abstain", "absent", "yes|no"]) ?? "yes"
      let rollcall = any(["a", "b"]) ?? "a"
      return ("", Line.voteLine(rollcall, choice, of: actor, id: id), [])
    case 50..<65:
      let targets = Array(Set([any(facts), any(facts)].compactMap(\.self))).sorted()
      if targets.isEmpty { return nil }
      return ("fact.disputed", Line.amendment("fact.disputed", of: targets, id: id), targets)
    case 65..<80:
      guard let dispute = any(disputes) else { return nil }
      let preferred = Bool.random(using: &random) ? any(dispute.targets) : nil
      let data = preferred.map { #"{"preferred":"\#(Line.id($0))"}"# } ?? "{}"
      let targets = Bool.random(using: &random) ? [dispute.id] : dispute.targets
      return (
        "dispute.settled", Line.amendment("dispute.settled", of: targets, data, id: id), targets
      )
    case 80..<90:
      guard let target = any(facts + disputes.map(\.id) + [id - 1]), target > 0 else { return nil }
      return (
        "fact.retracted", Line.amendment("fact.retracted", of: [target], id: id), [target]
      )
    default:
      guard let target = any(facts) else { return nil }
      let line = Line.line(
        "fact.corrected", "{}", on: day(Int.random(in: 1...9, using: &random)), id: id,
        rest: #","target":"\#(Line.id(target))","reason":"test""#)
      return ("fact.corrected", line, [target])
    }
  }
}
