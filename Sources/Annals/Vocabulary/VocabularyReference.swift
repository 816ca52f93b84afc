import EventLog

/// The reference page of a vocabulary, written from its schemas.
public enum VocabularyReference {
  /// Every type with its fields, tags and an example, and the envelope; in Markdown.
  public static func markdown(_ vocabulary: Vocabulary) -> String {
    let types = vocabulary.types
    let parts = [index(types), kindsOfValues] + types.map(section)
    return introduction.words(for: .commandLine) + parts.joined() + envelope(vocabulary.envelope)
  }

  private static let introduction: Help = """
    # The vocabulary of facts

    <!-- Written by VocabularyReference from Schema/; the test VocabularyReferenceTests says how to
    write it again. -->

    Every fact is an event of one of these types. Its payload stands in `data`; what is known about
    it (when, from which source, how firmly) stands around it, in the [envelope](#the-envelope).
    The examples are lines of the import format: `\(command: "import")` takes a file of them,
    `\(command: "append")` one of them as `TYPE field=value …`. Types of your own: see
    [schemas.md](schemas.md).


    """

  private static func index(_ types: [EventTypeDefinition]) -> String {
    let rows = types.map { definition in
      let name = definition.type.name
      let anchor = name.replacing(".", with: "")
      return row(["[`\(name)`](#\(anchor))", definition.schema.title ?? ""])
    }
    return lines(["| type | title |", "|---|---|"] + rows + [""])
  }

  private static let kindsOfValues = """
    ## Kinds of values

    | type | meaning |
    |---|---|
    | text | at least one character |
    | slug | id of an actor, topic, motion, roll call or source: letters A–Z and a–z, digits and `.` `_` `/` `-`, a letter or digit first, 128 at most |
    | uuid | id of an event, 8-4-4-4-12 |
    | edtf | date as exact as it is known: `2022`, `2022-03`, `2022-03-02`, `2022-03~`, `../2022-03-02`, `2022-03/2022-05` |
    | date | day, `2022-03-02` |
    | uri | web address, https or http |
    | language | BCP 47 tag: `en`, `uk`, `zh-Hant` |
    | hex | hexadecimal digits, an even number |
    | integer | whole number, within ±9007199254740991 |


    """

  // MARK: one type

  private static func section(_ definition: EventTypeDefinition) -> String {
    let schema = definition.schema
    let type = definition.type
    var result = ["## \(type.name)", ""]
    let version = type.version == 1 ? "" : " Version \(type.version)."
    result.append("**\(schema.title ?? type.name).** \(schema.description ?? "")\(version)")
    result.append("")
    result += fields(of: schema)
    if let choice = neededOne(of: schema) { result += [choice, ""] }
    if !schema.tags.isEmpty {
      let tags = schema.tags.map { tag in
        "\(noun(tag.kind)) (\(tag.paths.map { code($0.joined(separator: ".")) }.listed))"
      }
      result += ["Found under: \(tags.joined(separator: ", ")).", ""]
    }
    for (kind, path) in schema.defines {
      result += [
        "Brings into being: the \(noun(kind)) whose id is in "
          + "\(code(path.joined(separator: "."))).", "",
      ]
    }
    if type.name == "payload.erased" {
      result += ["Written by the log itself, never imported.", ""]
    }
    if let example = schema.examples.first {
      result += ["```json", JSONWriter.compact(.object(line(type, example))), "```", ""]
    }
    return lines(result)
  }

  /// An example of a payload as a line of the import format.
  private static func line(_ type: EventType, _ example: JSON) -> JSONObject {
    var line: JSONObject = ["type": .string(type.name)]
    if type.version != 1 { line["version"] = .integer(Int64(type.version)) }
    line["data"] = example
    if Amendment.types.contains(type.name) || type.name == "payload.erased" {
      line["target"] = "0198b6a0-2f4e-8c1d-9a3b-5d6e7f809112"
    }
    if Amendment.types.contains(type.name) {
      line["reason"] = "See the second edition of the source."
    }
    return line
  }

  private static func envelope(_ schema: JSONSchema) -> String {
    var result = ["## The envelope", "", schema.description ?? "", ""]
    result += fields(of: schema)
    if case .object(let example)? = schema.examples.first {
      result += ["```json", JSONWriter.compact(.object(example)), "```"]
    }
    return lines(result)
  }

  // MARK: fields

  private static func fields(of schema: JSONSchema) -> [String] {
    let rows = rows(of: 0, prefix: "", in: schema)
    guard rows.isEmpty else {
      return ["| field | required | type | meaning |", "|---|---|---|---|"] + rows + [""]
    }
    if case .refused = schema.nodes[0].additional { return ["The payload has no fields.", ""] }
    return ["The payload may have any fields.", ""]
  }

  /// A row per field, those of objects inside it below it.
  private static func rows(of index: Int, prefix: String, in schema: JSONSchema) -> [String] {
    let node = schema.nodes[index]
    let properties = node.properties(in: schema.nodes, depth: 0)
    return zip(node.properties, properties).flatMap { field, property in
      let name = prefix + property.name
      let own = row([
        code(name), property.isRequired ? "yes" : "", words(property.typeText),
        property.description ?? "",
      ])
      let elements = schema.nodes[field.schema].items
      let inner = rows(of: field.schema, prefix: name + ".", in: schema)
      return [own] + inner
        + (elements.map { rows(of: $0, prefix: name + "[].", in: schema) } ?? [])
    }
  }

  /// "uuid, or a list of them" for "uuid or list of uuid".
  private static func words(_ typeText: String) -> String {
    let parts = typeText.split(separator: " or list of ", maxSplits: 1)
    return parts.count == 2 && parts[0] == parts[1] ? "\(parts[0]), or a list of them" : typeText
  }

  /// "Needs `actor` or `count`.": alternatives that only ask for fields.
  private static func neededOne(of schema: JSONSchema) -> String? {
    let alternatives = schema.nodes[0].anyOf.map { schema.nodes[$0].required.map(\.name) }
    guard !alternatives.isEmpty, !alternatives.contains([]) else { return nil }
    let fields = alternatives.map { $0.map(code).joined(separator: " with ") }
    return "Needs \(fields.joined(separator: " or "))."
  }

  // MARK: Markdown

  private static func noun(_ kind: String) -> String {
    EntityKind(rawValue: kind)?.noun ?? kind
  }

  private static func code(_ text: String) -> String { "`\(text)`" }

  private static func row(_ cells: [String]) -> String {
    let cells = cells.map { $0.replacing("|", with: "\\|").replacing("\n", with: " ") }
    return "| " + cells.joined(separator: " | ") + " |"
  }

  private static func lines(_ lines: [String]) -> String {
    lines.joined(separator: "\n") + "\n"
  }
}
