public import EventLog

/// The events that changed an actor's line on a topic, each with the line after it.
public struct LineRevisions: Sendable {
  public var actor: Entity
  public var topic: Entity
  public var on: OnMoment
  public var knownBy: RecordState
  public var rule: String
  /// In the order of the log.
  public var revisions: [LineRevision]
  /// Earlier states that are left out, because there are more than were asked for.
  public var omitted: Int
}

/// An event that changed a line, and the line after it.
public struct LineRevision: Sendable {
  public var knownBy: RecordState
  /// The event that changed the line.
  public var cause: TimelineEntry
  /// The sources that changed before the event corrected or withdrew a fact.
  public var sourceChanges: [SourceChange]
  public var steps: [StanceStep]
  /// The stance at the end of the moment asked about; nil for no data.
  public var level: Level?
}

extension Store {
  /// The history of an actor's line on a topic: the line after each event that changed it, and after each
  /// event about one of its facts (a dispute changes no step).
  ///
  /// Nothing can be left out of the evidence here. Of more states than `limit`, the last ones are
  /// given. Throws when actor or topic are unknown.
  public func revisions(
    actor: String, topic: String, from viewpoint: Viewpoint = Viewpoint(), limit: Int = 40,
    today: Instant = .now()
  ) async throws -> LineRevisions {
    var viewpoint = viewpoint
    viewpoint.leavingOut = Exclusions()
    let line = try await line(actor: actor, topic: topic, from: viewpoint)
    let causes = try await line.store.causes(of: line)
    let shown = causes.suffix(limit)
    let events = try await line.store.events(at: shown.map(\.position))
    var displayNames = DisplayNames(through: line.knownBy.position)
    let entries = try await line.store.logEntries(
      events, through: line.knownBy.position, &displayNames, asRecorded: true)
    let sourceChanges = try await line.store.sourceChanges(
      behind: zip(events, shown).map { ($0, $1.targets) }, through: line.knownBy.position)
    var revisions: [LineRevision] = []
    for (cause, entry) in zip(shown, entries) {
      let state = RecordState(
        position: cause.position, recorded: entry.fact.root.batch.recorded)
      let store = asking(at: cause.position)
      let then = ActorLine(
        store: store, actor: line.actor, topic: line.topic, viewpoint: viewpoint, knownBy: state,
        slice: cause.slice, evidence: cause.evidence, steps: cause.steps)
      revisions.append(
        LineRevision(
          knownBy: state, cause: entry, sourceChanges: sourceChanges[cause.position] ?? [],
          steps: try await store.steps(of: then), level: then.level))
    }
    return LineRevisions(
      actor: line.actor, topic: line.topic, on: viewpoint.moment(today), knownBy: line.knownBy,
      rule: line.rule.name, revisions: revisions, omitted: causes.count - shown.count)
  }

  /// A line as it was behind an event.
  private typealias Cause = (
    position: Position, targets: [Position], slice: StanceSlice.Answer,
    evidence: [StanceFold.StanceEvidence], steps: [LatestRule.Step]
  )

  /// The events that changed a line, and the events about one of its facts.
  private func causes(of line: ActorLine) async throws -> [Cause] {
    let viewpoint = line.viewpoint
    let states = try await StanceSlice.revisions(
      of: StancePair(actor: line.actor.id, topic: line.topic.id), under: line.rule,
      from: reader(line.knownBy.position))
    var causes: [Cause] = []
    var last: [LineMark] = []
    var facts: Set<Position> = []
    for (row, answer) in states {
      let evidence = answer.pair.flatMap { answer.result.evidence[$0] } ?? []
      let steps = LatestRule.steps(
        evidence, under: line.rule, until: viewpoint.end, possibly: viewpoint.possibly)
      let marks = steps.map { LineMark($0, evidence) }
      let isAboutFact = row.targets.contains(where: facts.contains)
      if marks != last || isAboutFact {
        causes.append((row.position, row.targets, answer, evidence, steps))
      }
      if isAboutFact { facts.insert(row.position) }
      facts.formUnion(steps.map { evidence[$0.index].source })
      last = marks
    }
    return causes
  }
}

/// What of a step shows in a line.
private struct LineMark: Equatable {
  var day: Int64
  var last: Int64
  var level: Level
  var sources: [Position]
  var earliest: Int64?
  var latest: Int64?

  init(_ step: LatestRule.Step, _ evidence: [StanceFold.StanceEvidence]) {
    (day, last, level) = (step.day, step.last, step.level)
    sources = ([step.index] + step.tied).map { evidence[$0].source }
    let bounds = evidence[step.index].bounds
    (earliest, latest) = (bounds?.earliest, bounds?.latest)
  }
}
