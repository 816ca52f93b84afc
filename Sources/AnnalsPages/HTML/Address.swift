import AnnalsAnswers
package import EventLog

/// The address of a page within the site: the segments of its path and the values of its query.
package struct Address: Hashable, Sendable {
  package var path: [String]
  private var query: [Item]

  private struct Item: Hashable, Sendable {
    var name: String
    var value: String
  }

  package init(_ path: String..., query: [(name: String, value: String?)] = []) {
    self.path = path
    self.query = query.compactMap { item in
      item.value.map { Item(name: item.name, value: $0) }
    }
  }

  /// With a further value in the query; the same address where the value is nil.
  package func with(_ name: String, _ value: String?) -> Address {
    guard let value else { return self }
    var address = self
    address.query.append(Item(name: name, value: value))
    return address
  }

  package var hasQuery: Bool { !query.isEmpty }

  /// The values of the query, for the hidden fields of a form.
  package var items: [(name: String, value: String)] { query.map { ($0.name, $0.value) } }

  /// From the root of the server: `/s/USA/ukraine-integrity?known_by=%23230`.
  package var text: String {
    let path = "/" + path.map(PercentEncoding.segment).joined(separator: "/")
    if query.isEmpty { return path }
    return path + "?"
      + query.map { "\(PercentEncoding.value($0.name))=\(PercentEncoding.value($0.value))" }
      .joined(separator: "&")
  }
}

/// The two moments that a page was asked for, as written; nil for today and for now.
package struct Moments: Hashable, Sendable {
  package var on: String?
  package var knownBy: String?

  package init(on: String? = nil, knownBy: String? = nil) {
    self.on = on
    self.knownBy = knownBy
  }

  package static let now = Moments()
}

extension Address {
  package func at(_ moments: Moments) -> Address {
    with("on", moments.on).with("known_by", moments.knownBy)
  }

  package static let home = Address()
  package static let style = Address("assets", "style.css")
  package static let icon = Address("assets", "icon.svg")
  package static let script = Address("assets", "app.js")
  package static let times = Address("time")

  package static func explorer(_ actor: String, _ topic: String) -> Address {
    Address("s", actor, topic)
  }

  package static func topic(_ id: String) -> Address { Address("topics", id) }

  package static func actor(_ id: String) -> Address { Address("actors", id) }

  package static func event(_ position: Position) -> Address {
    Address("facts", "\(position.rawValue)")
  }

  package static func rollcall(_ id: String) -> Address {
    Address("rollcall", query: [("id", id)])
  }

  package static func source(_ id: String) -> Address { Address("source", query: [("id", id)]) }

  package static func compare(_ actors: [String], _ topic: String) -> Address {
    Address(
      "compare",
      query: [("topic", topic)] + actors.map { (name: "actor", value: Optional($0)) })
  }

  /// An answer of the interface for programs.
  package static func answer(_ question: String, _ items: [(name: String, value: String?)])
    -> Address
  {
    Address("api", "v1", question, query: items)
  }
}
