import EventLog

@testable import Annals

/// Makes random values that a schema allows, from its text alone: it knows nothing of the validator
/// or of the Swift structures that it is to test.
struct SchemaSampler {
  let schema: JSON
  var random: Random
  /// Chance of a field that is not required.
  var fullness = 0.5

  /// SplitMix64: the same seed, the same values.
  struct Random: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
      return mixed ^ mixed >> 31
    }
  }

  init(text: [UInt8], seed: UInt64) throws {
    schema = try JSON(parsing: text)
    random = Random(state: seed)
  }

  mutating func value() -> JSON { value(of: schema) }

  /// A reference followed.
  func resolved(_ schema: JSON) -> JSON {
    guard let name = schema["$ref"]?.string?.split(separator: "/").last else { return schema }
    return self.schema["$defs"]?[String(name)] ?? schema
  }

  private mutating func value(of schema: JSON) -> JSON {
    let schema = resolved(schema)
    if let values = schema["enum"]?.array { return pick(values) }
    let type = schema["type"]?.string
    if let alternatives = schema["anyOf"]?.array, type == nil {
      return value(of: pick(alternatives))
    }
    switch type {
    case "object": return object(schema)
    case "array": return array(schema)
    case "integer":
      let low = schema["minimum"]?.integer ?? -JSON.integerLimit
      let high = schema["maximum"]?.integer ?? JSON.integerLimit
      // Small numbers half of the time.
      return .integer(
        .random(in: low...(Bool.random(using: &random) ? high : min(high, low + 9)), using: &random)
      )
    case "boolean": return .bool(.random(using: &random))
    case "string": return .string(text(schema))
    default: return anything(depth: 0)
    }
  }

  private mutating func object(_ schema: JSON) -> JSON {
    var required = Set((schema["required"]?.array ?? []).compactMap(\.string))
    if let alternatives = schema["anyOf"]?.array {
      required.formUnion((pick(alternatives)["required"]?.array ?? []).compactMap(\.string))
    }
    var members: [(String, JSON)] = []
    for (name, property) in schema["properties"]?.object ?? [:]
    where required.contains(name) || Double.random(in: 0..<1, using: &random) < fullness {
      members.append((name, value(of: property)))
    }
    if schema["additionalProperties"] == .bool(true) {
      for _ in 0..<Int.random(in: 0...4, using: &random) {
        members.append((words(1...5), anything(depth: 0)))
      }
    }
    members.shuffle(using: &random)
    var object: JSONObject = [:]
    for (name, value) in members { object[name] = value }
    return .object(object)
  }

  private mutating func array(_ schema: JSON) -> JSON {
    let least = Int(schema["minItems"]?.integer ?? 0)
    let most = Int(schema["maxItems"]?.integer ?? Int64(least + 3))
    let count = Int.random(in: least...most, using: &random)
    var elements: [JSON] = []
    for _ in 0..<50 where elements.count < count {
      let element = schema["items"].map { value(of: $0) } ?? anything(depth: 1)
      if schema["uniqueItems"] != .bool(true) || !elements.contains(element) {
        elements.append(element)
      }
    }
    return .array(elements)
  }

  private mutating func anything(depth: Int) -> JSON {
    switch Int.random(in: 0...(depth < 3 ? 6 : 4), using: &random) {
    case 0: return .null
    case 1: return .bool(.random(using: &random))
    case 2: return .integer(.random(in: -JSON.integerLimit...JSON.integerLimit, using: &random))
    case 3: return .number(Double(Int.random(in: -99...99, using: &random)) + 0.5)
    case 4: return .string(words(0...9))
    case 5:
      return .array(
        (0..<Int.random(in: 0...3, using: &random)).map { _ in anything(depth: depth + 1) })
    default:
      var object: JSONObject = [:]
      for _ in 0..<Int.random(in: 0...3, using: &random) {
        object[words(0...3)] = anything(depth: depth + 1)
      }
      return .object(object)
    }
  }

  // MARK: texts

  private mutating func text(_ schema: JSON) -> String {
    let least = Int(schema["minLength"]?.integer ?? 0)
    let most = Int(schema["maxLength"]?.integer ?? Int64(least + 20))
    switch schema["format"]?.string {
    case "slug":
      return letters(1...1, Self.alphanumeric) + letters(0...12, Self.alphanumeric + "._/-")
    case "uuid":
      return [8, 4, 4, 4, 12].map { letters($0...$0, "0123456789abcdef") }.joined(separator: "-")
    case "hex": return letters(least...least, "0123456789abcdefABCDEF")
    case "language": return pick(["en", "uk", "zh-Hant", "gsw", "sl-rozaj-biske", "de-CH-1996"])
    case "uri":
      return pick(["https://", "http://"]) + letters(1...9, Self.alphanumeric) + "/a?b=%20#c"
    case "edtf": return date()
    default: return words(least...most)
    }
  }

  private static let alphanumeric = "ABCXYZabcxyz0189"

  private mutating func letters(_ count: ClosedRange<Int>, _ letters: String) -> String {
    let letters = Array(letters)
    return String((0..<Int.random(in: count, using: &random)).map { _ in pick(letters) })
  }

  /// Any scalars, those that JSON escapes and those that Unicode would compose among them.
  private mutating func words(_ count: ClosedRange<Int>) -> String {
    let special: [Unicode.Scalar] = [
      "\"", "\\", "/", "\0", "\n", "\u{1F}", "\u{7F}", " ", "e", "\u{301}", "\u{E9}", "\u{2028}",
      "\u{202E}", "\u{FFFD}", "\u{1F5F3}", "\u{10FFFF}", "ї", "а", "ا",
    ]
    var text = String.UnicodeScalarView()
    for _ in 0..<Int.random(in: count, using: &random) {
      if Bool.random(using: &random) {
        text.append(pick(special))
      } else {
        text.append(Unicode.Scalar(UInt8.random(in: 0x20...0x7E, using: &random)))
      }
    }
    return String(text)
  }

  private mutating func date() -> String {
    func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let year = "\(Int.random(in: 1900...2099, using: &random))"
    let month = "\(year)-\(padded(.random(in: 1...12, using: &random)))"
    let day = "\(month)-\(padded(.random(in: 1...28, using: &random)))"
    let plain = pick([year, month, day])
    return pick([
      year, month, day, plain + pick(["?", "~", "%"]), "../\(plain)", "\(plain)/..", "/\(plain)",
      "\(plain)/", "\(year)/2100-01-01", "\(day)T10:20:30Z", "[\(day),2100]", year.dropLast() + "X",
    ])
  }

  private mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[Int.random(in: 0..<elements.count, using: &random)]
  }
}
