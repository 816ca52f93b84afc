public import EventLog

/// What a report is asked to show.
public struct ReportQuestion: Sendable {
  /// Names of actors, one line each.
  public var actors: [String]
  public var topic: String
  /// The heading; made from the names when nil.
  public var title: String?
  /// How it was in the world at the end of this.
  public var on: OnMoment
  /// Counts what may have happened by then, not only what certainly had.
  public var possibly: Bool
  /// What the record contained then; nil for all of it.
  public var knownBy: KnownBy?
  /// An earlier state of the record to show beside it: what was believed then.
  public var comparedTo: KnownBy?
  public var leavingOut: Exclusions
  /// The rule that gives steps: one of `Rule.ofLines`.
  public var rule: Rule
  /// The rule that gives shares of votes, and the stretches of time for which it gives them.
  public var shareRule: Rule
  public var every: Period.Unit

  public init(
    actors: [String], topic: String, title: String? = nil, on: OnMoment, possibly: Bool = false,
    knownBy: KnownBy? = nil, comparedTo: KnownBy? = nil, leavingOut: Exclusions = Exclusions(),
    rule: Rule = .latest2, shareRule: Rule = .record1, every: Period.Unit = .year
  ) {
    self.actors = actors
    self.topic = topic
    self.title = title
    self.on = on
    self.possibly = possibly
    self.knownBy = knownBy
    self.comparedTo = comparedTo
    self.leavingOut = leavingOut
    self.rule = rule
    self.shareRule = shareRule
    self.every = every
  }
}

/// How one or several actors stand on a topic, with everything that the answer rests on.
///
/// A report holds nothing but what follows from the question and from the record up to `knownBy`:
/// no clock, no path, no setting of the machine. The same question about the same position gives
/// the same report, and the same bytes in every format.
public struct Report: Sendable {
  public var title: String
  /// Whether the title was given, and so belongs to the question.
  public var hasOwnTitle: Bool
  public var topic: Entity
  /// The topic's directed proposition.
  public var proposition: String
  public var on: OnMoment
  public var possibly: Bool
  public var knownBy: RecordState
  /// The earlier state of the record that is shown beside it.
  public var comparedTo: RecordState?
  public var leavingOut: Exclusions
  /// The rule that made positions of the evidence.
  public var rule: Rule
  /// The rule that gave shares of votes, and for which stretches of time.
  public var shareRule: Rule
  public var every: Period.Unit
  /// One per actor, in the order asked for.
  public var lines: [ReportLine]
  /// The sources, numbered from 1 in the order in which the evidence cites them.
  public var footnotes: [Footnote]

  /// The last day of the world that the report speaks of, counted from 1970-01-01.
  public var lastDay: Int64 { on.lastDay }
}

/// One actor's line in a report.
public struct ReportLine: Sendable {
  public var actor: Entity
  /// The line as the rule has it, with remarks on its evidence.
  public var audit: AuditAnswer
  /// What was believed at the earlier state of the record: nil when none was asked for. Empty when
  /// nothing was known then, not even the actor or the topic.
  public var earlier: [StanceStep]?
  /// How the actor voted on the topic, as shares.
  public var shares: SharesAnswer
  /// The evidence of each step, in the order of `audit.steps`.
  public var evidence: [[ReportEvidence]]

  /// What is special about the shares: what else is missing has its place among the remarks.
  var shareNotes: [String] {
    let known = audit.remarks.map(\.text)
    return shares.coverage.filter { !known.contains($0) }
  }

  /// The names of the rows of the evidence, by event.
  var anchors: [Position: String] {
    var anchors: [Position: String] = [:]
    for item in evidence.joined() where item.anchor != nil {
      anchors[item.fact.position] = item.anchor
    }
    return anchors
  }
}

/// A fact as evidence in a report.
public struct ReportEvidence: Sendable {
  public var entry: TimelineEntry
  /// True for the fact that made the step, false for what was so in its span besides.
  public var makesStep: Bool
  /// For the vote or the sponsorship that made a step: the link by which it is read.
  public var reading: LinkReading?
  /// The name of its row, for links: `e-213`. Nil where the fact has a row further up.
  public var anchor: String?
  /// Numbers of its sources.
  public var footnotes: [Int]
  /// Whole days between the day it was so and the day it was recorded; nil when undated.
  public var delayDays: Int?

  public var fact: Fact { entry.fact }
}

/// A source as the evidence of a report cites it.
public struct Footnote: Sendable {
  public var number: Int
  public var citation: Citation
  /// What was recorded from it: the rows of the evidence, each event once.
  public var recordings: [Recording]

  /// One event that cites the source.
  public struct Recording: Sendable {
    public var event: RecordedEvent
    public var delayDays: Int?
    public var anchor: String?
  }
}
