import EventLog

/// What stands beside an event and follows from it: the tags under which it is found, and the bounds
/// of its date. No hash covers them, so they are derived anew.
struct DerivedCheck: Sendable {
  struct Fault: Sendable {
    var position: Position
    var message: String
    var expected: String
    var found: String
  }

  /// The first faults, and how many there are.
  struct Faults: Sendable {
    private static let limit = 20

    private(set) var first: [Fault] = []
    private(set) var count = 0

    mutating func add(_ fault: Fault) {
      count += 1
      if first.count < Self.limit { first.append(fault) }
    }
  }

  private let vocabulary: Vocabulary
  private var tape = JSONTape()
  private(set) var faults = Faults()
  /// Faults of events whose type is the user's own: its schema may have been edited since.
  private(set) var schemaFaults = Faults()
  /// Types that the vocabulary does not know, with the number of their events: whether their tags
  /// are right, nobody can say.
  private(set) var unknownTypes: [String: Int] = [:]
  /// Corrections are filed under what their fact was and is filed under: looked at one by one.
  private(set) var corrections: [Position] = []
  /// The date that was read last: most events have that of the one before.
  private var date: (text: [UInt8], bounds: (Int64, Int64)?) = ([], nil)

  init(vocabulary: Vocabulary) { self.vocabulary = vocabulary }

  mutating func look(at row: borrowing EventRow, _ names: any LogNames) {
    checkDate(of: row)
    if row.isErased { return }
    let type = names.type(row.type)
    if type.name == "fact.corrected" { return corrections.append(row.position) }
    guard let definition = vocabulary.definition(type.name, version: type.version) else {
      unknownTypes[type.description, default: 0] += 1
      return
    }
    guard (try? tape.parse(row.body)) != nil else {
      return add(row.position, "The payload of \(row.position) is no JSON", "", "")
    }
    let tags = definition.schema.eventTags(on: tape)
    if Self.areSame(tags, row.tags, names) { return }
    // An earlier version of the program may have recorded it.
    let former = definition.schema.eventTags(on: tape, fold: ActorName.formerlyFolded)
    if Self.areSame(former, row.tags, names) { return }
    let (expected, found) = (Self.text(tags), Self.text(row.tags.map(names.tag)))
    guard definition.isBuiltIn else {
      return schemaFaults.add(
        Fault(
          position: row.position,
          message:
            "\(row.position) has other tags than the schema in \(type).json gives now: that file"
            + " was edited after the event was recorded, or the tags were altered",
          expected: expected, found: found))
    }
    add(
      row.position, "The tags of \(row.position) do not follow from its payload", expected, found)
  }

  private static func areSame(_ tags: [Tag], _ ids: [NameID], _ names: any LogNames) -> Bool {
    tags.count == ids.count && zip(tags, ids).allSatisfy { names.id(of: $0) == $1 }
  }

  private mutating func checkDate(of row: borrowing EventRow) {
    if date.text != row.timeText {
      let text = String(decoding: row.timeText, as: UTF8.self)
      let time = row.timeText.isEmpty ? nil : try? EDTF(text).validTime
      date = (row.timeText, time.map { ($0.earliest, $0.latest) })
    }
    if date.bounds?.0 == row.bounds?.earliest && date.bounds?.1 == row.bounds?.latest { return }
    func text(_ bounds: (Int64, Int64)?) -> String {
      bounds.map { "\($0.0) to \($0.1) s" } ?? "none"
    }
    add(
      row.position,
      "The bounds of the date of \(row.position) do not follow from it (\(row.timeText.utf8Text))",
      text(date.bounds), text(row.bounds.map { ($0.earliest, $0.latest) }))
  }

  mutating func add(_ position: Position, _ message: String, _ expected: String, _ found: String) {
    faults.add(Fault(position: position, message: message, expected: expected, found: found))
  }

  static func text(_ tags: some Sequence<Tag>) -> String {
    tags.map(\.description).joined(separator: " ")
  }
}

extension [UInt8] {
  fileprivate var utf8Text: String { String(decoding: self, as: UTF8.self) }
}

extension Store {
  /// Derives anew what stands beside the events up to a position.
  func checkDerived(
    after: Position, through: Position, progress: (@Sendable (Int64, Int64) -> Void)?
  ) async throws -> DerivedCheck {
    var check = try await log.fold(
      .all, in: EventRange(after: after, through: through),
      into: DerivedCheck(vocabulary: vocabulary)
    ) { check, row, names in
      check.look(at: row, names)
      if row.position.rawValue.isMultiple(of: 4096) {
        progress?(row.position.rawValue - after.rawValue, through.rawValue - after.rawValue)
      }
      return true
    }
    try await self.check(corrections: check.corrections, through: through, &check)
    return check
  }

  /// A correction stands under the tags of its fact as it reads then, those of the fact as recorded,
  /// and those of the corrections before it; and under nothing else.
  private func check(
    corrections: [Position], through: Position, _ check: inout DerivedCheck
  ) async throws {
    if corrections.isEmpty { return }
    let reader = RecordReader(log, through: through, surveys: true)
    var wanted = Set(corrections)
    for fact in try await reader.facts(of: reader.events(at: corrections)) {
      guard let schema = definition(of: fact.root)?.schema else { continue }
      var filing = CorrectionFiling(fact, schema)
      for event in fact.chain where event.type.name == "fact.corrected" {
        let tags = filing.next(event)
        guard wanted.remove(event.position) != nil else { continue }
        let found = Set(event.event.tags)
        if found.isSubset(of: tags.allowed), tags.needed.contains(where: found.isSuperset) {
          continue
        }
        check.add(
          event.position,
          "The tags of the correction \(event.position) do not follow from it and its fact",
          DerivedCheck.text(tags.allowed.sorted { $0.description < $1.description }),
          DerivedCheck.text(event.event.tags))
      }
    }
    // Nothing is left of the fact that these are about but its type.
    for event in try await reader.events(at: wanted) {
      var root = event
      while AmendmentState.kind(of: root.type.name) != nil,
        let target = root.event.targets.first,
        let named = try await reader.events(ids: [target]).first
      {
        root = named
      }
      guard let schema = definition(of: root)?.schema else { continue }
      let body = EventBody(event.event.body)
      let allowed = schema.tagForms(of: body.data, sources: body.sources)
        .reduce(Set([Amendment.corrects(root.type.name)])) { $0.union($1) }
      if !Set(event.event.tags).isSubset(of: allowed) {
        check.add(
          event.position,
          "The tags of the correction \(event.position) do not follow from it and its fact",
          DerivedCheck.text(allowed.sorted { $0.description < $1.description }),
          DerivedCheck.text(event.event.tags))
      }
    }
  }

  private func definition(of event: RecordedEvent) -> EventTypeDefinition? {
    vocabulary.definition(event.type.name, version: event.type.version)
  }
}

/// Under what the corrections of one fact are to be filed, one after the other.
private struct CorrectionFiling {
  private let fact: Fact
  private let schema: JSONSchema
  private let positions: [EventID: Position]
  /// What was said about the fact so far, and how much of its chain that is.
  private var amendments = AmendmentState()
  private var taken = 0
  /// Whether a retraction came since `held` was found.
  private var isOutdated = false
  /// The corrections that hold, each with the payload after it.
  private var held: [(position: Position, data: JSON)]
  private var earlier: Set<Tag> = []

  init(_ fact: Fact, _ schema: JSONSchema) {
    self.fact = fact
    self.schema = schema
    positions = Dictionary(
      ([fact.root] + fact.chain).map { ($0.id, $0.position) },
      uniquingKeysWith: { first, _ in first })
    held = [(fact.position, EventBody(fact.root.event.body).data)]
  }

  /// The tags that the next correction must have, in one form or another, and those that it may have.
  mutating func next(_ correction: RecordedEvent) -> (needed: [Set<Tag>], allowed: Set<Tag>) {
    take(through: correction)
    let body = EventBody(correction.event.body)
    let needed = schema.tagForms(of: held[held.count - 1].data)
      .map { $0.union([Amendment.corrects(fact.type)]) }
    let own = schema.tagForms(of: body.data, sources: body.sources)
    let allowed = (needed + own).reduce(earlier.union(fact.root.event.tags)) { $0.union($1) }
    earlier.formUnion(correction.event.tags)
    let isHeld = held.last?.position == correction.position
    return (isHeld ? needed : [[]], allowed)
  }

  /// Takes in what was said about the fact up to a correction: it then reads as it did when the correction
  /// was recorded.
  private mutating func take(through correction: RecordedEvent) {
    while taken < fact.chain.count, fact.chain[taken].position <= correction.position {
      let event = fact.chain[taken]
      taken += 1
      guard let kind = AmendmentState.kind(of: event.type.name) else { continue }
      let targets = event.event.targets.compactMap { positions[$0] }
      amendments.add(kind, at: event.position, targets: targets)
      switch kind {
      case .retraction: isOutdated = true
      case .correction where amendments.root(of: event.position) == fact.position:
        if !isOutdated { hold(event) }
      default: break
      }
    }
    guard isOutdated else { return }
    isOutdated = false
    let holding = amendments.resolved().corrections[fact.position] ?? []
    // What comes before the first difference reads as before.
    let same = zip(held.dropFirst(), holding).prefix { $0.0.position == $0.1 }.count
    held.removeSubrange((same + 1)...)
    let events = fact.chain.prefix(taken)
    for position in holding.dropFirst(same) {
      let index = events.partitioningIndex { $0.position < position }
      if index < events.count { hold(events[index]) }
    }
  }

  private mutating func hold(_ correction: RecordedEvent) {
    let change = EventBody(correction.event.body).data
    held.append((correction.position, held[held.count - 1].data.merging(change)))
  }
}

extension JSONSchema {
  /// The tags of a payload as they are made today, and as earlier versions of the program made them.
  fileprivate func tagForms(of data: JSON, sources: [Citation] = []) -> [Set<Tag>] {
    [ActorName.folded, ActorName.formerlyFolded].map {
      Set(eventTags(of: data, sources: sources, fold: $0))
    }
  }
}
