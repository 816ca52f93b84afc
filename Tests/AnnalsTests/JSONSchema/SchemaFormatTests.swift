import Annals
import EventLog
import Testing

@Suite struct SchemaFormatTests {
  @Test(arguments: [
    ("date", "2025-02-24"), ("date", "2024-02-29"), ("date", "0000-01-01"),
    ("edtf", "2025-02-24"), ("edtf", "2022-02"), ("edtf", "198X"),
    ("slug", "un-ga/ES-11/7"), ("slug", "A"), ("slug", "1.2_x"),
    ("slug", String(repeating: "a", count: 128)),
    ("uri", "https://example.org"), ("uri", "http://[::1]:8080/a%20b?c=d#e"),
    ("language", "en"), ("language", "zh-Hant"), ("language", "de-CH-1996"),
    ("uuid", "0198b6a0-2f4e-8c1d-9a3b-5d6e7f809112"),
    ("uuid", "0198B6A0-2F4E-8C1D-9A3B-5D6E7F809112"),
    ("hex", "00ff"), ("hex", "DEADbeef"),
  ])
  func allowed(format: String, text: String) throws {
    #expect(try faults(#"{"format": "\#(format)"}"#, "\"\(text)\"") == [])
  }

  @Test(arguments: [
    ("date", "2025-02-30"), ("date", "2023-02-29"), ("date", "2025-2-24"), ("date", "20250224"),
    ("date", "2025-13-01"), ("date", "2025-00-10"), ("date", "2025-01-00"), ("date", ""),
    ("edtf", "03/02/2022"), ("edtf", "yesterday"),
    ("slug", ""), ("slug", "-a"), ("slug", "/a"), ("slug", "a b"), ("slug", "é"),
    ("slug", String(repeating: "a", count: 129)),
    ("uri", "example.org"), ("uri", "ftp://example.org"), ("uri", "https://"),
    ("uri", "https:///a"),
    ("uri", "https://a b"), ("uri", "https://é.org"), ("uri", "HTTPS"),
    ("language", "english"), ("language", "e"), ("language", "en-"), ("language", "en--US"),
    ("language", "12"), ("language", ""), ("language", "en_US"),
    ("uuid", "0198b6a0-2f4e-8c1d-9a3b-5d6e7f80911"), ("uuid", "0198b6a02f4e8c1d9a3b5d6e7f809112"),
    ("uuid", "0198b6a0-2f4e-8c1d-9a3b-5d6e7f80911g"),
    ("uuid", "0198b6a0+2f4e-8c1d-9a3b-5d6e7f809112"),
    ("hex", ""), ("hex", "abc"), ("hex", "0g"), ("hex", "0x"),
  ])
  func refused(format: String, text: String) throws {
    let faults = try faults(#"{"format": "\#(format)"}"#, "\"\(text)\"")
    #expect(faults.count == 1)
    let isDate = format == "date" || format == "edtf"
    #expect(faults.first?.code == (isDate ? .badDate : .badFormat))
    #expect(faults.first?.message.isEmpty == false)
    #expect(faults.first?.help?.words(for: .commandLine).isEmpty == false)
  }

  @Test(arguments: [
    ("US A", "US-A"), (" a  b, c! ", "a-b-c"), ("_x", "x"), ("São Paulo", "Sao-Paulo"),
    ("Москва", nil), ("!!", nil),
    ("", nil),
  ])
  func suggestedSlugs(text: String, slug: String?) throws {
    #expect(try faults(#"{"format": "slug"}"#, "\"\(text)\"").first?.suggestion == slug)
  }

  @Test func formatsCanBeAdded() throws {
    var formats = JSONSchema.Formats.standard
    formats.add("shout") { text in
      text == text.uppercased()
        ? nil : FormatFault("\"\(text)\" is quiet", suggestion: text.uppercased())
    }
    #expect(formats.names.contains("shout"))
    let schema = try schema(#"{"format": "shout"}"#, formats: formats)
    #expect(try faults(schema, #""HEY""#) == [])
    let fault = try #require(try faults(schema, #""h\u0065y""#).first)
    #expect(fault.message == #""hey" is quiet"#)
    #expect(fault.suggestion == "HEY")
    #expect(schemaProblems(#"{"format": "shout"}"#).map(\.code) == [.badSchema])
  }

  @Test func formatsConcernTextsOnly() throws {
    #expect(try faults(#"{"format": "date"}"#, "5") == [])
  }
}
