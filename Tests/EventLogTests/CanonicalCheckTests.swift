import Testing

@testable import EventLog

/// What is taken for a canonical object is what the canonical writer writes, and nothing else.
@Suite struct CanonicalCheckTests {
  private static func value(_ depth: Int, _ random: inout some RandomNumberGenerator) -> JSON {
    let texts = ["", "a", "é", "e\u{301}", "\u{1F}\"\\/", "😀", "\u{E000}", "true", "\u{7F}"]
    switch Int.random(in: 0..<(depth > 3 ? 5 : 7), using: &random) {
    case 0: return .null
    case 1: return .bool(.random(using: &random))
    case 2: return .integer(.random(in: -JSON.integerLimit...JSON.integerLimit, using: &random))
    case 3: return .number(Double(bitPattern: .random(in: 0..<0x7FF0 << 48, using: &random)))
    case 4: return .string(texts[.random(in: 0..<texts.count, using: &random)])
    case 5:
      return .array(
        (0..<Int.random(in: 0..<4, using: &random)).map { _ in value(depth + 1, &random) })
    default: return object(depth + 1, &random)
    }
  }

  private static func object(_ depth: Int, _ random: inout some RandomNumberGenerator) -> JSON {
    var object = JSONObject()
    for _ in 0..<Int.random(in: 0..<5, using: &random) {
      let keys = ["", "a", "b", "aa", "é", "😀", "\u{E000}", "\u{1}", "\""]
      object[keys[.random(in: 0..<keys.count, using: &random)]] = value(depth, &random)
    }
    return .object(object)
  }

  @Test func takesWhatTheCanonicalWriterWritesAndNothingElse() {
    var random = SystemRandomNumberGenerator()
    var check = CanonicalCheck()
    for _ in 0..<2000 {
      let json = Self.object(0, &random)
      let canonical = JSONWriter.canonical(json)
      #expect(check.fault(of: canonical) == nil, "\(String(decoding: canonical, as: UTF8.self))")
      for other in [JSONWriter.pretty(json), JSONWriter.compact(json)] {
        let other = Array(other.utf8)
        #expect((check.fault(of: other) == nil) == (other == canonical), "\(other)")
      }
      // One byte that is changed makes another object, or none in canonical form.
      var changed = canonical
      let index = Int.random(in: 0..<changed.count, using: &random)
      changed[index] = .random(in: 0x20..<0x7F, using: &random)
      if check.fault(of: changed) == nil, let again = try? JSON(parsing: changed) {
        #expect(JSONWriter.canonical(again) == changed)
      }
    }
  }

  @Test func saysWhatIsWrong() {
    var check = CanonicalCheck()
    #expect(check.fault(of: Array("[]".utf8)) == "is a JSON array, not an object")
    #expect(check.fault(of: Array("{".utf8))?.hasPrefix("is not JSON: ") == true)
    #expect(check.fault(of: Array("{ }".utf8))?.hasPrefix("is not in the canonical form") == true)
  }

  @Test func aKindHoldsNoColon() {
    #expect(Tag(kind: "a:b", value: "c") != Tag(kind: "a", value: "b:c"))
    #expect(Tag(kind: "a:b", value: "c").kind == "")
    #expect(Tag(Tag(kind: "a:b", value: "c").description) == nil)
    #expect(Tag(kind: "a", value: "b:c") == Tag("a:b:c"))
  }
}
