import EventLog

/// What a walk over a value has found so far. While alternatives are tried, faults are weighed and
/// not kept.
struct SchemaReport {
  var faults: [SchemaFault]
  var isTrying = false
  /// How far the alternative that is being tried is from fitting; 0 when it fits.
  var weight = 0
  /// The value whose alternatives are being tried.
  var tried: JSONTape.Node = -1

  /// An alternative of another type is none that was meant, and one with another value in a field
  /// of fixed values hardly.
  enum Weight {
    static let type = 1_000_000
    static let value = 1_000
    static let other = 1
  }

  typealias Words = (message: String, help: String?, suggestion: String?)

  init(faults: [SchemaFault]) { self.faults = faults }

  /// Adds a fault of `node`, at `range` if it does not stand for the whole of it. The words are made
  /// only when they are needed.
  mutating func add(
    _ code: ErrorCode, _ tape: JSONTape, _ node: JSONTape.Node, range: Range<Int>? = nil,
    weight: Int = Weight.other, _ words: () -> Words
  ) {
    if isTrying {
      self.weight += weight
      return
    }
    let (message, help, suggestion) = words()
    faults.append(
      SchemaFault(
        code: code, range: range ?? tape.range(node), pointer: tape.pointer(to: node),
        message: message, help: help, suggestion: suggestion))
  }

  mutating func addType(
    _ types: JSONSchema.Types, _ tape: JSONTape, _ node: JSONTape.Node
  ) {
    add(.wrongType, tape, node, weight: node == tried ? Weight.type : Weight.value) {
      (
        "\(SchemaWording.label(tape, node)) must be \(types.words), not "
          + SchemaWording.kind(tape, node), nil, nil
      )
    }
  }
}
