import EventLog

/// One event of a mapping while rows are read: what is known of its values, and the event that is
/// being made.
struct EventState {
  let plan: EventPlan
  let isOnlyWhereMissing: Bool
  private var leaves: [ValueCache]
  private var once: ValueCache?
  private var condition: ValueCache?
  /// By the number of the once value: true when it was given.
  private var given: [Bool] = []
  private(set) var layouts: [EventPlan.Layout] = []
  private let prefix: [UInt8]
  private let tagLeaves: [Int]
  /// For each leaf the number of its value in this row.
  private var numbers: [Int]
  /// What the id is made from: type, date, and behind them the body.
  private var text: [UInt8] = []
  private var bodyStart = 0

  init(_ plan: EventPlan) {
    self.plan = plan
    isOnlyWhereMissing = plan.event.isOnlyWhereMissing
    leaves = plan.leaves.enumerated().map { index, leaf in
      ValueCache(
        leaf.value, isDate: index == plan.on, isChoice: index == plan.choice,
        tagKind: plan.tags.first { $0.leaf == index }?.kind,
        meaningless: NormalForm.meaningless(at: leaf.pointer, of: plan.definition))
    }
    once = plan.once.map { ValueCache($0) }
    condition = plan.condition.map { ValueCache($0) }
    prefix = Array("\(plan.definition.type.name).v\(plan.definition.type.version)\n".utf8)
    numbers = Array(repeating: 0, count: plan.leaves.count)
    tagLeaves = plan.tags.map(\.leaf)
  }

  /// How many values are remembered.
  var valueCount: Int {
    leaves.reduce((once?.count ?? 0) + (condition?.count ?? 0)) { $0 + $1.count }
  }

  // MARK: whether there is an event at all

  enum Gate {
    case closed
    /// With the number of the once value; -1 when there is none.
    case open(Int)
    case failed(ValueCache.Failure?)
  }

  /// Looks at the condition, and whether the event was given before.
  mutating func openGate(_ cells: RowCells, _ rows: RowPlan) -> Gate {
    if condition != nil {
      let number = condition!.number(cells, rows)
      switch condition!.kind(number) {
      case .absent: return .closed
      case .failed: return .failed(condition!.failure(number))
      case .text, .right: break
      }
    }
    guard once != nil else { return .open(-1) }
    let number = once!.number(cells, rows)
    switch once!.kind(number) {
    case .absent: return .closed
    case .failed: return .failed(once!.failure(number))
    case .text, .right: break
    }
    while given.count <= number { given.append(false) }
    return given[number] ? .closed : .open(number)
  }

  mutating func closeGate(_ gate: Gate) {
    if case .open(let number) = gate, number >= 0 { given[number] = true }
  }

  mutating func reopenGate(_ number: Int) {
    if number >= 0 { given[number] = false }
  }

  func onceText(_ number: Int) -> [UInt8] { once?.text(number) ?? [] }

  // MARK: the values

  /// Finds the values of a row: which leaves are there, and whether all of them were right before;
  /// nil when one cannot be had.
  mutating func evaluate(_ cells: RowCells, _ rows: RowPlan) -> (mask: UInt64, isKnown: Bool)? {
    var mask: UInt64 = 0
    var isKnown = plan.isFieldwise
    var hasFailed = false
    for leaf in leaves.indices {
      let number = leaves[leaf].number(cells, rows)
      numbers[leaf] = number
      switch leaves[leaf].kind(number) {
      case .right: mask |= 1 << UInt64(leaf)
      case .text:
        mask |= 1 << UInt64(leaf)
        isKnown = false
      case .absent: break
      case .failed: hasFailed = true
      }
    }
    return hasFailed ? nil : (mask, isKnown)
  }

  func failures() -> [(leaf: Int, failure: ValueCache.Failure)] {
    leaves.indices.compactMap { leaf in
      leaves[leaf].failure(numbers[leaf]).map { (leaf, $0) }
    }
  }

  /// What the row would have defined, where its id can be had.
  mutating func definition(_ cells: RowCells, _ rows: RowPlan) -> Tag? {
    guard let (kind, leaf) = plan.defines else { return nil }
    let number = leaves[leaf].number(cells, rows)
    guard leaves[leaf].isThere(number) else { return nil }
    return Tag(kind: kind.rawValue, value: leaves[leaf].string(number))
  }

  /// All values, and all of them together, were found right.
  mutating func setRight(_ layout: Int) {
    for leaf in leaves.indices { leaves[leaf].setRight(numbers[leaf]) }
    layouts[layout].isRight = true
  }

  /// Forgets that values were found right together: what the event brings into the record beside itself
  /// is looked at again.
  mutating func forgetRightLayouts() {
    for index in layouts.indices { layouts[index].isRight = false }
  }

  // MARK: the event

  /// Writes the event; returns the number of its layout.
  mutating func write(_ mask: UInt64) -> Int {
    let index = layouts.firstIndex { $0.mask == mask } ?? layouts.count
    if index == layouts.count { layouts.append(plan.layout(mask)) }
    text.removeAll(keepingCapacity: true)
    text.append(contentsOf: prefix)
    if let on = plan.on { leaves[on].appendText(numbers[on], to: &text) }
    text.append(UInt8(ascii: "\n"))
    bodyStart = text.count
    let layout = layouts[index]
    var start = 0
    for (end, leaf) in layout.leaves {
      text.append(contentsOf: layout.bytes[start..<end])
      leaves[leaf].appendJSON(numbers[leaf], to: &text)
      start = end
    }
    text.append(contentsOf: layout.bytes[start...])
    return index
  }

  func event() -> NewEvent {
    let time = time()
    var tags: [Tag] = []
    tags.reserveCapacity(tagLeaves.count)
    for leaf in tagLeaves { leaves[leaf].appendTags(numbers[leaf], to: &tags) }
    return NewEvent(
      id: EventReader.derivedID(hashing: text, time: time), type: plan.definition.type, tags: tags,
      time: time, targets: [], canonicalBody: Array(text[bodyStart...]))
  }

  func time() -> ValidTime? { plan.on.flatMap { leaves[$0].time(numbers[$0]) } }

  func choices() -> ChoiceSet? { plan.choice.flatMap { leaves[$0].choices(numbers[$0]) } }

  func isCasting() -> Bool {
    plan.casting.map { leaves[$0].text(numbers[$0]).elementsEqual("true".utf8) } ?? false
  }

  func string(_ leaf: Int) -> String { leaves[leaf].string(numbers[leaf]) }

  /// Entities that the event names.
  func named() -> [(kind: String, id: String)] {
    plan.tags.flatMap { kind, leaf in
      leaves[leaf].strings(numbers[leaf]).map { (kind, $0) }
    }
  }

  /// The event as a line of the import format; nil when it has no field at all.
  func line() -> [UInt8]? {
    guard text.count - bodyStart > 2 else { return nil }
    var line = Array("{\"type\":\"\(plan.definition.type.name)\",".utf8)
    line += Array("\"version\":\(plan.definition.type.version),".utf8)
    if let on = plan.on, leaves[on].isThere(numbers[on]) {
      line += Array("\"on\":".utf8)
      leaves[on].appendJSON(numbers[on], to: &line)
      line.append(UInt8(ascii: ","))
    }
    return line + text[(bodyStart + 1)...]
  }
}
