import EventLog

/// The form in which an event is recorded and compared: it leaves out what means the same when it is
/// left out. The same fact is then the same event, whether a default is written out or not.
///
/// Earlier versions of the program recorded events as they were written. `formerIDs` gives the ids
/// under which such events stand in the log.
enum NormalForm {
  static let confidence = "asserted"
  static let relation = "states"

  /// The members of an event that make up its payload, in canonical order.
  private static let members: [(name: StaticString, kind: Member)] = [
    ("basis", .plain), ("confidence", .confidence), ("data", .data), ("note", .plain),
    ("reason", .plain), ("sources", .sources), ("via", .via),
  ]

  private enum Member { case plain, confidence, data, sources, via }

  // MARK: from text

  /// The payload of the event on the tape as canonical JSON. The tape holds a line of the import
  /// format, or a payload as stored. Without a definition it is taken as written.
  static func body(
    on tape: JSONTape, _ definition: EventTypeDefinition?
  ) throws(JSONWriter.InexactNumber) -> [UInt8] {
    var body: [UInt8] = [UInt8(ascii: "{")]
    body.reserveCapacity(tape.bytes.count)
    for (name, member) in members {
      guard let node = tape.member(tape.root, name) else { continue }
      let form = definition.map { self.form(of: member, node, on: tape, $0) } ?? Form.asWritten
      if form == .absent { continue }
      if body.count > 1 { body.append(UInt8(ascii: ",")) }
      body.append(UInt8(ascii: "\""))
      body.append(
        contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
      body.append(UInt8(ascii: "\""))
      body.append(UInt8(ascii: ":"))
      let start = body.count
      try JSONWriter.canonical(tape, node, into: &body, integersOnly: true)
      guard form == .shorter, let definition else { continue }
      body.removeLast(body.count - start)
      body += JSONWriter.canonical(shortened(member, tape, node, definition))
    }
    body.append(UInt8(ascii: "}"))
    return body
  }

  private enum Form { case asWritten, shorter, absent }

  private static func form(
    of member: Member, _ node: JSONTape.Node, on tape: JSONTape,
    _ definition: EventTypeDefinition
  ) -> Form {
    switch member {
    case .confidence:
      // A correction says with it that the fact is asserted after all.
      return definition.type.name != "fact.corrected"
        && tape.equals(node, utf8: Array(confidence.utf8)) ? .absent : .asWritten
    case .via: return tape.count(node) == 0 ? .absent : .asWritten
    case .sources:
      if tape.count(node) == 0 { return .absent }
      let isDefault = tape.elements(node).contains { source in
        tape.member(source, "relation").map { tape.equals($0, utf8: Array(relation.utf8)) } ?? false
      }
      return isDefault ? .shorter : .asWritten
    case .data:
      if tape.kind(node) != .object { return .asWritten }
      let isEmpty = tape.members(node).contains { member in
        (tape.kind(member.value) == .array || tape.kind(member.value) == .object)
          && tape.count(member.value) == 0
          && !definition.schema.required.contains(tape.string(member.key))
      }
      return isEmpty && definition.type.name != "fact.corrected" ? .shorter : .asWritten
    case .plain: return .asWritten
    }
  }

  private static func shortened(
    _ member: Member, _ tape: JSONTape, _ node: JSONTape.Node, _ definition: EventTypeDefinition
  ) -> JSON {
    let value = tape.value(node)
    if member == .sources {
      return .array(
        (value.array ?? []).map { source in
          var members = source.object ?? [:]
          if members["relation"]?.string == relation { members["relation"] = nil }
          return .object(members)
        })
    }
    var members: JSONObject = [:]
    for (key, value) in value.object ?? [:]
    where !isEmpty(value) || definition.schema.required.contains(key) { members[key] = value }
    return .object(members)
  }

  static func isEmpty(_ value: JSON) -> Bool {
    value.array?.isEmpty ?? false || value.object?.isEmpty ?? false
  }

  /// The value that means the same as none at one place of an event, as JSON; nil where each value
  /// means something.
  static func meaningless(at pointer: String, of definition: EventTypeDefinition) -> [UInt8]? {
    let path = pointer.split(separator: "/").map(String.init)
    if definition.type.name == "fact.corrected" { return nil }
    if path == ["confidence"] { return JSONWriter.canonical(.string(confidence)) }
    if path.first == "sources", path.last == "relation" {
      return JSONWriter.canonical(.string(relation))
    }
    let isOptional = path.count == 2 && !definition.schema.required.contains(path[1])
    return path.first == "data" && isOptional ? JSONWriter.canonical(.array([])) : nil
  }

  // MARK: events

  /// An event as it would be recorded today; the event itself where its type is unknown.
  static func event(_ event: NewEvent, _ vocabulary: Vocabulary) -> NewEvent {
    let type = event.type
    var tape = JSONTape()
    guard let definition = vocabulary.definition(type.name, version: type.version),
      (try? tape.parse(event.body)) != nil, let body = try? body(on: tape, definition)
    else { return event }
    return NewEvent(
      id: event.id, type: type, tags: event.tags, time: event.time, targets: event.targets,
      canonicalBody: body)
  }

  /// Whether two events say the same, however their defaults are written.
  static func areSame(_ a: NewEvent, _ b: NewEvent, _ vocabulary: Vocabulary) -> Bool {
    a.hasContent(of: b) || event(a, vocabulary).hasContent(of: event(b, vocabulary))
  }

  // MARK: events of earlier versions

  /// So many sources may each have said that it states the fact, or left it out.
  private static let variedSources = 5

  /// The ids that earlier versions gave to an event in normal form, if some of its defaults were
  /// written out.
  static func formerIDs(of event: NewEvent) -> [EventID] {
    guard let body = (try? JSON(parsing: event.body))?.object else { return [] }
    var forms: [JSONObject] = [body]
    func vary(_ field: String, _ values: [JSON]) {
      forms += forms.flatMap { form in
        values.map { value in
          var form = form
          form[field] = value
          return form
        }
      }
    }
    if body["confidence"] == nil, event.type.name != "fact.corrected" {
      vary("confidence", [.string(confidence)])
    }
    if body["via"] == nil { vary("via", [.array([])]) }
    vary("sources", body["sources"]?.array.map(writtenOut) ?? [.array([])])
    return forms.dropFirst().map { form in
      EventReader.derivedID(
        of: NewEvent(
          id: event.id, type: event.type, time: event.time, targets: event.targets,
          canonicalBody: JSONWriter.canonical(.object(form))))
    }
  }

  /// The sources with their relation written out: of each choice of them, or of all where they are
  /// many.
  private static func writtenOut(_ sources: [JSON]) -> [JSON] {
    let places = sources.indices.filter { sources[$0]["relation"] == nil }
    if places.isEmpty { return [] }
    let all = 1 << min(places.count, variedSources) - 1
    let choices = places.count > variedSources ? [all] : Array(1...all)
    return choices.map { choice in
      var written = sources
      for (bit, place) in places.enumerated() where choice == all || choice & 1 << bit != 0 {
        var members = sources[place].object ?? [:]
        members["relation"] = .string(relation)
        written[place] = .object(members)
      }
      return .array(written)
    }
  }
}
