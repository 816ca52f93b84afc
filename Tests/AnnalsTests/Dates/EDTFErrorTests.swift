import Annals
import Testing

/// What users are told, and that nothing they type brings the reader down.
@Suite struct EDTFErrorTests {
  private func error(_ text: String) throws -> EDTFError {
    try #require(throws: EDTFError.self) { try EDTF(text) }
  }

  @Test(arguments: [
    ("2022-2-3", "2022-02-03"), ("2022/03/02", "2022-03-02"), ("2022.03.02", "2022-03-02"),
    ("2022/03", "2022-03"), ("2022-3", "2022-03"), ("3/2022", "2022-03"),
    ("13/02/2022", "2022-02-13"), ("02/13/2022", "2022-02-13"), ("2/2/2022", "2022-02-02"),
    ("31.12.1999", "1999-12-31"), ("March 2, 2022", "2022-03-02"), ("2 Mar 2022", "2022-03-02"),
    ("Wed, 2nd of March 2022", "2022-03-02"), ("Sept. 2022", "2022-09"), ("2022-Q3", "2022-35"),
    ("H2 2024", "2024-41"), ("Fall 2022", "2022-23"), ("c. 2022", "2022~"), ("1990s", "199X"),
    ("20220302", "2022-03-02"), ("202203", "2022-03"), ("2022-061", "2022-03-02"),
    ("2024-366", "2024-12-31"), ("2022-2023", "2022/2023"), ("2022–2023", "2022/2023"),
    ("2022‑03‑02", "2022-03-02"), ("2022-03-02 / 2022-03-05", "2022-03-02/2022-03-05"),
    (" 2022-03-02\n", "2022-03-02"), ("[2020, 2021]", "[2020,2021]"), ("199u", "199X"),
    ("1999-uu-uu", "1999-XX-XX"), ("2004-xx", "2004-XX"), ("1985/open", "1985/.."),
    ("1985/unknown", "1985/"), ("unknown/1985", "/1985"), ("2004?~", "2004%"),
    ("2004-06~-11", "2004-06-11~"), ("?2004", "2004?"), ("2004?-06~", "2004-06%"),
    ("2022-03-02 14:00:00Z", "2022-03-02T14:00:00Z"),
    ("2022-03-02t14:00:00z", "2022-03-02T14:00:00Z"),
    ("2022-03-02T14:00Z", "2022-03-02T14:00:00Z"),
    ("2022-03-02T14:00:00.25+01:00", "2022-03-02T14:00:00+01:00"),
    ("2022/2021", "2021/2022"), ("[2021..2020]", "[2020..2021]"),
    ("2022-33/2022-36", "2022-01/2022-12"), ("2022-2-3/2022-04", "2022-02-03/2022-04"),
  ])
  func suggests(text: String, suggestion: String) throws {
    #expect(try error(text).suggestion == suggestion)
    #expect(throws: Never.self) { try EDTF(suggestion) }
  }

  @Test(arguments: [
    ("03/02/2022", "2022-03-02 if the month is March, 2022-02-03 if it is February"),
    ("02.03.2022", "2022-03-02 if the month is March, 2022-02-03 if it is February"),
    ("03-04-2022", "2022-03-04 if the month is March, 2022-04-03 if it is April"),
    ("03/02/22", "write the year with four digits, as YYYY-MM-DD"),
  ])
  func givesBothReadings(text: String, help: Help) throws {
    let error = try error(text)
    #expect(error.message == "\"\(text)\" is not an ISO date")
    #expect(error.help == help)
    #expect(error.suggestion == nil)
  }

  @Test(arguments: [
    ("2022-02-30", 8, 2, "\"2022-02-30\" does not exist: February 2022 has 28 days"),
    ("2022-04-31/2023", 8, 2, "\"2022-04-31/2023\" does not exist: April has 30 days"),
    ("2022-13", 5, 2, "\"2022-13\": there is no month 13"),
    ("2022/2021", 0, 9, "\"2022/2021\" ends before it starts"),
    ("Y-17E7", 0, 6, "\"Y-17E7\": exponential years are not supported"),
    ("Y170000002", 0, 10, "\"Y170000002\": years of more than four digits are not supported"),
    ("{1960,1961}", 0, 11, "\"{1960,1961}\": all-of sets {…} are not supported"),
    ("1950S2", 0, 6, "\"1950S2\": significant digits (S…) are not supported"),
    ("P1Y", 0, 3, "\"P1Y\": durations and repetitions are not supported"),
    ("2022/P1Y", 5, 3, "\"P1Y\": durations and repetitions are not supported"),
    ("Paris", 0, 5, "\"Paris\" is not an ISO date"),
    ("2022-W09", 0, 8, "\"2022-W09\": week dates are not supported"),
    ("2001-25", 5, 2, "\"2001-25\": seasons of a hemisphere (25–32) are not supported"),
    ("2001-37", 5, 2, "\"2001-37\": quadrimesters (37–39) are not supported"),
    ("2022/Y12345", 5, 6, "\"Y12345\": years of more than four digits are not supported"),
    ("199u", 0, 4, "\"199u\" is spelled as in the EDTF draft of 2012"),
    ("2022-03-02T24:00:00Z", 11, 2, "\"24\" is not an hour"),
    ("2016-12-31T23:59:60Z", 17, 2, "\"60\" is not a second"),
    ("", 0, 0, "the date is empty"),
    ("\u{1B}[31m", 0, 5, "\"\\u{1B}[31m\" is not an ISO date"),
  ])
  func saysWhatIsWrong(text: String, offset: Int, length: Int, message: String) throws {
    let error = try error(text)
    #expect(error.message == message)
    #expect((error.offset, error.length) == (offset, length))
    #expect(error.problem(.badDate).code == .badDate)
    #expect(error.problem(.badDate, pointer: "/on").message == message)
  }

  @Test func longTextIsCut() throws {
    let text = String(repeating: "abc", count: 10_000)
    #expect(try error(text).message.count < 100)
  }

  @Test func longSetsAreRead() throws {
    let years = (0..<10_000).map { "\($0)".count < 4 ? "0000" : "\($0)" }
    let set = try EDTF("[" + years.joined(separator: ",") + "]")
    #expect(set.latest == (try EDTF("9999")).latest)
  }

  private static let valid =
    EDTFVectorTests.level0 + EDTFVectorTests.level1 + EDTFVectorTests.level2

  /// Reads damaged bytes; the outcome must be a sound date or an error that points into them.
  private func check(_ bytes: [UInt8]) {
    bytes.withUnsafeBufferPointer { buffer in
      do throws(EDTFError) {
        let date = try EDTF(utf8: buffer)
        if date.earliest >= date.latest || Array(date.text.utf8) != bytes {
          Issue.record("\(date): \(date.period)")
        }
      } catch {
        let isInside =
          error.offset >= 0 && error.length >= 0 && error.offset + error.length <= bytes.count
          && (error.length > 0 || bytes.isEmpty)
        if !isInside || error.message.isEmpty {
          Issue.record("\(String(decoding: bytes, as: UTF8.self)): \(error)")
        }
      }
    }
  }

  @Test(arguments: valid)
  func everyDamagedByteIsSurvived(text: String) {
    let bytes = Array(text.utf8)
    for at in bytes.indices {
      for byte in UInt8.min...UInt8.max where byte != bytes[at] {
        var damaged = bytes
        damaged[at] = byte
        check(damaged)
      }
      var shorter = bytes
      shorter.remove(at: at)
      check(shorter)
      check(Array(bytes[..<at]))
      check(bytes + bytes[at...])
    }
  }

  @Test func randomTextIsSurvived() {
    var random = RepeatableGenerator()
    let alphabet = Array("0123456789-/.,[]XTZ:+?~%{}YESuPW \u{E9}".utf8)
    for _ in 0..<20_000 {
      let count = Int.random(in: 0...24, using: &random)
      check((0..<count).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &random)] })
    }
  }

  @Test func suggestionsAreAccepted() throws {
    for text in Self.valid {
      for at in text.indices {
        for replacement in ["", "0", "1", "x", "u", " ", "~", "/", ".", "-"] {
          let damaged = text.replacing(text[at...at], with: replacement, maxReplacements: 1)
          let result = Result { () throws(EDTFError) in try EDTF(damaged) }
          guard case .failure(let error) = result, let suggestion = error.suggestion else {
            continue
          }
          #expect(throws: Never.self, "\(damaged)") { try EDTF(suggestion) }
        }
      }
    }
  }
}

/// Knuth's MMIX generator: a test that fails does so again.
private struct RepeatableGenerator: RandomNumberGenerator {
  private var state: UInt64 = 1

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state ^ state >> 32
  }
}
