import Annals
import AnnalsAnswers
import EventLog

/// `annals help vote.cast`: what an event type records, and its fields.
enum TypeHelp {
  /// Nil when the vocabulary has no such type.
  static func text(
    _ name: String, version: Int? = nil, in vocabulary: Vocabulary
  ) -> String? {
    guard let newest = vocabulary.definition(name),
      let definition = vocabulary.definition(name, version: version)
    else { return nil }
    let schema = definition.schema
    let number = definition.type.version
    var lines = ["\(name)  \(schema.title ?? "")"]
    if newest.type.version > 1 {
      lines.append(
        number == newest.type.version
          ? "Version \(number), the newest; --version N says another."
          : "Version \(number); the newest is \(newest.type.version).")
    }
    lines.append("")
    lines += Wrapping.lines(schema.description ?? "", width: width)
    lines.append("")
    for field in FieldShape(definition).fields {
      lines.append(field.name + (field.isRequired ? "  (required)" : ""))
      for text in [field.property.typeText, field.property.description ?? ""] {
        lines += Wrapping.lines(text, width: width - 4).map { "    " + $0 }
      }
    }
    lines += [
      "", "annals help append  has examples; annals help formats  the fields beside these.",
    ]
    return lines.joined(separator: "\n")
  }

  private static let width = 80
}
