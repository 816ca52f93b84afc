package import Annals

/// The addresses of the pages about votes.
extension Address {
  package static let rollcalls = Address("rollcalls")
  package static let agreement = Address("agreement")
  package static let comparison = Address("compare")

  /// The agreement of two actors over time.
  package static func pair(_ a: String, _ b: String) -> Address {
    Address("agreement", "pair", query: [("a", a), ("b", b)])
  }

  /// The same page, about the roll calls of a scope.
  package func within(_ scope: RollCallScope) -> Address { with(scope.items) }

  /// With several values in the query, without those that are nil.
  package func with(_ items: [(name: String, value: String?)]) -> Address {
    items.reduce(self) { $0.with($1.name, $1.value) }
  }

  /// The address without its query.
  var withoutQuery: Address {
    var address = Address()
    address.path = path
    return address
  }
}

extension RollCallScope {
  /// The parameters that ask for the scope, as the reader wrote them.
  var items: [(name: String, value: String?)] {
    [
      ("body", body), ("session", session), ("topic", topic), ("period", period?.text),
      ("contested", contestedOnly ? "true" : nil),
    ]
  }
}
