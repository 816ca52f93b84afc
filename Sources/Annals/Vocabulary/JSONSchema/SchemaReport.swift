import EventLog

/// What a walk over a value has found so far. While alternatives are tried, faults are weighed and
/// not kept.
struct SchemaReport {
  var faults: [SchemaFault]
  /// How many faults may still be added, and how many were found beyond that.
  private var room: Int
  private(set) var more = 0
  /// Bytes that the words of the faults may still take: a pointer can be as long as the text.
  private var wordsLeft = 1 << 20
  var suggester = Suggester()
  /// What has been checked already, once there is much to check.
  private var known: [Check: Int] = [:]
  /// How many values were checked against a schema so far.
  var steps = 0
  /// True while what lacks in one alternative is compared with what lacks in another.
  var isComparing = false
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

  /// Up to here nothing is remembered, which would cost more than checking again.
  static let freeSteps = 4096
  /// A value that takes more steps is refused.
  static let stepLimit = 10_000_000
  private let stepLimit: Int
  /// True when checking was given up.
  var isExhausted: Bool { steps > stepLimit }
  private static let knownLimit = 1_000_000

  /// A check of a value against a schema that was made before.
  private struct Check: Hashable {
    var schema: Int
    var node: JSONTape.Node
    var isTried: Bool
    var isTrying: Bool
  }

  /// Checks a schema against a value, unless that was done before: alternatives and references can
  /// lead to the same check in exponentially many ways.
  mutating func once(
    _ schema: Int, _ node: JSONTape.Node, _ check: (inout SchemaReport) -> Void
  ) {
    if isExhausted { return }
    let key = Check(schema: schema, node: node, isTried: tried == node, isTrying: isTrying)
    if let weight = known[key] { return weigh(weight) }
    let outer = weight
    weight = 0
    check(&self)
    if known.count < Self.knownLimit { known[key] = weight }
    let own = weight
    weight = outer
    weigh(own)
  }

  /// Many small faults never weigh as much as a wrong type.
  mutating func weigh(_ more: Int) {
    let limit = max(weight, more) < Weight.type ? Weight.type - 1 : Int.max / 2
    weight = min(min(weight, limit) + min(more, limit), limit)
  }

  /// Whether another fault would be kept.
  var hasRoom: Bool { room > 0 && wordsLeft > 0 }

  typealias Words = (message: String, help: Help?, suggestion: String?)

  init(faults: [SchemaFault], limit: Int, stepLimit: Int = Self.stepLimit) {
    self.faults = faults
    room = limit - faults.count
    self.stepLimit = stepLimit
  }

  /// Adds a fault of `node`, at `range` if it does not stand for the whole of it. The words are made
  /// only when they are needed.
  mutating func add(
    _ code: ErrorCode, _ tape: JSONTape, _ node: JSONTape.Node, range: Range<Int>? = nil,
    field: String? = nil, weight: Int = Weight.other, _ words: (inout Suggester) -> Words
  ) {
    if isTrying {
      weigh(weight)
      return
    }
    guard hasRoom else {
      more += 1
      return
    }
    room -= 1
    let (message, help, suggestion) = words(&suggester)
    let pointer = tape.pointer(to: node)
    wordsLeft -= pointer.utf8.count + message.utf8.count + (help?.length ?? 0)
    var fault = SchemaFault(
      code: code, range: range ?? tape.range(node), pointer: pointer, message: message,
      help: help, suggestion: suggestion)
    fault.field = field
    faults.append(fault)
  }

  mutating func addType(
    _ types: JSONSchema.Types, _ tape: JSONTape, _ node: JSONTape.Node
  ) {
    add(.wrongType, tape, node, weight: node == tried ? Weight.type : Weight.value) { _ in
      (
        "\(SchemaWording.label(tape, node)) must be \(types.words), not "
          + SchemaWording.kind(tape, node), nil, nil
      )
    }
  }
}
