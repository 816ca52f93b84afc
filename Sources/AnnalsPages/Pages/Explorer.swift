import Annals
import AnnalsAnswers
import EventLog

/// What the explorer shows of one actor on one topic, asked of the record.
struct Explorer {
  let question: ExplorerPage.Question
  /// The stance at the moment asked about, as `annals show` gives it.
  let stance: StanceAnswer
  /// The line through the later of that moment and today, as `annals audit` gives it.
  let audit: AuditAnswer
  /// The line as it is known now; nil where the page shows that.
  let now: AuditAnswer?
  let revisions: LineRevisions
  /// The roll calls on the topic through the last day that is shown.
  let rollcalls: [LineRollCall]
  /// What changed since the state of the record that is shown; nil where the page shows the last one,
  /// and on a page that is to stay as it is.
  let since: RevisionDiff?
  /// The stance without some of the evidence.
  let withouts: [Without]
  /// The end of the log when the page was made; on a page that is to stay, the state it shows.
  let head: Position
  let today: Int64
  /// The root hash of the log at the state of the record that is shown.
  let root: [UInt8]

  /// A part of the evidence that can be left out, and the stance without it.
  struct Without {
    /// Its name for the script.
    var key: String
    var words: String
    /// The parameter that leaves it out.
    var parameter: (name: String, value: String)
    var isChosen: Bool
    var steps: [StanceStep]
  }

  /// The day asked about.
  var day: Int64 { stance.on.lastDay }
  /// Whether the page is about today; one that is to stay names its day.
  var isToday: Bool { day == today && !question.isFrozen }
  /// The last day that the drawings show.
  var lastDay: Int64 { max(day, today) }
  var isPinned: Bool { stance.knownBy.position < head }

  init(_ question: ExplorerPage.Question, _ context: PageContext) async throws {
    self.question = question
    var viewpoint = question.viewpoint
    let state = try await context.store.recordState(viewpoint.knownBy)
    viewpoint.knownBy = .position(state.position)
    let store = context.store.asking(at: state.position)
    // What is frozen depends on nothing but its question.
    today = question.isFrozen ? question.viewpoint.on?.lastDay ?? context.today : context.today
    stance = try await store.show(
      actor: question.actor, topic: question.topic, from: viewpoint, today: context.now)
    let end = OnMoment(day: CalendarDay(number: max(today, stance.on.lastDay)))
    var whole = viewpoint
    whole.on = end
    audit = try await store.audit(
      actor: question.actor, topic: question.topic, from: whole, history: true, today: context.now)
    root = try await store.log.root(ofSize: state.position.rawValue)
    rollcalls = try await store.rollcalls(
      actor: question.actor, topic: question.topic, from: whole)
    let last = try await store.log.head().position
    head = question.isFrozen ? state.position : last
    let latest = store.asking(at: head)
    var current = whole
    current.knownBy = .position(head)
    var since: RevisionDiff?
    var now: AuditAnswer?
    if head > state.position {
      now = try await latest.audit(
        actor: question.actor, topic: question.topic, from: current, today: context.now)
      since = try await latest.diff(
        actor: question.actor, topic: question.topic,
        knownBy: (.position(state.position), .position(head)), from: current, today: context.now)
    }
    (self.since, self.now) = (since, now)
    revisions = try await latest.revisions(
      actor: question.actor, topic: question.topic, from: current, limit: ExplorerPage.mostStates,
      today: context.now)
    withouts = try await Self.withouts(question, audit, whole, store)
  }

  /// The stance without each type of evidence, without each of the sources, and without weak evidence.
  private static func withouts(
    _ question: ExplorerPage.Question, _ audit: AuditAnswer, _ whole: Viewpoint, _ store: Store
  ) async throws -> [Without] {
    let asked = whole.leavingOut
    let facts = audit.steps.flatMap { $0.because + $0.others }.map(\.fact)
    let nouns = [
      "vote.cast": "votes", "statement.made": "statements", "stance.changed": "declared changes",
      "sponsorship.declared": "sponsorships",
    ]
    let types = Exclusions.evidenceTypes.filter { type in
      asked.types.contains(type) || facts.contains { $0.type == type }
    }
    var sources: [String] = asked.sources
    for source in facts.flatMap(\.sources).map(\.source) where !sources.contains(source) {
      sources.append(source)
    }
    var parts: [(key: String, words: String, name: String, value: String, isChosen: Bool)] = []
    for type in types {
      parts.append(
        ("t\(parts.count)", nouns[type] ?? type, "exclude_type", type, asked.types.contains(type)))
    }
    for source in sources.prefix(ExplorerPage.mostSources) {
      parts.append(
        ("s\(parts.count)", source, "exclude_source", source, asked.sources.contains(source)))
    }
    parts.append(("weak", "weak evidence", "strong_only", "true", asked.weak))
    let exclusions = parts.map { part in
      var leavingOut = Exclusions()
      switch part.name {
      case "exclude_type": leavingOut.types = [part.value]
      case "exclude_source": leavingOut.sources = [part.value]
      default: leavingOut.weak = true
      }
      return leavingOut
    }
    let lines = try await store.steps(
      actor: question.actor, topic: question.topic, from: whole, without: exclusions)
    return zip(parts, lines).map { part, steps in
      Without(
        key: part.key, words: part.words, parameter: (part.name, part.value),
        isChosen: part.isChosen, steps: steps)
    }
  }
}
