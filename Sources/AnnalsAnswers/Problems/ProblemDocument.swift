package import Annals
public import EventLog

/// A failure as RFC 9457 describes problems, with all faults in one object: `-o json`, and HTTP.
public struct ProblemDocument: Sendable {
  /// The media type of the document.
  public static let mediaType = "application/problem+json"

  public let json: JSON
  /// The status of an HTTP answer.
  public let status: Int

  /// `face` is the one that shows the document.
  package init(_ failure: Failure, face: Face) {
    // Without a problem it is an interruption, for which RFC 9457 has no type.
    var object: JSONObject = ["type": "about:blank", "title": "Interrupted"]
    let first = failure.problems.first?.code
    status = first?.httpStatus ?? 503
    if let code = first {
      object["type"] = .string("https://annals.example/errors/\(code.rawValue)")
      object["title"] = .string(code.entry.title)
      object["status"] = .whole(code.httpStatus)
    }
    object["detail"] = .text(failure.summary ?? failure.problems.first?.message)
    object["exit_code"] = .whole(failure.exitCode)
    object["errors"] = .array(failure.problems.map { Self.json($0, face) })
    if failure.more > 0 { object["more"] = .integer(Int64(failure.more)) }
    json = .object(object)
  }

  private static func json(_ problem: Problem, _ face: Face) -> JSON {
    .members([
      "code": .string(problem.code.rawValue), "message": .string(problem.message),
      "file": problem.position?.file.map(JSON.string),
      "line": problem.position.map { .integer(Int64($0.line)) },
      "column": problem.position.map { .integer(Int64($0.column)) },
      "pointer": problem.pointer.map(JSON.string),
      "suggestion": problem.suggestion.map(JSON.string),
      "help": problem.help.map { .string($0.words(for: face)) },
    ])
  }
}
