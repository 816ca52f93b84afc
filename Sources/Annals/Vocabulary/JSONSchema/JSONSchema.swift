public import EventLog

/// A JSON Schema (draft 2020-12), compiled for validating many values.
///
/// Supports a closed set of keywords and refuses a schema that uses any other, because ignoring one
/// would let wrong values in: `$schema $id $defs $ref title description examples type properties
/// required additionalProperties enum const items minItems maxItems uniqueItems minLength maxLength
/// minimum maximum anyOf format`. `$ref` is local, `#/$defs/NAME`. At the top stand
/// `x-annals-tags`, `x-annals-defines` and `x-annals-summary`.
public struct JSONSchema: Sendable {
  /// The first is the schema itself.
  let nodes: [SchemaNode]
  /// `x-annals-tags`: the tags of an event, as fields of its payload; a path goes through the
  /// elements of arrays.
  public let tags: [(kind: String, paths: [[String]])]
  /// `x-annals-defines`: the kind of entity that an event brings into being, and the field with
  /// its id.
  public let defines: [(kind: String, path: [String])]
  /// `x-annals-summary`: the template of the sentence that says what an event is.
  public let summary: String?
  public let title: String?
  public let description: String?
  /// The values under `examples`.
  public let examples: [JSON]

  /// Compiles a schema. Throws everything that is wrong with it, in order: `.unsupportedKeyword`,
  /// `.badSchema`, or what is wrong with the JSON. `file` is named in the positions.
  public init(
    parsing bytes: [UInt8], file: String?, formats: Formats = .standard
  ) throws(Problems) {
    var tape = JSONTape()
    do {
      try tape.parse(bytes)
    } catch {
      throw Problems([Problem(error, in: bytes, file: file)])
    }
    var compiler = SchemaCompiler(tape: tape, formats: formats)
    compiler.compileAll()
    if !compiler.faults.isEmpty {
      let faults = compiler.faults.sorted { $0.range.lowerBound < $1.range.lowerBound }
      throw Problems(
        faults.map { Problem($0, in: bytes, file: file) }, more: compiler.moreFaults)
    }
    nodes = compiler.nodes
    tags = compiler.tags
    defines = compiler.defines
    summary = compiler.summary
    title = compiler.nodes[0].title
    description = compiler.nodes[0].description
    examples = compiler.examples
  }

  /// The fields that a value must have.
  public var required: [String] { nodes[0].required.map(\.name) }

  /// Adds what is wrong with a value of a tape, in the order of the text, until there are `limit`
  /// faults; returns how many more there are. Allocates nothing when nothing is wrong.
  @discardableResult
  public func validate(
    _ tape: JSONTape, _ node: JSONTape.Node, into faults: inout [SchemaFault],
    limit: Int = ProblemList.eventLimit, suggests: Bool = true
  ) -> Int {
    var steps = 0
    var suggester = suggests ? Suggester() : .none
    return validate(
      tape, node, into: &faults, limit: limit, suggester: &suggester, countingIn: &steps)
  }

  /// The same, with a suggester that values share; adds the steps that it took to `steps`.
  func validate(
    _ tape: JSONTape, _ node: JSONTape.Node, into faults: inout [SchemaFault], limit: Int,
    suggester: inout Suggester, countingIn steps: inout Int
  ) -> Int {
    let first = faults.count
    var report = SchemaReport(faults: faults, limit: limit)
    report.suggester = suggester
    faults = []
    nodes.withUnsafeBufferPointer { nodes in
      SchemaValidator(tape: tape, nodes: nodes).check(0, node, &report)
    }
    steps += report.steps
    suggester = report.suggester
    faults = report.faults
    if faults.count > first + 1 {
      faults[first...].sort { $0.range.lowerBound < $1.range.lowerBound }
    }
    Self.joinMisplaced(&faults, from: first)
    if report.isExhausted {
      faults.append(
        SchemaFault(
          code: .tooLong, range: tape.range(node), pointer: tape.pointer(to: node),
          message: "the schema takes more than \(SchemaReport.stepLimit) steps to check this value",
          help: "make the value smaller, or give the schema fewer alternatives"))
    }
    return report.more
  }
}

extension JSONSchema {
  /// A field that is missing in an object, and stands in one around it where it is unknown, is one
  /// fault and not two: it was written without the name of the object.
  private static func joinMisplaced(_ faults: inout [SchemaFault], from first: Int) {
    guard faults.count > first + 1 else { return }
    for index in (first..<faults.count).reversed() where faults[index].code == .unknownField {
      let name = faults[index].field
      let outer = faults[index].pointer.dropLast(
        (faults[index].pointer.split(
          separator: "/", omittingEmptySubsequences: false
        ).last?.utf8.count ?? 0))
      let inner = faults.indices.dropFirst(first).first { other in
        faults[other].code == .missingField && faults[other].field == name
          && faults[other].pointer.hasPrefix(outer)
      }
      guard let inner, let written = SchemaWording.path(faults[index].pointer) else { continue }
      faults[inner].message += " — you wrote \(written)"
      faults.remove(at: index)
    }
  }
}

extension Problem {
  /// What is wrong with a text that is no JSON.
  public init(_ error: JSONSyntaxError, in bytes: [UInt8], file: String?) {
    let code: ErrorCode =
      switch error.kind {
      case .invalidUTF8: .notUTF8
      case .duplicateKey: .duplicateKey
      case .tooDeep: .tooDeep
      case .tooLong: .tooLong
      default: .notJSON
      }
    let place = TextLocation.locate(error.offset..<error.offset + error.length, in: bytes)
    self.init(
      code, error.message, position: place.source(file: file), excerpt: place.excerpt)
  }

  /// A fault in a text, with its position there.
  public init(_ fault: SchemaFault, in bytes: [UInt8], file: String?) {
    let place = TextLocation.locate(fault.range, in: bytes)
    self.init(
      fault.code, fault.message, position: place.source(file: file), pointer: fault.pointer,
      help: fault.help, suggestion: fault.suggestion, excerpt: place.excerpt)
    if fault.code == .missingField { missing = fault.field }
  }
}
