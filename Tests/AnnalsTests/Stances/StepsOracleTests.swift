import EventLog
import Testing

@testable import Annals

/// The steps of the rules latest/2 and latest/1 against a reading of their words, day by day.
@Suite struct StepsOracleTests {
  private struct Asked {
    var end: Int64
    var possibly: Bool
    /// The day in which the last second before `end` lies.
    var lastDay: Int64 { Day.last(before: end) }
  }

  @Test(arguments: [1, 2, 3, 4] as [UInt64], Rule.ofLines)
  func stepsEqualTheOracle(seed: UInt64, rule: Rule) async {
    var random = SplitMix(seed: seed)
    var comparisons = 0
    for round in 0..<900 {
      // Other tests measure whether tasks wait for a thread.
      await Task.yield()
      let evidence = (0..<Int.random(in: 0...9, using: &random)).map { Self.evidence($0, &random) }
      var ends: [Int64] = [.max]
      for _ in 0..<3 {
        let day = Int64.random(in: 0...15, using: &random) * 86_400
        ends.append(
          Bool.random(using: &random) ? day : day + .random(in: 1..<86_400, using: &random))
      }
      for asked in ends.flatMap({
        [Asked(end: $0, possibly: false), Asked(end: $0, possibly: true)]
      }) {
        let steps = LatestRule.steps(
          evidence, under: rule, until: asked.end, possibly: asked.possibly)
        // Ordered, disjoint, and only the last one open.
        for (step, next) in zip(steps, steps.dropFirst()) {
          #expect(step.day <= step.last && step.last < next.day)
        }
        for day in Int64(-1)...16 where day <= asked.lastDay {
          let step = steps.first { $0.day <= day && day <= $0.last }
          let found = step.map { [$0.index] + $0.tied } ?? []
          let expected = Self.holding(evidence, on: day, asked, rule)
          let levels = expected.compactMap { evidence[$0].level }
          #expect(step?.level.low == levels.map(\.low).min())
          #expect(step?.level.high == levels.map(\.high).max())
          comparisons += 1
          if found != expected {
            Issue.record(
              """
              \(rule), seed \(seed), round \(round), day \(day), \(asked): \(found), not \(expected) \
              of \(evidence)
              """)
            return
          }
        }
      }
    }
    #expect(comparisons > 25_000)
  }

  private static func evidence(_ index: Int, _ random: inout SplitMix) -> Evidence<Int> {
    let kinds: [Evidence<Int>.Kind] = [.statement, .sponsorship, .stanceChange, .vote]
    let start = Int64.random(in: 0...10, using: &random)
    let length =
      Int.random(in: 0..<3, using: &random) == 0 ? Int64.random(in: 1...5, using: &random) : 0
    var bounds: (earliest: Int64, latest: Int64)? = (start * 86_400, (start + length + 1) * 86_400)
    switch Int.random(in: 0..<24, using: &random) {
    case 0: bounds = nil
    case 1: bounds?.earliest = .min
    case 2: bounds?.latest = .max
    // A time of day: a second, or some hours.
    case 3...9:
      let second = Int64.random(in: 0..<86_400, using: &random)
      let length = Bool.random(using: &random) ? 1 : Int64.random(in: 1...30_000, using: &random)
      bounds = (start * 86_400 + second, start * 86_400 + min(86_400, second + length))
    default: break
    }
    var item = Evidence<Int>(
      kind: kinds.randomElement(using: &random) ?? .vote,
      level: Int.random(in: 0..<8, using: &random) == 0
        ? nil : Level(Int.random(in: -2...2, using: &random)),
      bounds: bounds, lastDay: nil, precedence: Int64(index), linkedVote: nil, source: index)
    if Int.random(in: 0..<3, using: &random) == 0 {
      let certain = start + Int64.random(in: 0...6, using: &random)
      let isOpen = Int.random(in: 0..<10, using: &random) == 0
      let possible = isOpen ? .max : certain + Int64.random(in: 0...2, using: &random)
      item.lastDay = LastDay(certain: certain, possible: possible)
    }
    return item
  }

  /// Which evidence gives the position on a day: of all that has happened by then and has not ended,
  /// the latest. That something ends is known only where the day after is asked about.
  private static func holding(
    _ evidence: [Evidence<Int>], on day: Int64, _ asked: Asked, _ rule: Rule
  ) -> [Int] {
    func holds(_ item: Evidence<Int>) -> Bool {
      guard item.level != nil, let bounds = item.bounds else { return false }
      let hasHappened =
        asked.possibly
        ? bounds.earliest < asked.end && start(bounds) <= day
        : bounds.latest != .max && bounds.latest <= asked.end && end(bounds) <= day
      guard hasHappened else { return false }
      guard let last = item.lastDay?.day(possibly: asked.possibly) else {
        return true
      }
      // A stance whose last day may lie before its first never certainly held.
      let first = asked.possibly ? start(bounds) : end(bounds)
      return last >= asked.lastDay || (day <= last && first <= last)
    }
    let holding = evidence.indices.filter { holds(evidence[$0]) }
    let strongest = holding.max { a, b in
      order(evidence[a]).lexicographicallyPrecedes(order(evidence[b]))
    }
    guard let strongest else { return [] }
    if rule == .latest1 { return [strongest] }
    let ofTheDay = holding.filter {
      order(evidence[$0]).prefix(2) == order(evidence[strongest]).prefix(2)
    }
    let notBefore = ofTheDay.filter { a in
      !ofTheDay.contains { b in isBefore(evidence[a], evidence[b]) }
    }
    let kind = notBefore.map { evidence[$0].kind }.max()
    let latest = notBefore.filter { evidence[$0].kind == kind }.sorted { a, b in
      order(evidence[b]).lexicographicallyPrecedes(order(evidence[a]))
    }
    return Set(latest.map { evidence[$0].level }).count > 1 ? latest : Array(latest.prefix(1))
  }

  /// Both have a time of day, and the one ends before the other begins.
  private static func isBefore(_ a: Evidence<Int>, _ b: Evidence<Int>) -> Bool {
    func time(_ item: Evidence<Int>) -> Range<Int64>? {
      guard let bounds = item.bounds, start(bounds) == end(bounds),
        bounds.latest - bounds.earliest < 86_400
      else { return nil }
      return bounds.earliest..<bounds.latest
    }
    guard let first = time(a), let second = time(b) else { return false }
    return first.upperBound <= second.lowerBound
  }

  private static func order(_ item: Evidence<Int>) -> [Int64] {
    guard let bounds = item.bounds else { return [] }
    return [
      start(bounds), end(bounds), Int64(item.kind.rawValue), bounds.earliest, bounds.latest,
      item.precedence,
    ]
  }

  private static func start(_ bounds: (earliest: Int64, latest: Int64)) -> Int64 {
    bounds.earliest == .min ? .min : floor(bounds.earliest)
  }

  private static func end(_ bounds: (earliest: Int64, latest: Int64)) -> Int64 {
    bounds.latest == .max ? .max : floor(bounds.latest - 1)
  }

  private static func floor(_ second: Int64) -> Int64 {
    second >= 0 ? second / 86_400 : (second - 86_399) / 86_400
  }
}
