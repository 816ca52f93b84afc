import EventLog
import Testing

@testable import Annals

/// Corrections are laid over a payload, field by field.
@Suite struct MergeTests {
  private func object(_ members: [(String, JSON)]) -> JSON {
    var object = JSONObject()
    for (key, value) in members { object[key] = value }
    return .object(object)
  }

  /// What a patch gives when its members are laid over the value one by one.
  private func oneByOne(_ value: JSON, _ patch: JSON, keepNull: Bool) -> JSON {
    (patch.object ?? [:]).reduce(value) { result, member in
      result.merging(object([(member.key, member.value)]), keepNull: keepNull)
    }
  }

  @Test func aLargePatchGivesTheSameAsItsMembersOneByOne() {
    var random = SplitMix(seed: 7)
    let values: [JSON] = [
      .null, .null, .integer(1), .string("a"), .array([.null]),
      object([("x", .null), ("y", .integer(2))]), object([("x", .integer(3))]),
    ]
    for _ in 0..<200 {
      func members(_ count: Int) -> [(String, JSON)] {
        (0..<count).map { _ in
          (
            "k\(Int.random(in: 0..<150, using: &random))",
            values[Int.random(in: values.indices, using: &random)]
          )
        }
      }
      let value = object(members(Int.random(in: 0...120, using: &random)))
      let patch = object(members(Int.random(in: 60...200, using: &random)))
      for keepNull in [false, true] {
        let merged = value.merging(patch, keepNull: keepNull)
        let expected = oneByOne(value, patch, keepNull: keepNull)
        #expect(JSONWriter.compact(merged) == JSONWriter.compact(expected))
      }
    }
  }

  @Test func keysAreComparedByteByByte() {
    let patch = object((0..<100).map { ("k\($0)", .integer(1)) } + [("e\u{301}", .integer(2))])
    let merged = object([("\u{e9}", .integer(3))]).merging(patch)
    #expect(merged["\u{e9}"] == .integer(3) && merged["e\u{301}"] == .integer(2))
  }

  /// Looking for each of so many keys in turn would take minutes.
  @Test func aPatchOfManyFieldsIsLaidOverInOnePass() async throws {
    let keys = (0..<50_000).map { "key\($0)" }
    let text = "{" + keys.map { "\"\($0)\":1" }.joined(separator: ",") + "}"
    var tape = JSONTape()
    try tape.parse(Array(text.utf8))
    let patch = tape.value(tape.root)
    #expect(JSON.object([:]).merging(patch) == patch)
    #expect(patch.merging(patch) == patch)
  }
}
