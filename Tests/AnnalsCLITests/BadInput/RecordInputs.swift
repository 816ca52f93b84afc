extension BadInput {
  /// What an event names, and nobody has defined.
  static let references = [
    BadInput("an unknown actor", "E1113", marked: fact(actor: #"‸"ATL""#)),
    BadInput("a name for an actor", "E1113", marked: fact(actor: #"‸"Washington""#)),
    BadInput("an actor in small letters", "E1113", marked: fact(actor: #"‸"usa""#)),
    BadInput("an unknown topic", "E1113", marked: fact(topic: #"‸"ukrane-integrity""#)),
    BadInput("an unknown source", "E1113", marked: fact(source: #"‸"kremlin-praise""#)),
    BadInput(
      "an unknown motion", "E1113",
      marked: #"{"type":"motion.withdrawn","data":{"motion":‸"A/RES/ES-11/77"}}"#),
    BadInput(
      "an unknown roll call", "E1113",
      marked: #"{"type":"vote.cast","data":{"rollcall":‸"un-ga/ES-11/77","voter":"GBR","#
        + #""choice":"no"}}"#),
    BadInput(
      "an unknown actor in a list", "E1113",
      marked: #"{"type":"action.taken","data":{"actors":["USA",‸"ATL"],"act":"a","#
        + #""status":"done"}}"#),
    BadInput(
      "an unknown topic further in", "E1113",
      marked: #"{"type":"statement.made","data":{"speaker":"dmitry-peskov","kind":"quote","#
        + #""text":"x","about":{"topics":[‸"ukraine"]}}}"#),
    BadInput(
      "unknown things of three kinds", "E1113", "E1113", "E1113",
      marked: fact(actor: #"‸"ATL""#, topic: #"‸"sea""#, source: #"‸"plato""#)),
    BadInput(
      "an actor that is registered only later", "E1113",
      marked: fact(actor: #"‸"ATL""#) + "\n" + registered("ATL", "Atlantis")),
    BadInput(
      "an unknown actor whose id stands elsewhere too", "E1113",
      marked: #"{"type":"statement.made","data":{"text":"ATL","kind":"quote","speaker":‸"ATL"}}"#),
  ]

  /// Events about events.
  static let amendments = [
    amendment("a target that is nowhere", "E1116", target: #"‸"\#(id(99))""#),
    BadInput(
      "a target that stands only later", "E1116",
      marked: line("fact.retracted", target: #"‸"\#(id(20))""#) + "\n" + statement(id: 20)),
    BadInput(
      "a target that is the event itself", "E1116",
      marked: #"{"type":"fact.retracted","target":‸"\#(id(20))","reason":"r","data":{},"#
        + #""id":"\#(id(20))"}"#),
    BadInput(
      "a retraction without a target", "E1107",
      marked: #"‸{"type":"fact.retracted","reason":"r","data":{}}"#),
    BadInput(
      "a retraction without a reason", "E1107",
      marked: #"‸{"type":"fact.retracted","target":"\#(id(3))","data":{}}"#),
    amendment("a correction of nothing", "E1118", type: "fact.corrected", data: "‸{}"),
    amendment(
      "a correction of a retraction", "E1120", type: "fact.corrected", target: #"‸"\#(id(2))""#,
      data: #"{"text":"y"}"#),
    amendment(
      "a correction of two facts", "E1120", type: "fact.corrected",
      target: #"["\#(id(1))",‸"\#(id(3))"]"#, data: #"{"text":"y"}"#),
    amendment(
      "a correction to what is not allowed", "E1105", type: "fact.corrected",
      data: #"{"kind":‸"rumour"}"#),
    amendment(
      "a correction that takes away what must be there", "E1107", type: "fact.corrected",
      data: #"‸{"text":null}"#),
    amendment(
      "a correction of a field that is not there", "E1103", type: "fact.corrected",
      data: #"{‸"txt":"y"}"#),
    amendment(
      "a correction to an unknown actor", "E1113", type: "fact.corrected",
      data: #"{"speaker":‸"nobody"}"#),
    amendment(
      "a correction to a bad date", "E1104", type: "fact.corrected", data: "{}",
      more: #","on":‸"1/2/2022""#),
    amendment(
      "the end of a dispute that never was", "E1120", type: "dispute.settled",
      target: #"‸"\#(id(3))""#),
  ]

  /// What contradicts the record. In a file these are bad data like all else.
  static let conflicts = [
    BadInput(
      "a stored id with other content", "E1301", marked: statement(marked: 3, text: "other")),
    BadInput(
      "a stored id with another type", "E1301",
      marked: #"{"id":‸"\#(id(3))","type":"actor.named","data":{"actor":"USA","name":"x"}}"#),
    BadInput(
      "one id twice in a file, with other content", "E1301",
      marked: statement(id: 20) + "\n" + statement(marked: 20, text: "other")),
    BadInput("a second vote", "E1303", marked: marked(vote("FRA", "yes"), "FRA")),
    BadInput(
      "a second vote in one file", "E1303",
      marked: vote("GBR", "yes") + "\n" + marked(vote("GBR", "no"), "GBR")),
    BadInput("an actor registered twice", "E1304", marked: marked(registered("USA", "U"), "USA")),
    BadInput(
      "an actor registered twice in one file", "E1304",
      marked: registered("ATL", "A") + "\n" + marked(registered("ATL", "B"), "ATL")),
    BadInput(
      "a topic defined twice", "E1304",
      marked: #"{"type":"topic.defined","data":{"topic":‸"ukraine-integrity","proposition":"p"}}"#),
  ]

  // MARK: lines

  private static func fact(
    actor: String = #""USA""#, topic: String = #""ukraine-integrity""#,
    source: String = #""kremlin-praises-us""#
  ) -> String {
    #"{"type":"stance.changed","data":{"actor":\#(actor),"topic":\#(topic),"level":1,"#
      + #""basis":"declared"},"sources":[{"source":\#(source)}]}"#
  }

  private static func registered(_ actor: String, _ name: String) -> String {
    #"{"type":"actor.registered","data":{"actor":"\#(actor)","kind":"state","name":"\#(name)"}}"#
  }

  private static func line(
    _ type: String, target: String, data: String = "{}", more: String = ""
  ) -> String {
    #"{"type":"\#(type)","target":\#(target),"reason":"r","data":\#(data)\#(more)}"#
  }

  private static func amendment(
    _ name: String, _ code: String, type: String = "fact.retracted",
    target: String = #""\#(id(3))""#, data: String = "{}", more: String = ""
  ) -> BadInput {
    BadInput(name, code, marked: line(type, target: target, data: data, more: more))
  }

  private static func statement(marked number: Int, text: String) -> String {
    marked(statement(id: number, text: text), id(number))
  }

  /// A line marked at the string that holds a value.
  private static func marked(_ line: String, _ value: String) -> String {
    line.replacing("\"\(value)\"", with: "‸\"\(value)\"", maxReplacements: 1)
  }
}
