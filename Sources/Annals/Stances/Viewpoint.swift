import EventLog

/// From where a view is taken: which day of the world, which state of the record, what is left out.
public struct Viewpoint: Sendable {
  /// How it was in the world at the end of this; nil for whatever the record holds.
  public var on: OnMoment?
  /// Counts what may have happened by then, not only what certainly had.
  public var possibly: Bool
  /// What the record contained then; nil for all of it.
  public var knownBy: KnownBy?
  public var leavingOut: Exclusions
  /// The rule that gives the stance on a day: one of `Rule.ofLines`.
  public var rule: Rule

  /// A `rule` that gives no stance on a day stands for the default.
  public init(
    on: OnMoment? = nil, possibly: Bool = false, knownBy: KnownBy? = nil,
    leavingOut: Exclusions = Exclusions(), rule: Rule = .latest2
  ) {
    self.rule = rule.givesLine ? rule : .latest2
    self.on = on
    self.possibly = possibly
    self.knownBy = knownBy
    self.leavingOut = leavingOut
  }

  /// The day asked about, as written; today's where none was given.
  func day(_ today: Instant) -> String { moment(today).text }

  /// The moment asked about; today where none was given.
  func moment(_ today: Instant) -> OnMoment {
    on ?? OnMoment(day: CalendarDay(number: today.day))
  }

  /// The second at which what is asked about ends.
  var end: Int64 { on?.endOfMoment ?? .max }
}

/// Evidence that a reader sets aside, to see whether an answer rests on it. What remains is judged
/// anew, as if the rest had never been recorded.
public struct Exclusions: Hashable, Sendable {
  /// Event types of evidence: `statement.made`.
  public var types: [String]
  /// Ids of sources, or links: a fact is left out when it rests on nothing but these.
  public var sources: [String]
  /// Leaves out what is weak: informative links, facts that are disputed or not asserted (reported,
  /// alleged), and stances that somebody else attributed or inferred.
  public var weak: Bool

  public init(types: [String] = [], sources: [String] = [], weak: Bool = false) {
    self.types = types
    self.sources = sources
    self.weak = weak
  }

  public var isEmpty: Bool { types.isEmpty && sources.isEmpty && !weak }

  /// What is left out, in words: one phrase for each part.
  public var phrases: [String] {
    types.map { "evidence of the type \($0)" }
      + sources.map { "facts that rest on nothing but \($0)" }
      + (weak
        ? ["weak evidence: informative links, what is disputed, reported, alleged or attributed"]
        : [])
  }

  /// The event types that are evidence of a stance.
  public static let evidenceTypes = [
    "vote.cast", "stance.changed", "sponsorship.declared", "statement.made",
  ]

  /// Whether a fact, as corrected, is left out.
  func covers(_ fact: Fact) -> Bool {
    if types.contains(fact.type) { return true }
    if !fact.sources.isEmpty, fact.sources.allSatisfy({ sources.contains($0.source) }) {
      return true
    }
    guard weak else { return false }
    if fact.confidence != "asserted" || fact.isDisputed { return true }
    return fact.type == "stance.changed" && fact.fields.basis != "declared"
  }

  /// Throws unless every type is one of evidence and every source is known.
  func check(in store: Store) async throws {
    var problems = types.filter { !Self.evidenceTypes.contains($0) }.map { type in
      Problem(
        .usage, "\"\(type)\" is no type of evidence",
        help: "evidence is of the types \(Self.evidenceTypes.joined(separator: ", "))",
        suggestion: Suggestion.nearest(to: type, among: Self.evidenceTypes))
    }
    // A link is cited without having been captured.
    let captured = sources.filter { !Citation.isURL($0) }
    let known = captured.isEmpty ? [] : try await store.log.tags(kind: "source")
    let names = known.map { String($0.value) }.sorted()
    problems += captured.filter { !names.contains($0) }.map { source in
      Problem(
        .unknownSource, "no source \"\(source)\"",
        help: "\(command: "list sources") shows them all",
        suggestion: Suggestion.nearest(to: source, among: names))
    }
    guard problems.isEmpty else { throw Problems(problems) }
  }
}
