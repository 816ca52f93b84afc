import EventLog

/// A value in one of the files of a data set; small, because each vote has some.
struct PopoloNode: Hashable, Sendable {
  private let fileNumber: UInt32
  private let nodeNumber: UInt32

  init(file: Int, node: JSONTape.Node) {
    fileNumber = UInt32(truncatingIfNeeded: file)
    nodeNumber = UInt32(truncatingIfNeeded: node)
  }

  var file: Int { Int(fileNumber) }
  var node: JSONTape.Node { Int(nodeNumber) }
}

/// The files of a data set, read whole: objects refer to each other in any order.
struct PopoloFiles: Sendable {
  private(set) var tapes: [JSONTape] = []
  private(set) var names: [String] = []

  /// Throws what is wrong with the files as JSON, with all of them.
  init(_ inputs: [any EventInput]) throws {
    var problems: [Problem] = []
    for input in inputs {
      if let problem = try Compression.problem(input) {
        problems.append(problem)
        continue
      }
      var bytes = [UInt8](repeating: 0, count: input.size)
      let count = try bytes.withUnsafeMutableBytes { try input.read(into: $0, at: 0) }
      bytes.removeLast(bytes.count - count)
      if bytes.starts(with: LineReader.byteOrderMark) {
        bytes.removeFirst(LineReader.byteOrderMark.count)
      }
      let name = input.name ?? "-"
      var tape = JSONTape(limits: JSONTape.Limits(depth: 64, bytes: 2_000_000_000))
      do throws(JSONSyntaxError) {
        try tape.parse(bytes)
      } catch {
        problems.append(Problem(error, in: bytes, file: name))
      }
      tapes.append(tape)
      names.append(name)
    }
    if !problems.isEmpty { throw Problems(problems) }
  }

  func kind(_ value: PopoloNode) -> JSONKind { tapes[value.file].kind(value.node) }

  func string(_ value: PopoloNode) -> String { tapes[value.file].string(value.node) }

  /// What a value is, for sentences: "the text "yes"", "a list".
  func wording(_ value: PopoloNode) -> String {
    SchemaWording.kind(tapes[value.file], value.node)
  }

  func count(_ value: PopoloNode) -> Int { tapes[value.file].count(value.node) }

  func integer(_ value: PopoloNode) -> Int64? { tapes[value.file].integer(value.node) }

  /// The value of a member; nil where there is none, or a null.
  func member(_ object: PopoloNode, _ key: StaticString) -> PopoloNode? {
    let tape = tapes[object.file]
    guard let node = tape.member(object.node, key), tape.kind(node) != .null else { return nil }
    return PopoloNode(file: object.file, node: node)
  }

  /// The same, by a name that is made.
  func member(_ object: PopoloNode, named key: String) -> PopoloNode? {
    tapes[object.file].member(object.node, named: key).map {
      PopoloNode(file: object.file, node: $0)
    }
  }

  /// The elements of a list; none of anything else.
  func elements(_ list: PopoloNode?) -> [PopoloNode] {
    guard let list else { return [] }
    return tapes[list.file].elements(list.node).map { PopoloNode(file: list.file, node: $0) }
  }

  /// The members of an object that hold anything.
  func members(_ object: PopoloNode) -> [(key: PopoloNode, value: PopoloNode)] {
    let tape = tapes[object.file]
    return tape.members(object.node).filter { tape.kind($0.value) != .null }.map {
      (
        PopoloNode(file: object.file, node: $0.key), PopoloNode(file: object.file, node: $0.value)
      )
    }
  }

  /// Calls `body` with the key of each member that holds anything and is named by none of these.
  func forEachMember(
    of object: PopoloNode, besides names: [StaticString], _ body: (String) -> Void
  ) {
    let tape = tapes[object.file]
    for (key, value) in tape.members(object.node) where tape.kind(value) != .null {
      if (tape.kind(value) == .array || tape.kind(value) == .object) && tape.count(value) == 0 {
        continue
      }
      if names.contains(where: { tape.equals(key, $0) }) { continue }
      body(tape.string(key))
    }
  }
}

/// One thing in the files that cannot be imported as it stands.
struct PopoloFault: Hashable, Sendable {
  var code: ErrorCode
  var at: PopoloNode
  var message: String
  var help: Help?
  var suggestion: String?
  /// What defines the same id first. Its place is looked up only for a fault that is reported: that
  /// takes a pass over the file.
  var first: PopoloNode?
}
