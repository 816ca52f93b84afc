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
    var bounds: (earliest: Int64, latest: Int64)?
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
  private var corrections: [Position: (body: [UInt8], bounds: (earliest: Int64, latest: Int64)?)] =
    [:]
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
        corrections[row.position] = (row.body, row.bounds)
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
        .vote(voter: $0.voter, rollcall: $0.rollcall, choices: $0.choices)
      }
      : StanceInput(
        type: type, data: EventBody.data(row.body, &tape), bounds: row.bounds, names: names)
    guard piece != nil || isCorrected else { return }
    entries.append(Entry(position: row.position, piece: piece, bounds: row.bounds))
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
    /// Statements with a stance whose speaker is not known to have spoken for the actor.
    var withoutRole: [Pair: [Position]] = [:]
    /// Two votes of one voter in one roll call that cannot both be true.
    var conflicts: [(Position, Position)] = []
    /// Facts against which a settlement decided, with its position.
    var setAside: [Position: Position] = [:]
  }

  private struct Role {
    var organisation: NameID
    var start: Int64
    var end: Int64
  }

  /// Resolves corrections, roles, merges and links, and says what stands for whom.
  ///
  /// `leftOut` are facts that a reader sets aside: as if they had never been recorded; with
  /// `strongOnly`, so are informative links.
  func result(
    names: any LogNames, leavingOut leftOut: Set<Position> = [], strongOnly: Bool = false
  ) -> Result {
    let resolved = amendments.resolved()
    func counts(_ position: Position) -> Bool {
      resolved.isLive(position) && resolved.setAside[position] == nil
        && !leftOut.contains(position)
    }
    var result = Result()
    var links = TopicLinks<NameID>()
    // By roll call: how long the date is of the account that is gone by.
    var uncertainties: [NameID: UInt64] = [:]
    var roles: [NameID: [Role]] = [:]
    var merged: [NameID: NameID] = [:]

    // What evidence is read by comes first: links, roles, merges.
    for original in entries where counts(original.position) {
      let entry = correctedEntry(original, resolved, names)
      switch entry.piece {
      case .link(let topic, let target, let supportingYes, let isStrong):
        links.add(
          target, to: topic, TopicLink(supportingYes: supportingYes, isStrong: isStrong))
      case .rollcall(let rollcall, let motion):
        let uncertainty = ValidTime?.uncertainty(of: entry.bounds)
        if let least = uncertainties[rollcall], least <= uncertainty { continue }
        uncertainties[rollcall] = uncertainty
        result.motions[rollcall] = motion
        result.held[rollcall] = entry.bounds
      case .role(let person, let organisation, let start, let end):
        roles[person, default: []].append(Role(organisation: organisation, start: start, end: end))
      case .merge(let winner, let loser):
        merged[loser] = winner
      default:
        continue
      }
    }
    let merges = ActorMerges(merged)
    let canonical = merges.current
    for (rollcall, motion) in result.motions {
      for (topic, link) in links.of(rollcall: rollcall, motion: motion) where link.isStrong {
        result.strongRollcalls[topic, default: []].insert(rollcall)
      }
    }
    // Several ids may be one person.
    let offices = roles.reduce(into: [NameID: [Role]]()) {
      $0[canonical($1.key), default: []] += $1.value
    }
    var votes: [(vote: Vote, entry: Entry)] = []
    for original in entries where counts(original.position) {
      let entry = correctedEntry(original, resolved, names)
      switch entry.piece {
      case .vote(let voter, let rollcall, _):
        votes.append((Vote(rollcall: rollcall, voter: canonical(voter)), entry))
      case .sponsorship(let actor, let motion, let answer):
        for (topic, link) in links.of(motion) where link.isStrong || !strongOnly {
          let level: Level? =
            link.isStrong ? (answer == .joined ? Level(2) : Level(-1)) : nil
          result.evidence[Pair(actor: canonical(actor), topic: topic), default: []].append(
            evidence(.sponsorship, link.supportingYes ? level : level?.mirrored, entry))
        }
      case .statement(let speaker, let onBehalfOf, let topic, let level):
        let said = evidence(.statement, level, entry)
        result.evidence[Pair(actor: canonical(speaker), topic: topic), default: []].append(said)
        let organisations = Set(
          (offices[canonical(speaker)] ?? []).filter { covers($0, entry.bounds) }
            .map { canonical($0.organisation) })
        let behalf = onBehalfOf.map(canonical)
        for organisation in organisations
        where organisation != canonical(speaker) && (behalf == nil || behalf == organisation) {
          result.evidence[Pair(actor: organisation, topic: topic), default: []].append(said)
        }
        if let behalf, behalf != canonical(speaker), !organisations.contains(behalf) {
          result.withoutRole[Pair(actor: behalf, topic: topic), default: []].append(entry.position)
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
        vote, accounts.map(\.entry), topics, date: result.held[vote.rollcall], to: &result)
    }
    // Dictionaries have no order; answers do.
    for pair in result.evidence.keys {
      result.evidence[pair]?.sort { ($0.precedence, $0.kind) < ($1.precedence, $1.kind) }
    }
    result.conflicts.sort { ($0.0, $0.1) < ($1.0, $1.1) }
    result.setAside = resolved.setAside
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
    date: (earliest: Int64, latest: Int64)?, to result: inout Result
  ) {
    func choices(_ entry: Entry) -> ChoiceSet {
      if case .vote(_, _, let choices) = entry.piece { choices } else { [] }
    }
    let reading = VoteReading(ordered.lazy.map(choices))
    if reading.isContradictory {
      for (index, entry) in ordered.enumerated() {
        for other in ordered[(index + 1)...]
        where choices(entry).isDisjoint(with: choices(other)) {
          result.conflicts.append((entry.position, other.position))
        }
      }
    }
    guard let index = VoteReading.main(of: ordered.map(choices)) else { return }
    var main = ordered[index]
    main.bounds = main.bounds ?? date
    for (topic, link) in topics {
      let pair = Pair(actor: vote.voter, topic: topic)
      let level = link.isStrong ? reading.known.level(supportingYes: link.supportingYes) : nil
      var item = evidence(.vote, level, main)
      item.linkedVote = LinkedVote(
        choices: reading.known, supportingYes: link.supportingYes, isStrong: link.isStrong)
      result.evidence[pair, default: []].append(item)
      for entry in ordered where entry.position != main.position {
        var other = entry
        other.bounds = entry.bounds ?? date
        result.evidence[pair, default: []].append(evidence(.vote, nil, other))
      }
    }
  }

  private func evidence(
    _ kind: StanceEvidence.Kind, _ level: Level?, _ entry: Entry
  ) -> StanceEvidence {
    StanceEvidence(
      kind: kind, level: level, bounds: entry.bounds, precedence: entry.position.rawValue,
      source: entry.position)
  }

  /// Somebody spoke for an organisation when the role was held on a day on which the statement
  /// may have been made.
  private func covers(_ role: Role, _ bounds: (earliest: Int64, latest: Int64)?) -> Bool {
    guard let bounds else { return false }
    return role.start < bounds.latest && bounds.earliest < role.end
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
      result.bounds = correction.bounds ?? result.bounds
    }
    result.piece = StanceInput(type: base.type, data: data, bounds: result.bounds, names: names)
    return result
  }
}
