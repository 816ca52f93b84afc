public import EventLog

extension SQLProjection {
  /// Looks for what is wrong with the SQL of a projection, given its statements one by one: the
  /// back end's, as `SQLiteEventLog.faults(of:schema:statements:)`.
  public typealias FaultFinder = (
    _ definition: ProjectionDefinition, _ schema: [String], _ statements: [String]
  ) throws -> [StatementFault]

  /// Reads a user's projections, one per file. Throws everything that is wrong with any of them:
  /// comments, names, parameters, types of events, and the SQL itself.
  public static func read(
    _ files: [(name: String, bytes: [UInt8])], vocabulary: Vocabulary, findFaults: FaultFinder
  ) throws -> [SQLProjection] {
    var problems = ProblemList()
    var projections: [SQLProjection] = []
    var taken = Taken(Store.builtInViews(vocabulary))
    for (name, bytes) in files {
      var reader = SQLProjectionReader(bytes, file: name, vocabulary: vocabulary)
      taken.add(&reader)
      let projection = reader.projection
      // Statements can only be looked at where the tables are known.
      if !reader.tables.isEmpty {
        for fault in try findFaults(
          projection.definition, reader.schema.map { reader.text($0.range) },
          reader.statements.map { reader.text($0.range) })
        {
          reader.report(fault)
        }
      }
      let sorted = reader.problems.sorted {
        ($0.position?.line ?? 0, $0.position?.column ?? 0)
          < ($1.position?.line ?? 0, $1.position?.column ?? 0)
      }
      problems.append(contentsOf: sorted, more: reader.moreProblems)
      projections.append(projection)
    }
    try problems.throwIfAny()
    return projections
  }

  /// Names that projections have: each may be used once.
  private struct Taken {
    /// Who has the name: "the built-in view stances".
    private var names: [String: String] = [:]
    private var objects: [String: String] = [:]

    init(_ builtIn: [ProjectionDefinition]) {
      for definition in builtIn {
        names[definition.name] = "a built-in view"
        for table in definition.tables { objects[table] = "the built-in view \(definition.name)" }
      }
    }

    mutating func add(_ reader: inout SQLProjectionReader) {
      if let name = reader.name {
        if let owner = names[name.text] {
          reader.report("\(name.text) is the name of \(owner)", name.range)
        }
        names[name.text] = names[name.text] ?? "the projection in \(reader.file)"
      }
      for object in reader.objects {
        if let owner = objects[object.name] {
          reader.report("\(object.name) belongs to \(owner)", object.range)
        }
        objects[object.name] = objects[object.name] ?? "the projection in \(reader.file)"
      }
    }
  }
}

extension SQLProjectionReader {
  /// What the file says, as far as it is right.
  var projection: SQLProjection {
    var rules: [String: [SQLRule]] = [:]
    for statement in statements {
      for type in statement.types {
        rules[type, default: []].append(
          SQLRule(sql: text(statement.range), parameters: statement.parameters))
      }
    }
    let definition = ProjectionDefinition(
      name: name?.text ?? "", version: version ?? 1, tables: tables,
      schema: schema.map { text($0.range) + ";\n" }.joined(), rules: text(bytes.indices))
    return SQLProjection(definition: definition, rules: rules)
  }

  /// Notes what the back end found, at the word that it means.
  fileprivate mutating func report(_ fault: StatementFault) {
    let index = fault.statement
    let statement =
      (index < schema.count ? schema[index] : statements[index - schema.count]).range
    let words = words(in: statement)
    let place: Range<Int>?
    if let offset = fault.offset {
      place = words.first { $0.upperBound > statement.lowerBound + offset }
    } else {
      // The last word of the message that stands in the statement too.
      let said = fault.message.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.map(String.init)
      let texts = words.map(text)
      place = said.last(where: texts.contains).flatMap(texts.firstIndex).map { words[$0] }
    }
    report(fault.message, place ?? words.first ?? statement)
  }

  private func words(in range: Range<Int>) -> [Range<Int>] {
    var scanner = SQLScanner(Array(bytes[range]))
    var words: [Range<Int>] = []
    while let token = scanner.next() {
      let start = range.lowerBound + token.range.lowerBound
      words.append(start..<start + token.range.count)
    }
    return words
  }
}
