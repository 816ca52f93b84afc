package import EventLog

extension JSON {
  /// An object whose members stand in the order given; members that are nil are left out.
  package static func members(_ members: KeyValuePairs<String, JSON?>) -> JSON {
    .object(JSONObject(members: members))
  }

  /// An object of computed members.
  package static func keyed(_ members: [(String, JSON)]) -> JSON {
    var object = JSONObject()
    for (key, value) in members { object[key] = value }
    return .object(object)
  }

  /// The text, or null.
  package static func text(_ text: String?) -> JSON { text.map(JSON.string) ?? .null }

  /// The number, or null.
  package static func whole(_ number: (some BinaryInteger)?) -> JSON {
    number.map { .integer(Int64($0)) } ?? .null
  }

  /// A list of texts.
  package static func texts(_ texts: some Sequence<String>) -> JSON {
    .array(texts.map(JSON.string))
  }

  /// A list of positions.
  package static func positions(_ positions: some Sequence<Position>) -> JSON {
    .array(positions.map { .integer($0.rawValue) })
  }
}

extension JSONObject {
  /// The members in the order given; members that are nil are left out.
  package init(members: KeyValuePairs<String, JSON?>) {
    self.init()
    for (key, value) in members { self[key] = value }
  }

  /// Adds the members of another object behind its own.
  package mutating func add(_ members: JSONObject) {
    for (key, value) in members { self[key] = value }
  }
}
