import EventLog

/// All that was said about facts up to a position, read before the facts themselves: so that one
/// pass over perhaps millions of them knows at once which count, and as what.
struct AmendmentSurvey: Sendable {
  /// A correction's payload and time.
  struct Correction: Sendable {
    var body: [UInt8]
    var time: ValidTime?
  }

  private(set) var amendments = AmendmentState().resolved()
  /// The facts of which `state` has anything to say, in log order.
  private(set) var amended: [Position] = []
  private(set) var corrections: [Position: Correction] = [:]
  private(set) var merges = ActorMerges<String>()

  private struct Listed: Sendable {
    var position: Position
    var kind: AmendmentState.Kind
    var targets: [Position]
    var preferred: EventID?
  }

  private struct Draft: Sendable {
    var listed: [Listed] = []
    var corrections: [Position: Correction] = [:]
    var merges: [(position: Position, body: [UInt8])] = []
  }

  init(of log: any EventLog, through: Position) async throws {
    let draft = try await log.fold(
      EventQuery(types: Array(Amendment.types) + ["actor.merged"]),
      in: EventRange(through: through),
      into: Draft()
    ) { draft, row, names in
      guard let kind = AmendmentState.kind(of: names.type(row.type).name) else {
        draft.merges.append((row.position, row.body))
        return true
      }
      draft.listed.append(
        Listed(
          position: row.position, kind: kind, targets: row.targets,
          preferred: kind == .settlement ? AmendmentState.preferred(in: row.body) : nil))
      if kind == .correction {
        draft.corrections[row.position] = Correction(body: row.body, time: row.time)
      }
      return true
    }
    let ids = draft.listed.compactMap(\.preferred)
    let found = ids.isEmpty ? [] : try await log.positions(of: ids)
    let preferred = Dictionary(
      zip(ids, found).compactMap { id, position in position.map { (id, $0) } }
    ) { first, _ in first }
    var amendments = AmendmentState()
    for item in draft.listed {
      amendments.add(
        item.kind, at: item.position, targets: item.targets,
        preferred: item.preferred.flatMap { preferred[$0] })
    }
    let resolved = amendments.resolved()
    self.amendments = resolved
    corrections = draft.corrections
    amended = amendments.targets.map(resolved.root)
      .filter { !resolved.isLive($0) || resolved.setAside[$0] != nil || isCorrected($0) }
    amended = Set(amended).sorted()
    var winners: [String: String] = [:]
    for (position, body) in draft.merges where holds(position) {
      let fields = PayloadFields(data(EventBody(body).data, at: position))
      if let loser = fields.loser { winners[loser] = fields.winner }
    }
    merges = ActorMerges(winners)
  }

  private func isCorrected(_ position: Position) -> Bool {
    amendments.corrections[position] != nil
  }

  /// Whether a fact counts: neither taken back nor decided against.
  func holds(_ position: Position) -> Bool {
    amendments.isLive(position) && amendments.setAside[position] == nil
  }

  /// A payload with the corrections of its fact that hold laid over it.
  func data(_ data: JSON, at position: Position) -> JSON {
    (amendments.corrections[position] ?? []).reduce(data) { data, correction in
      guard let change = corrections[correction] else { return data }
      return data.merging(EventBody(change.body).data)
    }
  }

  /// When it was so, as corrected.
  func time(_ time: ValidTime?, at position: Position) -> ValidTime? {
    (amendments.corrections[position] ?? []).reduce(time) { corrections[$1]?.time ?? $0 }
  }
}

extension EventRow {
  /// The valid time; nil when undated.
  var time: ValidTime? {
    bounds.map {
      ValidTime(
        text: String(decoding: timeText, as: UTF8.self), earliest: $0.earliest, latest: $0.latest
      ).local
    }
  }
}
