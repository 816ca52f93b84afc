extension BadInput {
  /// Several faults in one input, or one among good lines.
  static let mixed = [
    BadInput(
      "faults of all kinds, some found late", "E1113", "E1101", "E1301", "E1104", "E1303", "E1105",
      marked: [
        #"{"type":"actor.named","data":{"actor":‸"ATL","name":"x"}}"#, "‸oops", statement(id: 20),
        #"{"id":‸"\#(id(3))","type":"actor.named","data":{"actor":"USA","name":"x"}}"#,
        #"{"type":"vote.cast","on":‸"2022-13","data":\#(vote)}"#,
        #"{"type":"vote.cast","data":{"rollcall":"un-ga/ES-11/7","voter":‸"FRA","choice":"yes"}}"#,
        unknownKind,
      ].joined(separator: "\n")),
    BadInput(
      "a bad line in a file of Windows", "E1101",
      marked: statement(id: 20) + "\r\n\r\n" + #"{"type":‸oops}"# + "\r\n"),
    BadInput(
      "lists in lists, 65 deep", "E1109",
      marked: #"{"type":"x","data":{"a":"# + String(repeating: "[", count: 62) + "‸[]"
        + String(repeating: "]", count: 62) + "}}"),
    BadInput(
      "lists in lists, without end", Array(repeating: UInt8(ascii: "["), count: 1 << 20),
      [Fault(code: "E1109", line: 1, column: 65)]),
  ]

  /// Inputs of many lines, or of long ones.
  static let large = [
    BadInput(
      "a bad line among 5,000 good ones", "E1101",
      marked: good(2_500) + "‸oops\n" + good(2_500, from: 2_500)),
    // More than is written in one batch: nothing of what comes first must be written either.
    BadInput(
      "an id that comes back with other content behind 10,000 lines", "E1301",
      marked: good(10_000) + #"{"id":‸"\#(id(100_000))","type":"actor.named","#
        + #""data":{"actor":"USA","name":"x"}}"#),
    BadInput(
      "a line of 10 MB", long(10 << 20), [Fault(code: "E1110", line: 1, column: (8 << 20) + 1)]),
    BadInput(
      "a line of 10 MB and one behind it", long(10 << 20) + Array("\n{oops}\n".utf8),
      [
        Fault(code: "E1110", line: 1, column: (8 << 20) + 1),
        Fault(code: "E1101", line: 2, column: 2),
      ]),
    BadInput(
      "a fault 3 MB into a line", long(3 << 20).dropLast(3) + Array("\n".utf8),
      [Fault(code: "E1101", line: 1, column: (3 << 20) - 2)]),
  ]

  private static let unknownKind =
    #"{"type":"statement.made","data":{"speaker":"dmitry-peskov","kind":‸"rumour","text":"x"}}"#

  private static func good(_ count: Int, from first: Int = 0) -> String {
    (first..<first + count).map { statement(id: 100_000 + $0) + "\n" }.joined()
  }

  /// One event of about so many bytes, all of them but a few in one text.
  private static func long(_ count: Int) -> [UInt8] {
    let start = Array(#"{"type":"actor.named","data":{"actor":"USA","name":""#.utf8)
    return start + Array(repeating: UInt8(ascii: "x"), count: count - start.count - 3)
      + Array("\"}}".utf8)
  }
}
