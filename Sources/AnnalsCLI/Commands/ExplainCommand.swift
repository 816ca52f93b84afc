import Annals
import AnnalsAnswers
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
        annals explain rule latest/2
        annals explain
        annals explain E1105 -o json
      """)

  @Argument(
    help: "The code, as printed in error[CODE]; or the word rule.",
    completion: .list(["rule"] + ErrorCode.allCases.map(\.rawValue)))
  var code: String?

  @Argument(
    help: "The name of a rule: latest/2.", completion: .list(Rule.allCases.map(\.rawValue)))
  var name: String?

  @OptionGroup var globals: GlobalOptions

  func run(_ session: Session) async throws {
    guard let typed = code else {
      return session.print(ErrorsAnswer(codes: ErrorCode.allCases))
    }
    if typed == "rule" {
      return session.print(
        RulesAnswer(
          rules: try name.map { [try Value.rule($0, among: Rule.allCases)] } ?? Rule.allCases,
          face: .commandLine))
    }
    if let name { throw Failure.usage("unexpected argument \"\(name)\"") }
    guard let code = ErrorCode(typed: typed) else {
      throw Problem(
        .unknownCode, "no error code \"\(typed)\"", help: "annals explain  lists all of them",
        suggestion: Suggestion.nearest(
          to: typed.uppercased(), among: ErrorCode.allCases.map(\.rawValue)))
    }
    session.print(ErrorAnswer(entry: code.entry, face: .commandLine))
  }
}

/// The formulas of rules.
extension RulesAnswer: Layout {
  func lines(on terminal: Terminal) -> [String] {
    let width = min(terminal.width ?? 80, 80)
    return Array(
      rules.map { rule in
        [terminal.output.bold("\(rule.name)  \(rule.title)")]
          + rule.formula(for: face).flatMap { [""] + Wrapping.lines($0, width: width) }
      }.joined(separator: ["", ""]))
  }
}

/// One entry of the catalogue.
extension ErrorAnswer: Layout {
  func lines(on terminal: Terminal) -> [String] {
    let width = min(terminal.width ?? 80, 80)
    return [terminal.output.bold("\(entry.code.rawValue)  \(entry.title)"), ""]
      + Wrapping.lines(entry.explanation.words(for: face), width: width) + ["", "What to do:"]
      + Wrapping.lines(entry.remedy.words(for: face), width: width).map { "  " + $0 }
      + ["", "Exit code \(entry.code.exitCode), HTTP status \(entry.code.httpStatus)."]
  }
}

/// The catalogue's table of contents.
extension ErrorsAnswer: Layout {
  func lines(on terminal: Terminal) -> [String] {
    var table = Table([
      .init("code"), .init("exit", right: true), .init("title", give: 1),
    ])
    for code in codes { table.add(code.rawValue, String(code.exitCode), code.entry.title) }
    return table.lines(width: terminal.width, palette: terminal.output)
  }
}
