import Annals
import ArgumentParser
import EventLog

/// `annals explain`
struct ExplainCommand: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "What an error code means and what to do about it, or the formula of a rule.",
    usage: "annals explain [CODE | rule [RULE]]",
    discussion: """
      Without a code: the list of all. With rule: the rules that turn evidence into positions.

      Examples:
        annals explain E1105
        annals explain rule latest/1
        annals explain
        annals explain E1105 -o json
      """)

  @Argument(
    help: "The code, as printed in error[CODE]; or the word rule.",
    completion: .list(["rule"] + ErrorCode.allCases.map(\.rawValue)))
  var code: String?

  @Argument(
    help: "The name of a rule: latest/1.", completion: .list(Rule.allCases.map(\.rawValue)))
  var name: String?

  @OptionGroup var globals: GlobalOptions

  func run(_ session: Session) async throws {
    guard let typed = code else {
      return session.print(CodeList(codes: ErrorCode.allCases))
    }
    if typed == "rule" {
      return session.print(
        RuleList(rules: try name.map { [try Arguments.rule($0)] } ?? Rule.allCases))
    }
    if let name { throw Failure.usage("unexpected argument \"\(name)\"") }
    guard let code = ErrorCode(typed: typed) else {
      throw Problem(
        .unknownCode, "no error code \"\(typed)\"", help: "annals explain  lists all of them",
        suggestion: Suggestion.nearest(
          to: typed.uppercased(), among: ErrorCode.allCases.map(\.rawValue)))
    }
    session.print(CodeEntry(entry: code.entry))
  }
}

/// The formulas of rules.
private struct RuleList: Answer {
  let rules: [Rule]

  var json: JSON { .members(["schema": "annals.rules.v1", "rules": .array(records)]) }

  var records: [JSON] {
    rules.map { rule in
      .members([
        "rule": .string(rule.name), "title": .string(rule.title),
        "formula": .array(rule.formula.map(JSON.string)),
      ])
    }
  }

  var sheet: Sheet {
    Sheet(
      columns: ["rule", "title", "formula"],
      rows: rules.map {
        [.string($0.name), .string($0.title), .string($0.formula.joined(separator: " "))]
      })
  }

  func lines(on terminal: Terminal) -> [String] {
    let width = min(terminal.width ?? 80, 80)
    return Array(
      rules.map { rule in
        [terminal.output.bold("\(rule.name)  \(rule.title)")]
          + rule.formula.flatMap { [""] + Wrapping.lines($0, width: width) }
      }.joined(separator: ["", ""]))
  }
}

/// One entry of the catalogue.
private struct CodeEntry: Answer {
  let entry: ErrorEntry

  var json: JSON {
    .members([
      "schema": "annals.error.v1", "code": .string(entry.code.rawValue),
      "title": .string(entry.title), "explanation": .string(entry.explanation),
      "remedy": .string(entry.remedy), "exitCode": .integer(Int64(entry.code.exitCode)),
      "httpStatus": .integer(Int64(entry.code.httpStatus)),
    ])
  }
  var records: [JSON] { [json] }
  var sheet: Sheet { CodeList(codes: [entry.code]).sheet }

  func lines(on terminal: Terminal) -> [String] {
    [terminal.output.bold("\(entry.code.rawValue)  \(entry.title)"), ""]
      + Wrapping.lines(entry.explanation, width: min(terminal.width ?? 80, 80))
      + ["", "What to do:"]
      + Wrapping.lines(entry.remedy, width: min(terminal.width ?? 80, 80)).map { "  " + $0 }
      + ["", "Exit code \(entry.code.exitCode), HTTP status \(entry.code.httpStatus)."]
  }
}

/// The catalogue's table of contents.
private struct CodeList: Answer {
  let codes: [ErrorCode]

  var json: JSON { .members(["schema": "annals.errors.v1", "errors": .array(records)]) }

  var records: [JSON] {
    codes.map { code in
      .members([
        "code": .string(code.rawValue), "title": .string(code.entry.title),
        "exitCode": .integer(Int64(code.exitCode)), "httpStatus": .integer(Int64(code.httpStatus)),
      ])
    }
  }

  var sheet: Sheet {
    Sheet(
      columns: ["code", "title", "exit_code", "http_status"],
      rows: codes.map { code in
        [
          .string(code.rawValue), .string(code.entry.title), .integer(Int64(code.exitCode)),
          .integer(Int64(code.httpStatus)),
        ]
      })
  }

  func lines(on terminal: Terminal) -> [String] {
    var table = Table([
      .init("code"), .init("exit", right: true), .init("title", give: 1),
    ])
    for code in codes { table.add(code.rawValue, String(code.exitCode), code.entry.title) }
    return table.lines(width: terminal.width, palette: terminal.output)
  }
}
