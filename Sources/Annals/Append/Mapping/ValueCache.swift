import EventLog

/// The cells of one row.
struct RowCells {
  let bytes: UnsafeBufferPointer<UInt8>
  let unescaped: UnsafeBufferPointer<UInt8>
  let cells: UnsafeBufferPointer<CSVRows.Cell>

  @inline(__always)
  subscript(_ index: Int) -> UnsafeBufferPointer<UInt8> {
    let cell = cells[index]
    let start = Int(cell.start)
    let all = cell.isUnescaped ? unescaped : bytes
    return UnsafeBufferPointer(rebasing: all[start..<start + cell.count])
  }
}

/// A value's results, by the cells that it depends on: each is worked out once. A class: as a value
/// it would be copied, tables and all, wherever one of many is asked.
final class ValueCache {
  enum Kind: UInt8 {
    case absent, text
    /// A text that was right in its place.
    case right
    case failed
  }

  /// Why there is no value.
  enum Failure {
    case fault(RowFault)
    /// A name that nobody is known by.
    case unknown([UInt8])
  }

  let value: RowValue
  /// Whether the value is a date or a vote's choice, and under which tags it is filed.
  private let isDate: Bool
  private let isChoice: Bool
  private let tagKind: String?
  /// The one cell that it depends on; -1 when there are several or none.
  private let cell: Int
  private var numbers = ByteMap()
  private var key: [UInt8] = []
  private var hash: UInt64 = 0

  // By number.
  private var kinds: [Kind] = []
  private var json: [UInt8] = []
  private var jsonEnds: [Int] = []
  private var texts: [[UInt8]] = []
  /// The texts of a list; of anything else the one text.
  private var lists: [[String]] = []
  private var tags: [[Tag]] = []
  private var times: [ValidTime?] = []
  private var choices: [ChoiceSet?] = []
  private var failures: [Int: Failure] = [:]

  /// What means the same as no value at all, as JSON.
  private let meaningless: [UInt8]?

  init(
    _ value: RowValue, isDate: Bool = false, isChoice: Bool = false, tagKind: String? = nil,
    meaningless: [UInt8]? = nil
  ) {
    self.value = value
    self.meaningless = meaningless
    self.isDate = isDate
    self.isChoice = isChoice
    self.tagKind = tagKind
    cell = value.cells.count == 1 ? value.cells[0] : -1
  }

  /// How many values there are.
  var count: Int { kinds.count }

  /// The number of the value that the row's cells give.
  @inline(__always)
  func number(_ cells: RowCells, _ plan: RowPlan) -> Int {
    if cell >= 0 {
      let text = cells[cell]
      hash = ByteMap.hash(text)
      return numbers.find(text, hash) ?? add(cells, plan)
    }
    if value.cells.isEmpty { return kinds.isEmpty ? add(cells, plan) : 0 }
    key.removeAll(keepingCapacity: true)
    for cell in value.cells {
      let text = cells[cell]
      // A length before each, so that no two rows look alike.
      withUnsafeBytes(of: UInt32(text.count)) { key.append(contentsOf: $0) }
      key.append(contentsOf: text)
    }
    hash = key.withUnsafeBufferPointer { ByteMap.hash($0) }
    return key.withUnsafeBufferPointer { numbers.find($0, hash) } ?? add(cells, plan)
  }

  /// Works out a value that has not been seen.
  @inline(never)
  private func add(_ cells: RowCells, _ plan: RowPlan) -> Int {
    let evaluator = RowEvaluator(plan: plan, cells: cells.cells.indices.map { Array(cells[$0]) })
    take(evaluator.outcome(value))
    if cell >= 0 { return numbers.add(cells[cell], hash) }
    return key.withUnsafeBufferPointer { numbers.add($0, hash) }
  }

  private func take(_ outcome: RowOutcome) {
    var content: (text: [UInt8], json: JSON)?
    switch outcome {
    case .absent: kinds.append(.absent)
    case .fault(let fault): fail(.fault(fault))
    case .unknown(let name): fail(.unknown(name))
    case .text(let bytes, let form):
      do throws(RowFault) {
        let json = try Self.json(bytes, form)
        if let meaningless, meaningless == JSONWriter.canonical(json) {
          kinds.append(.absent)
        } else {
          content = (bytes, json)
          kinds.append(.text)
        }
      } catch {
        fail(.fault(error))
      }
    }
    if let content { json += JSONWriter.canonical(content.json) }
    jsonEnds.append(json.count)
    texts.append(content?.text ?? [])
    let list =
      content.map { content in
        content.json.array?.compactMap(\.string) ?? [String(decoding: content.text, as: UTF8.self)]
      } ?? []
    lists.append(list)
    if let tagKind { tags.append(list.compactMap { Self.tag(tagKind, $0) }) }
    if isDate { times.append(list.first.flatMap { try? EDTF($0).validTime }) }
    if isChoice { choices.append(content.flatMap { ChoiceSet($0.json) }) }
  }

  private func fail(_ failure: Failure) {
    failures[kinds.count] = failure
    kinds.append(.failed)
  }

  private static func json(
    _ bytes: [UInt8], _ form: MappedValue.Form
  ) throws(RowFault) -> JSON {
    let text = String(decoding: bytes, as: UTF8.self)
    switch form {
    case .text: return .string(text)
    case .integer:
      if let number = WholeNumber.value(bytes) { return .integer(number) }
      throw RowFault(code: .wrongType, message: "\"\(text)\" is not a whole number")
    case .boolean:
      if text == "true" || text == "false" { return .bool(text == "true") }
      throw RowFault(code: .wrongType, message: "\"\(text)\" is neither true nor false")
    case .list(let separator):
      return .array(split(bytes, separator).map { .string($0) })
    }
  }

  /// The parts of a list, without spaces around them and without empty ones.
  private static func split(_ bytes: [UInt8], _ separator: [UInt8]) -> [String] {
    var parts: [[UInt8]] = [[]]
    var at = 0
    while at < bytes.count {
      if !separator.isEmpty, bytes[at...].starts(with: separator) {
        parts.append([])
        at += separator.count
      } else {
        parts[parts.count - 1].append(bytes[at])
        at += 1
      }
    }
    return parts.map { part in
      let isSpace: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 }
      let rest = Array(part.drop(while: isSpace).reversed().drop(while: isSpace).reversed())
      return String(decoding: rest, as: UTF8.self)
    }.filter { !$0.isEmpty }
  }

  private static func tag(_ kind: String, _ text: String) -> Tag? {
    if kind == "source", Citation.isURL(text) { return nil }
    let value = kind == "name" ? ActorName.folded(text) : text
    return value.isEmpty ? nil : Tag(kind: kind, value: value)
  }

  // MARK: what is known of a value

  @inline(__always)
  func kind(_ number: Int) -> Kind { kinds[number] }

  /// True when there is a value.
  @inline(__always)
  func isThere(_ number: Int) -> Bool { kinds[number] == .text || kinds[number] == .right }

  func setRight(_ number: Int) {
    if kinds[number] == .text { kinds[number] = .right }
  }

  func failure(_ number: Int) -> Failure? { failures[number] }

  func text(_ number: Int) -> [UInt8] { texts[number] }

  func string(_ number: Int) -> String { lists[number].first ?? "" }

  func strings(_ number: Int) -> [String] { lists[number] }

  func time(_ number: Int) -> ValidTime? { times[number] }

  func choices(_ number: Int) -> ChoiceSet? { choices[number] }

  @inline(__always)
  func appendText(_ number: Int, to target: inout [UInt8]) {
    target.append(contentsOf: texts[number])
  }

  @inline(__always)
  func appendJSON(_ number: Int, to target: inout [UInt8]) {
    let start = number == 0 ? 0 : jsonEnds[number - 1]
    let end = jsonEnds[number]
    json.withUnsafeBufferPointer {
      target.append(contentsOf: UnsafeBufferPointer(rebasing: $0[start..<end]))
    }
  }

  @inline(__always)
  func appendTags(_ number: Int, to target: inout [Tag]) {
    for tag in tags[number] where !target.contains(tag) { target.append(tag) }
  }
}
