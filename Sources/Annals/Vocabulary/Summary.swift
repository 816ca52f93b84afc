import EventLog

extension Vocabulary {
  /// One sentence for a timeline, from the type's `x-annals-summary`.
  ///
  /// `{path}` stands for a field of the payload, `{path|or}` for a list of alternatives, `{path?words}`
  /// for these words where the field is true; a part in square brackets is left out when a field in it
  /// is absent, or such a field is not true. A type without a template gives its
  /// name and its string fields. `actorNames` stand for the ids of actors where given.
  func summary(
    type: EventType, data: JSON, actorNames: [String: String] = [:]
  ) -> String {
    guard let schema = definition(type.name, version: type.version)?.schema,
      let template = schema.summary
    else {
      let fields = (data.object ?? [:]).compactMap { member in
        member.value.string.map { "\(member.key) \($0)" }
      }
      return ([type.name] + fields).joined(separator: " ")
    }
    let actorPaths = schema.tags.filter { $0.kind == "actor" }.flatMap(\.paths)
    let filler = TemplateFiller(data: data, actorPaths: actorPaths, actorNames: actorNames)
    return filler.fill(template[...])?.trimmed ?? type.name
  }
}

/// Fills a summary template from one payload.
private struct TemplateFiller {
  let data: JSON
  let actorPaths: [[String]]
  let actorNames: [String: String]

  /// Nil when a field of this part is absent.
  func fill(_ template: Substring) -> String? {
    var result = ""
    var missing = false
    var rest = template
    while let character = rest.first {
      switch character {
      case "[":
        let group = rest.dropFirst().prefix { $0 != "]" }
        result += fill(group) ?? ""
        rest = rest[group.endIndex...].dropFirst()
      case "{":
        let field = rest.dropFirst().prefix { $0 != "}" }
        if let text = text(of: field) { result += text } else { missing = true }
        rest = rest[field.endIndex...].dropFirst()
      default:
        result.append(character)
        rest = rest.dropFirst()
      }
    }
    return missing ? nil : result
  }

  /// The words for the field that a slot of the template names; nil if the payload has no such field.
  private func text(of slot: Substring) -> String? {
    if let mark = slot.firstIndex(of: "?") {
      let path = slot[..<mark].split(separator: ".").map(String.init)
      let isTrue = path.reduce(Optional(data)) { $0?[$1] }?.bool == true
      return isTrue ? String(slot[slot.index(after: mark)...]) : nil
    }
    let parts = slot.split(separator: "|", maxSplits: 1)
    let path = (parts.first ?? "").split(separator: ".").map(String.init)
    let isActor = actorPaths.contains(path)
    let texts = words(at: path[...], in: data).map { isActor ? actorNames[$0] ?? $0 : $0 }
    return texts.isEmpty ? nil : texts.joined(separator: parts.count > 1 ? " \(parts[1]) " : ", ")
  }

  private func words(at path: ArraySlice<String>, in value: JSON) -> [String] {
    switch value {
    case .array(let elements): return elements.flatMap { words(at: path, in: $0) }
    case .object:
      guard let next = path.first.flatMap({ value[$0] }) else { return [] }
      return words(at: path.dropFirst(), in: next)
    case .string(let text): return path.isEmpty ? [text] : []
    case .integer(let number): return path.isEmpty ? [String(number)] : []
    case .bool(let flag): return path.isEmpty ? [flag ? "yes" : "no"] : []
    default: return []
    }
  }
}

extension String {
  fileprivate var trimmed: String {
    split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}
