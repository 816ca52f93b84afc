import EventLog

/// What the corrections of one run have made of facts: so that each further correction need not read
/// all that came before it again.
struct CorrectedFacts {
  /// A fact after all that was said about it so far.
  struct State {
    var root: DraftValidator.Amended
    var fact: FactState
    /// Under what the fact and its corrections are filed, whether they hold or not.
    var tags: Set<Tag>
    /// Whether the fact is disputed or set aside, so that another account may stand beside it.
    var isDoubted: Bool
  }

  /// A correction, and the state of its fact before it.
  private struct Undo {
    var correction: EventID
    var state: State
  }

  private var states: [EventID: State] = [:]
  /// By fact: its last corrections, which a retraction of the last one brings back.
  private var undo: [EventID: [Undo]] = [:]
  /// By correction of this run: the fact that it is about.
  private var roots: [EventID: EventID] = [:]
  /// By correction of this run: under what it is filed.
  private var filings: [EventID: [Tag]] = [:]
  /// By retraction of this run: the facts whose corrections it takes back or brings back.
  private var touched: [EventID: Set<EventID>] = [:]

  private static let depth = 100

  /// The fact behind an event that a correction names; nil where it has to be read.
  func state(behind target: EventID) -> State? { states[roots[target] ?? target] }

  /// Takes in a correction that was admitted.
  mutating func take(_ correction: NewEvent, _ state: State) {
    let root = state.root.event.id
    roots[correction.id] = root
    filings[correction.id] = correction.tags
    if let before = states[root] {
      undo[root, default: []].append(Undo(correction: correction.id, state: before))
      if undo[root, default: []].count > Self.depth { undo[root]?.removeFirst() }
    }
    states[root] = state
  }

  /// Takes in a retraction that was admitted. For a target that is an amendment of the log, `behind`
  /// gives the facts behind that amendment; for any other target it gives nil.
  mutating func take(
    retraction: EventID, of targets: [EventID], behind: (EventID) -> Set<EventID>?
  ) {
    var facts: Set<EventID> = []
    for target in targets {
      if let root = roots[target] {
        facts.insert(root)
        if let last = undo[root]?.last, last.correction == target {
          undo[root]?.removeLast()
          let tags = states[root]?.tags ?? []
          states[root] = last.state
          states[root]?.tags.formUnion(tags)
        } else {
          forget(root)
        }
      } else if let again = touched[target] ?? behind(target) {
        facts.formUnion(again)
        for root in again { forget(root) }
      }
    }
    touched[retraction] = facts
  }

  /// Forgets how a fact reads.
  mutating func forget(_ root: EventID) {
    states[root] = nil
    undo[root] = nil
  }

  /// Under what an admitted correction is filed.
  func tags(of correction: EventID) -> [Tag]? { filings[correction] }
}

/// What a correction can change of a fact.
struct FactState {
  var data: JSON = .object([:])
  var time: ValidTime?
  var basis: String?
  var confidence = NormalForm.confidence
  var sources: [Citation] = []

  init(_ fact: Fact?) {
    guard let fact else { return }
    (data, time, basis) = (fact.data, fact.time, fact.basis)
    (confidence, sources) = (fact.confidence, fact.sources)
  }

  /// The fact after one more correction.
  func corrected(by correction: NewEvent) -> FactState {
    let change = EventBody(correction.body)
    var after = self
    after.data = data.merging(change.data)
    after.time = correction.time?.local ?? time
    after.basis = change.basis ?? basis
    after.confidence = change.confidence ?? confidence
    after.sources += change.sources.filter { !sources.contains($0) }
    return after
  }

  /// Whether a correction says anything else than what the fact is already.
  func isChanged(by correction: NewEvent) -> Bool {
    let after = corrected(by: correction)
    return after.time != time || after.basis != basis || after.confidence != confidence
      || after.sources.count != sources.count
      || JSONWriter.canonical(after.data) != JSONWriter.canonical(data)
  }
}
