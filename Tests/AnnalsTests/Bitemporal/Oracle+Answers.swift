import EventLog

@testable import Annals

/// What the program's answers must say.
extension Oracle {
  /// What `show` says of an actor on a topic.
  struct Show {
    var step: Step?
    var since: Int?
    var before: ClosedRange<Int>?
    /// The facts that made the step.
    var evidence: [Int] = []
    /// What else is recorded in the run of steps.
    var others: [Int] = []
    /// How much directed evidence counts.
    var count = 0
  }

  /// `evidence` is that of the actor on the topic.
  func show(
    _ actor: String, _ topic: String, _ evidence: [Evidence], asked: Int, possibly: Bool,
    _ omission: Omission
  ) -> Show {
    func day(_ days: ClosedRange<Int>?) -> Int? {
      days.map { possibly ? $0.lowerBound : $0.upperBound }.flatMap { $0 <= asked ? $0 : nil }
    }
    var show = Show()
    show.count = evidence.count { $0.level != nil && day($0.days) != nil }
    let steps = Self.steps(evidence, asked: asked, possibly: possibly)
    guard let last = steps.last, last.to == nil else { return show }
    show.step = last
    // The unbroken run of steps at one level.
    var run = [last]
    for step in steps.dropLast().reversed() {
      guard step.level == last.level, step.to == run[run.count - 1].from - 1 else { break }
      run.append(step)
    }
    show.since = run.last?.from
    show.before = run.last?.before
    show.evidence = ([last.evidence] + last.tied).map(\.index)
    let context = context(actor, topic, besides: evidence, omission)
    for step in run {
      let span = step.from...(step.to ?? .max)
      let made = ([step.evidence] + step.tied).map(\.index)
      let others = evidence.filter { item in
        !made.contains(item.index) && day(item.days).map(span.contains) ?? false
      }.sorted { ($1.rank, $0.index) < ($0.rank, $1.index) }.map(\.index)
      let said = context.filter { day($0.days).map(span.contains) ?? false }.map(\.index)
      for index in made + others + said
      where !show.evidence.contains(index) && !show.others.contains(index) {
        show.others.append(index)
      }
    }
    return show
  }

  /// Facts about both that are no evidence: claims, and what a settlement set aside.
  private func context(
    _ actor: String, _ topic: String, besides evidence: [Evidence], _ omission: Omission
  ) -> [Fact] {
    let ids = ids(of: actor)
    return facts.filter { fact in
      let subjects = subjects(of: fact)
      // Statements for somebody who was not represented are told of elsewhere.
      let isUncounted =
        fact.kind == .statement && holding(.statement).contains { $0.index == fact.index }
      return fact.isLive && !evidence.contains { $0.index == fact.index } && !omission.covers(fact)
        && !isUncounted
        && subjects.topics.contains(topic) && !subjects.actors.isDisjoint(with: ids)
    }
  }

  // MARK: what facts are about

  struct Subjects {
    var actors: Set<String> = []
    var topics: Set<String> = []
    var motions: Set<String> = []
    var rollcalls: Set<String> = []
  }

  /// Under what a fact is found, by the documentation of its type.
  func subjects(of fact: Fact) -> Subjects {
    func texts(_ fields: String...) -> Set<String> {
      Set(fields.compactMap { fact.fields[$0]?.string })
    }
    func about(_ field: String) -> Set<String> {
      Set((fact.fields["about"]?[field]?.array ?? []).compactMap(\.string))
    }
    var subjects = Subjects()
    switch fact.kind {
    case .vote: subjects.actors = texts("voter")
    case .registered, .named, .identified, .stance, .sponsorship: subjects.actors = texts("actor")
    case .succeeded: subjects.actors = texts("predecessor", "successor")
    case .merged: subjects.actors = texts("winner", "loser")
    case .statement: subjects.actors = texts("speaker", "onBehalfOf")
    case .role: subjects.actors = texts("person", "organisation")
    case .membership: subjects.actors = texts("actor", "group")
    case .motion, .rollcall: subjects.actors = texts("body")
    case .claim: subjects.actors = texts("claimant").union(about("actors"))
    default: break
    }
    switch fact.kind {
    case .topic, .stance, .link: subjects.topics = texts("topic")
    case .statement:
      subjects.topics = Set([fact.fields["stance"]?["topic"]?.string].compactMap(\.self))
    case .claim: subjects.topics = about("topics")
    default: break
    }
    if [.motion, .rollcall, .sponsorship, .link].contains(fact.kind) {
      subjects.motions = texts("motion")
    }
    if [.vote, .rollcall, .link].contains(fact.kind) { subjects.rollcalls = texts("rollcall") }
    return subjects
  }

  // MARK: timelines

  /// The facts about all of some actors, and about a topic, in the order of the world.
  func timeline(
    actors: [String], topic: String?, types: [String] = [], asked: Int? = nil,
    possibly: Bool = false, history: Bool = false
  ) -> (facts: [Fact], leftOut: Int) {
    let families = actors.map(ids)
    let onTopic = topic.map { topic in rollcalls(topic: topic).map(\.id) } ?? []
    let links = holding(.link).filter { $0.text("topic") == topic }
    let motions = Set(links.compactMap { $0.fields["motion"]?.string })
    let linkedRollcalls = Set(links.compactMap { $0.fields["rollcall"]?.string }).union(onTopic)
    let all = facts.filter { fact in
      let subjects = subjects(of: fact)
      guard fact.isLive || history, types.isEmpty || types.contains(History.type(of: fact.kind)),
        families.allSatisfy({ !$0.isDisjoint(with: subjects.actors) })
      else { return false }
      guard let topic else { return true }
      return subjects.topics.contains(topic) || !motions.isDisjoint(with: subjects.motions)
        || !linkedRollcalls.isDisjoint(with: subjects.rollcalls)
    }
    let dated = all.map(dated).filter { fact in
      guard let asked else { return true }
      return fact.days.map { (possibly ? $0.lowerBound : $0.upperBound) <= asked } ?? false
    }
    return (dated.sorted(by: Self.isEarlier), all.count - dated.count)
  }

  /// Undated facts come last.
  static func isEarlier(_ a: Fact, _ b: Fact) -> Bool {
    let (x, y) = (a.days ?? 99...99, b.days ?? 99...99)
    return (x.lowerBound, x.upperBound, a.index) < (y.lowerBound, y.upperBound, b.index)
  }

  /// For a vote known as a set of choices: the last account of the same vote that says more.
  func resolution(of fact: Fact) -> Int? {
    guard fact.kind == .vote, fact.fields["choice"]?.array != nil else { return nil }
    return holding(.vote).last { other in
      other.text("rollcall") == fact.text("rollcall")
        && current(other.text("voter")) == current(fact.text("voter"))
        && (other.fields["casting"] == true) == (fact.fields["casting"] == true)
        && Self.choices(other.fields).isStrictSubset(of: Self.choices(fact.fields))
    }?.index
  }
}
