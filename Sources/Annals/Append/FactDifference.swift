import EventLog

/// Where an event differs from the one that is stored under the same id.
enum FactDifference {
  /// One line per field, indented: `choice   stored "yes"   given "no"`.
  static func text(stored: NewEvent, given: NewEvent) -> String {
    var lines: [String] = []
    func compare(_ field: String, _ stored: String?, _ given: String?) {
      guard stored != given else { return }
      lines.append("  \(field)   stored \(stored ?? "nothing")   given \(given ?? "nothing")")
    }
    compare("type", stored.type.description, given.type.description)
    compare("on", stored.time?.text, given.time?.text)
    compare("target", list(stored.targets), list(given.targets))
    let before = members(stored.body)
    let after = members(given.body)
    for field in Set(before.keys).union(after.keys).sorted() {
      compare(field, before[field], after[field])
    }
    return lines.isEmpty ? "" : "\n" + lines.joined(separator: "\n")
  }

  private static func list(_ ids: [EventID]) -> String? {
    ids.isEmpty ? nil : ids.map(\.description).joined(separator: ", ")
  }

  /// The payload's fields and the other members of the body, as JSON text.
  private static func members(_ body: [UInt8]) -> [String: String] {
    var tape = JSONTape()
    guard (try? tape.parse(body)) != nil, let object = tape.value(tape.root).object else {
      return [:]
    }
    var members: [String: String] = [:]
    for (key, value) in object where key != "data" { members[key] = JSONWriter.compact(value) }
    for (key, value) in object["data"]?.object ?? [:] { members[key] = JSONWriter.compact(value) }
    return members
  }
}
