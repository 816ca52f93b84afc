import Annals
import EventLog

/// Fields that name something: an actor by any name by which the record knows it, an event by its
/// position.
enum NamedFields {
  /// The payload with ids in place of names; throws for what is not there.
  static func resolved(
    _ data: JSON, _ shape: FieldShape, _ store: Store
  ) async throws -> JSON {
    var data = data
    var problems: [Problem] = []
    for (paths, id) in [(shape.actorPaths, actor), (shape.eventPaths, event)] {
      for path in paths {
        do {
          data = try await resolved(data, path[...]) { try await id($0, store) }
        } catch let problem as Problem {
          problems.append(located(problem, path))
        } catch let faults as Problems {
          problems += faults.problems.map { located($0, path) }
        }
      }
    }
    if !problems.isEmpty { throw Problems(problems) }
    return data
  }

  private static func actor(_ name: String, _ store: Store) async throws -> String {
    try await store.resolveActor(name).id
  }

  /// A position stands for the event's id; whatever else is left to the schema to judge.
  private static func event(_ text: String, _ store: Store) async throws -> String {
    guard case .position(let position)? = EventReference(text) else { return text }
    return try await store.event(.position(position)).event.id.description
  }

  private static func located(_ problem: Problem, _ path: [String]) -> Problem {
    var problem = problem
    problem.pointer = "/data/" + path.joined(separator: "/")
    return problem
  }

  private static func resolved(
    _ value: JSON, _ path: ArraySlice<String>, _ id: (String) async throws -> String
  ) async throws -> JSON {
    switch value {
    case .array(let elements):
      var result: [JSON] = []
      for element in elements { result.append(try await resolved(element, path, id)) }
      return .array(result)
    case .object(var members):
      guard let first = path.first, let inner = members[first] else { return value }
      members[first] = try await resolved(inner, path.dropFirst(), id)
      return .object(members)
    case .string(let name) where path.isEmpty:
      return .string(try await id(name))
    default:
      return value
    }
  }
}

/// Faults of a payload that was typed as arguments, shown where they were typed.
enum ArgumentFaults {
  /// Runs `work`; its problems get the argument they are about, and the exit code of a wrong
  /// command line. Conflicts and failures of the store keep their own.
  static func shown<Result>(
    _ arguments: [FieldArgument], _ work: () async throws -> Result
  ) async throws -> Result {
    do {
      return try await work()
    } catch let faults as Problems {
      let problems = faults.problems.map { located($0, arguments) }
      let isTyped = problems.allSatisfy { $0.code.rawValue.hasPrefix("E11") }
      throw Failure(problems, exitCode: isTyped ? ExitStatus.usage : nil)
    }
  }

  private static func located(_ problem: Problem, _ arguments: [FieldArgument]) -> Problem {
    guard problem.excerpt == nil, let pointer = problem.pointer,
      let argument = arguments.first(where: {
        pointer == $0.pointer || pointer.hasPrefix($0.pointer + "/")
      })
    else { return problem }
    let name = argument.name.utf8.count
    let range = problem.code == .unknownField ? 0..<name : name + 1..<argument.text.utf8.count
    var problem = problem
    problem.excerpt = TextLocation.locate(range, in: Array(argument.text.utf8)).excerpt
    return problem
  }
}
