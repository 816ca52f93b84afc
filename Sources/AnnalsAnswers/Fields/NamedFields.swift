package import Annals
package import EventLog

/// Fields that name something: an actor by any name by which the record knows it, an event by its
/// position. Each name is looked up once.
package struct NamedFields {
  private enum Kind { case actor, mergedActor, event }

  private struct Name: Hashable {
    var kind: Kind
    var text: String
  }

  private let store: Store
  private var ids: [Name: String] = [:]
  private var problems: [Name: [Problem]] = [:]

  package init(_ store: Store) { self.store = store }

  /// The payload with ids in place of names; throws all that is not there.
  package mutating func resolved(_ data: JSON, _ shape: FieldShape) async throws -> JSON {
    let (data, problems) = try await resolving(data, shape)
    if !problems.isEmpty { throw Problems(problems) }
    return data
  }

  /// The payload with ids in place of names, and a problem for each name that is not there; that name
  /// stays in the payload.
  package mutating func resolving(
    _ data: JSON, _ shape: FieldShape
  ) async throws -> (data: JSON, problems: [Problem]) {
    var data = data
    var found: [Problem] = []
    // A merge is about ids, and an id that was merged before is still one.
    let actor = shape.isMerge ? Kind.mergedActor : .actor
    for (paths, kind) in [(shape.actorPaths, actor), (shape.eventPaths, Kind.event)] {
      for path in paths {
        var replacements: [String: String] = [:]
        for text in Self.texts(data, path[...]) where replacements[text] == nil {
          let name = Name(kind: kind, text: text)
          try await lookUp(name)
          replacements[text] = ids[name]
          found += problems[name, default: []].map { problem in
            var problem = problem
            problem.pointer = "/data/" + path.joined(separator: "/")
            return problem
          }
        }
        data = Self.replacing(data, path[...], by: replacements)
      }
    }
    return (data, found)
  }

  private mutating func lookUp(_ name: Name) async throws {
    if ids[name] != nil || problems[name] != nil { return }
    do {
      ids[name] = try await id(name)
    } catch let problem as Problem {
      problems[name] = [problem]
    } catch let faults as Problems {
      problems[name] = faults.problems
    }
  }

  private func id(_ name: Name) async throws -> String {
    switch name.kind {
    case .event: return try await eventID(name.text)
    case .mergedActor:
      if try await store.hasActor(name.text) { return name.text }
      return try await store.resolveActor(name.text).id
    case .actor: return try await store.resolveActor(name.text).id
    }
  }

  /// A position stands for the event's id. The schema judges every other text.
  private func eventID(_ text: String) async throws -> String {
    guard case .position(let position)? = EventReference(text) else { return text }
    return try await store.event(.position(position)).event.id.description
  }

  /// The texts at a path, through the elements of lists.
  private static func texts(_ value: JSON, _ path: ArraySlice<String>) -> [String] {
    switch value {
    case .array(let elements): elements.flatMap { texts($0, path) }
    case .object(let members):
      path.first.flatMap { members[$0] }.map { texts($0, path.dropFirst()) } ?? []
    case .string(let text) where path.isEmpty: [text]
    default: []
    }
  }

  private static func replacing(
    _ value: JSON, _ path: ArraySlice<String>, by replacements: [String: String]
  ) -> JSON {
    switch value {
    case .array(let elements):
      return .array(elements.map { replacing($0, path, by: replacements) })
    case .object(var members):
      guard let first = path.first, let inner = members[first] else { return value }
      members[first] = replacing(inner, path.dropFirst(), by: replacements)
      return .object(members)
    case .string(let text) where path.isEmpty:
      return .string(replacements[text] ?? text)
    default:
      return value
    }
  }
}
