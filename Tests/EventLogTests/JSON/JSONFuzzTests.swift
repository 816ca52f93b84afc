import EventLog
import Testing

/// Properties over random values and damaged texts. Every random choice is seeded.
@Suite struct JSONFuzzTests {
  private let sample = #"""
    {"type":"vote.cast","on":"2025-02-24","data":{"voter":"USA","choice":"no","n":[-0.5e-3,12,0],
    "é\u00e9\ud83d\ude02":"T\u00fcrkiye 😂 \"quoted\" \\ \n","empty":{},"list":[[],[null,true,false]]},
    "sources":[{"source":"un","quote":"long enough to be read by words of eight bytes"}]}
    """#

  @Test func truncatedAnywhere() {
    let bytes = Array(sample.utf8)
    #expect(syntaxError(bytes) == nil)
    for count in 0..<bytes.count {
      #expect(syntaxError(Array(bytes[..<count])) != nil, "\(count) bytes")
    }
  }

  @Test func mutatedTextsNeverTrap() throws {
    var generator = SeededGenerator(state: 1)
    let original = Array(sample.utf8)
    let marks = Array("{}[]\",:\\u0-9.eE+ \n\u{0}\u{7F}é€😂".utf8) + [0x80, 0xC0, 0xED, 0xF4, 0xFF]
    var tape = JSONTape()
    var output: [UInt8] = []
    var valid = 0
    for _ in 0..<100_000 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        let at = Int.random(in: 0..<bytes.count, using: &generator)
        let mark = marks.randomElement(using: &generator) ?? 0
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: bytes[at] = mark
        case 1: bytes.insert(mark, at: at)
        case 2: bytes.remove(at: at)
        case 3: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        default: bytes.removeSubrange(at..<min(bytes.count, at + 20))
        }
        if bytes.isEmpty { bytes = [0x31] }
      }
      do {
        try tape.parse(bytes)
      } catch {
        #expect(0...bytes.count ~= error.offset)
        #expect(tape.kind(tape.root) == .null)
        continue
      }
      valid += 1
      output.removeAll(keepingCapacity: true)
      try JSONWriter.canonical(tape, tape.root, into: &output, integersOnly: false)
      #expect(try recanonicalized(output) == output)
      #expect(JSONWriter.canonical(tape.value(tape.root)) == output)
    }
    #expect(valid > 1_000)
  }

  @Test func randomValuesSurvive() throws {
    var generator = SeededGenerator(state: 2)
    for _ in 0..<3_000 {
      let value = randomValue(depth: 4, &generator)
      let canonical = JSONWriter.canonical(value)
      for text in [JSONWriter.compact(value), JSONWriter.pretty(value)] {
        #expect(try JSON(parsing: Array(text.utf8)) == value)
        #expect(try recanonicalized(Array(text.utf8)) == canonical)
      }
      #expect(try recanonicalized(canonical) == canonical)
    }
  }

  private func randomValue(depth: Int, _ generator: inout SeededGenerator) -> JSON {
    switch Int.random(in: 0..<(depth > 0 ? 8 : 5), using: &generator) {
    case 0: return [nil, true, false].randomElement(using: &generator) ?? nil
    case 1:
      return .integer(Int64.random(in: -JSON.integerLimit...JSON.integerLimit, using: &generator))
    case 2:
      // An integral number is written without a fraction, and so read as an integer.
      let number = Double(bitPattern: generator.next())
      return number.isFinite && number != number.rounded() ? .number(number) : 0.5
    case 3, 4: return .string(randomString(&generator))
    case 5, 6:
      var object = JSONObject()
      for _ in 0..<Int.random(in: 0..<8, using: &generator) {
        object[randomString(&generator)] = randomValue(depth: depth - 1, &generator)
      }
      return .object(object)
    default:
      let count = Int.random(in: 0..<5, using: &generator)
      return .array((0..<count).map { _ in randomValue(depth: depth - 1, &generator) })
    }
  }

  private func randomString(_ generator: inout SeededGenerator) -> String {
    let alphabet = Array("abcdefghij\"\\/\u{0}\u{8}\n\u{1F}\u{7F}\u{80}é\u{301}€\u{FB33}\u{FFFF}😂")
    let count = Int.random(in: 0..<14, using: &generator)
    return String((0..<count).map { _ in alphabet.randomElement(using: &generator) ?? "a" })
  }
}
