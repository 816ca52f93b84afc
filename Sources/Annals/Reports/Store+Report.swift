import EventLog

extension Store {
  /// Makes a report. Throws when an actor, the topic or an excluded source is unknown.
  public func report(_ question: ReportQuestion) async throws -> Report {
    let recordState = try await recordState(question.knownBy)
    let store = asking(at: recordState.position)
    let viewpoint = question.viewpoint(.position(recordState.position))
    guard !question.actors.isEmpty else {
      throw Problem(.usage, "a report needs at least one actor")
    }
    let stances = try await store.lines(
      actors: question.actors, topic: question.topic, from: viewpoint, knownBy: recordState)
    let topic = stances[0].topic
    let actors = stances.map(\.actor)
    var comparedTo: RecordState?
    if let earlier = question.comparedTo {
      let known = try await self.recordState(earlier)
      comparedTo = known.position > recordState.position ? recordState : known
    }
    var lines: [ReportLine] = []
    var notes = FootnoteList()
    let before = comparedTo.map { asking(at: $0.position) }
    for (index, line) in stances.enumerated() {
      let audit = try await store.audit(line, history: true, today: .epoch)
      var earlier: [StanceStep]?
      if let before, let comparedTo {
        earlier = try await before.steps(of: line, knownBy: comparedTo)
      }
      let shares = try await store.shares(
        line, rule: question.shareRule, every: question.every, period: nil, today: .epoch)
      lines.append(
        ReportLine(
          actor: line.actor, audit: audit, earlier: earlier, shares: shares,
          evidence: notes.evidence(of: audit.steps, lineNumber: index + 1)))
    }
    // A heading is one line; an empty one is none.
    let title = question.title.map { $0.split(whereSeparator: \.isWhitespace) } ?? []
    let heading =
      title.isEmpty
      ? "\(Self.enumerated(actors.map(\.name))) on \(topic.id)" : title.joined(separator: " ")
    return Report(
      title: heading, hasOwnTitle: !title.isEmpty, topic: topic, proposition: topic.name,
      on: question.on, possibly: question.possibly, knownBy: recordState, comparedTo: comparedTo,
      leavingOut: question.leavingOut, rule: viewpoint.rule, shareRule: question.shareRule,
      every: question.every, lines: lines,
      footnotes: notes.footnotes)
  }

  /// "A", "A and B", "A, B and C".
  private static func enumerated(_ names: [String]) -> String {
    guard let last = names.last, names.count > 1 else { return names.first ?? "" }
    return names.dropLast().joined(separator: ", ") + " and " + last
  }

  /// The steps as an earlier state of the record had them; none when it did not know of actor or
  /// topic yet.
  private func steps(of line: ActorLine, knownBy: RecordState) async throws -> [StanceStep] {
    var viewpoint = line.viewpoint
    viewpoint.knownBy = .position(knownBy.position)
    do {
      let earlier = try await lines(
        actors: [line.actor.id], topic: line.topic.id, from: viewpoint, knownBy: knownBy)
      return try await steps(of: earlier[0])
    } catch let faults as Problems {
      let unknown: [ErrorCode] = [.unknownActor, .unknownTopic]
      guard faults.problems.allSatisfy({ unknown.contains($0.code) }) else { throw faults }
      return []
    }
  }
}

extension ReportQuestion {
  fileprivate func viewpoint(_ knownBy: KnownBy) -> Viewpoint {
    Viewpoint(on: on, possibly: possibly, knownBy: knownBy, leavingOut: leavingOut, rule: rule)
  }
}

extension Instant {
  /// Stands for today where the day is given: nothing of a report depends on the clock.
  fileprivate static let epoch = Instant(microseconds: 0)
}

/// Numbers the sources in the order in which they are cited, and names the rows of the evidence.
private struct FootnoteList {
  var footnotes: [Footnote] = []
  private var numbers: [Key: Int] = [:]

  private struct Key: Hashable {
    var source: String
    var locator: String?
    var quote: String?
  }

  /// The evidence of one line, step by step. Events are named once in a line: the rows of the first
  /// line are `e-213`, those of the second `e-213-2`.
  mutating func evidence(of steps: [StanceStep], lineNumber: Int) -> [[ReportEvidence]] {
    var named: Set<Position> = []
    // A fact that makes a step has its row there, not where it is mentioned first.
    let makers = Set(steps.flatMap(\.because).map(\.fact.position))
    return steps.map { step in
      let others = step.others.filter { !makers.contains($0.fact.position) }
      return (step.because + others).enumerated().map { index, entry in
        let suffix = lineNumber == 1 ? "" : "-\(lineNumber)"
        let anchor =
          named.insert(entry.fact.position).inserted
          ? "e-\(entry.fact.position.rawValue)\(suffix)" : nil
        return ReportEvidence(
          entry: entry, makesStep: index <= step.tied.count,
          reading: index == 0 ? step.reading : nil, anchor: anchor,
          footnotes: entry.fact.sources.map { cite($0, in: entry.fact, anchor) },
          delayDays: entry.fact.delayDays)
      }
    }
  }

  private mutating func cite(_ citation: Citation, in fact: Fact, _ anchor: String?) -> Int {
    let key = Key(
      source: citation.source, locator: citation.locator, quote: citation.quote)
    let number = numbers[key] ?? footnotes.count + 1
    if numbers[key] == nil {
      numbers[key] = number
      footnotes.append(Footnote(number: number, citation: citation, recordings: []))
    }
    if !footnotes[number - 1].recordings.contains(where: { $0.event.position == fact.position }) {
      footnotes[number - 1].recordings.append(
        Footnote.Recording(event: fact.root, delayDays: fact.delayDays, anchor: anchor))
    }
    return number
  }
}
