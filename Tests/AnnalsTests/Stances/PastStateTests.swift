import EventLog
import Foundation
import Testing

@testable import Annals

/// What was recorded later never changes an answer for an earlier position: whatever a view says of
/// a long record as known by P, it says of a record that ends at P.
@Suite struct PastStateTests {
  @Test(arguments: 0..<3) func viewsOfThePastAreThoseOfAShorterRecord(_ seed: UInt64) async throws {
    var random = SplitMix(seed: 0xA11A15 + seed)
    try await withStore { whole in
      var lines = ViewWorld.base + Self.corrigible + [ViewWorld.held(source: "s1")]
      try await whole.add(lines)
      for number in 1...60 {
        let line = Self.line(number, &random)
        // What would be refused (a second vote, a retraction of nothing) is left out.
        if (try? await whole.add([line])) != nil { lines.append(line) }
      }
      let head = try await whole.log.head().position
      #expect(head == Position(Int64(lines.count)) && lines.count > 40)
      var told = 0
      for count in stride(from: ViewWorld.base.count, through: lines.count, by: 5) {
        let expected = try await withStore { short in
          try await short.add(Array(lines.prefix(count)))
          return await Self.answers(of: short, knownBy: nil)
        }
        let found = await Self.answers(of: whole, knownBy: .position(Position(Int64(count))))
        for (question, answer) in expected {
          #expect(found[question] == answer, "\(question) at \(count), seed \(seed)")
          if answer != "refused" { told += 1 }
        }
      }
      #expect(told > 60)
    }
  }

  // MARK: random lines

  private static let states = ["AAA", "BBB", "CCC", "KKK", "LLL", "MMM"]

  /// Actors whose registration is there to be corrected.
  private static let corrigible = states.suffix(3).enumerated().map { index, id in
    ViewWorld.line(
      "actor.registered", id: 900 + index, #"{"actor":"\#(id)","kind":"state","name":"\#(id)"}"#)
  }

  private static func line(_ number: Int, _ random: inout SplitMix) -> String {
    func state() -> String { states.randomElement(using: &random) ?? "AAA" }
    func source() -> String? { ["s1", "s2", nil].randomElement(using: &random) ?? nil }
    let period =
      ["2000/..", "2025/", "2025-02", "2000/2024", "2025-02-24/.."].randomElement(using: &random)
      ?? ""
    let data: [(type: String, data: String)] = [
      ("vote.cast", vote(state(), &random)), ("vote.cast", vote(state(), &random)),
      ("vote.cast", vote(state(), &random)),
      (
        "membership.held",
        #"{"actor":"\#(state())","group":"\#(Bool.random(using: &random) ? "un" : "bloc")","#
          + #""period":"\#(period)"}"#
      ),
      (
        "role.held",
        #"{"person":"\#(state())","organisation":"\#(state())","title":"T\#(number)","#
          + #""speaksFor":true,"period":"\#(period)"}"#
      ),
      ("actor.named", #"{"actor":"\#(state())","name":"Name \#(number)"}"#),
      ("actor.merged", #"{"winner":"\#(state())","loser":"\#(state())"}"#),
      ("actor.succeeded", #"{"predecessor":"\#(state())","successor":"\#(state())"}"#),
      (
        "source.captured",
        #"{"source":"\#(source() ?? "s1")","title":"Title \#(number)"}"#
      ),
      (
        "rollcall.held",
        #"{"rollcall":"un/R/1","motion":"m","body":"un","method":"recorded","result":"adopted","#
          + #""official":{"yes":\#(number % 3)}}"#
      ),
      ("import.completed", #"{"dataset":"d\#(number)","coverage":{"what":"votes"}}"#),
      ("fact.retracted", "{}"), ("fact.disputed", "{}"), ("fact.corrected", change(&random)),
      ("fact.corrected", change(&random)), ("fact.retracted", "{}"),
    ]
    let (type, payload) = data.randomElement(using: &random) ?? data[0]
    let isAmendment = type.hasPrefix("fact.")
    let isOfActor = Int.random(in: 0..<3, using: &random) == 0
    let targets = isOfActor ? 900...902 : 1...max(1, number - 1)
    return ViewWorld.line(
      type, id: number, on: type == "rollcall.held" ? "2025-02-24" : nil, source: source(),
      relation: number.isMultiple(of: 7) ? "contradicts" : nil,
      target: isAmendment ? Int.random(in: targets, using: &random) : nil,
      isAmendment && isOfActor && type == "fact.corrected"
        ? #"{"name":"Name \#(number)"}"# : payload)
  }

  private static func vote(_ voter: String, _ random: inout SplitMix) -> String {
    let choice = [#""yes""#, #""no""#, #"["no","abstain"]"#, #""absent""#]
      .randomElement(using: &random)
    return #"{"rollcall":"un/R/1","voter":"\#(voter)","choice":\#(choice ?? "")}"#
  }

  private static func change(_ random: inout SplitMix) -> String {
    let state = states.randomElement(using: &random) ?? "AAA"
    return [
      #"{"choice":"yes"}"#, #"{"voter":"\#(state)"}"#, #"{"period":"2025-02-01/2025-02-28"}"#,
      #"{"title":"Corrected"}"#, #"{"name":"Corrected"}"#, #"{"actor":"\#(state)"}"#,
      #"{"winner":"\#(state)"}"#, #"{"official":{"yes":4}}"#, #"{"group":"bloc"}"#,
    ].randomElement(using: &random) ?? "{}"
  }

  // MARK: answers as text

  private static func answers(of store: Store, knownBy: KnownBy?) async -> [String: String] {
    var answers: [String: String] = [:]
    func ask(_ question: String, _ read: () async throws -> Any) async {
      answers[question] = (try? await read()).map(plain) ?? "refused"
    }
    let day = try? Moment.on("2025-02-24", now: .now())
    await ask("rollcall") { try await store.rollcall("un/R/1", knownBy: knownBy) }
    await ask("bloc") { try await store.rollcall("un/R/1", bloc: "bloc", knownBy: knownBy) }
    for actor in states + ["un", "bloc", "Name 7"] {
      await ask("actor \(actor)") { try await store.actor(actor, on: day, knownBy: knownBy) }
      await ask("actor \(actor) in full") {
        try await store.actor(actor, on: day, possibly: true, knownBy: knownBy, history: true)
      }
    }
    for source in ["s1", "s2"] {
      await ask("source \(source)") {
        try await store.source(source, knownBy: knownBy, history: true)
      }
    }
    for number in 12...24 {
      await ask("event \(number)") {
        try await store.event(.position(Position(Int64(number))), knownBy: knownBy)
      }
    }
    return answers
  }

  /// Everything in a value but what differs from one record to another of the same lines: instants,
  /// salts and hashes.
  private static func plain(_ value: Any) -> String {
    switch value {
    case let event as RecordedEvent: return "\(event.position)"
    case let recordState as RecordState: return "\(recordState.position)"
    case let json as JSON: return JSONWriter.compact(json)
    case let position as Position: return "\(position)"
    default: break
    }
    let mirror = Mirror(reflecting: value)
    if mirror.children.isEmpty { return "\(value)" }
    let parts = mirror.children.map { "\($0.label ?? ""):\(plain($0.value))" }
    return "(" + parts.joined(separator: " ") + ")"
  }
}
