import Annals

/// `annals help vote.cast`: what an event type records, and its fields.
enum TypeHelp {
  /// Nil when the vocabulary has no such type.
  static func text(_ name: String, in vocabulary: Vocabulary) -> String? {
    guard let definition = vocabulary.definition(name) else { return nil }
    let schema = definition.schema
    var lines = ["\(name)  \(schema.title ?? "")", ""]
    lines += Wrapping.lines(schema.description ?? "", width: width)
    lines.append("")
    for field in fields(schema.properties, prefix: "", isRequired: true) {
      lines.append(field.name + (field.isRequired ? "  (required)" : ""))
      lines += Wrapping.lines(field.value, width: width - 4).map { "    " + $0 }
      lines += Wrapping.lines(field.meaning, width: width - 4).map { "    " + $0 }
    }
    lines += [
      "", "annals help append  has examples; annals help formats  the fields beside these.",
    ]
    return lines.joined(separator: "\n")
  }

  private static let width = 80

  private struct Field {
    var name: String
    var isRequired: Bool
    var value: String
    var meaning: String
  }

  /// The fields that take a value, with dot paths.
  private static func fields(
    _ properties: [JSONSchema.Property], prefix: String, isRequired: Bool
  ) -> [Field] {
    properties.flatMap { property in
      let needed = isRequired && property.isRequired
      let name = prefix + property.name
      return property.properties.isEmpty
        ? [
          Field(
            name: name, isRequired: needed, value: property.typeText,
            meaning: property.description ?? "")
        ] : fields(property.properties, prefix: name + ".", isRequired: needed)
    }
  }
}
