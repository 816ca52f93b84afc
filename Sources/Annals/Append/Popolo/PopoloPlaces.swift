import EventLog

/// Says where in the files something is wrong. Faults are placed in the order of the files, so
/// that a file is gone through once however many there are.
struct PopoloPlaces {
  private let files: PopoloFiles
  private var file = -1
  /// Up to here the lines of the file are counted.
  private var offset = 0
  private var line = 1
  private var column = 1
  /// By list, the element that was come to last.
  private var steps: [JSONTape.Node: Step] = [:]

  /// The places of objects that others repeat.
  private var known: [PopoloNode: String] = [:]

  init(_ files: PopoloFiles) { self.files = files }

  /// The faults as problems, in the order of the files.
  static func problems(_ faults: [PopoloFault], in files: PopoloFiles) -> ProblemList {
    var places = PopoloPlaces(files)
    var problems = ProblemList()
    for fault in faults.sorted(by: {
      ($0.at.file, $0.at.node, $0.message) < ($1.at.file, $1.at.node, $1.message)
    }) {
      problems.append(places.problem(fault))
    }
    return problems
  }

  private mutating func problem(_ fault: PopoloFault) -> Problem {
    let tape = files.tapes[fault.at.file]
    var range = tape.range(fault.at.node)
    // An object that lacks something is marked where it begins.
    if [.object, .array].contains(tape.kind(fault.at.node)) {
      range = range.lowerBound..<range.lowerBound + 1
    }
    go(to: range.lowerBound, of: fault.at.file)
    let around = max(0, range.lowerBound - 1000)..<min(tape.bytes.count, range.upperBound + 1000)
    let window = Array(tape.bytes[around])
    let excerpt = TextLocation.locate(
      range.lowerBound - around.lowerBound..<range.upperBound - around.lowerBound, in: window
    ).excerpt
    return Problem(
      fault.code, fault.message,
      position: InputLocation(file: files.names[fault.at.file], line: line, column: column),
      pointer: pointer(to: fault.at.node, tape),
      help: fault.first.map { "the first is at \(place(of: $0))" } ?? fault.help,
      suggestion: fault.suggestion, excerpt: excerpt)
  }

  private mutating func place(of node: PopoloNode) -> String {
    if let known = known[node] { return known }
    let tape = files.tapes[node.file]
    let place = TextLocation.locate(tape.range(node.node), in: tape.bytes)
    let text = "\(files.names[node.file]):\(place.line):\(place.column)"
    known[node] = text
    return text
  }

  private mutating func go(to target: Int, of file: Int) {
    if self.file != file || offset > target {
      self.file = file
      (offset, line, column) = (0, 1, 1)
      steps = [:]
    }
    for byte in files.tapes[file].bytes[offset..<target] {
      if byte == UInt8(ascii: "\n") {
        line += 1
        column = 1
      } else if byte & 0xC0 != 0x80 {
        column += 1
      }
    }
    offset = target
  }

  /// The RFC 6901 pointer to a value; each list is gone on with where it was left.
  private mutating func pointer(to node: JSONTape.Node, _ tape: JSONTape) -> String {
    var pointer = ""
    var container = tape.root
    while container < node {
      if tape.kind(container) == .object {
        guard let (key, value) = tape.members(container).reversed().first(where: { $0.key <= node })
        else { return pointer }
        pointer += "/" + tape.string(key).replacing("~", with: "~0").replacing("/", with: "~1")
        container = value
      } else {
        var step = steps[container] ?? Step(tape, container)
        step.advance(to: node)
        steps[container] = step
        pointer += "/\(step.index)"
        container = step.element
      }
    }
    return pointer
  }
}

/// An element of a list, and what comes after it.
private struct Step {
  var index = 0
  var element: JSONTape.Node
  private var next: JSONTape.Node?
  private var rest: JSONTape.Elements

  init(_ tape: JSONTape, _ list: JSONTape.Node) {
    rest = tape.elements(list)
    element = rest.next() ?? list
    next = rest.next()
  }

  /// Goes on to the element that holds a value.
  mutating func advance(to node: JSONTape.Node) {
    while let following = next, following <= node {
      (index, element) = (index + 1, following)
      next = rest.next()
    }
  }
}
