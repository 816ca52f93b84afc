import EventLog

/// Reads a part of the log as rows, through the tag index: the events under some tags, the events that
/// those amend, and all amendments of both.
struct RowCollector {
  private let reader: RecordReader
  /// What was read, by position.
  private var rows: [Position: EventRow] = [:]
  /// The positions of the rows of a type, in no order.
  private var positions: [NameID: [Position]] = [:]
  private(set) var names: (any LogNames)?
  /// All amendments and merges, where they are few.
  private var survey: RecordReader.RowSurvey?
  private var isSurveyed = false

  init(_ reader: RecordReader) { self.reader = reader }

  /// Reads all amendments and merges, if they are few; ahead of the first question about them.
  mutating func takeSurvey() async throws {
    if isSurveyed { return }
    isSurveyed = true
    survey = try await reader.rowSurvey()
    names = names ?? survey?.names
  }

  private var log: any EventLog { reader.log }
  private var through: Position { reader.through }

  static func items(_ types: [String], _ tags: Tag...) -> [EventQuery.Item] {
    Amendment.items(types, tags)
  }

  /// Up to this number of actors, the query names each actor. Beyond it, the query names only the other
  /// tags, and finds events of other actors too.
  private static let mostActors = 100

  /// What is filed under some tags and any of the actors, and perhaps more.
  static func items(
    _ types: [String], _ tags: Tag..., ofActors actors: Set<Tag>
  ) -> [EventQuery.Item] {
    actors.count > mostActors
      ? Amendment.items(types, tags)
      : actors.flatMap { Amendment.items(types, tags + [$0]) }
  }

  // MARK: reading

  /// Reads the matching events, the events that they amend, and all amendments of both.
  mutating func add(_ items: [EventQuery.Item]) async throws {
    try await complete(try await take(items))
  }

  /// Reads the events of some types behind a position, and the events that they amend with all
  /// amendments of those. Returns the events of the types in log order; nil when there are more than
  /// `limit`. The types must include those of amendments.
  mutating func add(
    _ types: [String], after position: Position, limit: Int = .max
  ) async throws -> [EventRow]? {
    let end = limit == .max ? nil : limit + 1
    let found = try await read(
      EventQuery(types: types), EventRange(after: position, through: through, limit: end))
    if found.count > limit { return nil }
    // Amendments of these events came later, so they are among the events.
    _ = add(found)
    try await complete(try await takeTargets(of: found))
    return found
  }

  /// Adds what rows are about, and all that was said about any of it.
  private mutating func complete(_ fresh: [EventRow]) async throws {
    var fresh = fresh
    var steps = 0
    if !fresh.isEmpty { try await takeSurvey() }
    while !fresh.isEmpty {
      fresh += try await takeTargets(of: fresh)
      steps += 1
      if let survey {
        fresh =
          survey.amendments.isEmpty
          ? [] : add(fresh.flatMap { survey.amendments[$0.position] ?? [] })
      } else if steps > RecordReader.depth || fresh.count > RecordReader.mostItems {
        // Amendments of so many facts, or of amendments of amendments: all are read, and those that
        // belong to none of the rows are left out again.
        try await readSurvey()
      } else {
        fresh = try await take(
          fresh.map { EventQuery.Item(types: Self.amendments, tags: [.target($0.id)]) })
      }
    }
  }

  /// Reads what rows are about; returns what was not there before.
  private mutating func takeTargets(of wanted: [EventRow]) async throws -> [EventRow] {
    var found: [EventRow] = []
    var targets = wanted.flatMap(\.targets)
    while let position = targets.popLast() {
      guard rows[position] == nil else { continue }
      let range = EventRange(after: position.advanced(by: -1), through: position)
      for row in try await read(.all, range) where !row.isErased {
        found += add([row])
        targets += row.targets
      }
    }
    return found
  }

  /// Reads all amendments, which may be many.
  private mutating func readSurvey() async throws {
    let survey = try await log.fold(
      EventQuery(types: Self.amendments), in: EventRange(through: through),
      into: RecordReader.RowSurvey()
    ) { survey, row, names in
      survey.add(row, names)
      return true
    }
    self.survey = survey
  }

  /// Reads what matches; returns what was not there before.
  private mutating func take(_ items: [EventQuery.Item]) async throws -> [EventRow] {
    var found: [EventRow] = []
    let size = RecordReader.itemsPerQuery
    for start in stride(from: 0, to: items.count, by: size) {
      let chunk = Array(items[start..<min(start + size, items.count)])
      found += try await read(EventQuery(items: chunk), EventRange(through: through))
    }
    return add(found)
  }

  /// Adds rows; returns those that were not there before.
  private mutating func add(_ found: [EventRow]) -> [EventRow] {
    rows.reserveCapacity(rows.count + found.count)
    var fresh: [EventRow] = []
    for row in found where rows.updateValue(row, forKey: row.position) == nil {
      positions[row.type, default: []].append(row.position)
      fresh.append(row)
    }
    return fresh
  }

  private static let amendments = Array(Amendment.types)

  private mutating func read(
    _ query: EventQuery, _ range: EventRange
  ) async throws -> [EventRow] {
    let found = try await reader.rows(query, range)
    names = found.names ?? names
    return found.rows
  }

  // MARK: merges

  /// Reads the merges of actors, and of those that they were merged with, now or at some time. Returns
  /// all of these actors, so that evidence about one of them is looked for under every id.
  mutating func family(of actors: Set<Tag>) async throws -> Set<Tag> {
    var family: Set<Tag> = []
    var fresh = actors
    var steps = 0
    try await takeSurvey()
    while !fresh.isEmpty {
      family.formUnion(fresh)
      steps += 1
      if let survey, survey.hasMerges {
        let numbers = Set(fresh.compactMap { survey.names?.id(of: $0) })
        try await complete(
          add(survey.merges.filter { $0.tags.contains(where: numbers.contains) }))
      } else if steps > RecordReader.depth || fresh.count > RecordReader.itemsPerQuery {
        // A long chain of merges is read whole, and so are the merges of many.
        try await add(Self.items(["actor.merged"]))
      } else {
        try await add(fresh.flatMap { Self.items(["actor.merged"], $0) })
      }
      fresh = values(of: ["actor"], inRowsOf: "actor.merged").subtracting(family)
    }
    return family
  }

  // MARK: what was read

  /// All that was read up to a position, in log order.
  func ordered(through: Position = Position(.max)) -> [EventRow] {
    rows.keys.filter { $0 <= through }.sorted().compactMap { rows[$0] }
  }

  /// Tags of the given kinds on the rows of a type and on corrections of such rows.
  func values(of kinds: Set<String>, inRowsOf type: String) -> Set<Tag> {
    guard let names else { return [] }
    var found: Set<Tag> = []
    for row in filed([type], names)[type] ?? [] {
      for tag in row.tags.lazy.map(names.tag) where kinds.contains(String(tag.kind)) {
        found.insert(tag)
      }
    }
    return found
  }

  /// What was read, by type and tag.
  struct Index {
    private var tags: [String: [Tag: Set<Tag>]] = [:]

    fileprivate mutating func add(_ row: EventRow, as type: String, _ names: any LogNames) {
      let own = Set(row.tags.map(names.tag))
      for tag in own { tags[type, default: [:]][tag, default: []].formUnion(own) }
    }

    /// Values of tags of a kind on the rows of a type that stand under any of some tags.
    func values(of kind: String, inRowsOf type: String, under wanted: Set<Tag>) -> Set<String> {
      guard let filed = tags[type] else { return [] }
      return wanted.reduce(into: []) { found, tag in
        for other in filed[tag] ?? [] where other.kind == kind { found.insert(String(other.value)) }
      }
    }
  }

  /// Files the rows of some types; a correction counts as one of its fact's type.
  func index(of types: Set<String>) -> Index {
    var index = Index()
    guard let names else { return index }
    for (type, rows) in filed(types, names) {
      for row in rows { index.add(row, as: type, names) }
    }
    return index
  }

  /// The rows of some types, by type; a correction counts as one of its fact's type.
  private func filed(_ types: Set<String>, _ names: any LogNames) -> [String: [EventRow]] {
    var filed: [String: [EventRow]] = [:]
    for (type, own) in positions where types.contains(names.type(type).name) {
      filed[names.type(type).name, default: []] += own.compactMap { rows[$0] }
    }
    for (correction, root) in roots(names) {
      guard let row = rows[correction], let type = rows[root].map({ names.type($0.type).name }),
        types.contains(type), type != Self.correction
      else { continue }
      filed[type, default: []].append(row)
    }
    return filed
  }

  /// By correction: the position of the fact that it is about, as far as that is known.
  private func roots(_ names: any LogNames) -> [Position: Position] {
    var roots: [Position: Position] = [:]
    for row in corrections(names).sorted(by: { $0.position < $1.position }) {
      guard let target = row.targets.first, rows[target] != nil else { continue }
      roots[row.position] = roots[target] ?? target
    }
    return roots
  }

  private static let correction = "fact.corrected"

  /// The corrections that were read, in no order.
  private func corrections(_ names: any LogNames) -> [EventRow] {
    positions.filter { names.type($0.key).name == Self.correction }
      .flatMap(\.value).compactMap { rows[$0] }
  }

  /// An event, what it amends, and all corrections of that, whether they hold or not: their types, and
  /// everything under which they are filed.
  struct Chain {
    var types: Set<String> = []
    var tags: Set<Tag> = []

    func values(_ kind: String) -> Set<String> {
      Set(tags.lazy.filter { $0.kind == kind }.map { String($0.value) })
    }
  }

  /// The chains of rows that were read, by position.
  func chains(of wanted: [EventRow]) -> [Position: Chain] {
    guard let names else { return [:] }
    var corrections: [Position: [EventRow]] = [:]
    for row in self.corrections(names) {
      for target in Set(row.targets) { corrections[target, default: []].append(row) }
    }
    var chains: [Position: Chain] = [:]
    for row in wanted {
      var chain = Chain()
      var seen: Set<Position> = []
      var fresh = [row]
      while let next = fresh.popLast() {
        guard seen.insert(next.position).inserted else { continue }
        let type = names.type(next.type).name
        chain.types.insert(type)
        chain.tags.formUnion(next.tags.lazy.map(names.tag))
        // An amended event counts with its corrections. A fact at the start counts alone.
        guard next.position != row.position || AmendmentState.kind(of: type) != nil else {
          continue
        }
        if next.position != row.position { fresh += corrections[next.position] ?? [] }
        if AmendmentState.kind(of: type) != nil {
          fresh += next.targets.compactMap { rows[$0] }
        }
      }
      chains[row.position] = chain
    }
    return chains
  }
}
