import Annals
import EventLog

/// How many events of a list are of each type, of each recorder, source, batch and confidence.
struct LogFacets {
  /// What is counted of an event.
  struct Kind: Hashable {
    var type: String
    var sources: [String]
    var batch: Batch
    var confidence: String
  }

  private(set) var count = 0
  private(set) var types: [String: Int] = [:]
  private(set) var recorders: [String: Int] = [:]
  private(set) var sources: [String: Int] = [:]
  private(set) var batches: [Batch: Int] = [:]
  private(set) var confidences: [String: Int] = [:]
  /// Where the list goes on behind so many events, which alone were counted.
  var bound: Int?

  mutating func add(_ kind: Kind, _ number: Int = 1) {
    count += number
    types[kind.type, default: 0] += number
    recorders[kind.batch.recorder, default: 0] += number
    for source in kind.sources { sources[source, default: 0] += number }
    batches[kind.batch, default: 0] += number
    confidences[kind.confidence, default: 0] += number
  }

  mutating func add(_ entry: TimelineEntry) {
    let event = entry.fact.root
    add(
      Kind(
        type: event.type.name,
        sources: event.event.tags.filter { $0.kind == "source" }.map { String($0.value) },
        batch: event.batch, confidence: ConfidenceReader.confidence(of: event.event.body)))
  }
}

/// Reads with which confidence events were recorded.
struct ConfidenceReader: Sendable {
  private struct Shape: Hashable {
    var type: NameID
    var shape: NameID
  }

  private var tape = JSONTape()
  /// All payloads of a type and a shape have the same confidence: it is a plain word.
  private var known: [Shape: String] = [:]

  mutating func confidence(_ row: borrowing EventRow) -> String {
    let shape = Shape(type: row.type, shape: row.shape)
    if row.shape != 0, let word = known[shape] { return word }
    let word = Self.confidence(of: row.body, &tape)
    if row.shape != 0 { known[shape] = word }
    return word
  }

  static func confidence(of body: [UInt8]) -> String {
    var tape = JSONTape()
    return confidence(of: body, &tape)
  }

  private static func confidence(of body: [UInt8], _ tape: inout JSONTape) -> String {
    guard (try? tape.parse(body)) != nil, let word = tape.member(tape.root, "confidence") else {
      return LogQuestion.Confidence.asserted.rawValue
    }
    return tape.string(word)
  }
}

/// Counts the rows of a log by their kinds. No event is made of a row, and the payload is read once for
/// each shape.
struct LogTally: Sendable {
  /// So many events are counted at most, the newest first.
  static let bound = 100_000

  private struct Group: Hashable, Sendable {
    var type: NameID
    var sources: [NameID]
    var batch: Position
    var confidence: String
  }

  private var groups: [Group: Int] = [:]
  private var scanned = 0
  private var isCut = false
  private var types: [NameID: String] = [:]
  /// The source that a tag names; nil for a tag of another kind.
  private var sources: [NameID: String?] = [:]
  private var reader = ConfidenceReader()
  /// The events themselves, where the log cannot find them well: those of a confidence or of a batch.
  private var wanted: [(position: Position, batch: Position)] = []
  private let keepsPositions: Bool

  private init(keepsPositions: Bool) { self.keepsPositions = keepsPositions }

  private mutating func add(
    _ row: borrowing EventRow, _ names: any LogNames, _ confidence: String?
  ) {
    let word = reader.confidence(row)
    if let confidence, word != confidence { return }
    if keepsPositions { wanted.append((row.position, row.batch)) }
    if types[row.type] == nil { types[row.type] = names.type(row.type).name }
    var cited: [NameID] = []
    for id in row.tags where isSource(id, names) { cited.append(id) }
    let group = Group(type: row.type, sources: cited, batch: row.batch, confidence: word)
    groups[group, default: 0] += 1
  }

  private mutating func isSource(_ id: NameID, _ names: any LogNames) -> Bool {
    if let known = sources[id] { return known != nil }
    let tag = names.tag(id)
    let source = tag.kind == "source" ? String(tag.value) : nil
    sources.updateValue(source, forKey: id)
    return source != nil
  }

  /// The facets of a list without text and days; and the events of it, newest first, where the list is
  /// narrowed to a confidence or a batch.
  static func count(
    _ question: LogQuestion, _ context: PageContext
  ) async throws -> (facets: LogFacets, positions: [Position]) {
    var range = EventRange(through: question.state.position, order: .newestFirst)
    let batch = question.batch
    if let batch {
      // A batch is one stretch of the log.
      range.after = batch.advanced(by: -1)
      range.order = .oldestFirst
    }
    let confidence = question.confidence?.rawValue
    let tally = try await context.store.log.fold(
      try await question.query(context), in: range,
      into: LogTally(keepsPositions: confidence != nil || batch != nil)
    ) { tally, row, names in
      if let batch, row.batch != batch { return false }
      if tally.scanned == bound {
        tally.isCut = true
        return false
      }
      tally.scanned += 1
      tally.add(row, names, confidence)
      return true
    }
    return try await tally.result(question, context)
  }

  private func result(
    _ question: LogQuestion, _ context: PageContext
  ) async throws -> (LogFacets, [Position]) {
    let batches = try await batches(context)
    func isMeant(_ first: Position) -> Bool {
      question.recorder == nil || batches[first]?.recorder == question.recorder
    }
    var facets = LogFacets()
    for (group, number) in groups where isMeant(group.batch) {
      guard let batch = batches[group.batch] else { continue }
      facets.add(
        LogFacets.Kind(
          type: types[group.type] ?? "", sources: group.sources.compactMap { sources[$0] ?? nil },
          batch: batch, confidence: group.confidence),
        number)
    }
    if isCut { facets.bound = Self.bound }
    let positions = wanted.filter { isMeant($0.batch) }.map(\.position)
    return (facets, question.batch == nil ? positions : positions.reversed())
  }

  /// What the events of each batch share, read with its first event.
  private func batches(_ context: PageContext) async throws -> [Position: Batch] {
    let firsts = Set(groups.keys.map(\.batch)).sorted()
    var batches: [Position: Batch] = [:]
    for start in stride(from: 0, to: firsts.count, by: 500) {
      let some = Array(firsts[start..<min(start + 500, firsts.count)])
      for event in try await context.store.log.events(at: some) {
        if let event { batches[event.batch.first] = event.batch }
      }
    }
    return batches
  }
}
