import EventLog

/// Folds events into the evidence on positions: the same code for the whole log (rebuilding the
/// stored view) and for the slice of it that one question needs.
///
/// Events come in log order. Corrections and retractions are applied at the end, when all that
/// was known is known; so the result is exact for whatever position the events stop at.
struct StanceFold: Sendable {
  private struct Entry: Sendable {
    var position: Position
    var piece: StanceInput?
    /// In local seconds.
    var bounds: (earliest: Int64, latest: Int64)?
    var offset: Int32
  }

  private struct Correction: Sendable {
    var body: [UInt8]
    var bounds: (earliest: Int64, latest: Int64)?
    var offset: Int32
  }

  /// An actor on a topic, as interned numbers.
  struct Pair: Hashable, Sendable {
    var actor: NameID
    var topic: NameID
  }

  /// A directed or informative piece of evidence, with the position of its fact.
  typealias StanceEvidence = Evidence<Position>

  /// Facts whose payload must be kept because some later event corrects them.
  private let corrected: Set<Position>
  /// When given, votes in other roll calls are passed over unread.
  private let linkedRollcalls: Set<NameID>?
  private let preferred: [EventID: Position]
  private var entries: [Entry] = []
  private var bodies: [Position: (type: String, body: [UInt8])] = [:]
  private var corrections: [Position: Correction] = [:]
  private(set) var amendments = AmendmentState()
  private var typeNames: [NameID: String] = [:]
  private var tape = JSONTape()
  private var ballots = BallotReader()

  /// `corrected` is nil when every payload may be kept: in the slice for one question.
  /// `preferred` gives the positions of the events that settlements prefer.
  init(
    corrected: Set<Position> = [], linkedRollcalls: Set<NameID>? = nil,
    preferred: [EventID: Position] = [:]
  ) {
    self.corrected = corrected
    self.linkedRollcalls = linkedRollcalls
    self.preferred = preferred
  }

  mutating func add(_ row: borrowing EventRow, names: any LogNames) {
    let type: String
    if let known = typeNames[row.type] {
      type = known
    } else {
      type = names.type(row.type).name
      typeNames[row.type] = type
    }
    if let kind = AmendmentState.kind(of: type) {
      amendments.add(
        kind, at: row.position, targets: row.targets,
        preferred: kind == .settlement
          ? AmendmentState.preferred(in: row.body).flatMap { preferred[$0] } : nil)
      if kind == .correction {
        corrections[row.position] = Correction(
          body: row.body, bounds: row.localBounds, offset: Int32(clamping: row.offset))
      }
      return
    }
    let isCorrected = corrected.contains(row.position)
    if let linkedRollcalls, type == "vote.cast", !isCorrected,
      !row.tags.contains(where: linkedRollcalls.contains)
    {
      return
    }
    if isCorrected { bodies[row.position] = (type, row.body) }
    let piece =
      type == "vote.cast"
      ? ballots.vote(row, names).map {
        .vote(
          voter: $0.voter, rollcall: $0.rollcall, choices: $0.choices, isCasting: $0.isCasting)
      }
      : StanceInput(
        type: type, data: EventBody.data(row.body, &tape), bounds: row.localBounds, names: names)
    guard piece != nil || isCorrected else { return }
    entries.append(
      Entry(
        position: row.position, piece: piece, bounds: row.localBounds,
        offset: Int32(clamping: row.offset)))
  }

  // MARK: the result

  /// Everything that bears on positions, grouped by actor and topic; informative evidence too.
  struct Result: Sendable {
    var evidence: [Pair: [StanceEvidence]] = [:]
    /// By topic: the roll calls that are strongly linked to it, directly or through their motion.
    var strongRollcalls: [NameID: Set<NameID>] = [:]
    /// Roll calls in which a vote of the actor is known.
    var voted: [NameID: Set<NameID>] = [:]
    var motions: [NameID: NameID] = [:]
    /// When roll calls were held, as far as they are dated.
    var held: [NameID: (earliest: Int64, latest: Int64)] = [:]
    /// Statements on behalf of the actor, of whose speaker no office covers the day.
    var withoutOffice: [Pair: [Position]] = [:]
    /// Statements whose speaker held offices in several organisations, this actor among them, and
    /// which name none of them.
    var forSeveral: [Pair: [Position]] = [:]
    /// The statements on whose day the speaker changed from an office in one actor to an office in another.
    var changingOffice: Set<Position> = []
    /// Two votes of one voter in one roll call that cannot both be true.
    var conflicts: [(Position, Position)] = []
    /// Facts against which a settlement decided, with its position.
    var setAside: [Position: Position] = [:]
    /// Facts that are corrected, with the last correction that holds.
    var corrected: [Position: Position] = [:]
  }

  /// Resolves corrections, roles, merges and links, and says what stands for whom.
  ///
  /// `leftOut` are facts that a reader sets aside: as if they had never been recorded; with
  /// `strongOnly`, so are informative links.
  func result(
    names: any LogNames, under rule: Rule, leavingOut leftOut: Set<Position> = [],
    strongOnly: Bool = false
  ) -> Result {
    let resolved = amendments.resolved()
    func counts(_ position: Position) -> Bool {
      resolved.isLive(position) && resolved.setAside[position] == nil
        && !leftOut.contains(position)
    }
    var result = Result()
    var links = TopicLinks<NameID>()
    var held = HeldRollCalls<NameID>()
    var roles: [NameID: [Tenure<NameID>]] = [:]
    var merged: [NameID: NameID] = [:]

    // Some facts have thousands of corrections: each is read once.
    var corrected: [Position: Entry] = [:]
    if !resolved.corrections.isEmpty {
      for entry in entries where resolved.corrections[entry.position] != nil {
        corrected[entry.position] = correctedEntry(entry, resolved, names)
      }
    }

    // What evidence is read by comes first: links, roles, merges.
    for original in entries {
      let entry = corrected.isEmpty ? original : corrected[original.position] ?? original
      // What was recorded of a roll call and taken back annuls it.
      if case .rollcall(let rollcall, let motion, let origin, let isAnnulled) = entry.piece {
        held.add(
          rollcall,
          .init(motion: motion, bounds: entry.bounds, origin: origin, isAnnulled: isAnnulled),
          holds: counts(entry.position))
      }
      if !counts(entry.position) { continue }
      switch entry.piece {
      case .link(let topic, let target, let supportingYes, let isStrong):
        links.add(
          target, to: topic,
          TopicLink(
            supportingYes: supportingYes, isStrong: isStrong, position: original.position))
      case .role(let person, let tenure):
        roles[person, default: []].append(tenure)
      case .merge(let winner, let loser):
        merged[loser] = winner
      default:
        continue
      }
    }
    let merges = ActorMerges(merged)
    let canonical = merges.current
    result.motions = held.accounts.compactMapValues(\.motion)
    result.held = held.accounts.compactMapValues(\.bounds)
    for (rollcall, motion) in result.motions where !held.isAnnulled(rollcall) {
      for (topic, link) in links.of(rollcall: rollcall, motion: motion) where link.isStrong {
        result.strongRollcalls[topic, default: []].insert(rollcall)
      }
    }
    // Several ids may be one person.
    let offices = roles.reduce(into: [NameID: [Tenure<NameID>]]()) {
      $0[canonical($1.key), default: []] += $1.value.map { tenure in
        var tenure = tenure
        tenure.held = canonical(tenure.held)
        return tenure
      }
    }
    var votes: [(vote: Vote, entry: Entry)] = []
    for original in entries where counts(original.position) {
      let entry = corrected.isEmpty ? original : corrected[original.position] ?? original
      switch entry.piece {
      case .vote(let voter, let rollcall, _, _) where !held.isAnnulled(rollcall):
        votes.append((Vote(rollcall: rollcall, voter: canonical(voter)), entry))
      case .sponsorship(let actor, let motion, let answer):
        for (topic, link) in links.of(motion) where link.isStrong || !strongOnly {
          let level: Level? =
            link.isStrong ? (answer == .joined ? Level(2) : Level(-1)) : nil
          var item = evidence(.sponsorship, link.supportingYes ? level : level?.mirrored, entry)
          item.link = link.position
          result.evidence[Pair(actor: canonical(actor), topic: topic), default: []].append(item)
        }
      case .statement(let said):
        let speaker = canonical(said.speaker)
        var item = evidence(.statement, said.level, entry)
        if said.isConditional, rule != .latest1 {
          (item.level, item.conditionalLevel) = (nil, said.level)
        }
        result.evidence[Pair(actor: speaker, topic: said.topic), default: []].append(item)
        let spokeFor = self.offices(offices[speaker] ?? [], on: entry.bounds)
        let organisations = spokeFor.organisations.subtracting([speaker])
        let behalf = said.onBehalfOf.map(canonical)
        let isForSeveral = behalf == nil && organisations.count > 1 && rule != .latest1
        for organisation in organisations where behalf == nil || behalf == organisation {
          let pair = Pair(actor: organisation, topic: said.topic)
          if isForSeveral {
            result.forSeveral[pair, default: []].append(entry.position)
            if spokeFor.areChanging { result.changingOffice.insert(entry.position) }
          } else {
            result.evidence[pair, default: []].append(item)
          }
        }
        if let behalf, behalf != speaker, !organisations.contains(behalf) {
          result.withoutOffice[Pair(actor: behalf, topic: said.topic), default: []].append(
            entry.position)
        }
      case .stance(let actor, let topic, let level, let lastDay):
        var stance = evidence(.stanceChange, level, entry)
        stance.lastDay = lastDay
        result.evidence[Pair(actor: canonical(actor), topic: topic), default: []].append(stance)
      default:
        continue
      }
    }
    // Accounts of one vote side by side, in log order: a sort takes less room than a table.
    votes.sort { ($0.vote, $0.entry.position) < ($1.vote, $1.entry.position) }
    var rest = votes[...]
    while let vote = rest.first?.vote {
      let accounts = rest.prefix { $0.vote == vote }
      rest = rest[accounts.endIndex...]
      result.voted[vote.voter, default: []].insert(vote.rollcall)
      var topics = links.of(rollcall: vote.rollcall, motion: result.motions[vote.rollcall])
      if strongOnly { topics = topics.filter(\.value.isStrong) }
      if topics.isEmpty { continue }
      add(
        vote, accounts.map(\.entry), topics, held, to: &result)
    }
    // Dictionaries have no order; answers do.
    for pair in result.evidence.keys {
      result.evidence[pair]?.sort { ($0.precedence, $0.kind) < ($1.precedence, $1.kind) }
    }
    result.conflicts.sort { ($0.0, $0.1) < ($1.0, $1.1) }
    result.setAside = resolved.setAside
    result.corrected = resolved.corrections.compactMapValues(\.last)
    return result
  }

  private struct Vote: Hashable, Comparable {
    var rollcall: NameID
    var voter: NameID

    static func < (a: Vote, b: Vote) -> Bool {
      (a.rollcall, a.voter) < (b.rollcall, b.voter)
    }
  }

  /// Adds what the accounts of one vote come to.
  private func add(
    _ vote: Vote, _ ordered: [Entry], _ topics: [NameID: TopicLink],
    _ held: HeldRollCalls<NameID>, to result: inout Result
  ) {
    func choices(_ entry: Entry) -> ChoiceSet {
      if case .vote(_, _, let choices, _) = entry.piece { choices } else { [] }
    }
    func isCasting(_ entry: Entry) -> Bool {
      if case .vote(_, _, _, let isCasting) = entry.piece { isCasting } else { false }
    }
    for (index, entry) in ordered.enumerated() {
      for other in ordered[(index + 1)...]
      where isCasting(entry) == isCasting(other)
        && choices(entry).isDisjoint(with: choices(other))
      {
        result.conflicts.append((entry.position, other.position))
      }
    }
    let read = CastingVote.read(ordered, isCasting: isCasting)
    let reading = VoteReading(read.lazy.map(choices))
    guard let index = VoteReading.main(of: read.map(choices)) else { return }
    var main = read[index]
    main.bounds = held.bounds(ofVote: main.bounds, in: vote.rollcall)
    for (topic, link) in topics {
      let pair = Pair(actor: vote.voter, topic: topic)
      let level = link.isStrong ? reading.known.level(supportingYes: link.supportingYes) : nil
      var item = evidence(.vote, level, main)
      item.link = link.position
      item.linkedVote = LinkedVote(
        choices: reading.known, supportingYes: link.supportingYes, isStrong: link.isStrong)
      result.evidence[pair, default: []].append(item)
      for entry in ordered where entry.position != main.position {
        var other = entry
        other.bounds = held.bounds(ofVote: entry.bounds, in: vote.rollcall)
        result.evidence[pair, default: []].append(evidence(.vote, nil, other))
      }
    }
  }

  private func evidence(
    _ kind: StanceEvidence.Kind, _ level: Level?, _ entry: Entry
  ) -> StanceEvidence {
    StanceEvidence(
      kind: kind, level: level, bounds: entry.bounds, offset: entry.offset,
      precedence: entry.position.rawValue,
      source: entry.position)
  }

  /// The organisations in which an office was held, or may have been, when a statement may have been
  /// made; and whether one of them may have given way to another then.
  private func offices(
    _ tenures: [Tenure<NameID>], on bounds: (earliest: Int64, latest: Int64)?
  ) -> (organisations: Set<NameID>, areChanging: Bool) {
    guard let bounds, !tenures.isEmpty else { return ([], false) }
    let found = Tenures.certainties(of: tenures, at: AskedTime(bounds))
    let held = zip(tenures, found.each).filter { $0.1 != nil }.map(\.0.held)
    return (Set(held), found.areChanging)
  }

  /// An entry with the corrections that hold laid over it.
  private func correctedEntry(
    _ entry: Entry, _ resolved: AmendmentState.Resolved, _ names: any LogNames
  ) -> Entry {
    guard !resolved.corrections.isEmpty, let holding = resolved.corrections[entry.position],
      let base = bodies[entry.position]
    else { return entry }
    var result = entry
    var data = EventBody(base.body).data
    for position in holding {
      guard let correction = corrections[position] else { continue }
      data = data.merging(EventBody(correction.body).data)
      if let bounds = correction.bounds {
        (result.bounds, result.offset) = (bounds, correction.offset)
      }
    }
    result.piece = StanceInput(type: base.type, data: data, bounds: result.bounds, names: names)
    return result
  }
}
