import EventLog

@testable import Annals

/// Parsers of what the record is made from: dates, tables, mappings, templates, views, schemas, lines.
enum RecordTargets {
  private static let now = Instant(microseconds: 1_760_000_000_000_000)

  static func edtf(_ bytes: [UInt8]) throws {
    let read = bytes.withUnsafeBufferPointer { bytes in
      Result { () throws(EDTFError) in try EDTF(utf8: bytes) }
    }
    switch read {
    case .failure(let error):
      require(!error.problem(.badDate).message.isEmpty, "the error says nothing")
    case .success(let date):
      require(Array(date.text.utf8) == bytes, "\(date.text) is not written as it was read")
      require(try EDTF(date.text) == date, "\(date.text) is read again as another date")
      let period = date.period
      let isOrdered = period.startMin <= period.startMax && period.endMin <= period.endMax
      require(isOrdered && date.earliest <= date.latest, "\(date.text) ends before it begins")
      if let day = bytes.withUnsafeBufferPointer({ EDTF.bounds(ofDay: $0) }) {
        require(day == (date.earliest, date.latest), "\(date.text) is a day with other bounds")
      }
    }
  }

  static func moment(_ bytes: [UInt8]) {
    guard let text = String(validating: bytes, as: UTF8.self) else { return }
    _ = try? Moment.on(text, now: now)
    _ = try? Moment.knownBy(text, now: now)
    _ = try? Moment.onRange(text, now: now)
    _ = try? Moment.knownByRange(text, now: now)
  }

  static func foreignDate(_ bytes: [UInt8]) {
    guard let text = String(validating: bytes, as: UTF8.self) else { return }
    _ = ForeignDate.reading(of: text) { (try? EDTF($0)) != nil }
  }

  /// In blocks of any number of rows the same.
  static func csv(_ bytes: [UInt8]) throws {
    let whole = try rows(bytes, blockRows: 1_000)
    for blockRows in 1...3 {
      let same = try rows(bytes, blockRows: blockRows) == whole
      require(same, "in blocks of \(blockRows) rows the table is another one")
    }
  }

  private static func rows(_ text: [UInt8], blockRows: Int) throws -> [[[UInt8]]?] {
    var reader = CSVReader(MemoryInput(text))
    var rows: [[[UInt8]]?] = []
    while let block = try reader.next(blockRows) {
      for row in block.rows {
        rows.append(
          row.isFaulty ? nil : (0..<row.cellCount).map { Array(block.content($0, of: row)) })
      }
    }
    return rows
  }

  static func yaml(_ bytes: [UInt8]) {
    guard let text = String(validating: bytes, as: UTF8.self) else { return }
    var reader = YAMLReader(text)
    _ = try? reader.document()
  }

  static func mapping(_ bytes: [UInt8]) throws {
    guard let text = String(validating: bytes, as: UTF8.self) else { return }
    try isTaken { _ = try Mapping(parsing: text, file: "fuzz.yaml") }
  }

  static func template(_ bytes: [UInt8]) throws {
    try isTaken { _ = try Template(parsing: bytes, file: "fuzz.md", names: ReportNames.shape) }
  }

  /// Only what is read of the file: SQLite has fuzzers of its own.
  static func view(_ bytes: [UInt8]) throws {
    try isTaken {
      _ = try SQLProjection.read([(name: "fuzz.sql", bytes: bytes)], vocabulary: .builtIn) {
        _, _, _ in []
      }
    }
  }

  /// A schema is taken or not, and what its own examples are judged by does not trap.
  static func schema(_ bytes: [UInt8]) throws {
    try isTaken {
      let schema = try JSONSchema(parsing: bytes, file: "fuzz.json")
      for example in schema.examples { judge(JSONWriter.canonical(example), by: schema) }
    }
  }

  private static let schemas = Vocabulary.builtIn.types.map(\.schema)

  /// Any value, against every schema of the vocabulary.
  static func value(_ bytes: [UInt8]) {
    for schema in schemas { judge(bytes, by: schema) }
  }

  private static func judge(_ text: [UInt8], by schema: JSONSchema) {
    var tape = JSONTape()
    guard (try? tape.parse(text)) != nil else { return }
    var faults: [SchemaFault] = []
    schema.validate(tape, tape.root, into: &faults)
    for fault in faults {
      let isWithin = !fault.range.isEmpty && fault.range.upperBound <= text.count
      require(isWithin && !fault.message.isEmpty, "a fault is at \(fault.range) of \(text.count)")
    }
  }

  /// A line of an import; what it is read as has a canonical body.
  static func event(_ bytes: [UInt8]) {
    var reader = EventReader(vocabulary: .builtIn, input: MemoryInput(bytes))
    var problems: [Problem] = []
    let place = InputPlace(input: 0, offset: 0, length: bytes.count)
    let draft = bytes.withUnsafeBufferPointer {
      reader.read($0, line: 1, place: place, problems: &problems)
    }
    require(draft != nil || !problems.isEmpty || reader.passedOver != nil, "refused without a word")
    check(problems)
    guard let body = draft?.event.body else { return }
    guard let value = try? JSON(parsing: body) else { fatalError("the body is no JSON") }
    require(JSONWriter.canonical(value) == body, "the body is not canonical")
  }

  static func export(_ bytes: [UInt8]) throws {
    var problems: [Problem] = []
    var count: Int64 = 0
    try ExportReader(inputs: [MemoryInput(bytes)], vocabulary: .builtIn, progress: nil)
      .forEachBatch(phase: .checking, problems: &problems) { (batch: [RecordedEvent]) throws in
        for event in batch {
          count += 1
          require(event.position.rawValue == count, "#\(event.position) is event \(count)")
        }
      }
    check(problems)
  }

  static func memory(_ bytes: [UInt8]) throws {
    try isTaken {
      let memory = try SignerMemory(parsing: bytes, key: key.verifier, file: "fuzz.signed")
      require(memory.bytes == bytes, "the memory is not written as it was read")
    }
  }

  private static let key: SignerKey = {
    guard
      let key = try? SignerKey(
        seed: [UInt8](repeating: 7, count: 32), algorithm: .ed25519, name: "example.org/fuzz")
    else { fatalError("no key can be made") }
    return key
  }()

  /// What is refused is refused with a code and a message, and never as a fault of the program.
  private static func isTaken(_ body: () throws -> Void) throws {
    do {
      try body()
    } catch let problems as Problems {
      require(!problems.problems.isEmpty, "refused without a word")
      check(problems.problems)
    } catch let problem as Problem {
      check([problem])
    }
  }

  private static func check(_ problems: [Problem]) {
    for problem in problems {
      require(problem.code != .internal, "an internal error: \(problem.message)")
      require(!problem.message.isEmpty, "a problem with \(problem.code) says nothing")
    }
  }
}
