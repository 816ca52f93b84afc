import EventLog

/// Who chose otherwise in the roll call before it on the same topic.
extension RollCallCount {
  func sinceLast(
    _ lines: [RollCallAnswer.CountedVote]
  ) async throws -> [RollCallAnswer.SinceLast] {
    guard let main, main.time != nil else { return [] }
    let motion = main.data["motion"]?.string
    let links = try await store.reader(through)
      .links(of: [.rollcall(rollcall)] + (motion.map { [.motion($0)] } ?? []))
    let topics = links.of(rollcall: .rollcall(rollcall), motion: motion.map { .motion($0) })
    var steps: [RollCallAnswer.SinceLast] = []
    for topic in topics.keys.map({ String($0.value) }).sorted() {
      if let step = try await step(on: topic, motion, lines) { steps.append(step) }
    }
    return steps
  }

  private func step(
    on topic: String, _ motion: String?, _ lines: [RollCallAnswer.CountedVote]
  ) async throws -> RollCallAnswer.SinceLast? {
    let links = try await store.reader(through).links(ofTopics: [topic])
    var own = VoteRollCall(id: rollcall)
    own.motion = motion
    guard let link = own.link(to: topic, in: links),
      let previous = try await previous(topic, links)
    else { return nil }
    var isMirrored = false
    if let other = previous.rollcall.link(to: topic, in: links) {
      isMirrored = other.supportingYes != link.supportingYes
    }
    var both = 0
    var changed: [(line: RollCallAnswer.CountedVote, before: VoteCell)] = []
    for line in lines {
      guard let before = previous.cells[line.voter.id], let then = before.place,
        let now = VoteCell(line).place
      else { continue }
      both += 1
      if now != (isMirrored ? 4 - then : then) { changed.append((line, before)) }
    }
    let positions = try await store.positions(
      ofVotes: changed.map {
        RecordedVote(rollcall: previous.rollcall.id, voter: $0.line.voter.id)
      }, through: through)
    return RollCallAnswer.SinceLast(
      topic: try await store.resolveTopic(topic, through: through),
      previous: previous.rollcall.id, previousOn: previous.rollcall.on, isMirrored: isMirrored,
      both: both,
      changes: changed.map { line, before in
        RollCallAnswer.ChangedVote(
          voter: line.voter, before: before.name, after: VoteCell(line).name,
          beforePosition: positions[
            RecordedVote(rollcall: previous.rollcall.id, voter: line.voter.id)],
          afterPosition: line.main.position)
      })
  }

  /// The last of the linked roll calls that was held before this one and has recorded votes; of
  /// several on one day the one that the log has last.
  private func previous(
    _ topic: String, _ links: TopicLinks<Tag>
  ) async throws -> (rollcall: VoteRollCall, cells: [String: VoteCell])? {
    let held = try await store.facts(
      ["rollcall.held"], underAnyOf: links.targets(of: .topic(topic)), through: through
    )
    .filter(\.holds)
    let ids = Set(held.compactMap { $0.data["rollcall"]?.string }).subtracting([rollcall])
    // All accounts of each: which of them dates it most exactly.
    let accounts = try await store.facts(
      ["rollcall.held"], underAnyOf: ids.map { Tag(kind: "rollcall", value: $0) },
      through: through
    ).filter(\.holds)
    var before: [(rollcall: VoteRollCall, first: Position)] = []
    for id in ids {
      let own = accounts.filter { $0.data["rollcall"]?.string == id }
      guard let first = own.first?.position else { continue }
      var other = VoteRollCall(id: id)
      other.take(own.map { ($0.time, $0.data) }, titles: [:], canonical: { $0 })
      if other.link(to: topic, in: links) != nil, other.isDated, isBefore(other) {
        before.append((other, first))
      }
    }
    before.sort {
      ($0.rollcall.earliest ?? 0, $0.rollcall.latest ?? 0, $0.first)
        > ($1.rollcall.earliest ?? 0, $1.rollcall.latest ?? 0, $1.first)
    }
    for (candidate, _) in before {
      let counted = try await store.votes(in: candidate.id, through: through)
      if counted.rollcall.hasVotes { return counted }
    }
    return nil
  }

  /// Held before this one for certain: of two on one day neither is the later.
  private func isBefore(_ other: VoteRollCall) -> Bool {
    guard let time = main?.time, let latest = other.latest else { return false }
    return latest <= time.earliest
  }
}

extension VoteCell {
  /// What is counted of a voter.
  init(_ line: RollCallAnswer.CountedVote) {
    let names = ChoiceSet.names
    if line.isConflict {
      self = .conflict
    } else if line.choices.count == 1, let index = names.firstIndex(of: line.choices[0]) {
      self.init(rawValue: UInt8(index + 1))
    } else {
      self = .open
    }
  }
}
