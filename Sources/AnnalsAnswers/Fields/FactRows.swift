package import Annals
import EventLog

/// Facts that a person pasted as the rows of a table, each with its row.
package struct FactRows: Sendable {
  /// What is wrong with a cell, or with a row.
  package struct Fault: Error, Sendable {
    package var row: Int
    /// The name of the column; nil for the row as a whole.
    package var column: String?
    package var problem: Problem
  }

  /// All that is wrong with a table.
  package struct Faults: Error, Sendable {
    package var faults: [Fault]
    /// How many more there are.
    package var more: Int
    /// How many rows there are with text in them.
    package var rows: Int
  }

  /// Columns that every type has, beside the fields of its payload.
  package static let common = ["on", "basis", "source", "quote", "via", "confidence", "note"]
  /// So many rows are taken at once; the command line imports more.
  package static let most = 1000

  private let columns: [String]
  private var facts: [(row: Int, fact: FactText)] = []
  private var faults: [Fault] = []
  private let rowCount: Int

  /// `type` is the type of all rows; nil where the column `type` says it.
  package init(_ table: PastedTable, type: EventTypeDefinition?, in vocabulary: Vocabulary) {
    columns = table.columns.map { $0.trimmingSpaces }
    let faulty = Set(table.faults.map(\.row)).subtracting([1])
    rowCount = table.rows.count + faulty.count
    faults = table.faults.map { fault in
      Fault(
        row: fault.row, column: columns.indices.contains(fault.cell) ? columns[fault.cell] : nil,
        problem: fault.problem)
    }
    if table.rows.isEmpty, faults.isEmpty {
      refuse(
        1, nil, .nothingToImport, "there is no row under the names of the columns",
        help: "the first row names the columns, and each further row is one fact")
    }
    if table.rows.count > Self.most {
      refuse(
        1, nil, .outOfRange,
        "there are \(table.rows.count.grouped) rows, more than \(Self.most.grouped)",
        help: "paste fewer, or import the file:  \(command: "import FILE")")
      return
    }
    let types = table.rows.map { self.type(of: $0, type, vocabulary) }
    let known = knownColumns(among: types.compactMap(\.self))
    for (row, definition) in zip(table.rows, types) {
      if let definition { facts.append((row.number, fact(row, definition, known))) }
    }
  }

  private mutating func refuse(
    _ row: Int, _ column: String?, _ code: ErrorCode, _ message: String, help: Help? = nil,
    suggestion: String? = nil
  ) {
    let problem = Problem(code, message, help: help, suggestion: suggestion)
    faults.append(Fault(row: row, column: column, problem: problem))
  }

  private mutating func type(
    of row: PastedTable.Row, _ chosen: EventTypeDefinition?, _ vocabulary: Vocabulary
  ) -> EventTypeDefinition? {
    if let chosen { return chosen }
    guard let index = columns.firstIndex(of: "type") else {
      // Said once, of the first row.
      if !faults.contains(where: { $0.row == 1 && $0.problem.code == .missingField }) {
        refuse(
          1, nil, .missingField, "no column is called type",
          help: "choose one type for all rows, or add a column  type  with vote.cast or the like")
      }
      return nil
    }
    let name = row.cells[index].trimmingSpaces
    if let definition = vocabulary.definition(name) { return definition }
    refuse(
      row.number, "type", name.isEmpty ? .missingField : .unknownType,
      name.isEmpty ? "the row has no type" : "unknown event type \"\(name)\"",
      help: "write one such as vote.cast",
      suggestion: Suggestion.nearest(to: name, among: vocabulary.types.map(\.type.name)))
    return nil
  }

  /// The columns that mean something for at least one of the types; the others are refused once.
  private mutating func knownColumns(among types: [EventTypeDefinition]) -> Set<String> {
    var known = Set(Self.common + Self.common.map { "fact." + $0 } + ["type"])
    var seen: Set<String> = []
    for definition in types where seen.insert(definition.type.name).inserted {
      known.formUnion(FieldShape(definition).fields.map(\.name))
    }
    var given: Set<String> = []
    for column in columns {
      if !given.insert(column).inserted {
        refuse(
          1, column, .duplicateKey, "two columns are called \"\(column)\"",
          help: "keep one of them")
      } else if !known.contains(column), !types.isEmpty {
        refuse(
          1, column, .unknownField, "no field is called \"\(column)\"",
          help: "rename the column, or leave it out",
          suggestion: Suggestion.nearest(to: column, among: known.sorted()))
      }
    }
    return known
  }

  /// A column that is called as a field of the payload means that field, and `fact.basis` then means
  /// the basis that every fact has.
  private func fact(
    _ row: PastedTable.Row, _ definition: EventTypeDefinition, _ known: Set<String>
  ) -> FactText {
    let own = Set(FieldShape(definition).fields.map(\.name))
    var fact = FactText(definition)
    for (column, cell) in zip(columns, row.cells) {
      let value = cell.trimmingSpaces
      guard known.contains(column), !value.isEmpty, own.contains(column) || column != "type" else {
        continue
      }
      let common = column.hasPrefix("fact.") ? String(column.dropFirst(5)) : column
      if own.contains(column) || !Self.common.contains(common) {
        if let field = FieldText(column, value) { fact.fields.append(field) }
      } else {
        fact.set(common, value)
      }
    }
    return fact
  }

  // MARK: Appending

  /// Appends all facts, or none. Throws `Faults` with everything that is wrong in any row.
  package func append(to store: Store, _ options: AppendOptions) async throws -> WriteReport {
    var names = NamedFields(store)
    var faults = faults
    var lines: [UInt8] = []
    for (row, fact) in facts {
      do {
        let (line, problems) = try await fact.line(store, &names)
        faults += problems.map { fault(row, $0) }
        lines += Array((JSONWriter.compact(line) + "\n").utf8)
      } catch let failure as Failure {
        faults += failure.problems.map { fault(row, $0) }
        lines += [UInt8(ascii: "\n")]
      }
    }
    // The other rows are checked all the same, so that all faults are told at once.
    var options = options
    if !faults.isEmpty { options.dryRun = true }
    var more = 0
    var report: WriteReport?
    do {
      if !facts.isEmpty { report = try await store.append(lines, name: "rows", options: options) }
    } catch let problems as Problems {
      more = problems.more
      let found = problems.problems.map { problem in
        fault(problem.position.map { facts[$0.line - 1].row } ?? 1, problem)
      }
      // A name that is not there was told with what could be meant.
      let told = Set(faults.map { "\($0.row) \($0.column ?? "")" })
      faults += found.filter { !told.contains("\($0.row) \($0.column ?? "")") }
    }
    if faults.isEmpty, let report { return report }
    throw Faults(faults: faults.sorted { order($0) < order($1) }, more: more, rows: rowCount)
  }

  private func order(_ fault: Fault) -> (Int, Int) {
    (fault.row, fault.column.flatMap { columns.firstIndex(of: $0) } ?? -1)
  }

  private func fault(_ row: Int, _ problem: Problem) -> Fault {
    Fault(row: row, column: column(of: problem), problem: problem)
  }

  /// The column that a problem is about. One that is missing is named, though it is not there.
  private func column(of problem: Problem) -> String? {
    guard let pointer = problem.pointer else { return nil }
    var parts = pointer.split(separator: "/").map(String.init)
    let isOwn = parts.first == "data"
    if isOwn { parts.removeFirst() }
    if let missing = problem.missing { return (parts + [missing]).joined(separator: ".") }
    if !isOwn {
      let name = parts.first == "sources" ? "source" : parts.first ?? ""
      return columns.contains("fact." + name) ? "fact." + name : name.isEmpty ? nil : name
    }
    while !parts.isEmpty {
      let name = parts.joined(separator: ".")
      if columns.contains(name) { return name }
      parts.removeLast()
    }
    return nil
  }
}

extension FactText {
  /// Sets a field that every fact has, by its name.
  package mutating func set(_ name: String, _ value: String) {
    switch name {
    case "on": on = value
    case "basis": basis = value
    case "source": sources = CitationText.list(value)
    case "quote": quote = value
    case "confidence": confidence = value
    case "note": note = value
    case "reason": reason = value
    case "via": via = value.split(separator: ";").map { $0.trimmingSpaces }
    default: break
    }
  }
}
