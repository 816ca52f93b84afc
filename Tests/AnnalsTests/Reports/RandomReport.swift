import EventLog

@testable import Annals

/// Reports such as no record would hold: any number of steps, levels, gaps, vague dates, marks and
/// names.
struct RandomReport {
  private var random: SplitMix
  private var position: Int64 = 0

  init(seed: UInt64) { random = SplitMix(seed: seed) }

  mutating func report() -> Report {
    let last = Int64.random(in: -200_000...200_000, using: &random)
    let span: Int64 = [1, 5, 40, 300, 2000, 20_000, 700_000].randomElement(using: &random) ?? 1
    let topic = Entity(id: "topic", name: name())
    let recordState = RecordState(
      position: Position(.random(in: 1...1_000_000, using: &random)), recorded: recorded)
    let hasEarlier = Bool.random(using: &random)
    let on = try? Moment.on(
      CalendarDay(number: last).description, now: Instant(microseconds: 0))
    guard let on else { preconditionFailure("a day is a moment") }
    let count = Int.random(in: 1...4, using: &random)
    let lines = (0..<count).map { index -> ReportLine in
      let actor = Entity(id: "A\(index)", name: name())
      let steps = steps(last - span...last)
      return ReportLine(
        actor: actor,
        audit: AuditAnswer(
          actor: actor, topic: topic, proposition: topic.name, on: on.text, knownBy: recordState,
          rule: "latest/2", leavingOut: Exclusions(), steps: steps, count: steps.count, period: nil,
          remarks: []),
        earlier: hasEarlier ? self.steps(last - span...last) : nil,
        shares: SharesAnswer(
          actor: actor, topic: topic, on: on.text, knownBy: recordState, rule: .record1,
          leavingOut: Exclusions(), periods: [], count: 0, coverage: []),
        evidence: steps.map { _ in [] })
    }
    return Report(
      title: name(), hasOwnTitle: true, topic: topic, proposition: topic.name, on: on,
      possibly: false, knownBy: recordState, comparedTo: hasEarlier ? recordState : nil,
      leavingOut: Exclusions(), rule: .latest2, shareRule: .record1, every: .year, lines: lines,
      footnotes: [])
  }

  private let recorded = Instant(microseconds: 1_700_000_000_000_000)

  private mutating func steps(_ days: ClosedRange<Int64>) -> [StanceStep] {
    let count = [0, 1, 2, 5, 60, 900].randomElement(using: &random) ?? 0
    let starts = Set((0..<count).map { _ in Int64.random(in: days, using: &random) }).sorted()
    return starts.enumerated().map { index, start in
      let next: Int64? = index + 1 < starts.count ? starts[index + 1] : nil
      let isGap = Int.random(in: 0..<6, using: &random) == 0
      let low = Int.random(in: -2...2, using: &random)
      let level =
        Int.random(in: 0..<5, using: &random) == 0
        ? Level(low: low, high: .random(in: low...2, using: &random)) : Level(low)
      let opensTheLine = index == 0 && Bool.random(using: &random)
      return StanceStep(
        from: opensTheLine ? .min : start,
        to: next.map { isGap ? start + ($0 - 1 - start) / 2 : $0 - 1 } ?? (isGap ? start : nil),
        level: level, before: nil, evidence: fact(start), summary: "", others: [], restsOn: "",
        delayDays: nil)
    }
  }

  private mutating func fact(_ day: Int64) -> Fact {
    position += 1
    let batch = Batch(first: Position(1), recorded: recorded, recorder: "ana")
    let width = [1, 1, 1, 30, 365, 40_000].randomElement(using: &random) ?? 1
    let earliest =
      Int.random(in: 0..<12, using: &random) == 0 ? Int64.min : (day + 1 - Int64(width)) * 86_400
    let event = NewEvent(
      id: EventID(high: 0, low: UInt64(position)), type: EventType("vote.cast"),
      time: ValidTime(text: "x", earliest: earliest, latest: (day + 1) * 86_400),
      body: Array("{}".utf8))
    let isCorrected = Int.random(in: 0..<9, using: &random) == 0
    return Fact(
      root: RecordedEvent(
        position: Position(position), batch: batch, event: event, salt: [], leafHash: []),
      chain: [], isLive: true, isDisputed: Int.random(in: 0..<9, using: &random) == 0,
      setAsideBy: nil, resolvedBy: nil,
      current: Position(isCorrected ? position + 1 : position), time: event.time, basis: nil,
      confidence: "asserted", data: [:], sources: [], via: nil, reason: nil, note: nil)
  }

  private mutating func name() -> String {
    let words = [
      "United", "of", "WWWMMM", "المملكة", "中华人民共和国", "Ελλάδα", "🇺🇳", "&", "<b>", "iiii", "\"'",
      "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft", "ß", "—",
    ]
    return (0..<Int.random(in: 1...30, using: &random))
      .map { _ in words.randomElement(using: &random) ?? "" }.joined(separator: " ")
  }
}
