package import Annals
package import EventLog

/// A fact as a person writes it: the type, and the text of each field.
package struct FactText: Sendable {
  package let definition: EventTypeDefinition
  /// Fields of the payload.
  package var fields: [FieldText] = []
  package var id: String?
  package var on: String?
  package var basis: String?
  package var confidence: String?
  package var note: String?
  package var reason: String?
  /// Each as `source:locator`.
  package var sources: [String] = []
  /// The words quoted from the first of the sources.
  package var quote: String?
  /// Each as `kind:name`, nearest first.
  package var via: [String] = []
  /// Earlier events that it is about, by position or id.
  package var targets: [String] = []

  package init(_ definition: EventTypeDefinition) { self.definition = definition }

  /// The event as a line of the import format; throws all names that are not there.
  package func line(_ store: Store) async throws -> JSON {
    var names = NamedFields(store)
    let (line, problems) = try await line(store, &names)
    if !problems.isEmpty { throw Problems(problems) }
    return line
  }

  /// The event as a line of the import format, and a problem for each name that is not there: what else
  /// is wrong with the line can still be found.
  package func line(
    _ store: Store, _ names: inout NamedFields
  ) async throws -> (line: JSON, problems: [Problem]) {
    let shape = FieldShape(definition)
    let (data, unknown) = try await names.resolving(try FieldText.data(fields, shape), shape)
    var problems = unknown
    var ids: [JSON] = []
    for text in targets {
      do {
        let event = try await store.event(Value.event(text), knownBy: nil)
        ids.append(.string(event.event.id.description))
      } catch let problem as Problem {
        problems.append(Self.located(problem, "/target"))
      } catch let faults as Problems {
        problems += faults.problems.map { Self.located($0, "/target") }
      }
    }
    if quote != nil, sources.isEmpty {
      problems.append(Self.quotedFromNowhere)
    }
    var line: JSONObject = [
      "type": .string(definition.type.name), "version": .integer(Int64(definition.type.version)),
      "data": data,
    ]
    let texts = [
      ("id", id), ("on", on), ("basis", basis), ("confidence", confidence), ("note", note),
      ("reason", reason),
    ]
    for (name, text) in texts { line[name] = text.map(JSON.string) }
    let citations = CitationText.sources(sources, quote: quote)
    let lists = [("sources", citations), ("via", via.map(CitationText.via)), ("target", ids)]
    for (name, elements) in lists where !elements.isEmpty { line[name] = .array(elements) }
    return (.object(line), problems)
  }

  package static let quotedFromNowhere = Problem(
    .missingField, "the words are quoted from no source", pointer: "/sources",
    help: "name the source of the words")

  private static func located(_ problem: Problem, _ pointer: String) -> Problem {
    var problem = problem
    problem.pointer = pointer
    return problem
  }
}
