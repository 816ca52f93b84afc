import Annals

/// What a type's schema says about its fields, by dot path: as much as the command line needs to
/// turn `field=value` into JSON. Whether the value is right is the library's to say.
struct FieldShape {
  private let schema: JSONSchema

  init(_ definition: EventTypeDefinition) { schema = definition.schema }

  /// The field at a dot path; nil when the schema does not know it.
  func field(_ path: [Substring]) -> JSONSchema.Property? {
    var found: JSONSchema.Property?
    for part in path {
      let fields = found?.properties ?? (found == nil ? schema.properties : [])
      guard let next = fields.first(where: { $0.name == part }) else { return nil }
      found = next
    }
    return found
  }

  /// Every field that takes a value, as dot paths, in the order of the schema.
  var paths: [String] { Self.paths(schema.properties, prefix: "") }

  private static func paths(_ fields: [JSONSchema.Property], prefix: String) -> [String] {
    fields.flatMap { field in
      field.properties.isEmpty
        ? [prefix + field.name] : paths(field.properties, prefix: prefix + field.name + ".")
    }
  }

  /// The fields that hold ids of actors, except one that the event itself defines.
  var actorPaths: [[String]] {
    let defined = schema.defines.filter { $0.kind == "actor" }.map(\.path)
    return schema.tags.filter { $0.kind == "actor" }.flatMap(\.paths).filter {
      !defined.contains($0)
    }
  }

  /// The fields that hold the id of another event.
  var eventPaths: [[String]] {
    paths.map { $0.split(separator: ".") }
      .filter { field($0)?.typeText == "uuid" }.map { $0.map(String.init) }
  }

  /// What a field names: `actor`, `topic`, `rollcall` …; nil where it names nothing.
  func tagKind(at path: [Substring]) -> String? {
    let path = path.map(String.init)
    return schema.tags.first { $0.kind != "name" && $0.paths.contains(path) }?.kind
  }
}
