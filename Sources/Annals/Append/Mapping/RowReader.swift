import EventLog

/// Turns rows of one file into drafts, as fast as they can be read.
///
/// A cell's text is worked out when it is first seen: what it means, how JSON writes it, its tag. An
/// event all of whose values have been seen in their places before, in the same company, was found
/// right then and is put together from ready bytes; any other goes through `EventReader`, as a line
/// of NDJSON would.
final class RowReader {
  let plan: RowPlan
  let input: any EventInput
  let inputNumber: Int
  /// True when the rows were found good before.
  private let isChecked: Bool
  private var checker: EventReader
  private let stepLimit: Int
  /// Places of the rows since values were counted last, and how many values there were then.
  private var uncounted = 0
  private var countedValues = 0
  // The state that every row goes through stands in memory of its own: there it is changed without
  // the checks that properties of a class take at each access.
  private let events: UnsafeMutableBufferPointer<EventState>
  private var skips: [ValueCache]
  private let skipTexts: [String]
  private var registered: Set<String> = []
  private(set) var dates = DateSpan()
  /// Problems that were found so far: after many, one is reported of each row.
  private var reported = 0
  private var problemLimit: Int {
    reported > ProblemList.inputLimit ? 1 : ProblemList.eventLimit
  }

  init(
    _ plan: RowPlan, input: any EventInput, number: Int, isChecked: Bool, stepLimit: Int
  ) {
    self.stepLimit = stepLimit
    self.plan = plan
    self.input = input
    inputNumber = number
    self.isChecked = isChecked
    checker = EventReader(vocabulary: plan.vocabulary, input: input, isChecked: isChecked)
    events = .allocate(capacity: plan.events.count)
    _ = events.initialize(from: plan.events.map(EventState.init))
    skips = plan.skips.map { ValueCache($0.condition) }
    skipTexts = plan.skips.map(\.reason)
  }

  deinit {
    events.deinitialize().deallocate()
  }

  /// Reads the rows of a block into a chunk.
  func read(_ rows: CSVRows, into chunk: inout DraftChunk) {
    checker.steps = 0
    defer { chunk.steps = checker.steps }
    rows.bytes.withUnsafeBufferPointer { bytes in
      rows.unescaped.withUnsafeBufferPointer { unescaped in
        rows.cells.withUnsafeBufferPointer { cells in
          for row in rows.rows {
            let cells = RowCells(
              bytes: bytes, unescaped: unescaped,
              cells: UnsafeBufferPointer(
                rebasing: cells[row.firstCell..<row.firstCell + row.cellCount]))
            read(row, cells, of: rows, into: &chunk)
            checker.steps += plan.placeCount
            uncounted += plan.placeCount
            if uncounted > Self.countingInterval { countValues() }
            if checker.steps > stepLimit { break }
          }
        }
      }
    }
  }

  /// How many values are remembered: more would fill the memory.
  static let valueLimit = 200_000

  /// Values that are remembered now.
  var valueCount: Int {
    events.reduce(skips.reduce(0) { $0 + $1.count }) { $0 + $1.valueCount }
  }

  /// A value that is worked out takes as long as so many that are found.
  private static let stepsPerValue = 8
  /// Places after which values are counted: seldom for a mapping of the usual size.
  private static let countingInterval = 10_000

  /// Counts new values as steps. Forgets all values when there are too many of them: they are worked
  /// out anew when they come again. What one row has given and another must not give again is in the
  /// chunks too.
  private func countValues() {
    uncounted = 0
    let count = valueCount
    checker.steps += Self.stepsPerValue * (count - countedValues)
    countedValues = count
    guard count > Self.valueLimit else { return }
    for index in events.indices { events[index] = EventState(plan.events[index]) }
    skips = plan.skips.map { ValueCache($0.condition) }
    countedValues = 0
  }

  private func read(
    _ row: CSVRows.Row, _ cells: RowCells, of rows: CSVRows, into chunk: inout DraftChunk
  ) {
    chunk.rowCount += 1
    if row.isFaulty || cells.cells.count != plan.columnCount {
      let format = CSVFormat(delimiter: plan.mapping.delimiter)
      let text = rows.text(row)
      let (faults, more) = CSVFault.all(
        in: text, format: format, columns: plan.columnCount, limit: problemLimit)
      reject(
        row, text, faults.map { RowPlan.problem($0, in: text, line: row.line, file: input.name) },
        more: more, into: &chunk)
      return
    }
    for index in skips.indices {
      let number = skips[index].number(cells, plan)
      guard skips[index].isThere(number) else { continue }
      chunk.skipped[skipTexts[index], default: 0] += 1
      return
    }
    let draftsBefore = chunk.drafts.count
    let onceBefore = chunk.once.count
    var failures: [RowFailure] = []
    for index in events.indices { make(index, row, cells, into: &chunk, &failures) }
    guard !failures.isEmpty else { return }
    // One wrong event keeps the whole row out; what it would have defined is no fault of others.
    chunk.drafts.removeLast(chunk.drafts.count - draftsBefore)
    for once in chunk.once[onceBefore...] { forget(once) }
    // Sources and actors that the row was the first to name are brought in by the next one.
    for index in events.indices { events[index].forgetRightLayouts() }
    chunk.once.removeLast(chunk.once.count - onceBefore)
    fail(row, cells, rows.text(row), failures, into: &chunk)
  }

  // MARK: one event

  /// What is wrong with one leaf of an event.
  private struct RowFailure {
    var event: Int
    /// -1 for its once value, or for the event as a whole.
    var leaf: Int
    var failure: ValueCache.Failure?
  }

  private func make(
    _ index: Int, _ row: CSVRows.Row, _ cells: RowCells, into chunk: inout DraftChunk,
    _ failures: inout [RowFailure]
  ) {
    let once = events[index].openGate(cells, plan)
    switch once {
    case .closed: return
    case .failed(let failure):
      failures.append(RowFailure(event: index, leaf: -1, failure: failure))
      return
    case .open: break
    }
    guard let (mask, isKnown) = events[index].evaluate(cells, plan) else {
      for (leaf, failure) in events[index].failures() {
        failures.append(RowFailure(event: index, leaf: leaf, failure: failure))
      }
      return
    }
    if events[index].isOnlyWhereMissing, isRecorded(events[index]) {
      events[index].closeGate(once)
      return
    }
    let layout = events[index].write(mask)
    let place = InputPlace(input: inputNumber, offset: row.offset, length: row.count)
    if !isKnown || !events[index].layouts[layout].isRight {
      guard check(index, layout, &failures) else { return }
      announce(index, row, place, into: &chunk)
      claim(index, into: &chunk)
    }
    if case .open(let number) = once, number >= 0 {
      events[index].closeGate(once)
      let key = OnceKey(kind: plan.kind.name, event: index, value: events[index].onceText(number))
      chunk.once.append(
        DraftChunk.Once(draft: chunk.drafts.count, key: key, number: number))
    }
    var draft = EventReader.Draft(
      event: events[index].event(), line: row.line, place: place, choices: events[index].choices(),
      hasOwnID: false)
    draft.rule = index
    draft.isCasting = events[index].isCasting()
    chunk.drafts.append(draft)
  }

  /// What an event defines is defined by it alone where others are given only if nothing else is.
  private func claim(_ index: Int, into chunk: inout DraftChunk) {
    guard let (kind, leaf) = plan.events[index].defines else { return }
    let key = OnceKey(
      kind: "", event: -2, value: Array("\(kind.rawValue):\(events[index].string(leaf))".utf8))
    chunk.once.append(
      DraftChunk.Once(
        draft: chunk.drafts.count, key: key, number: -1,
        isClaim: !events[index].isOnlyWhereMissing))
  }

  private func forget(_ once: DraftChunk.Once) {
    if once.key.event >= 0 {
      events[once.key.event].reopenGate(once.number)
    } else {
      registered.remove(String(decoding: once.key.value, as: UTF8.self))
    }
  }

  // MARK: seen for the first time

  /// True when nothing is to be recorded that the store has.
  private func isRecorded(_ state: borrowing EventState) -> Bool {
    if let (kind, leaf) = state.plan.defines {
      let tag = Tag(kind: kind.rawValue, value: state.string(leaf))
      return plan.directory.defined.contains(tag)
    }
    func text(_ pointer: String) -> String? {
      state.plan.leaves.firstIndex { $0.pointer == pointer }.map { state.string($0) }
    }
    guard let actor = text("/data/actor"), let name = text("/data/name") ?? text("/data/value")
    else { return false }
    return plan.directory.has(name, actor)
  }

  /// Reads the event as a line of NDJSON would be read; false when something is wrong.
  private func check(_ index: Int, _ layout: Int, _ failures: inout [RowFailure]) -> Bool {
    dates.add(events[index].time())
    let faults = isChecked ? [] : faults(index)
    for fault in faults {
      let leaf = plan.events[index].leaves.lastIndex { fault.pointer.hasPrefix($0.pointer) }
      let told = RowFault(
        code: fault.code, message: fault.message, help: fault.help, suggestion: fault.suggestion)
      failures.append(RowFailure(event: index, leaf: leaf ?? -1, failure: .fault(told)))
    }
    if faults.isEmpty { events[index].setRight(layout) }
    return faults.isEmpty
  }

  private func faults(_ index: Int) -> [SchemaFault] {
    guard let text = events[index].line() else {
      return [
        SchemaFault(
          code: .missingField, range: 0..<0, pointer: "", message: "the row gives no field at all")
      ]
    }
    var ignored: [Problem] = []
    let place = InputPlace(input: 0, offset: 0, length: 0)
    let draft = text.withUnsafeBufferPointer {
      checker.read($0, line: 1, place: place, problems: &ignored)
    }
    return draft == nil ? checker.faults : []
  }

  /// Captures sources and registers actors that the event is the first to name, and that the
  /// mapping knows and the store does not.
  private func announce(
    _ index: Int, _ row: CSVRows.Row, _ place: InputPlace, into chunk: inout DraftChunk
  ) {
    var named = events[index].named()
    // What vouches for an actor comes before the actor.
    if let first = plan.mapping.sources.first, named.contains(where: { $0.kind == "actor" }) {
      named.append(("source", first.id))
    }
    for kind in ["source", "actor"] {
      for (_, id) in named where named.contains(where: { $0.kind == kind && $0.id == id }) {
        let name = "\(kind):\(id)"
        guard !registered.contains(name), let known = plan.announcement(kind, id) else { continue }
        registered.insert(name)
        var ignored: [Problem] = []
        var reader = EventReader(vocabulary: plan.vocabulary, input: input, isChecked: true)
        let draft = JSONWriter.canonical(known).withUnsafeBufferPointer {
          reader.read($0, line: row.line, place: place, problems: &ignored)
        }
        guard let draft else { continue }
        chunk.once.append(
          DraftChunk.Once(
            draft: chunk.drafts.count, key: OnceKey(kind: "", event: -1, value: Array(name.utf8)),
            number: -1))
        chunk.drafts.append(draft)
      }
    }
  }

  // MARK: what is wrong

  private func fail(
    _ row: CSVRows.Row, _ cells: RowCells, _ text: ArraySlice<UInt8>, _ failures: [RowFailure],
    into chunk: inout DraftChunk
  ) {
    var problems: [Problem] = []
    var more = 0
    var names: Set<[UInt8]> = []
    var values: Set<UnknownNames.Key> = []
    for failure in failures {
      switch failure.failure {
      case .fault(let fault):
        if fault.code == .unknownValue {
          let value = UnknownNames.Value(
            message: fault.message, help: fault.help, table: fault.unlisted?.table,
            suggestion: fault.suggestion)
          let key = UnknownNames.Key(text: Array((fault.unlisted?.text ?? "").utf8), value: value)
          guard values.insert(key).inserted else { continue }
          chunk.unknown.add(key) {
            plan.position(of: cell(failure), in: text, line: row.line, file: input.name)
          }
          continue
        }
        guard problems.count < problemLimit else {
          more += 1
          continue
        }
        let event = plan.events[failure.event]
        let problem = plan.problem(
          fault, cell: cell(failure), in: text, line: row.line, file: input.name,
          pointer: failure.leaf < 0 ? nil : event.leaves[failure.leaf].pointer)
        // The same value may stand in several events of the row.
        if !problems.contains(where: {
          $0.message == problem.message && $0.position == problem.position
        }) {
          problems.append(problem)
        }
      case .unknown(let name):
        guard names.insert(name).inserted else { continue }
        // Of the cells that the value depends on, the one with the name.
        let value = failure.leaf < 0 ? nil : plan.events[failure.event].leaves[failure.leaf].value
        let named = value?.cells.first { cells[$0].elementsEqual(name) }
        chunk.unknown.add(UnknownNames.Key(text: name)) {
          plan.position(of: named ?? cell(failure), in: text, line: row.line, file: input.name)
        }
      case nil: break
      }
    }
    reject(row, text, problems, more: more, into: &chunk)
    for index in events.indices {
      chunk.refusedDefinitions += [events[index].definition(cells, plan)].compactMap(\.self)
    }
  }

  private func reject(
    _ row: CSVRows.Row, _ text: ArraySlice<UInt8>, _ problems: [Problem], more: Int,
    into chunk: inout DraftChunk
  ) {
    reported += problems.count
    var rejected = RejectedLine(input: inputNumber, line: row.line, text: Array(text))
    rejected.problems.append(contentsOf: problems, more: more)
    chunk.unreadable.append(rejected)
  }

  private func cell(_ failure: RowFailure) -> Int? {
    let event = plan.events[failure.event]
    return failure.leaf < 0
      ? event.once?.cells.first : event.leaves[failure.leaf].value.cells.first
  }
}
