extension BadInput {
  /// Lines that no reader of JSON takes.
  static let notJSON = [
    BadInput("a bare word", "E1101", marked: "‸oops"),
    BadInput("an object that is not closed", "E1101", marked: #"{"type":"vote.cast"‸"#),
    BadInput("a string that is not closed", "E1101", marked: #"{"type":"vote.cast‸"#),
    BadInput("closed with the wrong bracket", "E1101", marked: #"{"type":"vote.cast"‸]"#),
    BadInput("a bracket too many", "E1101", marked: #"{"type":"vote.cast","data":{}}‸}"#),
    BadInput("no comma between members", "E1101", marked: #"{"type":"vote.cast" ‸"data":{}}"#),
    BadInput("no comma between elements", "E1101", marked: #"{"type":"x","data":{"a":[1 ‸2]}}"#),
    BadInput("no colon", "E1101", marked: #"{"type" ‸"vote.cast"}"#),
    BadInput("no value", "E1101", marked: #"{"type":‸,"data":{}}"#),
    BadInput("a key that is a number", "E1101", marked: #"{‸1:2}"#),
    BadInput(
      "two events on one line", "E1101", marked: statement(id: 11) + " ‸" + statement(id: 12)),
    BadInput(
      "lines that end with CR alone", "E1101", marked: statement(id: 11) + "\r‸" + statement(id: 12)
    ),
    BadInput(
      "lines that end with U+2028", "E1101",
      marked: statement(id: 11) + "‸\u{2028}" + statement(id: 12)),
    BadInput("an unknown escape", "E1101", marked: #"{"type":"a‸\qb"}"#),
    BadInput("an escape that is cut short", "E1101", marked: #"{"type":"a‸\u12"}"#),
    BadInput("an escape that is not hexadecimal", "E1101", marked: #"{"type":"a‸\u12G4"}"#),
    BadInput("the first half of a surrogate pair", "E1101", marked: #"{"type":"‸\ud83d"}"#),
    BadInput("the second half of a surrogate pair", "E1101", marked: #"{"type":"‸\ude00"}"#),
    BadInput("two first halves of surrogate pairs", "E1101", marked: #"{"type":"‸\ud83d\ud83d"}"#),
    BadInput("a tab in a string", "E1101", marked: "{\"type\":\"a‸\tb\"}"),
    BadInput("a zero byte in a string", "E1101", marked: "{\"type\":\"a‸\0b\"}"),
    BadInput("a zero byte between members", "E1101", marked: "{\"type\":\"a\",‸\0\"data\":{}}"),
    BadInput("an escape character", "E1101", marked: "‸\u{1B}[31m{}"),
    BadInput("a space that is not breaking", "E1101", marked: "{‸\u{A0}\"type\":\"a\"}"),
    BadInput("curly quotes", "E1101", marked: "{‸“type”:“a”}"),
    BadInput("a leading zero", "E1101", marked: #"{"type":"x","data":{"a":‸012}}"#),
    BadInput("a leading plus", "E1101", marked: #"{"type":"x","data":{"a":‸+1}}"#),
    BadInput("no digit before the point", "E1101", marked: #"{"type":"x","data":{"a":‸.5}}"#),
    BadInput("no digit behind the point", "E1101", marked: #"{"type":"x","data":{"a":‸1.}}"#),
    BadInput("no digit in the exponent", "E1101", marked: #"{"type":"x","data":{"a":‸1e}}"#),
    BadInput("a hexadecimal number", "E1101", marked: #"{"type":"x","data":{"a":‸0x10}}"#),
    BadInput("digits in groups", "E1101", marked: #"{"type":"x","data":{"a":‸1_000}}"#),
    BadInput("a number beyond all bounds", "E1101", marked: #"{"type":"x","data":{"a":‸1e999}}"#),
  ]

  /// What people take for JSON.
  static let almostJSON = [
    BadInput("a comma behind the last member", "E1101", marked: #"{"type":"vote.cast",‸}"#),
    BadInput(
      "a comma behind the last element", "E1101", marked: #"{"type":"x","data":{"a":[1,‸]}}"#),
    BadInput("single quotes", "E1101", marked: "{‸'type':'vote.cast'}"),
    BadInput("keys without quotes", "E1101", marked: #"{‸type:"vote.cast"}"#),
    BadInput("a comment", "E1101", marked: #"{‸/* a vote */"type":"vote.cast"}"#),
    BadInput("a line of comment", "E1101", marked: "‸# votes\n" + statement(id: 11)),
    BadInput("not a number", "E1101", marked: #"{"type":"x","data":{"a":‸NaN}}"#),
    BadInput("infinity", "E1101", marked: #"{"type":"x","data":{"a":‸-Infinity}}"#),
    BadInput("Python's words", "E1101", marked: #"{"type":"x","data":{"a":‸True}}"#),
    BadInput("undefined", "E1101", marked: #"{"type":"x","data":{"a":‸undefined}}"#),
    BadInput(
      "an event over several lines", "E1101", "E1101", "E1101",
      marked: "{‸\n  \"type\"‸: \"vote.cast\"\n‸}\n"),
    BadInput("a key given twice", "E1108", marked: #"{"type":"a",‸"type":"b"}"#),
    BadInput("a key given twice, once escaped", "E1108", marked: #"{"type":"a",‸"t\u0079pe":"b"}"#),
    BadInput(
      "a key given twice, further in", "E1108", marked: #"{"type":"a","data":{"b":1,"a":2,‸"b":3}}"#
    ),
    BadInput("the last line cut off", "E1101", marked: statement(id: 11) + "\n{\"type\":\"vote‸"),
  ]

  /// Files of another kind.
  static let foreign = [
    BadInput("a list of events on one line", "E1106", marked: "‸[\(statement(id: 11))]"),
    BadInput(
      "a list of events over several lines", "E1101", "E1101", "E1101",
      marked: "[‸\n\(statement(id: 11))‸,\n\(statement(id: 12))\n‸]\n"),
    BadInput("a text", "E1106", marked: #"‸"vote.cast""#),
    BadInput("a number", "E1106", marked: "‸42"),
    BadInput("null", "E1106", marked: "‸null"),
    BadInput(
      "CSV", "E1101", "E1101",
      marked: "‸type,on,rollcall,voter,choice\n‸vote.cast,2025-02-24,un-ga/ES-11/7,FRA,yes\n"),
    BadInput("CSV with quotes", "E1101", marked: #""type"‸,"on""#),
    BadInput("YAML", "E1101", "E1101", marked: "‸type: vote.cast\n‸data: {}\n"),
    BadInput("XML", "E1101", marked: "‸<event type=\"vote.cast\"/>"),
    BadInput("a web page instead of the file", "E1101", marked: "‸<!DOCTYPE html>"),
    BadInput("JSON text sequences", "E1101", marked: "‸\u{1E}" + statement(id: 11)),
    BadInput("a database", "E1101", marked: "‸SQLite format 3\0"),
  ]
}
