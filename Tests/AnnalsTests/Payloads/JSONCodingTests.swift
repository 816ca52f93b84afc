import Annals
import EventLog
import Testing

/// Between `Codable` and our JSON.
@Suite struct JSONCodingTests {
  private struct Everything: Codable, Hashable {
    enum Shape: Codable, Hashable {
      case circle(radius: Int)
      case nothing
    }
    struct Inner: Codable, Hashable { var names: [String] = [] }

    var text = "é\u{0}"
    var flag = true
    var small: Int8 = -128
    var large: UInt64 = 9_007_199_254_740_991
    var number = 0.1
    var float: Float = 0.5
    var missing: String?
    var list: [Int?] = [1, nil, 3]
    var map = ["b": 2, "a": 1]
    var inner = Inner(names: ["x"])
    var shapes: [Shape] = [.circle(radius: 2), .nothing]
    var nested: [[Bool]] = [[], [true]]
    var empty = Inner()
    var date = try? EDTF("2022-03~")
    var id = EventID("0198b6a0-2f4e-8c1d-9a3b-5d6e7f809112")
  }

  @Test func everyKindComesBack() throws {
    let value = Everything()
    let json = try JSON(encoding: value)
    let expected: JSON = [
      "text": "é\u{0}", "flag": true, "small": -128, "large": 9_007_199_254_740_991,
      "number": 0.1, "float": 0.5, "list": [1, nil, 3], "map": ["a": 1, "b": 2],
      "inner": ["names": ["x"]], "shapes": [["circle": ["radius": 2]], ["nothing": [:]]],
      "nested": [[], [true]], "empty": ["names": []], "date": "2022-03~",
      "id": "0198b6a0-2f4e-8c1d-9a3b-5d6e7f809112",
    ]
    #expect(json == expected)
    #expect(try json.decode(Everything.self) == value)
    // Through text as well.
    let text = try JSON(parsing: Array(JSONWriter.compact(json).utf8))
    #expect(try text.decode(Everything.self) == value)
  }

  @Test func valuesThatAreNoObjects() throws {
    #expect(try JSON(encoding: [1, 2]) == [1, 2])
    #expect(try JSON(encoding: "a") == "a")
    #expect(try JSON(encoding: Int?.none) == .null)
    #expect(try JSON.null.decode(Int?.self) == nil)
    #expect(try JSON.integer(3).decode(Int?.self) == 3)
    #expect(try JSON(encoding: Ballot(.no)) == "no")
    #expect(try JSON(encoding: [2: "b"]).decode([Int: String].self) == [2: "b"])
  }

  private class Base: Codable {
    var a = 1
  }

  private final class Derived: Base {
    var b = 2

    override init() { super.init() }

    required init(from decoder: any Decoder) throws {
      let members = try decoder.container(keyedBy: Key.self)
      b = try members.decode(Int.self, forKey: .b)
      try super.init(from: members.superDecoder())
    }

    override func encode(to encoder: any Encoder) throws {
      var members = encoder.container(keyedBy: Key.self)
      try members.encode(b, forKey: .b)
      try super.encode(to: members.superEncoder())
      var list = members.nestedUnkeyedContainer(forKey: .list)
      try list.encode("x")
      try list.encodeNil()
      var inner = list.nestedContainer(keyedBy: Key.self)
      try inner.encodeNil(forKey: .b)
    }

    enum Key: CodingKey { case b, list }
  }

  @Test func classesAndContainersByHand() throws {
    let value = Derived()
    value.a = 7
    let json = try JSON(encoding: value)
    #expect(json == ["b": 2, "super": ["a": 7], "list": ["x", nil, ["b": nil]]])
    let back = try json.decode(Derived.self)
    #expect(back.a == 7 && back.b == 2)
  }

  @Test func integersAreExact() throws {
    #expect(try JSON(encoding: JSON.integerLimit) == .integer(JSON.integerLimit))
    #expect(throws: EncodingError.self) { try JSON(encoding: JSON.integerLimit + 1) }
    #expect(throws: EncodingError.self) { try JSON(encoding: [-JSON.integerLimit - 1]) }
    #expect(throws: EncodingError.self) { try JSON(encoding: UInt64.max) }
    #expect(throws: EncodingError.self) { try JSON(encoding: Double.nan) }
    #expect(throws: DecodingError.self) { try JSON.number(2).decode(Int.self) }
    #expect(throws: DecodingError.self) { try JSON.integer(256).decode(UInt8.self) }
    #expect(throws: DecodingError.self) { try JSON.integer(-1).decode(UInt.self) }
    #expect(throws: DecodingError.self) {
      try JSON.integer(9_007_199_254_740_991).decode(Float.self)
    }
    #expect(try JSON.integer(2).decode(Double.self) == 2)
  }

  @Test func kindsAreNotMixedUp() {
    #expect(throws: DecodingError.self) { try JSON.integer(1).decode(Bool.self) }
    #expect(throws: DecodingError.self) { try JSON.bool(true).decode(Int.self) }
    #expect(throws: DecodingError.self) { try JSON.integer(1).decode(String.self) }
    #expect(throws: DecodingError.self) { try JSON.string("1").decode(Int.self) }
    #expect(throws: DecodingError.self) { try JSON.array([]).decode([String: Int].self) }
    #expect(throws: DecodingError.self) { try JSON.object([:]).decode([Int].self) }
  }

  private struct Nothing: Encodable {
    func encode(to encoder: any Encoder) {}
  }

  @Test func whatEncodesNothingIsAnError() {
    #expect(throws: EncodingError.self) { try JSON(encoding: Nothing()) }
    #expect(throws: EncodingError.self) { try JSON(encoding: ["a": [Nothing()]]) }
  }

  // MARK: where it went wrong

  private func failure(_ json: JSON, _ type: any Decodable.Type) -> (path: String, message: String)?
  {
    do {
      _ = try json.decode(type)
      return nil
    } catch let error as DecodingError {
      let context: DecodingError.Context
      switch error {
      case .dataCorrupted(let found), .keyNotFound(_, let found), .typeMismatch(_, let found),
        .valueNotFound(_, let found):
        context = found
      @unknown default: return nil
      }
      let path = context.codingPath.map(\.stringValue).joined(separator: ".")
      return (path, context.debugDescription)
    } catch {
      return nil
    }
  }

  @Test func errorsCarryThePath() throws {
    let missing = try #require(failure(["rollcall": "r", "choice": "no"], VoteCast.self))
    #expect(missing == ("", "\"voter\" is missing"))
    let vote: JSON = ["rollcall": "r", "voter": "USA", "choice": ["no", "maybe"]]
    #expect(failure(vote, VoteCast.self)?.path == "choice.1")
    let twice: JSON = ["rollcall": "r", "voter": "USA", "choice": ["no", "no"]]
    let repeated = try #require(failure(twice, VoteCast.self))
    #expect(repeated == ("choice", "expected two or more different choices"))
    let statement: JSON = [
      "speaker": "a", "kind": "quote", "text": "t", "about": ["topics": ["x", 5]],
    ]
    let wrong = try #require(failure(statement, StatementMade.self))
    #expect(wrong == ("about.topics.1", "expected a text, found a whole number"))
    let date = try #require(
      failure(["actor": "a", "group": "b", "period": "soon"], MembershipHeld.self))
    #expect(date.path == "period")
    #expect(failure(["preferred": "x"], DisputeSettled.self)?.message == "\"x\" is not a UUID")
  }

  @Test func encodingErrorsCarryThePath() {
    struct Outer: Encodable { var inner = ["a": [1, .infinity]] }
    do {
      _ = try JSON(encoding: Outer())
      Issue.record("infinity was encoded")
    } catch EncodingError.invalidValue(_, let context) {
      #expect(context.codingPath.map(\.stringValue) == ["inner", "a", "1"])
      #expect(context.debugDescription == "inf has no form in JSON")
    } catch {
      Issue.record(error)
    }
  }
}
