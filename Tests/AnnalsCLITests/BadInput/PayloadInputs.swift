extension BadInput {
  /// The payload against its schema.
  static let payloads = [
    vote("a field left out", "E1107", #"‸{"rollcall":"un-ga/ES-11/7","voter":"GBR"}"#),
    vote("two fields left out", "E1107", "E1107", #"‸‸{"voter":"GBR"}"#),
    vote("an unknown choice", "E1105", body(choice: #"‸"maybe""#)),
    vote("a choice with a capital", "E1105", body(choice: #"‸"Yes""#)),
    vote("a choice that is a number", "E1106", body(choice: "‸1")),
    vote("a set of one choice", "E1111", body(choice: #"‸["no"]"#)),
    vote("a choice twice in a set", "E1117", body(choice: #"["no",‸"no"]"#)),
    vote("an unknown choice in a set", "E1105", body(choice: #"["no",‸"maybe"]"#)),
    vote("a voter that is a number", "E1106", body(voter: "‸250")),
    vote("a voter that is null", "E1106", body(voter: "‸null")),
    vote("a voter with a space", "E1117", body(voter: #"‸"New Zealand""#)),
    vote("a voter in another alphabet", "E1117", body(voter: #"‸"Україна""#)),
    vote(
      "an id of 129 characters", "E1117",
      body(voter: "‸\"" + String(repeating: "a", count: 129) + "\"")),
    vote("a misspelt field", "E1103", body(choice: #""no",‸"choise":"no""#)),
    vote("a text for true or false", "E1106", body(choice: #""no","veto":‸"true""#)),
    vote("an empty text", "E1111", body(choice: #""no","raw":‸"""#)),
    vote(
      "three faults at once", "E1106", "E1105", "E1103",
      #"{"rollcall":‸1,"voter":"GBR","choice":‸"si",‸"x":0}"#),
    stance("a level that is too high", "E1111", "‸3"),
    stance("a level between two", "E1115", "‸1.5"),
    tally("votes below zero", "E1111", "‸-1"),
    tally("half a vote", "E1115", "‸93.5"),
    tally("a number that others read differently", "E1115", "‸9007199254740993"),
    tally("a number beyond 64 bits", "E1115", "‸184467440737095516160"),
    correction("a fraction where anything may stand", "E1115", #"{"share":‸0.771}"#),
    correction("a great number where anything may stand", "E1115", #"{"n":[1,{"of":‸1e20}]}"#),
    source("an address without a scheme", "E1117", #""url":‸"example.org""#),
    source("an address that is no web page", "E1117", #""url":‸"ftp://example.org/a""#),
    source("a language in words", "E1117", #""language":‸"english""#),
    source("a checksum that is not hexadecimal", "E1117", #""sha256":‸"\#(digits("xyz0"))""#),
    source("a checksum cut short", "E1111", #""sha256":‸"00ff""#),
  ]

  private static func vote(_ name: String, _ codesAndData: String...) -> BadInput {
    BadInput(
      name, codes: codesAndData.dropLast(),
      marked: #"{"type":"vote.cast","data":\#(codesAndData[codesAndData.count - 1])}"#)
  }

  private static func body(voter: String = #""GBR""#, choice: String = #""no""#) -> String {
    #"{"rollcall":"un-ga/ES-11/7","voter":\#(voter),"choice":\#(choice)}"#
  }

  private static func stance(_ name: String, _ code: String, _ level: String) -> BadInput {
    BadInput(
      name, code,
      marked: #"{"type":"stance.changed","data":{"actor":"USA","topic":"ukraine-integrity","#
        + #""basis":"declared","level":\#(level)}}"#)
  }

  private static func tally(_ name: String, _ code: String, _ yes: String) -> BadInput {
    BadInput(
      name, code,
      marked: #"{"type":"rollcall.held","data":{"rollcall":"a","motion":"A/RES/ES-11/7","#
        + #""body":"un-ga","method":"recorded","result":"adopted","official":{"yes":\#(yes)}}}"#)
  }

  private static func correction(_ name: String, _ code: String, _ data: String) -> BadInput {
    BadInput(
      name, code,
      marked: #"{"type":"fact.corrected","target":"\#(id(3))","reason":"r","data":\#(data)}"#)
  }

  private static func source(_ name: String, _ code: String, _ field: String) -> BadInput {
    BadInput(
      name, code,
      marked: #"{"type":"source.captured","data":{"source":"a","title":"t",\#(field)}}"#)
  }

  /// As long as a checksum.
  private static func digits(_ part: String) -> String {
    String(repeating: part, count: 64 / part.count)
  }
}
