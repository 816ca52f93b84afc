import Annals
import AnnalsAnswers
import EventLog

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
        pointer == $0.field.pointer || pointer.hasPrefix($0.field.pointer + "/")
      })
    else { return problem }
    let name = argument.field.name.utf8.count
    let range = problem.code == .unknownField ? 0..<name : name + 1..<argument.text.utf8.count
    var problem = problem
    problem.excerpt = TextLocation.locate(range, in: Array(argument.text.utf8)).excerpt
    return problem
  }
}
