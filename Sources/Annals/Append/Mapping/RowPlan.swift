import EventLog

/// A mapping made ready for the rows of one file: names are numbers of cells.
final class RowPlan: Sendable {
  let mapping: Mapping
  let kind: MappedKind
  let vocabulary: Vocabulary
  let directory: ActorDirectory
  let columnCount: Int
  /// Cells that hold whole numbers.
  let wholeCells: [Int]
  /// Ids that are made of more than one text of the import, each with the first two of them.
  let ambiguousIDs: [[UInt8]: [String]]
  /// Of how many places all values of a row are made, patterns included: what it takes to read one.
  let placeCount: Int
  /// The first line of the file.
  let header: [UInt8]
  let joins: [JoinTable]
  /// For each join, which cells make up the key.
  let joinKeys: [[Int]]
  let skips: [(condition: RowValue, reason: String)]
  let events: [EventPlan]
  /// Values that several rows of the file give, for those that count only where one does: by the
  /// way's number.
  let repeated: [Set<[UInt8]>]
  let alones: [RowCompiler.Alone]

  /// What is known before the rows are read.
  struct Setting {
    var mapping: Mapping
    var vocabulary: Vocabulary
    var directory: ActorDirectory
    var joins: [String: JoinTable]
    var ambiguousIDs: [[UInt8]: [String]] = [:]
  }

  /// `header` holds the names of the columns in the order of the file.
  init(_ kind: MappedKind, header: [String], _ setting: Setting, repeated: [Set<[UInt8]>] = []) {
    mapping = setting.mapping
    self.kind = kind
    vocabulary = setting.vocabulary
    directory = setting.directory
    columnCount = header.count
    wholeCells = header.indices.filter { kind.wholeColumns.contains(header[$0]) }
    ambiguousIDs = setting.ambiguousIDs
    var sizes = ValueSizes(kind, setting.mapping)
    placeCount = kind.allValues.reduce(0) { $0 + (sizes.places(in: $1.value) ?? 0) }
    self.header = header.map { CSVFormat(delimiter: setting.mapping.delimiter).cell($0) }
      .joined(separator: [setting.mapping.delimiter]).map(\.self)
    self.repeated = repeated
    var compiler = RowCompiler(kind: kind, header: header, mapping: setting.mapping)
    let joins = kind.joins.map { setting.joins[$0.kind] ?? JoinTable(columns: [], key: []) }
    let joinKeys = kind.joins.map { join in join.key.compactMap { header.firstIndex(of: $0) } }
    compiler.joins = kind.joins.enumerated().map { index, join in
      (join.kind, joins[index].columns, joinKeys[index])
    }
    self.joins = joins
    self.joinKeys = joinKeys
    skips = kind.skips.map { (compiler.condition($0.condition), $0.reason) }
    events = kind.events.compactMap { event in
      setting.vocabulary.definition(event.type, version: event.version).map {
        EventPlan(event, $0, &compiler)
      }
    }
    alones = compiler.alones
  }
}

/// Where a value comes from, in numbers of cells.
struct RowValue: Sendable {
  var ways: [Way]
  /// The cells of the row on which it depends, in order.
  var cells: [Int]

  indirect enum Source: Sendable {
    case literal([UInt8])
    case cell(Int)
    /// A column of the joined row.
    case joined(join: Int, column: Int)
    case value(RowValue)
  }

  struct Part: Sendable {
    var source: Source
    var table: [[UInt8]: [UInt8]]?
    /// As the mapping names it.
    var name: String
  }

  struct Test: Sendable {
    var parts: [Part]
    var test: MappedCondition.Test
  }

  struct Way: Sendable {
    var parts: [Part]
    var tests: [Test]
    var rule: MappedValue.Way
    var table: [[UInt8]: [UInt8]]?
    var rewriteTables: [String: [[UInt8]: [UInt8]]] = [:]
    /// Number among those that count only where no other row gives them.
    var alone: Int?
  }
}

/// Turns names into numbers of cells.
struct RowCompiler {
  let kind: MappedKind
  let header: [String]
  let mapping: Mapping
  var joins: [(kind: String, columns: [String], key: [Int])] = []
  private var tables: [String: [[UInt8]: [UInt8]]] = [:]
  private let columns: [String: Int]
  private let values: [String: MappedValue]
  /// Values that count only where one row gives them.
  private(set) var alones: [Alone] = []

  /// A value that counts only where no other row of its file gives it.
  struct Alone: Hashable, Sendable {
    /// The join by which its row is found; nil for the row itself.
    var join: Int?
    /// The same for the same value, whichever file it is used by.
    var name: String
  }

  init(kind: MappedKind, header: [String], mapping: Mapping) {
    self.kind = kind
    self.header = header
    self.mapping = mapping
    columns = Dictionary(header.enumerated().map { ($1, $0) }) { first, _ in first }
    values = Dictionary(kind.values.map { ($0.name, $0.value) }) { first, _ in first }
  }

  mutating func value(_ value: MappedValue) -> RowValue {
    var cells: Set<Int> = []
    return self.value(value, label: nil, join: nil, &cells)
  }

  /// A value that is there when the condition holds.
  mutating func condition(_ condition: MappedCondition) -> RowValue {
    value(condition.value)
  }

  private mutating func value(
    _ value: MappedValue, label: String?, join: Int?, _ cells: inout Set<Int>
  ) -> RowValue {
    var ways: [RowValue.Way] = []
    for (index, rule) in value.ways.enumerated() {
      var way = RowValue.Way(
        parts: parts(rule.template, join, &cells),
        tests: (rule.condition?.tests ?? []).map {
          RowValue.Test(parts: parts($0.template, join, &cells), test: $0)
        },
        rule: rule, table: rule.table.flatMap { table($0) })
      for case .reference(_, .some(let name)) in rule.rewrites.flatMap(\.result.parts) {
        way.rewriteTables[name] = table(name)
      }
      if rule.isAlone {
        // The same value used twice is the same one: counted once.
        let alone = Alone(join: join, name: "\(label ?? "#\(alones.count)") \(index)")
        let number = alones.firstIndex(of: alone) ?? alones.count
        if number == alones.count { alones.append(alone) }
        way.alone = number
      }
      ways.append(way)
    }
    return RowValue(ways: ways, cells: cells.sorted())
  }

  private mutating func parts(
    _ template: TextTemplate, _ join: Int?, _ cells: inout Set<Int>
  ) -> [RowValue.Part] {
    template.parts.map { part in
      switch part {
      case .literal(let bytes):
        RowValue.Part(source: .literal(bytes), table: nil, name: "")
      case .reference(let name, let table):
        RowValue.Part(
          source: source(name, join, &cells), table: table.flatMap { self.table($0) }, name: name)
      }
    }
  }

  private mutating func source(
    _ name: String, _ join: Int?, _ cells: inout Set<Int>
  ) -> RowValue.Source {
    if let join {
      cells.formUnion(joins[join].key)
      let other = mapping.files.first { $0.name == joins[join].kind }
      if let named = other?.values.first(where: { $0.name == name }) {
        return .value(value(named.value, label: name, join: join, &cells))
      }
      return .joined(join: join, column: joins[join].columns.firstIndex(of: name) ?? 0)
    }
    if let named = values[name] {
      var own: Set<Int> = []
      let value = self.value(named, label: name, join: nil, &own)
      cells.formUnion(own)
      return .value(value)
    }
    if let cell = columns[name] {
      cells.insert(cell)
      return .cell(cell)
    }
    let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
    if parts.count == 2, let index = joins.firstIndex(where: { $0.kind == parts[0] }) {
      return source(parts[1], index, &cells)
    }
    return .literal([])
  }

  private mutating func table(_ name: String) -> [[UInt8]: [UInt8]]? {
    if let known = tables[name] { return known }
    guard let table = mapping.tables[name] else { return nil }
    let bytes = Dictionary(
      table.map { (Array($0.key.utf8), Array($0.value.utf8)) },
      uniquingKeysWith: { first, _ in first })
    tables[name] = bytes
    return bytes
  }
}

extension TextTemplate {
  init(literal: [UInt8]) { parts = [.literal(literal)] }
}

/// One event of a kind of file, ready to be filled in.
final class EventPlan: Sendable {
  /// One text or number in the event.
  struct Leaf: Sendable {
    var value: RowValue
    /// `/data/official/yes`
    var pointer: String
  }

  /// What is written, in the order in which RFC 8785 has it.
  indirect enum Node: Sendable {
    case leaf(Int)
    case object([(key: [UInt8], node: Node)])
    case list([Node])
  }

  /// So many values one event may take from a row.
  static let leafLimit = 64

  let event: MappedEvent
  let definition: EventTypeDefinition
  /// Envelope texts in the body, the data, the sources.
  let leaves: [Leaf]
  let body: Node
  /// Number of the leaf with the date; it is no part of the body.
  let on: Int?
  let condition: RowValue?
  let once: RowValue?
  /// In the order in which the tags stand in the event.
  let tags: [(kind: String, leaf: Int)]
  /// The leaf that holds the vote's choice.
  let choice: Int?
  /// The leaf that says whether it is a casting vote.
  let casting: Int?
  /// The leaf with the id of what the event defines.
  let defines: (kind: EntityKind, leaf: Int)?
  /// True when a value that was right once is right in any other row.
  let isFieldwise: Bool

  init(_ event: MappedEvent, _ definition: EventTypeDefinition, _ compiler: inout RowCompiler) {
    self.event = event
    self.definition = definition
    var leaves: [Leaf] = []
    func leaf(_ value: MappedValue, _ pointer: String, _ compiler: inout RowCompiler) -> Node {
      leaves.append(Leaf(value: compiler.value(value), pointer: pointer))
      return .leaf(leaves.count - 1)
    }
    func object(_ fields: [MappedField], _ path: String, _ compiler: inout RowCompiler) -> Node {
      let sorted = fields.sorted { $0.name.utf16.lexicographicallyPrecedes($1.name.utf16) }
      return .object(
        sorted.map { field in
          let pointer = "\(path)/\(field.name)"
          let key = JSONWriter.canonical(.string(field.name)) + [UInt8(ascii: ":")]
          switch field.content {
          case .value(let value): return (key, leaf(value, pointer, &compiler))
          case .object(let fields): return (key, object(fields, pointer, &compiler))
          }
        })
    }
    var parts: [(name: String, node: Node)] = []
    var on: Int?
    for (name, value) in event.envelope {
      let node = leaf(value, "/\(name)", &compiler)
      if name == "on" { on = leaves.count - 1 } else { parts.append((name, node)) }
    }
    parts.append(("data", object(event.data, "/data", &compiler)))
    if !event.sources.isEmpty {
      let citations = event.sources.enumerated().map { index, fields in
        object(fields, "/sources/\(index)", &compiler)
      }
      parts.append(("sources", .list(citations)))
    }
    parts.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    body = .object(parts.map { (Array("\"\($0.name)\":".utf8), $0.node) })
    self.on = on
    condition = event.condition.map { compiler.condition($0) }
    once = event.once.map { compiler.value($0) }
    self.leaves = leaves
    func index(_ path: [String]) -> Int? {
      leaves.firstIndex { $0.pointer == "/data/" + path.joined(separator: "/") }
    }
    var tags: [(String, Int)] = []
    for (kind, paths) in definition.schema.tags {
      for path in paths { index(path).map { tags.append((kind, $0)) } }
    }
    for number in event.sources.indices {
      leaves.firstIndex { $0.pointer == "/sources/\(number)/source" }.map {
        tags.append(("source", $0))
      }
    }
    self.tags = tags
    choice = event.type == "vote.cast" ? index(["choice"]) : nil
    casting = event.type == "vote.cast" ? index(["casting"]) : nil
    defines = definition.defines.flatMap { kind, path in index(path).map { (kind, $0) } }
    isFieldwise = Self.isFieldwise(definition.schema, 0, fields: event.data)
  }

  /// True when the objects that the event is made of are judged field by field.
  private static func isFieldwise(
    _ schema: JSONSchema, _ index: Int, fields: [MappedField]
  ) -> Bool {
    let node = schema.nodes[index]
    guard node.reference == nil, node.anyOf.isEmpty, !node.isEnumerated else { return false }
    return fields.allSatisfy { field in
      guard case .object(let inner) = field.content else { return true }
      guard let property = node.properties.first(where: { $0.name == field.name }) else {
        return false
      }
      return isFieldwise(schema, property.schema, fields: inner)
    }
  }

  /// How the body is written where just some of the leaves are there: a run of ready bytes before
  /// each leaf, and one behind the last.
  struct Layout {
    var mask: UInt64
    /// True when these fields were right together.
    var isRight = false
    var bytes: [UInt8] = []
    /// Where the run before each leaf ends, and which leaf it is.
    var leaves: [(end: Int, leaf: Int)] = []
  }

  /// Bit n of `mask` says whether leaf n is there.
  func layout(_ mask: UInt64) -> Layout {
    var layout = Layout(mask: mask)
    _ = add(body, to: &layout)
    return layout
  }

  /// False when nothing of the node is there.
  private func add(_ node: Node, to layout: inout Layout) -> Bool {
    let before = (layout.bytes.count, layout.leaves.count)
    var isEmpty = true
    switch node {
    case .leaf(let leaf):
      guard layout.mask & 1 << UInt64(leaf) != 0 else { return false }
      layout.leaves.append((layout.bytes.count, leaf))
      return true
    case .object(let members):
      layout.bytes.append(UInt8(ascii: "{"))
      for member in members {
        let start = layout.bytes.count
        if !isEmpty { layout.bytes.append(UInt8(ascii: ",")) }
        layout.bytes += member.key
        if add(member.node, to: &layout) {
          isEmpty = false
        } else {
          layout.bytes.removeLast(layout.bytes.count - start)
        }
      }
      layout.bytes.append(UInt8(ascii: "}"))
    case .list(let nodes):
      layout.bytes.append(UInt8(ascii: "["))
      for node in nodes {
        let start = layout.bytes.count
        if !isEmpty { layout.bytes.append(UInt8(ascii: ",")) }
        if add(node, to: &layout) {
          isEmpty = false
        } else {
          layout.bytes.removeLast(layout.bytes.count - start)
        }
      }
      layout.bytes.append(UInt8(ascii: "]"))
    }
    if isEmpty {
      layout.bytes.removeLast(layout.bytes.count - before.0)
      layout.leaves.removeLast(layout.leaves.count - before.1)
    }
    return !isEmpty
  }
}
