import EventLog

/// What the corrections of one run have made of facts: so that each further correction need not read
/// all that came before it again. Of votes nothing is kept, whose accounts have to be compared.
struct CorrectedFacts {
  /// A fact after all that was said about it so far.
  struct State {
    var root: DraftValidator.Amended
    var data: JSON
    var time: ValidTime?
    /// Under what the fact and its corrections are filed, whether they hold or not.
    var tags: Set<Tag>
  }

  private var states: [EventID: State] = [:]
  /// By correction of this run: the fact that it is about.
  private var roots: [EventID: EventID] = [:]
  /// By correction of this run: under what it is filed.
  private var filings: [EventID: [Tag]] = [:]

  /// The fact behind an event that a correction names; nil where it has to be read.
  func state(behind target: EventID) -> State? { states[roots[target] ?? target] }

  /// Takes in a correction that was admitted.
  mutating func take(_ correction: NewEvent, _ state: State) {
    roots[correction.id] = state.root.event.id
    filings[correction.id] = correction.tags
    if state.root.event.type.name != "vote.cast" { states[state.root.event.id] = state }
  }

  /// Whether an admitted correction is about a vote.
  func isAboutVote(_ correction: EventID) -> Bool {
    roots[correction].map { states[$0] == nil } ?? true
  }

  /// Forgets how facts read: something else than a correction was said about one of them.
  mutating func forgetStates() { states = [:] }

  /// Under what an admitted correction is filed.
  func tags(of correction: EventID) -> [Tag]? { filings[correction] }
}
