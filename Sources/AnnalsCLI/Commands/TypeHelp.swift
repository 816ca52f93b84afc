import Annals

/// `annals help vote.cast`: what an event type records, and its fields.
enum TypeHelp {
  /// Nil when the vocabulary has no such type.
  static func text(_ name: String) -> String? {
    guard let definition = Vocabulary.builtIn.definition(name) else { return nil }
    let schema = definition.schema
    var lines = ["\(name)  \(schema.title ?? "")", ""]
    lines += Wrapping.lines(schema.description ?? "", width: 80)
    var table = Table([
      .init("field"), .init("required"), .init("value"), .init("meaning"),
    ])
    add(schema.properties, prefix: "", isRequired: true, to: &table)
    lines += [""] + table.lines(width: nil, palette: Palette(isOn: false))
    lines += [
      "", "annals help append  has examples; annals help formats  the fields beside these.",
    ]
    return lines.joined(separator: "\n")
  }

  private static func add(
    _ fields: [JSONSchema.Property], prefix: String, isRequired: Bool, to table: inout Table
  ) {
    for field in fields {
      let needed = isRequired && field.isRequired
      if field.properties.isEmpty {
        table.add(
          prefix + field.name, needed ? "yes" : "", field.typeText, field.description ?? "")
      } else {
        add(field.properties, prefix: prefix + field.name + ".", isRequired: needed, to: &table)
      }
    }
  }
}
