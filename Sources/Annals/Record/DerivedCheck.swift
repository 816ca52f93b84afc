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
    let tags = EventReader.tags(definition.schema, on: tape)
    let isSame =
      tags.count == row.tags.count
      && zip(tags, row.tags).allSatisfy { names.id(of: $0) == $1 }
    if isSame { return }
    let (expected, found) = (Self.text(tags), Self.text(row.tags.map(names.tag)))
    guard definition.isBuiltIn else {
      return schemaFaults.add(
        Fault(
          position: row.position,
          message: "\(row.position) has other tags than the schema of \(type) gives now: the schema"
            + " was edited after the event was recorded, or the tags were altered",
          expected: expected, found: found))
    }
    add(
      row.position, "The tags of \(row.position) do not follow from its payload", expected, found)
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
    for position in check.corrections { try await self.check(correction: position, &check) }
    return check
  }

  /// A correction stands under the tags of its fact as it reads then, those of the fact as recorded,
  /// and those of the corrections before it; and under nothing else.
  private func check(correction position: Position, _ check: inout DerivedCheck) async throws {
    guard let correction = try await event(at: position) else { return }
    let all = try await closure(of: [correction], through: position)
    let byID = Dictionary(uniqueKeysWithValues: all.map { ($0.id, $0) })
    // A dispute brings other facts with it, and their corrections.
    func origin(of event: RecordedEvent) -> RecordedEvent? {
      var event = event
      while Standing.kind(of: event.type.name) != nil {
        guard let target = event.event.targets.first.flatMap({ byID[$0] }) else { return nil }
        event = target
      }
      return event
    }
    guard let root = origin(of: correction),
      let definition = vocabulary.definition(root.type.name, version: root.type.version)
    else { return }
    let fact = try await facts(of: [root], through: position).first { $0.position == root.position }
    let data = fact?.data ?? EventBody(root.event.body).data
    let needed = Set(EventReader.tags(of: definition.schema, data: data))
      .union([Amendment.corrects(root.type.name)])
    let earlier = all.filter { event in
      event.position < position && event.type.name == "fact.corrected"
        && origin(of: event)?.position == root.position
    }
    let own = EventReader.tags(
      of: definition.schema, data: EventBody(correction.event.body).data,
      sources: EventBody(correction.event.body).sources)
    let allowed = needed.union(root.event.tags).union(own).union(earlier.flatMap(\.event.tags))
    let found = Set(correction.event.tags)
    let isHeld = fact?.current == position
    if found.isSubset(of: allowed), !isHeld || needed.isSubset(of: found) { return }
    check.add(
      position, "The tags of the correction \(position) do not follow from it and its fact",
      DerivedCheck.text(allowed.sorted { $0.description < $1.description }),
      DerivedCheck.text(correction.event.tags))
  }
}
