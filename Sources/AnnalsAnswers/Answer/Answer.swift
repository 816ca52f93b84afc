public import EventLog

/// An answer to a question, or the outcome of a command, as a document for programs.
///
/// Every face of Annals writes the same document: `json` is one object with the id of its schema in
/// `schema` (Schema/answers describes each), `records` are the rows of NDJSON, and `sheet` is the table
/// of CSV and TSV. Keys of JSON and columns of the table are in snake case.
public protocol Answer: Encodable, Sendable {
  /// One object, with `schema` first.
  var json: JSON { get }
  /// One object per row.
  var records: [JSON] { get }
  /// A table whose columns do not depend on the rows.
  var sheet: Sheet { get }
}

extension Answer {
  /// Encodes `json`. The order of the members is the encoder's.
  public func encode(to encoder: any Encoder) throws { try EncodableJSON(json).encode(to: encoder) }
}

/// A JSON value for an encoder of the standard library.
private struct EncodableJSON: Encodable {
  let value: JSON

  init(_ value: JSON) { self.value = value }

  func encode(to encoder: any Encoder) throws {
    switch value {
    case .object(let members):
      var container = encoder.container(keyedBy: Key.self)
      for (name, value) in members {
        try container.encode(EncodableJSON(value), forKey: Key(stringValue: name))
      }
    case .array(let elements):
      var container = encoder.unkeyedContainer()
      for element in elements { try container.encode(EncodableJSON(element)) }
    case .string(let text): try single(text, encoder)
    case .integer(let number): try single(number, encoder)
    case .number(let number): try single(number, encoder)
    case .bool(let truth): try single(truth, encoder)
    case .null:
      var container = encoder.singleValueContainer()
      try container.encodeNil()
    }
  }

  private func single(_ value: some Encodable, _ encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(value)
  }

  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}
