import Annals
import EventLog

/// A failure as RFC 9457 describes problems: for `-o json`, with all faults in one object.
struct ProblemDocument {
  let json: JSON

  init(_ failure: Failure) {
    // Without a problem it is an interruption, for which RFC 9457 has no type.
    var object: JSONObject = ["type": "about:blank", "title": "Interrupted"]
    if let code = failure.problems.first?.code {
      object["type"] = .string("https://annals.example/errors/\(code.rawValue)")
      object["title"] = .string(code.entry.title)
      object["status"] = .integer(Int64(code.httpStatus))
    }
    object["detail"] = .text(failure.summary ?? failure.problems.first?.message)
    object["exitCode"] = .integer(Int64(failure.exitCode))
    object["errors"] = .array(failure.problems.map(Self.json))
    if failure.more > 0 { object["more"] = .integer(Int64(failure.more)) }
    json = .object(object)
  }

  private static func json(_ problem: Problem) -> JSON {
    .members([
      "code": .string(problem.code.rawValue), "message": .string(problem.message),
      "file": problem.position?.file.map(JSON.string),
      "line": problem.position.map { .integer(Int64($0.line)) },
      "column": problem.position.map { .integer(Int64($0.column)) },
      "pointer": problem.pointer.map(JSON.string),
      "suggestion": problem.suggestion.map(JSON.string), "help": problem.help.map(JSON.string),
    ])
  }
}
