extension BadInput {
  /// Bytes that are not UTF-8, or UTF-8 with something ahead of it.
  static let encodings = [
    encoded("Latin-1", [0xE9], "E1102", column: 10),
    encoded("a byte that stands nowhere in UTF-8", [0xFF], "E1102", column: 10),
    encoded("a byte that only continues", [0x80], "E1102", column: 10),
    encoded("a character that is cut off", [0xE2, 0x82], "E1102", column: 10),
    encoded("a character written too long", [0xC0, 0xAF], "E1102", column: 10),
    encoded("a character beyond Unicode", [0xF4, 0x90, 0x80, 0x80], "E1102", column: 10),
    encoded("half of a pair as three bytes", [0xED, 0xA0, 0x80], "E1102", column: 10),
    // What is well formed ahead of the fault counts by characters, not by bytes.
    encoded(
      "a wrong byte behind other alphabets", Array("Україна 投票 👍🏽".utf8) + [0xFF], "E1102",
      column: 23),
    BadInput(
      "a wrong byte between members", Array(#"{"type":"a","#.utf8) + [0xA0] + Array("}".utf8),
      [Fault(code: "E1102", line: 1, column: 13)]),
    BadInput(
      "two byte order marks", [0xEF, 0xBB, 0xBF, 0xEF, 0xBB, 0xBF] + Array(statement(id: 11).utf8),
      [Fault(code: "E1101", line: 1, column: 1)]),
    BadInput(
      "UTF-16, least byte first", [0xFF, 0xFE] + wide(statement(id: 11)),
      [Fault(code: "E1102", line: 1, column: 1)]),
    BadInput(
      "UTF-16, greatest byte first", [0xFE, 0xFF] + wide(statement(id: 11)).dropFirst() + [0],
      [Fault(code: "E1102", line: 1, column: 1)]),
    BadInput(
      "UTF-16 without a mark", wide("{}"), [Fault(code: "E1101", line: 1, column: 2)]),
    BadInput(
      "a compressed file", [0x1F, 0x8B, 0x08, 0x00, 0xAB],
      [Fault(code: "E1101", line: 1, column: 1)]),
  ]

  /// A line with these bytes in a string.
  private static func encoded(
    _ name: String, _ bytes: [UInt8], _ code: String, column: Int
  ) -> BadInput {
    BadInput(
      name, Array(#"{"type":""#.utf8) + bytes + Array("\"}".utf8),
      [Fault(code: code, line: 1, column: column)])
  }

  /// ASCII as UTF-16, least byte first.
  private static func wide(_ text: String) -> [UInt8] { text.utf8.flatMap { [$0, 0] } }
}
