import EventLog

func parsed(_ text: String) throws -> JSONTape {
  var tape = JSONTape()
  try tape.parse(Array(text.utf8))
  return tape
}

/// The error that a text gives; nil when it is valid.
func syntaxError(_ bytes: [UInt8], limits: JSONTape.Limits = .init()) -> JSONSyntaxError? {
  var tape = JSONTape(limits: limits)
  do {
    try tape.parse(bytes)
    return nil
  } catch {
    return error
  }
}

func syntaxError(_ text: String) -> JSONSyntaxError? { syntaxError(Array(text.utf8)) }

func canonical(_ json: JSON) -> String {
  String(decoding: JSONWriter.canonical(json), as: UTF8.self)
}

/// The canonical form of a text, written from the tape.
func recanonicalized(_ bytes: [UInt8]) throws -> [UInt8] {
  var tape = JSONTape()
  try tape.parse(bytes)
  var result: [UInt8] = []
  try JSONWriter.canonical(tape, tape.root, into: &result, integersOnly: false)
  return result
}

func recanonicalized(_ text: String) throws -> String {
  String(decoding: try recanonicalized(Array(text.utf8)), as: UTF8.self)
}

/// SplitMix64: a test that fails does so again.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
