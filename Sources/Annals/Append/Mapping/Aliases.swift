import EventLog

/// Who is meant by names that the record does not know: a CSV file with the columns name and actor.
public enum Aliases {
  /// Reads such a file. Throws everything that is wrong with it.
  public static func read(_ input: any EventInput) throws -> [String: String] {
    guard input.size <= FileLimit.list else {
      throw Problems([
        Problem(
          .fileRefused,
          "cannot read \(input.name ?? "the aliases"): it has more than \(FileLimit.list) bytes",
          help: "list only the names that the record does not know")
      ])
    }
    var reader = CSVReader(input)
    var aliases: [String: String] = [:]
    var problems = ProblemList()
    guard let first = try reader.next(1), let header = first.rows.first else { return [:] }
    let names = (0..<header.cellCount).map {
      String(decoding: first.content($0, of: header), as: UTF8.self)
    }
    guard names == ["name", "actor"] else {
      throw Problems([
        Problem(
          .badCSV, "the first line of a file of aliases is  name,actor",
          position: InputLocation(file: input.name, line: 1, column: 1))
      ])
    }
    while let rows = try reader.next(CSVReader.blockSize) {
      for row in rows.rows {
        let text = rows.text(row)
        var faults: [CSVFault] = []
        if row.isFaulty || row.cellCount != 2 {
          let (found, more) = CSVFault.all(in: text, format: CSVFormat(), columns: 2)
          problems.append(contentsOf: [], more: more)
          faults = found
        } else {
          let name = String(decoding: rows.content(0, of: row), as: UTF8.self)
          let actor = String(decoding: rows.content(1, of: row), as: UTF8.self)
          if let other = aliases[name], other != actor {
            faults.append(
              CSVFault(
                code: .badCSV, range: 0..<text.count,
                message: "\"\(name)\" stood for \(other) further up", help: "keep one of the lines")
            )
          }
          aliases[name] = actor
        }
        for fault in faults {
          problems.append(RowPlan.problem(fault, in: text, line: row.line, file: input.name))
        }
      }
    }
    try problems.throwIfAny()
    return aliases
  }
}
