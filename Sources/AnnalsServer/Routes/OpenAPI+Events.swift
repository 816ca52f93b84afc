#if Serve
import Annals
import AnnalsAnswers
import EventLog

extension OpenAPI {
  /// What an append takes: an event, whose data depend on its type.
  static let event = "new_event"

  /// The schema of an event, and that of the payload of each type that can be appended.
  static func eventSchemas() -> JSONObject {
    guard let bytes = SchemaFiles.all["envelope.v1.json"],
      case .object(var envelope)? = try? JSON(parsing: bytes),
      case .object(var fields)? = envelope["properties"]
    else { return [:] }
    // Only the store writes that a payload was erased.
    let types = Vocabulary.builtIn.types.filter { $0.type.name != Erasure.typeName }
    var schemas = JSONObject()
    var alternatives: [JSON] = []
    for definition in types {
      let name = "\(definition.type.name).v\(definition.type.version)"
      guard let bytes = SchemaFiles.all["events/\(name).json"],
        case .object(var payload)? = try? JSON(parsing: bytes)
      else { continue }
      for member in notShown { payload[member] = nil }
      schemas[name] = located(.object(payload), in: name)
      alternatives.append(
        .members([
          "title": payload["title"],
          "properties": .members([
            "type": .members(["const": .string(definition.type.name)]), "data": reference(name),
          ]),
          "required": Amendment.types.contains(definition.type.name)
            ? .texts(["target", "reason"]) : nil,
        ]))
    }
    // What an export says of the log that it comes from, an append passes over.
    for name in Store.placeFields { fields[name] = nil }
    fields["type"] = .members([
      "type": "string", "description": "Type of the event.",
      "enum": .texts(types.map(\.type.name)),
    ])
    for member in notShown + ["additionalProperties"] { envelope[member] = nil }
    envelope["title"] = "Event"
    envelope["description"] =
      "The payload of an event in data, and what is known about it around it. The log also checks what a schema cannot say: whether the actors, topics and events that it names are in the record, and whether it contradicts them."
    envelope["properties"] = .object(fields)
    envelope["oneOf"] = .array(alternatives)
    schemas[event] = located(.object(envelope), in: event)
    return schemas
  }

  /// Members of our schemas that mean nothing to a reader of the description.
  private static let notShown = [
    "$schema", "$id", "x-annals-defines", "x-annals-summary", "x-annals-tags",
  ]

  /// References lead to the component itself, and the form of an id is a pattern that others can check.
  private static func located(_ json: JSON, in component: String) -> JSON {
    switch json {
    case .object(let members):
      var object = JSONObject()
      for (name, value) in members {
        if name == "$ref", case .string(let text) = value, text.hasPrefix("#/") {
          object[name] = .string("#/components/schemas/\(component)\(text.dropFirst())")
        } else {
          object[name] = located(value, in: component)
        }
      }
      if object["format"] == "slug" {
        object["pattern"] = .string(TextForm.slugPattern)
        object["maxLength"] = .whole(TextForm.slugLimit)
      }
      return .object(object)
    case .array(let elements): return .array(elements.map { located($0, in: component) })
    default: return json
    }
  }
}
#endif
