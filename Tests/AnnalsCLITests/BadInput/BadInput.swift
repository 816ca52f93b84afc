/// An input that is wrong in one way, with what must be said of it.
struct BadInput: Sendable {
  /// What is said of one place in it.
  struct Fault: Hashable, Sendable, CustomStringConvertible {
    var code: String
    /// From 1, as is the column, which counts Unicode scalars.
    var line: Int
    var column: Int

    var description: String { "\(code) at \(line):\(column)" }
  }

  var name: String
  var bytes: [UInt8]
  /// In the order in which they stand in the input.
  var faults: [Fault]

  init(_ name: String, _ bytes: [UInt8], _ faults: [Fault]) {
    (self.name, self.bytes, self.faults) = (name, bytes, faults)
  }

  /// An input whose faults are marked in it: each `‸` stands ahead of one, and is taken out.
  init(_ name: String, _ codes: String..., marked text: String) {
    self.init(name, codes: codes, marked: text)
  }

  init(_ name: String, codes: [String], marked text: String) {
    self.name = name
    bytes = []
    faults = []
    var codes = codes[...]
    var (line, column) = (1, 1)
    for scalar in text.unicodeScalars {
      if scalar == "‸" {
        faults.append(Fault(code: codes.removeFirst(), line: line, column: column))
        continue
      }
      bytes += Array(String(scalar).utf8)
      column += 1
      if scalar == "\n" { (line, column) = (line + 1, 1) }
    }
    precondition(codes.isEmpty && !faults.isEmpty, "\(name): as many marks as codes")
  }

  /// What can be told from the line alone. These can all be imported at once.
  static let plain =
    notJSON + almostJSON + foreign + encodings + envelopes + payloads + dates

  /// What depends on other lines and on the record.
  static let related = references + amendments + conflicts + mixed

  static let all = plain + related + large

  // MARK: what they are made of

  /// Recorded before any of the inputs is tried, so that there is something to be in conflict with.
  static let setting = [
    statement(id: 1, text: "first"),
    #"{"id":"\#(id(2))","type":"fact.retracted","target":"\#(id(1))","reason":"r","data":{}}"#,
    statement(id: 3, text: "third"),
    vote("FRA", "no"),
  ]

  static func id(_ number: Int) -> String {
    "00000000-0000-4000-8000-" + String(String(number + 1_000_000_000_000).dropFirst())
  }

  /// A line with nothing wrong in it.
  static func statement(id number: Int, text: String = "x") -> String {
    #"{"id":"\#(id(number))","type":"statement.made","#
      + #""data":{"speaker":"dmitry-peskov","kind":"quote","text":"\#(text)"}}"#
  }

  /// A payload of `vote.cast` with nothing wrong in it.
  static let vote = #"{"rollcall":"un-ga/ES-11/7","voter":"GBR","choice":"no"}"#

  static func vote(_ voter: String, _ choice: String) -> String {
    #"{"type":"vote.cast","data":{"rollcall":"un-ga/ES-11/7","voter":"\#(voter)","#
      + #""choice":"\#(choice)"}}"#
  }
}
