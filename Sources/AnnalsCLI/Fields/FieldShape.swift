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
  var paths: [String] { leaves.map { $0.path.joined(separator: ".") } }

  /// The same with what the schema says of each. In one pass: a schema may have thousands of fields.
  private var leaves: [(path: [String], field: JSONSchema.Property)] {
    Self.leaves(schema.properties, under: [])
  }

  private static func leaves(
    _ fields: [JSONSchema.Property], under path: [String]
  ) -> [(path: [String], field: JSONSchema.Property)] {
    fields.flatMap { field in
      field.properties.isEmpty
        ? [(path + [field.name], field)] : leaves(field.properties, under: path + [field.name])
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
    leaves.filter { $0.field.typeText == "uuid" }.map(\.path)
  }

  /// What a field names: `actor`, `topic`, `rollcall` …; nil where it names nothing.
  func tagKind(at path: [Substring]) -> String? {
    let path = path.map(String.init)
    return schema.tags.first { $0.kind != "name" && $0.paths.contains(path) }?.kind
  }
}
