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

/// A value's results, by the cells that it depends on.
struct ValueCache {
  enum Kind { case absent, text, failed }

  /// Why there is no value.
  enum Failure {
    case fault(RowFault)
    /// A name that nobody is known by.
    case unknown([UInt8])
  }

  private struct Piece {
    var kind: Kind
    var failure: Failure?
    /// The text, and how JSON writes it.
    var text: [UInt8] = []
    var json: [UInt8] = []
    var isRight = false
    var time: ValidTime?
    var tags: [Tag]?
    var choices: ChoiceSet?
    /// The texts of a list; of anything else the one text.
    var strings: [String] = []
  }

  let value: RowValue
  private var numbers = ByteMap()
  private var pieces: [Piece] = []
  private var key: [UInt8] = []
  private var hash: UInt64 = 0

  /// What a value is used for besides its text.
  enum Role { case plain, date, choice }
  private let role: Role

  init(_ value: RowValue, role: Role = .plain) {
    self.value = value
    self.role = role
  }

  /// The number of the value that the row's cells give; nil when they are new.
  @inline(__always)
  mutating func find(_ cells: RowCells) -> Int? {
    if value.cells.count == 1 {
      let text = cells[value.cells[0]]
      hash = ByteMap.hash(text)
      return numbers.find(text, hash)
    }
    if value.cells.isEmpty, !pieces.isEmpty { return 0 }
    key.removeAll(keepingCapacity: true)
    for cell in value.cells {
      let text = cells[cell]
      // A length before each, so that no two rows look alike.
      withUnsafeBytes(of: UInt32(text.count)) { key.append(contentsOf: $0) }
      key.append(contentsOf: text)
    }
    hash = key.withUnsafeBufferPointer { ByteMap.hash($0) }
    return key.withUnsafeBufferPointer { numbers.find($0, hash) }
  }

  /// Works out a value that `find` has just not found.
  mutating func add(_ cells: RowCells, _ plan: RowPlan) -> Int {
    let evaluator = RowEvaluator(plan: plan, cells: cells.cells.indices.map { Array(cells[$0]) })
    pieces.append(piece(evaluator.outcome(value)))
    if value.cells.count == 1 { return numbers.add(cells[value.cells[0]], hash) }
    return key.withUnsafeBufferPointer { numbers.add($0, hash) }
  }

  private func piece(_ outcome: RowOutcome) -> Piece {
    switch outcome {
    case .absent: return Piece(kind: .absent)
    case .fault(let fault): return Piece(kind: .failed, failure: .fault(fault))
    case .unknown(let name): return Piece(kind: .failed, failure: .unknown(name))
    case .text(let bytes, let form):
      let text = String(decoding: bytes, as: UTF8.self)
      let json: JSON
      switch form {
      case .text: json = .string(text)
      case .integer:
        guard let number = Int64(text) else {
          return Self.fault("\"\(text)\" is not a whole number")
        }
        json = .integer(number)
      case .boolean:
        guard text == "true" || text == "false" else {
          return Self.fault("\"\(text)\" is neither true nor false")
        }
        json = .bool(text == "true")
      case .list(let separator):
        let parts = Self.split(bytes, separator)
        json = .array(parts.map { .string($0) })
      }
      return Piece(
        kind: .text, text: bytes, json: JSONWriter.canonical(json),
        time: role == .date ? (try? EDTF(text))?.validTime : nil,
        choices: role == .choice ? ChoiceSet(json) : nil,
        strings: json.array?.compactMap(\.string) ?? [text])
    }
  }

  private static func fault(_ message: String) -> Piece {
    Piece(kind: .failed, failure: .fault(RowFault(code: .wrongType, message: message)))
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

  // MARK: what is known of a value

  @inline(__always)
  func kind(_ number: Int) -> Kind { pieces[number].kind }

  func failure(_ number: Int) -> Failure? { pieces[number].failure }

  @inline(__always)
  func isRight(_ number: Int) -> Bool { pieces[number].isRight }

  mutating func setRight(_ number: Int) { pieces[number].isRight = true }

  func text(_ number: Int) -> [UInt8] { pieces[number].text }

  func string(_ number: Int) -> String { pieces[number].strings.first ?? "" }

  func strings(_ number: Int) -> [String] { pieces[number].strings }

  func time(_ number: Int) -> ValidTime? { pieces[number].time }

  func choices(_ number: Int) -> ChoiceSet? { pieces[number].choices }

  func appendText(_ number: Int, to target: inout [UInt8]) {
    target.append(contentsOf: pieces[number].text)
  }

  /// False when there is nothing.
  @inline(__always)
  func appendJSON(_ number: Int, to target: inout [UInt8]) -> Bool {
    guard pieces[number].kind == .text else { return false }
    target.append(contentsOf: pieces[number].json)
    return true
  }

  @inline(__always)
  mutating func appendTags(_ number: Int, _ kind: String, to tags: inout [Tag]) {
    if pieces[number].tags == nil {
      pieces[number].tags = pieces[number].strings.compactMap { Self.tag(kind, $0) }
    }
    for tag in pieces[number].tags ?? [] where !tags.contains(tag) { tags.append(tag) }
  }

  private static func tag(_ kind: String, _ text: String) -> Tag? {
    if kind == "source", EventReader.isURL(text) { return nil }
    let value = kind == "name" ? ActorName.folded(text) : text
    return value.isEmpty ? nil : Tag(kind: kind, value: value)
  }
}
