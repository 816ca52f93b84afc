package import Annals
import EventLog

/// What a type's schema says about its fields, by dot path: as much as is needed to turn the text of a
/// field into JSON, and to offer its values. Whether a value is right is the library's to say.
package struct FieldShape: Sendable {
  /// A field that takes a value.
  package struct Field: Sendable {
    package var path: [String]
    package var property: JSONSchema.Property
    /// Whether every event of the type has it.
    package var isRequired: Bool

    package var name: String { path.joined(separator: ".") }
  }

  private let schema: JSONSchema
  /// Whether it is the type that merges two ids of an actor.
  package let isMerge: Bool

  package init(_ definition: EventTypeDefinition) {
    schema = definition.schema
    isMerge = definition.type.name == "actor.merged"
  }

  /// The field at a dot path; nil when the schema does not know it.
  package func field(_ path: [Substring]) -> JSONSchema.Property? {
    var found: JSONSchema.Property?
    for part in path {
      let fields = found?.properties ?? (found == nil ? schema.properties : [])
      guard let next = fields.first(where: { $0.name == part }) else { return nil }
      found = next
    }
    return found
  }

  /// Every field that takes a value, in the order of the schema. In one pass: a schema may have
  /// thousands of fields.
  package var fields: [Field] { Self.fields(schema.properties, under: [], isRequired: true) }

  private static func fields(
    _ properties: [JSONSchema.Property], under path: [String], isRequired: Bool
  ) -> [Field] {
    properties.flatMap { property in
      let (path, isNeeded) = (path + [property.name], isRequired && property.isRequired)
      return property.properties.isEmpty
        ? [Field(path: path, property: property, isRequired: isNeeded)]
        : fields(property.properties, under: path, isRequired: isNeeded)
    }
  }

  /// The fields that hold ids of actors, except one that the event itself defines.
  package var actorPaths: [[String]] {
    schema.tags.filter { $0.kind == "actor" }.flatMap(\.paths).filter { !isDefined($0) }
  }

  /// The fields that hold the id of another event.
  package var eventPaths: [[String]] {
    fields.filter { $0.property.typeText == "uuid" }.map(\.path)
  }

  /// What a field names: `actor`, `topic`, `rollcall` …; nil where it names nothing.
  package func tagKind(at path: [String]) -> String? {
    schema.tags.first { $0.kind != "name" && $0.paths.contains(path) }?.kind
  }

  /// Whether the field holds the id of what the event itself defines.
  package func isDefined(_ path: [String]) -> Bool {
    schema.defines.contains { $0.path == path }
  }
}
