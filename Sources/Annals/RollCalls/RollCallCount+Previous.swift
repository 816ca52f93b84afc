import EventLog

/// Who chose otherwise in the roll call before it on the same topic.
extension RollCallCount {
  func sinceLast(
    _ lines: [RollCallAnswer.CountedVote]
  ) async throws -> [RollCallAnswer.SinceLast] {
    guard main?.time != nil else { return [] }
    var steps: [RollCallAnswer.SinceLast] = []
    for topic in try await topicLinks().keys.map({ String($0.value) }).sorted() {
      if let step = try await step(on: topic, lines) { steps.append(step) }
    }
    return steps
  }

  /// What a choice means for each topic, the strong links first.
  func links() async throws -> [RollCallAnswer.Link] {
    var links: [RollCallAnswer.Link] = []
    for (topic, link) in try await topicLinks() {
      links.append(
        RollCallAnswer.Link(
          topic: try await store.resolveTopic(String(topic.value), through: through),
          supportingYes: link.supportingYes, isStrong: link.isStrong, position: link.position,
          rationale: link.rationale))
    }
    return links.sorted {
      ($0.isStrong ? 0 : 1, $0.topic.id) < ($1.isStrong ? 0 : 1, $1.topic.id)
    }
  }

  /// By topic: the link of the roll call itself, or else that of its motion.
  private func topicLinks() async throws -> [Tag: TopicLink] {
    let motion = record.counted.motion.map { Tag.motion($0) }
    return try await store.reader(through)
      .links(of: [.rollcall(rollcall)] + (motion.map { [$0] } ?? []))
      .of(rollcall: .rollcall(rollcall), motion: motion)
  }

  private func step(
    on topic: String, _ lines: [RollCallAnswer.CountedVote]
  ) async throws -> RollCallAnswer.SinceLast? {
    let links = try await store.reader(through).links(ofTopics: [topic])
    guard let link = record.counted.link(to: topic, in: links),
      let previous = try await previous(topic, links)
    else { return nil }
    var isMirrored = false
    if let other = previous.counted.link(to: topic, in: links) {
      isMirrored = other.supportingYes != link.supportingYes
    }
    var both = 0
    var changed: [(line: RollCallAnswer.CountedVote, before: VoteCell, after: VoteCell)] = []
    let (cellsBefore, cellsAfter) = (previous.cells, record.cells)
    for line in lines {
      guard let before = cellsBefore[line.voter.id], let then = before.place,
        let after = cellsAfter[line.voter.id], let now = after.place
      else { continue }
      both += 1
      if now != (isMirrored ? 4 - then : then) { changed.append((line, before, after)) }
    }
    let positions = try await store.positions(
      ofVotes: changed.map {
        RecordedVote(rollcall: previous.counted.id, voter: $0.line.voter.id)
      }, through: through)
    return RollCallAnswer.SinceLast(
      topic: try await store.resolveTopic(topic, through: through),
      previous: previous.counted.id, previousOn: previous.counted.on, isMirrored: isMirrored,
      both: both,
      changes: changed.map { line, before, after in
        RollCallAnswer.ChangedVote(
          voter: line.voter, before: before.name, after: after.name,
          beforePosition: positions[
            RecordedVote(rollcall: previous.counted.id, voter: line.voter.id)],
          afterPosition: line.main.position)
      })
  }

  /// The last of the linked roll calls that was held before this one and has recorded votes; of
  /// several on one day the one that the log has last.
  private func previous(
    _ topic: String, _ links: TopicLinks<Tag>
  ) async throws -> RollCallRecord? {
    let held = try await store.facts(
      ["rollcall.held"], underAnyOf: links.targets(of: .topic(topic)), through: through
    )
    .filter(\.holds)
    let ids = Set(held.compactMap { $0.fields.rollcall }).subtracting([rollcall])
    // All accounts of each: which of them dates it most exactly.
    let accounts = try await store.facts(
      ["rollcall.held"], underAnyOf: ids.map { Tag(kind: "rollcall", value: $0) },
      through: through
    ).filter(\.holds)
    let byRollcall = Dictionary(grouping: accounts) { $0.fields.rollcall ?? "" }
    var before: [(rollcall: VoteRollCall, first: Position)] = []
    for id in ids {
      guard let own = byRollcall[id], let first = own.first?.position else { continue }
      var other = VoteRollCall(id: id)
      other.take(own.map(\.rollCallAccount), titles: MotionTitles(), canonical: { $0 })
      if other.link(to: topic, in: links) != nil, other.isDated, isBefore(other) {
        before.append((other, first))
      }
    }
    before.sort {
      ($0.rollcall.earliest ?? 0, $0.rollcall.latest ?? 0, $0.first)
        > ($1.rollcall.earliest ?? 0, $1.rollcall.latest ?? 0, $1.first)
    }
    for (candidate, _) in before {
      let record = try await store.record(ofRollcall: candidate.id, through: through)
      if record.counted.hasVotes { return record }
    }
    return nil
  }

  /// Held before this one for certain: of two on one day neither is the later.
  private func isBefore(_ other: VoteRollCall) -> Bool {
    guard let time = main?.time, let latest = other.latest else { return false }
    return latest <= time.earliest
  }
}
