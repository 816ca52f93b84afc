import EventLog

@testable import Annals

/// The history in the import format.
extension History {
  static func id(_ index: Int) -> EventID { EventID(high: 0x8000, low: UInt64(index) + 1) }

  static func text(_ days: ClosedRange<Int>) -> String {
    func day(_ number: Int) -> String { "2025-01-" + (number < 10 ? "0" : "") + "\(number)" }
    let (first, last) = (day(days.lowerBound), day(days.upperBound))
    return first == last ? first : "\(first)/\(last)"
  }

  /// The days of a text that `text(_:)` made.
  static func days(_ text: JSON?) -> ClosedRange<Int>? {
    let days = (text?.string ?? "").split(separator: "/").compactMap { Int($0.suffix(2)) }
    guard let first = days.first, let last = days.last else { return nil }
    return first...last
  }

  static func type(of kind: Kind) -> String {
    switch kind {
    case .registered: "actor.registered"
    case .named: "actor.named"
    case .identified: "actor.identified"
    case .succeeded: "actor.succeeded"
    case .merged: "actor.merged"
    case .topic: "topic.defined"
    case .source: "source.captured"
    case .motion: "motion.tabled"
    case .rollcall: "rollcall.held"
    case .vote: "vote.cast"
    case .stance: "stance.changed"
    case .statement: "statement.made"
    case .sponsorship: "sponsorship.declared"
    case .link: "topic.linked"
    case .role: "role.held"
    case .membership: "membership.held"
    case .claim: "claim.made"
    case .correction: "fact.corrected"
    case .retraction: "fact.retracted"
    case .dispute: "fact.disputed"
    case .settlement: "dispute.settled"
    }
  }

  /// One line for each entry.
  var lines: [[UInt8]] {
    entries.indices.map { index in
      let entry = entries[index]
      var object: JSONObject = [
        "id": .string(Self.id(index).description), "type": .string(Self.type(of: entry.kind)),
      ]
      var data: JSONObject = [:]
      for (field, value) in entry.fields { data[field] = value }
      var targets: [Int] = []
      switch entry.kind {
      case .correction(let target), .retraction(let target): targets = [target]
      case .dispute(let disputed): targets = disputed
      case .settlement(let settled, let preferred):
        targets = settled
        if let preferred { data["preferred"] = .string(Self.id(preferred).description) }
      default: break
      }
      if !targets.isEmpty {
        object["target"] = .array(targets.map { .string(Self.id($0).description) })
        object["reason"] = "test"
      }
      if !entry.sources.isEmpty {
        object["sources"] = .array(entry.sources.map { .object(["source": .string($0)]) })
      }
      if entry.isReported { object["confidence"] = "reported" }
      if let days = entry.days { object["on"] = .string(Self.text(days)) }
      object["data"] = .object(data)
      return Array(JSONWriter.compact(.object(object)).utf8)
    }
  }
}
