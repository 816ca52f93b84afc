import EventLog

/// The payload of a stored event, taken apart.
struct EventBody {
  var basis: String?
  var confidence: String?
  var data: JSON
  var note: String?
  var reason: String?
  var sources: [Citation]
  var via: JSON?

  /// Reads a stored body. The log holds only bodies that this program wrote and checked; one that
  /// cannot be read was damaged, and reads as an empty payload (`verify` names it).
  init(_ bytes: [UInt8]) {
    var tape = JSONTape()
    let value: JSON = (try? tape.parse(bytes)) == nil ? .null : tape.value(tape.root)
    self.init(value)
  }

  /// The payload's data alone, read with a tape that is used again.
  static func data(_ bytes: [UInt8], _ tape: inout JSONTape) -> JSON {
    guard (try? tape.parse(bytes)) != nil, let data = tape.member(tape.root, "data") else {
      return .object([:])
    }
    return tape.value(data)
  }

  /// The sources of the payload on the tape.
  static func sources(on tape: JSONTape) -> Set<String> {
    guard let sources = tape.member(tape.root, "sources") else { return [] }
    return Set(
      tape.elements(sources).compactMap { source in
        tape.member(source, "source").map { tape.string($0) }
      })
  }

  init(_ value: JSON) {
    basis = value["basis"]?.string
    confidence = value["confidence"]?.string
    data = value["data"] ?? .object([:])
    note = value["note"]?.string
    reason = value["reason"]?.string
    via = value["via"]
    sources = (value["sources"]?.array ?? []).map {
      Citation(
        source: $0["source"]?.string ?? "", locator: $0["locator"]?.string,
        quote: $0["quote"]?.string, relation: $0["relation"]?.string)
    }
  }
}
