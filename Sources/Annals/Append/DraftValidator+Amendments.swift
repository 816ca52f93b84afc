import EventLog

/// What events about earlier events must hold to, and under what they are filed.
extension DraftValidator {
  mutating func checkTargets(
    _ draft: inout EventReader.Draft, _ reader: inout EventReader, _ problems: inout ProblemList
  ) async throws {
    var found: [Amended] = []
    for target in draft.event.targets {
      if let event = try await event(target) {
        if let stored = event.stored, let erasure = stored.erasure {
          problems.append(
            reader.problem(
              .payloadErased, in: draft, at: .value(target.description),
              "the payload of \(stored.position) was erased (see \(erasure.by)): nothing is left to amend",
              help: "\(command: "event \(erasure.by.rawValue)")"))
          continue
        }
        found.append(event)
        if let stored = event.stored, Amendment.types.contains(draft.event.type.name),
          restsOn.count <= Self.conditionLimit, !restsOn.contains(target)
        {
          rest(on: try await record.closure(of: [stored]))
        }
      } else {
        problems.append(
          reader.problem(
            .unknownTarget, in: draft, at: .value(target.description),
            "no event \(target) stands before this one",
            help: "\(command: "search") finds events; export shows their ids"))
      }
    }
    if draft.event.type.name == "dispute.settled" {
      try await checkSettled(found, draft, &reader, &problems)
    }
    if draft.event.type.name == "fact.corrected", found.count == draft.event.targets.count {
      try await completeCorrection(&draft, &reader, &problems)
    }
  }

  /// A settlement names disputes, or facts of which one at least is disputed: it decides between
  /// accounts, and only one of them may have been doubted.
  private func checkSettled(
    _ targets: [Amended], _ draft: EventReader.Draft, _ reader: inout EventReader,
    _ problems: inout ProblemList
  ) async throws {
    let disputed = targets.flatMap { target in
      target.event.type.name == "fact.disputed" ? target.event.targets : [target.event.id]
    }
    if let preferred = AmendmentState.preferred(in: draft.event.body), targets.count > 0,
      !disputed.contains(preferred)
    {
      problems.append(
        reader.problem(
          .badTarget, in: draft, at: .pointer("/data/preferred", isName: false),
          "\(preferred) is none of the events whose dispute is settled",
          help: "prefer one of the disputed events, or leave preferred out"))
    }
    for target in targets where try await isDisputed(target) { return }
    for target in targets {
      let id = target.event.id.description
      let name = target.position?.description ?? id
      problems.append(
        reader.problem(
          .badTarget, in: draft, at: .value(id), "\(name) is not disputed",
          help: "name a fact.disputed event, or the fact that it disputes"))
    }
  }

  /// True for a dispute, and for a fact that was disputed at some time.
  private func isDisputed(_ target: Amended) async throws -> Bool {
    if target.event.type.name == "fact.disputed" { return true }
    if amendments.disputed.contains(target.event.id) { return true }
    let disputes = try await store.log.read(
      EventQuery(types: ["fact.disputed"], tags: [.target(target.event.id)]),
      in: EventRange(limit: 1))
    return !disputes.isEmpty
  }

  struct Amended {
    var event: NewEvent
    /// Nil for an event of this run.
    var stored: RecordedEvent?

    var position: Position? { stored?.position }
  }

  /// An event of the log, or of this run.
  func event(_ id: EventID) async throws -> Amended? {
    if let stored = try await store.log.event(id: id) {
      return Amended(event: stored.event, stored: stored)
    }
    guard let place = pending[id] else { return nil }
    return try EventReader.reread(place, in: inputs[place.input], store.vocabulary)
      .map { Amended(event: $0, stored: nil) }
  }

  /// A correction names one fact and must leave it valid.
  private mutating func completeCorrection(
    _ draft: inout EventReader.Draft, _ reader: inout EventReader, _ problems: inout ProblemList
  ) async throws {
    guard draft.event.targets.count == 1 else {
      problems.append(
        reader.problem(
          .badTarget, in: draft, at: .value(draft.event.targets.last?.description ?? ""),
          "a correction has one target, not \(draft.event.targets.count)",
          help: "write one fact.corrected for each"))
      return
    }
    guard var state = try await correctedState(behind: draft.event) else { return }
    let root = state.root
    if Amendment.types.contains(root.event.type.name) {
      problems.append(
        reader.problem(
          .badTarget, in: draft, at: .value(draft.event.targets[0].description),
          "\(root.event.type.name) cannot be corrected",
          help: "retract it and record what should stand instead"))
      return
    }
    guard state.fact.isChanged(by: draft.event) else {
      return try await checkRepeatedCorrection(draft, of: state, &reader, &problems)
    }
    let after = state.fact.corrected(by: draft.event)
    let merged = after.data
    var tape = JSONTape()
    var faults: [SchemaFault] = []
    try tape.parse(JSONWriter.canonical(merged))
    definition(of: root.event)?.schema.validate(tape, tape.root, into: &faults)
    for fault in faults {
      problems.append(
        reader.problem(
          fault.code, in: draft,
          at: .pointer("/data" + fault.pointer, isName: fault.code == .unknownField),
          "the corrected \(root.event.type.name) would not be valid: \(fault.message)",
          help: fault.help, suggestion: fault.suggestion))
    }
    if faults.isEmpty {
      checkEnd(
        of: root.event.type, merged, after.time, draft, &reader, &problems)
      try await checkIdentity(
        of: root.event.type.name, merged, in: draft, correcting: root.event.id, &reader, &problems)
      if root.event.type.name == "vote.cast" {
        try await checkCorrectedVote(
          draft, of: root, isDoubted: state.isDoubted, to: merged, &reader, &problems)
      }
    }
    file(&draft.event, under: merged, of: state)
    state.fact = after
    state.tags.formUnion(draft.event.tags)
    filed[root.event.id, default: []].formUnion(draft.event.tags)
    correcting = state
  }

  /// The fact behind a correction, as everything before the correction has it; nil when a target is
  /// missing.
  private mutating func correctedState(
    behind correction: NewEvent
  ) async throws -> CorrectedFacts.State? {
    if let known = corrected.state(behind: correction.targets[0]) { return known }
    guard let chain = try await correctedChain(of: correction), let root = chain.last else {
      return nil
    }
    // Corrections that do not hold now may hold again, together with this one.
    let reading = try await reading(of: root)
    let corrections = (reading?.chain ?? []).filter { $0.type.name == "fact.corrected" }
    let tags = Set(root.event.tags).union(filed[root.event.id] ?? [])
      .union(corrections.lazy.flatMap(\.event.tags))
    return CorrectedFacts.State(
      root: root, fact: FactState(reading), tags: tags,
      isDoubted: reading.map { $0.isDisputed || $0.setAsideBy != nil } ?? false)
  }

  /// A correction that changes nothing says again what one of the log says, or is refused.
  private mutating func checkRepeatedCorrection(
    _ draft: EventReader.Draft, of state: CorrectedFacts.State, _ reader: inout EventReader,
    _ problems: inout ProblemList
  ) async throws {
    if let stored = state.root.stored {
      let chain = try await store.facts(of: [stored], through: Position(.max)).flatMap(\.chain)
      for event in chain where NormalForm.areSame(event.event, draft.event, store.vocabulary) {
        guard try await store.isLive(event) else { continue }
        recorded[draft.event.id] = event.event
        return
      }
    }
    let name = state.root.position?.description ?? state.root.event.id.description
    problems.append(
      reader.problem(
        .emptyCorrection, in: draft, at: .pointer("/data", isName: false),
        "the correction changes nothing: \(name) reads so already",
        help: state.root.position.map { "\(command: "event \($0.rawValue)") shows how it reads" }))
  }

  /// A stance cannot end before the first day on which it may have begun.
  func checkEnd(
    of type: EventType, _ data: JSON, _ time: ValidTime?, _ draft: EventReader.Draft,
    _ reader: inout EventReader, _ problems: inout ProblemList
  ) {
    guard type.name == "stance.changed", let text = PayloadFields(data).untilText,
      let until = try? EDTF(text), let time, until.latest <= time.earliest
    else { return }
    problems.append(
      reader.problem(
        .outOfRange, in: draft, at: .pointer("/data/until", isName: false),
        "the stance ends (\(text)) before it begins (\(time.text))",
        help: "until is the last day on which it held"))
  }

  /// Files a correction under all that its fact was and is filed under: so every question that
  /// could see the fact finds the correction.
  private func file(
    _ correction: inout NewEvent, under merged: JSON, of state: CorrectedFacts.State
  ) {
    guard let schema = definition(of: state.root.event)?.schema else { return }
    let tags = schema.eventTags(of: merged)
    let earlier = state.tags.sorted { $0.description < $1.description }
    let type = Amendment.corrects(state.root.event.type.name)
    var all = TagList()
    for tag in correction.tags + tags + earlier + [type] { all.add(tag) }
    correction.tags = all.tags
  }

  func definition(of event: NewEvent) -> EventTypeDefinition? {
    store.vocabulary.definition(event.type.name, version: event.type.version)
  }

  /// What a correction is about, down to the fact: earlier corrections of it come first. Nil when
  /// a target is missing.
  func correctedChain(of correction: NewEvent) async throws -> [Amended]? {
    var chain: [Amended] = []
    var next = correction.targets.first
    while let id = next {
      guard let found = try await event(id) else { return nil }
      chain.append(found)
      next = found.event.type.name == "fact.corrected" ? found.event.targets.first : nil
    }
    return chain
  }
}
