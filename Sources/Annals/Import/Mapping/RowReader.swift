import Crypto
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
  private var events: [EventState]
  private var skips: [ValueCache]
  private let skipTexts: [String]
  private var line: [UInt8] = []
  private var registered: Set<String> = []
  private(set) var dates = DateSpan()

  init(_ plan: RowPlan, input: any EventInput, number: Int, isChecked: Bool) {
    self.plan = plan
    self.input = input
    inputNumber = number
    self.isChecked = isChecked
    checker = EventReader(vocabulary: plan.vocabulary, input: input, isChecked: isChecked)
    events = plan.events.map(EventState.init)
    skips = plan.skips.map { ValueCache($0.condition) }
    skipTexts = plan.skips.map(\.reason)
  }

  /// What is known of one event of the mapping.
  private struct EventState {
    let plan: EventPlan
    var leaves: [ValueCache]
    var once: ValueCache?
    var condition: ValueCache?
    /// By the number of the once value: true when it was given.
    var given: [Bool] = []
    /// Sets of fields that were right together.
    var rightMasks: Set<UInt64> = []
    var prefix: [UInt8]
    var pieces: [Int]

    init(_ plan: EventPlan) {
      self.plan = plan
      leaves = plan.leaves.enumerated().map { index, leaf in
        ValueCache(
          leaf.value, role: index == plan.on ? .date : index == plan.choice ? .choice : .plain)
      }
      once = plan.once.map { ValueCache($0) }
      condition = plan.condition.map { ValueCache($0) }
      prefix = Array("\(plan.definition.type.name).v\(plan.definition.type.version)\n".utf8)
      pieces = Array(repeating: 0, count: plan.leaves.count)
    }
  }

  /// Reads some rows of a block into a chunk.
  func read(_ rows: CSVRows, _ range: Range<Int>, into chunk: inout InputScan.Chunk) {
    rows.bytes.withUnsafeBufferPointer { bytes in
      rows.unescaped.withUnsafeBufferPointer { unescaped in
        rows.cells.withUnsafeBufferPointer { cells in
          for index in range {
            let row = rows.rows[index]
            let cellsOfRow = RowCells(
              bytes: bytes, unescaped: unescaped,
              cells: UnsafeBufferPointer(
                rebasing: cells[row.firstCell..<row.firstCell + row.cellCount]))
            read(row, cellsOfRow, of: rows, into: &chunk)
          }
        }
      }
    }
  }

  private func read(
    _ row: CSVRows.Row, _ cells: RowCells, of rows: CSVRows, into chunk: inout InputScan.Chunk
  ) {
    chunk.rowCount += 1
    if row.isFaulty || cells.cells.count != plan.columnCount {
      chunk.unreadable.append(
        InputScan.Rejected(
          input: inputNumber, line: row.line, text: Array(rows.text(row)),
          problems: CSVFault.all(
            in: rows.text(row), format: format, columns: plan.columnCount
          ).map { problem($0, in: rows.text(row), line: row.line) }))
      return
    }
    for index in skips.indices where isThere(&skips[index], cells) {
      chunk.skipped[skipTexts[index], default: 0] += 1
      return
    }
    let draftsBefore = chunk.drafts.count
    let onceBefore = chunk.once.count
    var failures: [RowFailure] = []
    for index in events.indices {
      make(index, row, cells, into: &chunk, &failures)
    }
    guard !failures.isEmpty else { return }
    // One wrong event keeps the whole row out; what it would have defined is no fault of others.
    chunk.drafts.removeLast(chunk.drafts.count - draftsBefore)
    for key in chunk.once[onceBefore...] { forget(key) }
    chunk.once.removeLast(chunk.once.count - onceBefore)
    fail(row, cells, rows.text(row), failures, into: &chunk)
  }

  private var format: CSVFormat { CSVFormat(delimiter: plan.mapping.delimiter) }

  // MARK: one event

  /// What is wrong with one leaf of an event.
  struct RowFailure {
    var event: Int
    var leaf: Int
    var failure: ValueCache.Failure?
  }

  private func make(
    _ index: Int, _ row: CSVRows.Row, _ cells: RowCells, into chunk: inout InputScan.Chunk,
    _ failures: inout [RowFailure]
  ) {
    if events[index].condition != nil, !isThere(&events[index].condition!, cells) { return }
    var onceNumber = -1
    if events[index].once != nil {
      onceNumber = number(&events[index].once!, cells)
      switch events[index].once!.kind(onceNumber) {
      case .absent: return
      case .text: break
      case .failed:
        failures.append(
          RowFailure(event: index, leaf: -1, failure: events[index].once!.failure(onceNumber)))
        return
      }
      while events[index].given.count <= onceNumber { events[index].given.append(false) }
      if events[index].given[onceNumber] { return }
    }
    let failuresBefore = failures.count
    var mask: UInt64 = 0
    var isKnown = events[index].plan.isFieldwise
    for leaf in events[index].leaves.indices {
      let piece = number(&events[index].leaves[leaf], cells)
      events[index].pieces[leaf] = piece
      switch events[index].leaves[leaf].kind(piece) {
      case .absent: break
      case .text:
        mask |= 1 << UInt64(leaf & 63)
        isKnown = isKnown && events[index].leaves[leaf].isRight(piece)
      case .failed:
        failures.append(
          RowFailure(event: index, leaf: leaf, failure: events[index].leaves[leaf].failure(piece)))
      }
    }
    if failures.count > failuresBefore { return }
    isKnown = isKnown && events[index].rightMasks.contains(mask)
    if events[index].plan.event.isOnlyWhereMissing, isRecorded(events[index]) {
      if onceNumber >= 0 { events[index].given[onceNumber] = true }
      return
    }
    write(index)
    let place = InputPlace(input: inputNumber, offset: row.offset, length: row.count)
    if !isKnown {
      guard check(index, mask, row, &failures) else { return }
      announce(index, row, place, into: &chunk)
    }
    if onceNumber >= 0 {
      events[index].given[onceNumber] = true
      chunk.once.append(
        InputScan.Chunk.Once(
          draft: chunk.drafts.count,
          key: OnceKey(
            kind: plan.kind.name, event: index, value: events[index].once!.text(onceNumber)),
          number: onceNumber))
    }
    if !isKnown, let (kind, leaf) = plan.events[index].defines {
      let id = events[index].leaves[leaf].string(events[index].pieces[leaf])
      chunk.once.append(
        InputScan.Chunk.Once(
          draft: chunk.drafts.count,
          key: OnceKey(kind: "", event: -2, value: Array("\(kind.rawValue):\(id)".utf8)),
          number: -1, isClaim: !plan.events[index].event.isOnlyWhereMissing))
    }
    var draft = EventReader.Draft(
      event: event(index), line: row.line, place: place, choices: choices(index), hasOwnID: false)
    draft.rule = index
    chunk.drafts.append(draft)
  }

  private func forget(_ once: InputScan.Chunk.Once) {
    if once.key.event >= 0 {
      events[once.key.event].given[once.number] = false
    } else {
      registered.remove(String(decoding: once.key.value, as: UTF8.self))
    }
  }

  /// The value's number in its cache.
  @inline(__always)
  private func number(_ cache: inout ValueCache, _ cells: RowCells) -> Int {
    if let known = cache.find(cells) { return known }
    return cache.add(cells, plan)
  }

  private func isThere(_ cache: inout ValueCache, _ cells: RowCells) -> Bool {
    let found = number(&cache, cells)
    return cache.kind(found) == .text
  }

  // MARK: the body

  /// Writes what the id is made from into `line`: type, date, and the body behind them.
  private func write(_ index: Int) {
    line.removeAll(keepingCapacity: true)
    line.append(contentsOf: events[index].prefix)
    if let on = events[index].plan.on {
      events[index].leaves[on].appendText(events[index].pieces[on], to: &line)
    }
    line.append(UInt8(ascii: "\n"))
    bodyStart = line.count
    _ = append(events[index].plan.body, events[index])
  }

  private var bodyStart = 0

  /// Appends a part of the body; false when nothing of it is there.
  private func append(_ node: EventPlan.Node, _ state: borrowing EventState) -> Bool {
    switch node {
    case .leaf(let leaf):
      return state.leaves[leaf].appendJSON(state.pieces[leaf], to: &line)
    case .object(let members):
      let start = line.count
      line.append(UInt8(ascii: "{"))
      var isEmpty = true
      for member in members {
        let before = line.count
        if !isEmpty { line.append(UInt8(ascii: ",")) }
        line.append(contentsOf: member.key)
        if append(member.node, state) {
          isEmpty = false
        } else {
          line.removeLast(line.count - before)
        }
      }
      if isEmpty {
        line.removeLast(line.count - start)
        return false
      }
      line.append(UInt8(ascii: "}"))
      return true
    case .list(let nodes):
      let start = line.count
      line.append(UInt8(ascii: "["))
      var isEmpty = true
      for node in nodes {
        let before = line.count
        if !isEmpty { line.append(UInt8(ascii: ",")) }
        if append(node, state) { isEmpty = false } else { line.removeLast(line.count - before) }
      }
      if isEmpty {
        line.removeLast(line.count - start)
        return false
      }
      line.append(UInt8(ascii: "]"))
      return true
    }
  }

  /// The event that stands in `line`.
  private func event(_ index: Int) -> NewEvent {
    let plan = events[index].plan
    let time = plan.on.flatMap { events[index].leaves[$0].time(events[index].pieces[$0]) }
    var tags: [Tag] = []
    tags.reserveCapacity(plan.tags.count)
    for (kind, leaf) in plan.tags {
      events[index].leaves[leaf].appendTags(events[index].pieces[leaf], kind, to: &tags)
    }
    let id = EventReader.derivedID(hashing: line, time: time)
    return NewEvent(
      id: id, type: plan.definition.type, tags: tags, time: time, targets: [],
      body: Array(line[bodyStart...]))
  }

  private func choices(_ index: Int) -> ChoiceSet? {
    guard let leaf = events[index].plan.choice else { return nil }
    return events[index].leaves[leaf].choices(events[index].pieces[leaf])
  }

  // MARK: seen for the first time

  /// True when nothing is to be recorded that the store has.
  private func isRecorded(_ state: borrowing EventState) -> Bool {
    func text(_ pointer: String) -> String? {
      guard let leaf = state.plan.leaves.firstIndex(where: { $0.pointer == pointer }) else {
        return nil
      }
      return state.leaves[leaf].string(state.pieces[leaf])
    }
    if let (kind, leaf) = state.plan.defines {
      let id = state.leaves[leaf].string(state.pieces[leaf])
      return plan.directory.defined.contains(Tag(kind: kind.rawValue, value: id))
    }
    guard let actor = text("/data/actor"), let name = text("/data/name") ?? text("/data/value")
    else { return false }
    return plan.directory.has(name, actor)
  }

  /// Reads the event as a line of NDJSON would be read; false when something is wrong.
  private func check(
    _ index: Int, _ mask: UInt64, _ row: CSVRows.Row, _ failures: inout [RowFailure]
  ) -> Bool {
    if let on = events[index].plan.on {
      dates.add(events[index].leaves[on].time(events[index].pieces[on]))
    }
    if !isChecked {
      let found = faults(index)
      if !found.isEmpty {
        for fault in found {
          let leaf = events[index].plan.leaves.lastIndex { fault.pointer.hasPrefix($0.pointer) }
          failures.append(
            RowFailure(
              event: index, leaf: leaf ?? -1,
              failure: .fault(
                RowFault(
                  code: fault.code, message: fault.message, help: fault.help,
                  suggestion: fault.suggestion))))
        }
        return false
      }
    }
    for leaf in events[index].leaves.indices where mask & 1 << UInt64(leaf & 63) != 0 {
      events[index].leaves[leaf].setRight(events[index].pieces[leaf])
    }
    events[index].rightMasks.insert(mask)
    return true
  }

  private func faults(_ index: Int) -> [SchemaFault] {
    if line.count - bodyStart <= 2 {
      return [
        SchemaFault(
          code: .missingField, range: 0..<0, pointer: "", message: "the row gives no field at all")
      ]
    }
    var text = Array("{\"type\":\"\(events[index].plan.definition.type.name)\",".utf8)
    text += Array("\"version\":\(events[index].plan.definition.type.version),".utf8)
    if let on = events[index].plan.on {
      let before = text.count
      text += Array("\"on\":".utf8)
      if events[index].leaves[on].appendJSON(events[index].pieces[on], to: &text) {
        text.append(UInt8(ascii: ","))
      } else {
        text.removeLast(text.count - before)
      }
    }
    text += line[(bodyStart + 1)...]
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
    _ index: Int, _ row: CSVRows.Row, _ place: InputPlace, into chunk: inout InputScan.Chunk
  ) {
    let plan = events[index].plan
    var named: [(kind: String, id: String)] = []
    for (kind, leaf) in plan.tags {
      for id in events[index].leaves[leaf].strings(events[index].pieces[leaf]) {
        named.append((kind, id))
      }
    }
    // What vouches for an actor comes before the actor.
    if let first = self.plan.mapping.sources.first, named.contains(where: { $0.kind == "actor" }) {
      named.append(("source", first.id))
    }
    for kind in ["source", "actor"] {
      for (_, id) in named where named.contains(where: { $0.kind == kind && $0.id == id }) {
        guard !registered.contains("\(kind):\(id)"), let known = self.plan.announcement(kind, id)
        else { continue }
        registered.insert("\(kind):\(id)")
        var ignored: [Problem] = []
        var reader = EventReader(vocabulary: self.plan.vocabulary, input: input, isChecked: true)
        let text = JSONWriter.canonical(known)
        let draft = text.withUnsafeBufferPointer {
          reader.read($0, line: row.line, place: place, problems: &ignored)
        }
        guard var draft else { continue }
        draft.rule = -1
        chunk.once.append(
          InputScan.Chunk.Once(
            draft: chunk.drafts.count,
            key: OnceKey(kind: "", event: -1, value: Array("\(kind):\(id)".utf8)), number: -1))
        chunk.drafts.append(draft)
      }
    }
  }

  // MARK: what is wrong

  private func fail(
    _ row: CSVRows.Row, _ cells: RowCells, _ text: ArraySlice<UInt8>, _ failures: [RowFailure],
    into chunk: inout InputScan.Chunk
  ) {
    var problems: [Problem] = []
    var names: Set<[UInt8]> = []
    for failure in failures {
      switch failure.failure {
      case .fault(let fault):
        let cell = cell(failure)
        problems.append(
          plan.problem(
            fault, cell: cell, in: text, line: row.line, file: input.name,
            pointer: failure.leaf < 0
              ? nil : plan.events[failure.event].leaves[failure.leaf].pointer))
      case .unknown(let name):
        guard names.insert(name).inserted else { continue }
        let position = plan.position(of: cell(failure), in: text, line: row.line, file: input.name)
        chunk.unknown.add(name, at: position)
      default: break
      }
    }
    var seen: Set<Problem> = []
    chunk.unreadable.append(
      InputScan.Rejected(
        input: inputNumber, line: row.line, text: Array(text),
        problems: problems.filter { seen.insert($0).inserted }))
    for index in events.indices {
      guard let (kind, leaf) = plan.events[index].defines else { continue }
      let piece = number(&events[index].leaves[leaf], cells)
      if events[index].leaves[leaf].kind(piece) == .text {
        chunk.refusedDefinitions.append(
          Tag(kind: kind.rawValue, value: events[index].leaves[leaf].string(piece)))
      }
    }
  }

  private func cell(_ failure: RowFailure) -> Int? {
    let event = plan.events[failure.event]
    return failure.leaf < 0
      ? event.once?.cells.first : event.leaves[failure.leaf].value.cells.first
  }

  private func problem(_ fault: CSVFault, in text: ArraySlice<UInt8>, line: Int) -> Problem {
    RowPlan.problem(fault, in: text, line: line, file: input.name)
  }
}

/// Names something that is given once in a whole import.
struct OnceKey: Hashable, Sendable {
  var kind: String
  var event: Int
  var value: [UInt8]
}

/// The first and the last date of an import, as written.
struct DateSpan: Sendable {
  private(set) var first: ValidTime?
  private(set) var last: ValidTime?

  mutating func add(_ time: ValidTime?) {
    guard let time, time.earliest != .min, time.latest != .max else { return }
    if first.map({ time.earliest < $0.earliest }) ?? true { first = time }
    if last.map({ time.latest > $0.latest }) ?? true { last = time }
  }

  mutating func add(_ other: DateSpan) {
    add(other.first)
    add(other.last)
  }
}
