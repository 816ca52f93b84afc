import Annals
import AnnalsAnswers
import EventLog

/// The fields of a form, made from the schema of an event type.
struct FactFields {
  /// So many fields of a payload stand in a form.
  private static let most = 100

  let shape: FieldShape
  /// The fields of the payload that stand in the form, required ones first.
  let own: [FieldShape.Field]
  /// How many fields of the payload there is no room for.
  let omitted: Int

  init(_ definition: EventTypeDefinition) {
    shape = FieldShape(definition)
    let all = shape.fields
    let sorted = all.filter(\.isRequired) + all.filter { !$0.isRequired }
    own = Array(sorted.prefix(Self.most))
    omitted = all.count - own.count
  }

  /// The controls of the payload.
  var controls: [FormField] {
    own.map { field in
      let isFlag = field.property.types == .boolean
      return FormField(
        name: Self.name(field), label: Self.label(field.path), hint: hint(field),
        kind: Self.kind(field.property), isRequired: field.isRequired && !isFlag, list: list(field))
    }
  }

  static func name(_ field: FieldShape.Field) -> String { "data." + field.name }

  /// The ids of the lists of known values that the controls refer to.
  var lists: Set<String> { Set(own.compactMap(list)) }

  private func list(_ field: FieldShape.Field) -> String? {
    guard !shape.isDefined(field.path), !field.property.types.contains(.array),
      let kind = shape.tagKind(at: field.path),
      let known = ListKind(rawValue: kind + "s")
    else { return nil }
    return known.rawValue
  }

  // MARK: What was sent

  /// The text of each field that was sent. What the form does not have is kept: the schema says what
  /// is wrong with it.
  func texts(_ state: FormState) -> [FieldText] {
    var texts: [FieldText] = []
    for field in own {
      if let value = Self.value(field, state), let text = FieldText(field.name, value) {
        texts.append(text)
      }
    }
    let known = Set(own.map(Self.name))
    for name in state.values.keys.sorted() where name.hasPrefix("data.") && !known.contains(name) {
      let text = state.value(name).flatMap { FieldText(name.dropFirst("data.".count), $0) }
      if let text { texts.append(text) }
    }
    return texts
  }

  /// What was sent for a field; nil for nothing. A box that is not ticked says no where the field is
  /// required.
  static func value(_ field: FieldShape.Field, _ state: FormState) -> String? {
    switch kind(field.property) {
    case .flag: state.values[name(field)] != nil ? "yes" : field.isRequired ? "no" : nil
    case .choices: state.values[name(field)]?.joined(separator: ",")
    default: state.value(name(field))
    }
  }

  // MARK: Kinds and words

  private static func kind(_ property: JSONSchema.Property) -> FormField.Kind {
    if property.types == .boolean { return .flag }
    if property.typeText == "text" { return .text }
    if property.enumValues.isEmpty { return .line }
    if property.enumValues == [property.typeText] { return .choice(property.enumValues) }
    // Only where every value that the field takes is one of the words.
    let forms = property.typeText.split(separator: " or ")
    let isClosed = forms.allSatisfy { $0.hasPrefix("one of ") || $0.hasPrefix("list of one of ") }
    guard isClosed else { return .line }
    return property.types.contains(.array)
      ? .choices(property.enumValues) : .choice(property.enumValues)
  }

  /// `about.onBehalfOf` as "About: on behalf of".
  static func label(_ path: [String]) -> String {
    let parts = path.map { part in
      var words = ""
      for character in part {
        words +=
          character.isUppercase && !words.isEmpty ? " \(character.lowercased())" : "\(character)"
      }
      return words
    }
    return Words.sentence(parts.joined(separator: ": "))
  }

  private func hint(_ field: FieldShape.Field) -> String {
    let property = field.property
    var sentences = [property.description.map(Words.sentence)].compactMap(\.self)
    switch Self.kind(property) {
    case .choices where property.types.contains(.string):
      sentences.append("One; several where the source leaves it open.")
    case .line where property.types.contains(.array):
      sentences.append("Several with commas between them.")
    default: break
    }
    if let kind = shape.tagKind(at: field.path), !shape.isDefined(field.path) {
      sentences.append(
        kind == "actor" ? "Any name that the record knows." : "An id that the record knows.")
    }
    if property.types == .integer {
      sentences.append("A whole number\(property.typeText.dropFirst("integer".count)).")
    }
    switch property.typeText {
    case "edtf": sentences.append("A date: 2025-02-24, 2025-02, 2025.")
    case "uuid": sentences.append("The position of an event: #249.")
    default: break
    }
    if property.isRequired, !field.isRequired, field.path.count > 1 {
      let object = field.path.dropLast().joined(separator: ".")
      sentences.append("Needed where another field of “\(object)” is given.")
    }
    return sentences.joined(separator: " ")
  }

  // MARK: Fields that every fact has

  static let on = FormField(
    name: "on", label: "On",
    hint:
      "When it was so: 2025-02-24, 2025-02, 2025, or 2024-11/2025-01 for a stretch of time; with ~ "
      + "for about. Empty where the date is not known.", kind: .line)
  static let basis = FormField(
    name: "basis", label: "Basis of the date", hint: "How the date is known.",
    kind: .choice(["explicit", "derived", "inferred", "unknown"]))
  static let confidence = FormField(
    name: "confidence", label: "Confidence",
    hint: "How firmly the source puts it; asserted where nothing is said.",
    kind: .choice(["asserted", "reported", "alleged", "disputed"]))
  static let source = FormField(
    name: "source", label: "Source",
    hint:
      "A captured source with the place in it, as SOURCE:PLACE (un-press-1:p6), or a web address. "
      + "Several with semicolons between.",
    kind: .line, list: ListKind.sources.rawValue)
  static let quote = FormField(
    name: "quote", label: "Quoted words",
    hint:
      "The few words that the fact rests on, as the source prints them; of several sources, the first.",
    kind: .text)
  static let via = FormField(
    name: "via", label: "Via",
    hint: "Who passed it on, nearest first, with semicolons between: outlet:AP; agency:TASS.",
    kind: .line)
  static let note = FormField(
    name: "note", label: "Note", hint: "A remark of your own, kept with the fact.", kind: .text)
  static let targets = FormField(
    name: "target", label: "About", hint: "The earlier events, with commas between: #249, #251.",
    kind: .line, isRequired: true)

  static func reason(_ hint: String) -> FormField {
    FormField(name: "reason", label: "Reason", hint: hint, kind: .text, isRequired: true)
  }
}

/// Lists of values that the record knows, from which a browser suggests.
enum KnownValues {
  private static let most = 100
  private static let mostSources = 200

  /// The lists of some kinds, by their ids. Roll calls and motions are the latest.
  static func html(_ lists: Set<String>, _ context: PageContext) async throws -> HTML {
    var result: HTML = ""
    for kind in ListKind.allCases where lists.contains(kind.rawValue) {
      let entries = try await context.store.list(kind)
      let shown: [ListEntry]
      switch kind {
      case .rollcalls, .motions: shown = entries.suffix(most).reversed()
      case .sources: shown = Array(entries.prefix(mostSources))
      default: shown = Array(entries.prefix(most))
      }
      let options = shown.map { entry -> HTML in
        "<option value=\"\(entry.id)\">\(String(entry.name.prefix(60)))</option>"
      }
      result += "<datalist id=\"\(kind.rawValue)\">\(options)</datalist>"
    }
    return result
  }
}
