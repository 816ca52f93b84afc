import EventLog

extension SQLProjectionReader {
  /// What a parameter stands for; notes what is wrong with it.
  mutating func parameter(
    _ text: String, _ range: Range<Int>, _ types: [String]
  ) -> SQLParameter? {
    let name = String(text.dropFirst())
    switch text.first {
    case ":":
      if let known = SQLEnvelopeName(rawValue: name) { return .envelope(known) }
      let names = SQLEnvelopeName.allCases.map(\.rawValue)
      let isField = types.contains { unknownPart(of: [name], in: $0) == nil }
      report(
        "no \(text) in an event", range,
        help: isField
          ? "a field of the payload is $\(name)"
          : "there are :\(names.joined(separator: " :"))",
        suggestion: suggester.nearest(to: name, among: names).map { ":" + $0 })
      return nil
    case "$":
      return field(name, range, types)
    default:
      report(
        "\(text) has no meaning here", range,
        help: "$field is a field of the payload, :name what stands around it")
      return nil
    }
  }

  private mutating func field(
    _ name: String, _ range: Range<Int>, _ types: [String]
  ) -> SQLParameter? {
    let path = name.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
      .filter { !$0.isEmpty }
    for type in types {
      guard let unknown = unknownPart(of: path, in: type) else { continue }
      var suggested = path
      let nearest = suggester.nearest(to: path[unknown.index], among: unknown.known)
      suggested[unknown.index] = nearest ?? ""
      report(
        "\(type) has no field \"\(path[...unknown.index].joined(separator: "."))\"", range,
        help: "\(command: "help \(type)")  lists its fields",
        suggestion: nearest.map { _ in
          "$" + suggested[...unknown.index].joined(separator: "::")
        })
      return nil
    }
    return .field(path)
  }

  /// The part of a path that no version of a type has; nil when one of them has all of it.
  private func unknownPart(of path: [String], in type: String) -> (index: Int, known: [String])? {
    // A correction holds fields of whatever it corrects.
    let schemas =
      type == "fact.corrected"
      ? vocabulary.types.filter { $0.type.name != type }.map(\.schema)
      : vocabulary.versions(of: type).map(\.schema)
    var unknown: (index: Int, known: [String]) = (0, [])
    for schema in schemas {
      guard let part = schema.unknownPart(of: path) else { return nil }
      if part.index > unknown.index { unknown = (part.index, []) }
      if part.index == unknown.index { unknown.known += part.known }
    }
    return unknown
  }
}
