import EventLog

/// The files of one import, each with the plan for its rows.
struct MappedInputs: Sendable {
  /// In the order in which they are read: what defines comes before what refers.
  let inputs: [any EventInput]
  /// By the number of the input.
  let plans: [Int: RowPlan]
  let directory: ActorDirectory
  /// The tables of the mapping.
  let tables: [String: [String: String]]
  /// How many rows of each file are read.
  let limit: Int

  /// Finds out what each file is. Throws what is wrong with their first lines.
  init(
    _ files: [any EventInput], _ mapping: Mapping, store: Store, aliases: [String: String],
    limit: Int?
  ) async throws {
    var found: [(input: any EventInput, header: [String], kind: Int)] = []
    var problems = ProblemList()
    for input in files {
      do throws(Problems) {
        let header = try Self.header(of: input, mapping)
        found.append((input, header, try Self.kind(of: input, header, mapping)))
      } catch {
        problems.append(contentsOf: error.problems, more: error.more)
      }
    }
    try problems.throwIfAny()
    let ordered = found.enumerated().sorted {
      ($0.element.kind, $0.offset) < ($1.element.kind, $1.offset)
    }
    .map(\.element)
    let format = CSVFormat(delimiter: mapping.delimiter)
    var joins: [String: JoinTable] = [:]
    for join in ordered.flatMap({ mapping.files[$0.kind].joins }) where joins[join.kind] == nil {
      guard let other = ordered.first(where: { mapping.files[$0.kind].name == join.kind }) else {
        if join.isOptional { continue }
        let columns = mapping.files.first { $0.name == join.kind }?.columns ?? []
        throw Problems([
          Problem(
            .inputMissing, "the rows refer to those of another file, \(join.kind)",
            help: "name that file too; its columns are \(columns.joined(separator: ", "))")
        ])
      }
      joins[join.kind] = try JoinTable(
        reading: other.input, format: format, key: join.key,
        whole: mapping.files[other.kind].wholeColumns)
    }
    directory = try await ActorDirectory(store: store, mapping: mapping, aliases: aliases)
    var setting = RowPlan.Setting(
      mapping: mapping, vocabulary: store.vocabulary, directory: directory, joins: joins)
    setting.ambiguousIDs = try Self.ambiguousIDs(
      ordered.map { ($0.input, RowPlan(mapping.files[$0.kind], header: $0.header, setting)) })
    var plans: [Int: RowPlan] = [:]
    var counted: [String: [String: Set<[UInt8]>]] = [:]
    for (index, file) in ordered.enumerated() {
      let kind = mapping.files[file.kind]
      var plan = RowPlan(kind, header: file.header, setting)
      if !plan.alones.isEmpty {
        let own =
          plan.alones.contains { $0.join == nil }
          ? try Self.repeated(in: file.input, plan) : []
        // What rows of another file give was counted when that file's turn was.
        let repeated = plan.alones.enumerated().map { number, alone in
          guard let join = alone.join else { return own[number] }
          return counted[kind.joins[join].kind]?[alone.name] ?? []
        }
        for (number, alone) in plan.alones.enumerated() where alone.join == nil {
          counted[kind.name, default: [:]][alone.name, default: []].formUnion(own[number])
        }
        plan = RowPlan(kind, header: file.header, setting, repeated: repeated)
      }
      plans[index] = plan
    }
    inputs = ordered.map(\.input)
    tables = mapping.tables
    self.plans = plans
    self.limit = limit ?? .max
  }

  /// The names in the first line.
  private static func header(
    of input: any EventInput, _ mapping: Mapping
  ) throws(Problems) -> [String] {
    let format = CSVFormat(delimiter: mapping.delimiter)
    var reader = CSVReader(input, format: format)
    let rows: CSVRows?
    do {
      if let problem = try Compression.problem(input) { throw Problems([problem]) }
      rows = try reader.next(1)
    } catch {
      throw (error as? Problems) ?? Problems([Problem(.inputMissing, "\(error)")])
    }
    guard let rows, let row = rows.rows.first else {
      throw Problems([
        Problem(.unknownTable, "\(input.name ?? "the input") is empty: not even a line of names")
      ])
    }
    let text = rows.text(row)
    var (faults, more) = CSVFault.all(in: text, format: format, columns: nil)
    let names = (0..<row.cellCount).map {
      String(decoding: rows.content($0, of: row), as: UTF8.self)
    }
    let cells = CSVFault.cells(of: Array(text), format: format)
    var seen: Set<String> = []
    for (index, name) in names.enumerated() where cells.indices.contains(index) {
      if faults.count >= ProblemList.eventLimit {
        if name.isEmpty || !seen.insert(name).inserted { more += 1 }
        continue
      }
      if name.isEmpty {
        faults.append(
          CSVFault(
            code: .badCSV, range: cells[index], message: "a column has no name",
            help: "each name in the first line says what stands under it"))
      } else if !seen.insert(name).inserted {
        faults.append(
          CSVFault(
            code: .badCSV, range: cells[index], message: "two columns are named \"\(name)\"",
            help: "rename one of them"))
      }
    }
    guard faults.isEmpty else {
      let line = [String(decoding: text, as: UTF8.self)]
      if let problem = otherDelimiter(line, mapping, input) { throw Problems([problem]) }
      throw Problems(
        faults.map { RowPlan.problem($0, in: text, line: 1, file: input.name) }, more: more)
    }
    return names
  }

  /// The kind of file that has most of these columns, and all that it needs.
  private static func kind(
    of input: any EventInput, _ header: [String], _ mapping: Mapping
  ) throws(Problems) -> Int {
    let columns = Set(header)
    let fitting = mapping.files.indices.filter { columns.isSuperset(of: mapping.files[$0].columns) }
    if let best = fitting.max(by: {
      mapping.files[$0].columns.count < mapping.files[$1].columns.count
    }) {
      return best
    }
    let nearest = mapping.files.max {
      columns.intersection($0.columns).count < columns.intersection($1.columns).count
    }
    let missing = (nearest?.columns ?? []).filter { !columns.contains($0) }
    if let problem = Self.otherDelimiter(header, mapping, input) { throw Problems([problem]) }
    throw Problems([
      Problem(
        .unknownTable,
        "\(mapping.name) knows no file with these columns; the nearest, \(nearest?.name ?? ""), "
          + "has \(missing.joined(separator: ", ")) too",
        position: InputLocation(file: input.name, line: 1, column: 1),
        help: "name another mapping with \(option: "map"), or write one: "
          + "\(command: "help mapping")",
        suggestion: missing.first.flatMap { Suggestion.nearest(to: $0, among: header) })
    ])
  }

  private static let delimiters: [(byte: UInt8, name: String, text: String)] = [
    (UInt8(ascii: ","), "commas", "\",\""), (UInt8(ascii: ";"), "semicolons", "\";\""),
    (UInt8(ascii: "\t"), "tabs", "tab"),
  ]

  private static func delimiterName(_ byte: UInt8) -> String {
    delimiters.first { $0.byte == byte }?.name ?? "another character"
  }

  /// What is wrong where the columns are separated by something else than the mapping says: with it a
  /// kind of file has more of its columns.
  private static func otherDelimiter(
    _ header: [String], _ mapping: Mapping, _ input: any EventInput
  ) -> Problem? {
    let line = header.joined(separator: String(UnicodeScalar(mapping.delimiter)))
    func fitting(_ names: [String]) -> Int {
      let names = Set(names)
      return mapping.files.map { names.intersection($0.columns).count }.max() ?? 0
    }
    let best = delimiters.filter { $0.byte != mapping.delimiter }.map { other in
      let names = line.split(
        separator: Character(UnicodeScalar(other.byte)), omittingEmptySubsequences: false)
      return (other, fitting(names.map { $0.trimmingQuotes }))
    }.max { $0.1 < $1.1 }
    guard let (other, count) = best, count > 1, count > fitting(header) else { return nil }
    let own = delimiterName(mapping.delimiter)
    return Problem(
      .unknownTable,
      "the columns are separated by \(other.name), and \(mapping.name) reads columns that are "
        + "separated by \(own)",
      position: InputLocation(file: input.name, line: 1, column: 1),
      help: Mapping.shippedNames.contains(mapping.name)
        ? "write the file with \(own)" : "write  delimiter: \(other.text)  into the mapping")
  }

  /// The values that more than one row of a file gives, of those that count only where one does.
  private static func repeated(
    in input: any EventInput, _ plan: RowPlan
  ) throws -> [Set<[UInt8]>] {
    var seen: [Set<[UInt8]>] = Array(repeating: [], count: plan.alones.count)
    var repeated = seen
    // The same value may stand in several events of a row.
    var inRow: Set<[UInt8]> = []
    try forEachRow(of: input, plan) { evaluator in
      inRow.removeAll(keepingCapacity: true)
      evaluator.asksIfAlone = false
      evaluator.onAlone = { number, text in
        guard inRow.insert([UInt8(truncatingIfNeeded: number)] + text).inserted else { return }
        if !seen[number].insert(text).inserted { repeated[number].insert(text) }
      }
      for value in plan.events.flatMap({ $0.leaves.map(\.value) }) {
        _ = evaluator.outcome(value)
      }
    }
    return repeated
  }

  /// The ids that the import makes of more than one text, each with two of these: whom or what such
  /// an id names is not known, wherever in the files the texts stand.
  private static func ambiguousIDs(
    _ files: [(input: any EventInput, plan: RowPlan)]
  ) throws -> [[UInt8]: [String]] {
    var texts: [[UInt8]: String] = [:]
    var ambiguous: [[UInt8]: [String]] = [:]
    for (input, plan) in files where plan.kind.allValues.contains(where: \.value.makesIDs) {
      try forEachRow(of: input, plan) { evaluator in
        evaluator.onID = { text, id in
          let text = String(decoding: text, as: UTF8.self)
          if let known = texts[id], known != text {
            ambiguous[id] = ambiguous[id] ?? [known, text]
          } else {
            texts[id] = text
          }
        }
        if plan.skips.contains(where: { evaluator.isThere($0.condition) }) { return }
        for event in plan.events where event.condition.map({ evaluator.isThere($0) }) ?? true {
          for leaf in event.leaves { _ = evaluator.outcome(leaf.value) }
        }
      }
    }
    return ambiguous
  }

  /// Calls `body` for each whole row of a file.
  private static func forEachRow(
    of input: any EventInput, _ plan: RowPlan, _ body: (inout RowEvaluator) -> Void
  ) throws {
    var reader = CSVReader(input, format: CSVFormat(delimiter: plan.mapping.delimiter))
    _ = try reader.next(1)
    while let rows = try reader.next(CSVReader.blockSize) {
      for row in rows.rows where row.cellCount == plan.columnCount {
        let cells = (0..<row.cellCount).map { Array(rows.content($0, of: row)) }
        var evaluator = RowEvaluator(plan: plan, cells: cells)
        body(&evaluator)
      }
    }
  }
}

extension Substring {
  /// Without the quotes around a field.
  fileprivate var trimmingQuotes: String {
    count > 1 && hasPrefix("\"") && hasSuffix("\"") ? String(dropFirst().dropLast()) : String(self)
  }
}
