import EventLog

/// The keywords of Annals' own, which name fields of the payload by dot paths.
extension SchemaCompiler {
  private static let summaryFieldLimit = 20
  private static let summaryLimit = 2000
  private static let tagPathLimit = 20
  private static let tagKindLimit = 20

  func isAnnals(_ key: JSONTape.Node) -> Bool {
    tape.withUTF8(key) { $0.starts(with: "x-annals-".utf8) }
  }

  mutating func annals(_ key: JSONTape.Node, _ value: JSONTape.Node) {
    switch tape.string(key) {
    case "x-annals-summary":
      summary = text("x-annals-summary", value)
      let fields = summary?.utf8.count { $0 == UInt8(ascii: "{") } ?? 0
      if fields > Self.summaryFieldLimit || tape.range(value).count > Self.summaryLimit {
        fault(
          value,
          "the summary has more than \(Self.summaryFieldLimit) fields or "
            + "\(Self.summaryLimit) bytes", help: "a summary is one sentence")
      }
    case "x-annals-tags":
      guard object("x-annals-tags", value) else { return }
      if tape.count(value) > Self.tagKindLimit {
        return fault(value, "more than \(Self.tagKindLimit) kinds of tags")
      }
      for (kind, paths) in tape.members(value) where list("x-annals-tags", paths) {
        if tape.count(paths) > Self.tagPathLimit {
          fault(paths, "more than \(Self.tagPathLimit) fields for one kind of tag")
          continue
        }
        refuseUnusableKind(kind)
        var seen: Set<[String]> = []
        let paths = tape.elements(paths).compactMap { path($0, in: "x-annals-tags") }
          .filter { seen.insert($0).inserted }
        tags.append((kind: tape.string(kind), paths: paths))
      }
    case "x-annals-defines":
      guard object("x-annals-defines", value) else { return }
      for (kind, field) in tape.members(value) {
        guard let path = path(field, in: "x-annals-defines") else { continue }
        defines.append((kind: tape.string(kind), path: path))
      }
    default: break
    }
  }

  /// A log refuses every event with a tag of such a kind, so a type that uses one can never be
  /// recorded.
  private mutating func refuseUnusableKind(_ node: JSONTape.Node) {
    let kind = tape.string(node)
    if kind.isEmpty {
      fault(
        node, "a kind of tag has no name", help: "name it after what the fields hold: \"place\"")
    } else if kind.utf8.contains(UInt8(ascii: ":")) {
      fault(
        node, "the kind of tag \"\(kind)\" holds a colon",
        help: "a colon separates the kind of a tag from its value: use a hyphen")
    } else if kind == Tag.targetKind {
      fault(
        node, "the kind of tag \"\(kind)\" is reserved",
        help: "the log files an event under the events that it is about: choose another name")
    }
  }

  private mutating func path(_ value: JSONTape.Node, in keyword: String) -> [String]? {
    guard let text = text(keyword, value) else { return nil }
    let path = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    var targets = [0]
    for name in path {
      let next = fields(of: targets)
      let found = next.filter { $0.name == name }.map(\.schema)
      guard !found.isEmpty else {
        let names = next.map(\.name)
        fault(
          value, "\"\(text)\" is not a field: there is no \"\(name)\"",
          help: names.isEmpty ? nil : "the fields are: \(names.listed)",
          suggestion: suggester.nearest(to: name, among: names))
        return nil
      }
      targets = found
    }
    return path
  }

  /// The fields that a value may have: of the schemas themselves, what they refer to, their
  /// alternatives, and their elements.
  private func fields(of schemas: [Int]) -> [SchemaNode.Property] {
    var fields: [SchemaNode.Property] = []
    // A list may hold lists of its own kind.
    var seen: Set<Int> = []
    var rest = Array(schemas.reversed())
    while let index = rest.popLast() {
      guard seen.insert(index).inserted else { continue }
      let node = nodes[index]
      fields += node.properties
      rest += (node.anyOf + [node.reference, node.items].compactMap { $0 }).reversed()
    }
    return fields
  }
}
