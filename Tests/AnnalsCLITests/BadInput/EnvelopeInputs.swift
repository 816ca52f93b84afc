extension BadInput {
  /// What stands around the payload.
  static let envelopes = [
    BadInput("no type", "E1107", marked: #"‸{"data":{}}"#),
    BadInput("no payload", "E1107", marked: #"‸{"type":"vote.cast"}"#),
    BadInput("nothing at all", "E1107", "E1107", marked: "‸‸{}"),
    typed("a type that is no text", "E1106", "5"),
    typed("an empty type", "E1111", #""""#),
    typed("an unknown type", "E1112", #""strike.held""#),
    typed("a misspelt type", "E1112", #""vote.cats""#),
    typed("a type with capitals", "E1112", #""Vote.Cast""#),
    BadInput(
      "a type that the log keeps to itself", "E1119",
      marked: #"{"type":‸"payload.erased","target":"\#(id(3))","data":{"ground":"g"}}"#),
    with("a version that is not there", "E1112", #""version":‸2"#),
    with("a version below one", "E1111", #""version":‸0"#),
    with("a version that is a text", "E1106", #""version":‸"1""#),
    with("a version beyond 64 bits", "E1115", #""version":‸99999999999999999999"#),
    with("an unknown field", "E1103", #"‸"acter":"USA""#),
    BadInput("a field with a capital", "E1107", "E1103", marked: #"‸{‸"Type":"x","data":{}}"#),
    BadInput("a payload that is a list", "E1106", marked: #"{"type":"vote.cast","data":‸[]}"#),
    BadInput("a payload that is null", "E1106", marked: #"{"type":"vote.cast","data":‸null}"#),
    with("an id that is no UUID", "E1117", #""id":‸"17""#),
    with("an id in braces", "E1117", #""id":‸"{\#(id(1))}""#),
    with("an unknown basis", "E1105", #""basis":‸"guess""#),
    with("an unknown confidence", "E1105", #""confidence":‸"rumour""#),
    with("an empty note", "E1111", #""note":‸"""#),
    with("sources that are a text", "E1106", #""sources":‸"bbc""#),
    with("a source without a name", "E1107", #""sources":[‸{"locator":"p3"}]"#),
    with("a source with spaces", "E1117", #""sources":[{"source":‸"The Post"}]"#),
    with("a source with an unknown field", "E1103", #""sources":[{"source":"a",‸"page":3}]"#),
    with("an unknown kind of reporter", "E1105", #""via":[{"kind":‸"newspaper"}]"#),
    with("a target that is no id", "E1117", #""target":‸"17""#),
    with("the same target twice", "E1117", #""target":["\#(id(1))",‸"\#(id(1))"]"#),
  ]

  private static func typed(_ name: String, _ code: String, _ type: String) -> BadInput {
    BadInput(name, code, marked: #"{"type":‸\#(type),"data":{}}"#)
  }

  /// An event with one field more.
  private static func with(_ name: String, _ code: String, _ field: String) -> BadInput {
    BadInput(name, code, marked: #"{"type":"vote.cast",\#(field),"data":\#(vote)}"#)
  }
}
