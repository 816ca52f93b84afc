import Crypto
import EventLog

/// Reads events of the import format: one JSON object per line, checked against the envelope and
/// the type's schema, turned into what the log stores.
///
/// What needs the log itself (references, second votes, corrections) is checked by `DraftValidator`.
struct EventReader: Sendable {
  let vocabulary: Vocabulary
  let input: any EventInput
  /// True when the input has been found good before: structure is not checked again.
  private let isChecked: Bool
  /// True when a log is put together again: what the log itself has written is read too, and what was
  /// accepted once is accepted.
  private let isRestoring: Bool
  var tape = JSONTape()
  var faults: [SchemaFault] = []
  /// How many faults of the line that was read last are not among `faults`.
  var moreFaults = 0
  /// True when enough problems are reported: of each further line that is wrong only the first fault
  /// is kept, without a suggestion.
  var isBrief = false
  /// Shared by all lines: each may be compared with a long list of names.
  var suggester = Suggester()
  /// How many steps schemas have taken so far; see `stepLimit`.
  var steps = 0
  var faultLimit: Int { isBrief ? 1 : ProblemList.eventLimit }
  /// What the line that was refused last would have defined.
  private(set) var refusedDefinition: Tag?
  /// Whether the line that was read last is on the tape.
  private var isParsed = false
  /// Why the line that was read last is none to be recorded, although nothing is wrong with it.
  private(set) var passedOver: String?
  /// Says where things stand in an input that holds rows, not lines of NDJSON.
  var rows: (any RowProblems)?

  /// Steps that schemas may take for an input of so many bytes. One value may take `SchemaReport`'s
  /// limit, and a short line may hold such a value: without a limit for the whole, a small file could
  /// take hours. An ordinary event takes one step for each ten of its bytes; an ordinary row has one
  /// or two places for each byte, which take less time than the steps of a schema.
  static func stepLimit(bytes: Int, isTable: Bool) -> Int {
    SchemaReport.stepLimit + (isTable ? 10 : 2) * bytes
  }

  init(
    vocabulary: Vocabulary, input: any EventInput, isChecked: Bool = false,
    isRestoring: Bool = false
  ) {
    self.vocabulary = vocabulary
    self.input = input
    self.isChecked = isChecked
    self.isRestoring = isRestoring
  }

  /// Named in the positions of problems; nil where the input is an argument, not a file.
  var file: String? { input.name }

  /// One event as read, before the log was asked about it.
  struct Draft: Sendable {
    var event: NewEvent
    /// Line in the input, from 1.
    var line: Int
    /// Where the line can be read again.
    var place: InputPlace
    /// What a vote is; nil for any other event.
    var choices: ChoiceSet?
    /// Whether a vote is the casting vote of a presiding officer.
    var isCasting = false
    /// True when the input named the id; otherwise it follows from the content.
    var hasOwnID: Bool
    /// Which event of the mapping it is, where it was made from a row of a table.
    var rule = -1
    /// True when the line names no version of a type that has several.
    var isVersionOpen = false
    /// What is wrong with a line that fits an earlier version of its type and names none: it is refused
    /// unless the log has it.
    var refusal: [Problem] = []

    /// The vote that it casts; nil for any other event.
    var vote: VoteKey? {
      var vote = VoteKey(of: event)
      vote?.isCasting = isCasting
      return vote
    }
  }

  /// Reads one line. Returns nil and adds to `problems` when anything in it is wrong.
  ///
  /// Where the line names no version of its type, the newest is meant. A line that fits an earlier one
  /// alone may have been recorded before there was the newest: only the log can tell.
  mutating func read(
    _ bytes: UnsafeBufferPointer<UInt8>, line: Int, place: InputPlace,
    problems: inout [Problem]
  ) -> Draft? {
    let known = problems.count
    let draft = read(bytes, line: line, place: place, version: nil, problems: &problems)
    guard let type = openType else { return draft }
    if var draft {
      draft.isVersionOpen = true
      return draft
    }
    let (faults, more, refused) = (Array(problems[known...]), moreFaults, refusedDefinition)
    for older in vocabulary.versions(of: type).dropLast().reversed() {
      var ignored: [Problem] = []
      let version = older.type.version
      if var draft = read(bytes, line: line, place: place, version: version, problems: &ignored) {
        problems.removeSubrange(known...)
        draft.isVersionOpen = true
        draft.refusal = faults.map { problem in
          var problem = problem
          problem.help =
            "the newest version of \(type) is meant where none is named; the event fits version "
            + "\(version): name that, if it is meant"
          return problem
        }
        return draft
      }
    }
    (moreFaults, refusedDefinition) = (more, refused)
    return nil
  }

  /// The type of the line on the tape, where the line names no version and there are several.
  private var openType: String? {
    guard vocabulary.hasVersions, isParsed, tape.kind(tape.root) == .object,
      tape.member(tape.root, "version") == nil, let node = tape.member(tape.root, "type"),
      tape.kind(node) == .string
    else { return nil }
    let name = tape.string(node)
    return vocabulary.versions(of: name).count > 1 ? name : nil
  }

  /// Reads one line, as one version of its type where that is given.
  private mutating func read(
    _ bytes: UnsafeBufferPointer<UInt8>, line: Int, place: InputPlace, version: Int?,
    problems: inout [Problem]
  ) -> Draft? {
    refusedDefinition = nil
    passedOver = nil
    isParsed = false
    do {
      try tape.parse(bytes)
      isParsed = true
    } catch {
      problems.append(problem(error, in: bytes, line: line))
      return nil
    }
    faults.removeAll(keepingCapacity: true)
    moreFaults = 0
    if !isChecked { validate(tape.root, vocabulary.envelope) }
    let erased = tape.kind(tape.root) == .object ? tape.member(tape.root, "erased") : nil
    if !isRestoring, erased != nil || isExportedErasure {
      passedOver = "payload erased"
      return nil
    }
    // What is wrong in the envelope does not hide what is wrong in the payload.
    let definition = checkedDefinition(version)
    let time = validTime()
    let targets = targetIDs()
    var body: [UInt8] = []
    if faults.isEmpty { body = erased == nil ? canonicalBody(definition) : Erasure.body }
    var tags: [Tag] = []
    if faults.isEmpty, erased == nil, let definition {
      tags = definition.schema.eventTags(on: tape)
      checkTags(tags)
    }
    guard faults.isEmpty, let definition else {
      refusedDefinition = definition.flatMap(definedEntity)
      faults.sort { $0.range.lowerBound < $1.range.lowerBound }
      problems += faults.map { problem($0, line: line) }
      return nil
    }
    var event = NewEvent(
      id: EventID(high: 0, low: 0), type: definition.type,
      tags: tags, time: time,
      targets: targets, canonicalBody: body)
    let given = tape.member(tape.root, "id").flatMap { EventID(tape.string($0)) }
    event.id = given ?? Self.derivedID(of: event)
    var draft = Draft(
      event: event, line: line, place: place, choices: choices(definition.type),
      hasOwnID: given != nil)
    draft.isCasting = draft.choices != nil && isCasting
    return draft
  }

  /// A line that was read before, as an event; nil when it cannot be read again.
  static func reread(
    _ place: InputPlace, in input: any EventInput, _ vocabulary: Vocabulary
  ) throws -> NewEvent? {
    guard let text = try input.text(at: place) else { return nil }
    var reader = EventReader(vocabulary: vocabulary, input: input, isChecked: true)
    var ignored: [Problem] = []
    return text.withUnsafeBufferPointer {
      reader.read($0, line: 0, place: place, problems: &ignored)?.event
    }
  }

  // MARK: parts of the event

  /// Whether the line on the tape is what another log says of its own erasures.
  private var isExportedErasure: Bool {
    guard tape.kind(tape.root) == .object, tape.member(tape.root, "leaf") != nil,
      let type = tape.member(tape.root, "type"), tape.kind(type) == .string
    else { return false }
    return tape.string(type) == PayloadErased.type.name
  }

  /// The entity that the line on the tape would define, when its id can be read.
  private func definedEntity(_ definition: EventTypeDefinition) -> Tag? {
    guard let (kind, path) = definition.defines, let field = path.first,
      let data = tape.member(tape.root, "data"), tape.kind(data) == .object,
      let node = tape.member(data, named: field), tape.kind(node) == .string
    else { return nil }
    return Tag(kind: kind.rawValue, value: tape.string(node))
  }

  private func choices(_ type: EventType) -> ChoiceSet? {
    guard type.name == "vote.cast", let data = tape.member(tape.root, "data"),
      let choice = tape.member(data, "choice")
    else { return nil }
    return ChoiceSet(tape.value(choice))
  }

  private var isCasting: Bool {
    guard let data = tape.member(tape.root, "data"), let casting = tape.member(data, "casting")
    else { return false }
    return tape.value(casting).bool == true
  }

  /// The type's definition; adds a fault when there is none, or when the payload does not fit it.
  private mutating func checkedDefinition(_ wanted: Int?) -> EventTypeDefinition? {
    guard tape.kind(tape.root) == .object, let typeNode = tape.member(tape.root, "type"),
      tape.kind(typeNode) == .string
    else { return nil }
    let name = tape.string(typeNode)
    let version = tape.member(tape.root, "version")
    let number =
      version.flatMap { tape.integer($0) }.map(Int.init) ?? wanted
      ?? vocabulary.definition(name)?.type.version ?? 1
    let isRefused = faults.contains { fault in
      fault.range == tape.range(typeNode) || version.map { fault.range == tape.range($0) } ?? false
    }
    if isRefused { return nil }
    guard let definition = vocabulary.definition(name, version: number) else {
      if vocabulary.definition(name) == nil {
        let known = isBrief ? [] : vocabulary.types.map(\.type.name)
        fault(
          .unknownType, typeNode, "unknown event type \"\(name)\"",
          suggestion: Suggestion.nearest(to: name, among: known))
      } else {
        fault(
          .unknownType, version ?? typeNode,
          "event type \(name) has no version \(number)",
          help: "its newest version is \(vocabulary.definition(name)?.type.version ?? 1)")
      }
      return nil
    }
    if definition.type.name == PayloadErased.type.name, !isRestoring {
      fault(
        .reservedType, typeNode, "payload.erased is written by the log itself, when it erases")
      return nil
    }
    // Which version is meant depends on which one the line fits.
    if isChecked && openType == nil || isRestoring { return definition }
    checkEnvelope(of: definition.type.name, typeNode: typeNode)
    if let data = tape.member(tape.root, "data") {
      if tape.kind(data) == .object { validate(data, definition.schema) }
    }
    return definition
  }

  private mutating func validate(_ node: JSONTape.Node, _ schema: JSONSchema) {
    var shared = isBrief ? .none : suggester
    moreFaults += schema.validate(
      tape, node, into: &faults, limit: faultLimit, suggester: &shared, countingIn: &steps)
    if !isBrief { suggester = shared }
  }

  /// The log takes so many names for one event, and each of such a length.
  private mutating func checkTags(_ tags: [Tag]) {
    if tags.count > EventLimit.list {
      fault(
        .outOfRange, tape.root,
        "the event names more than \(EventLimit.list) actors, topics and the like",
        help: "record several events with fewer names each")
    }
    for tag in tags.prefix(EventLimit.list)
    where tag.description.utf8.count > EventLimit.tag {
      fault(
        .tooLong, tape.root,
        "a \(tag.kind) has \(tag.value.utf8.count) bytes: with its kind it may have "
          + "\(EventLimit.tag)", help: "shorten it")
    }
  }

  /// Events about events need a target and a reason; nothing else may carry them alone.
  private mutating func checkEnvelope(of type: String, typeNode: Int) {
    guard Amendment.types.contains(type) else { return }
    for (field, node) in [
      ("target", tape.member(tape.root, "target")), ("reason", tape.member(tape.root, "reason")),
    ] where node == nil {
      fault(
        .missingField, tape.root, "\(type) needs \"\(field)\" beside \"type\"",
        help: field == "target" ? "the id of the event it is about" : "why, in a sentence")
    }
    if type == "fact.corrected" {
      let data = tape.member(tape.root, "data")
      let changesEnvelope = ["on", "basis", "confidence"].contains {
        tape.member(tape.root, named: $0) != nil
      }
      if !changesEnvelope && (data.map { tape.count($0) == 0 } ?? true) {
        fault(
          .emptyCorrection, data ?? tape.root, "the correction changes nothing",
          help: "give the fields that change in \"data\", or a new \"on\"")
      }
    }
  }

  private mutating func validTime() -> ValidTime? {
    guard faults.isEmpty, let node = tape.member(tape.root, "on") else { return nil }
    let text = tape.string(node)
    do {
      return try EDTF(text).validTime
    } catch {
      fault(.badDate, node, error.message, help: error.help, suggestion: error.suggestion)
      return nil
    }
  }

  private mutating func targetIDs() -> [EventID] {
    guard faults.isEmpty, let node = tape.member(tape.root, "target") else { return [] }
    let nodes = tape.kind(node) == .array ? Array(tape.elements(node)) : [node]
    if nodes.count > EventLimit.list {
      fault(
        .outOfRange, node,
        "the event is about \(nodes.count) events, more than \(EventLimit.list)",
        help: "record several events about fewer each")
      return []
    }
    return nodes.compactMap { EventID(tape.string($0)) }
  }

  /// The members that make up the payload, as canonical JSON in normal form; the rest is in the
  /// event's columns. A log that is restored keeps its payloads as they were written.
  private mutating func canonicalBody(_ definition: EventTypeDefinition?) -> [UInt8] {
    do {
      return try NormalForm.body(on: tape, isRestoring ? nil : definition)
    } catch {
      fault(
        .inexactNumber, error.node,
        "\(String(decoding: tape.bytes[tape.range(error.node)], as: UTF8.self)) is not a whole "
          + "number within ±9007199254740991",
        help: "write it as a string: other numbers do not have one spelling that can be hashed")
      return []
    }
  }

  /// An id that follows from the content, so that the same line appended again is the same event.
  /// Its leading bits follow the date, so that the ids of one import lie side by side.
  static func derivedID(of event: NewEvent) -> EventID {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(event.body.count + 64)
    bytes += event.type.name.utf8
    bytes += ".v\(event.type.version)\n".utf8
    bytes += (event.time?.text ?? "").utf8
    bytes.append(UInt8(ascii: "\n"))
    for target in event.targets { bytes += target.bytes }
    bytes += event.body
    return derivedID(hashing: bytes, time: event.time)
  }

  /// The same, from type, date, targets and body as they stand one after the other.
  static func derivedID(hashing bytes: [UInt8], time: ValidTime?) -> EventID {
    var hash = SHA256()
    bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
    let second = min(max(time?.earliest ?? 0, -(1 << 46)), 1 << 46)
    return .derived(order: UInt64(second + 1 << 46), digest: Array(hash.finalize()))
  }
}
