import Annals
import AnnalsAnswers
import ArgumentParser

/// Options that a command does not have.
///
/// ArgumentParser reports an unknown option with a value as something else that is missing
/// (apple/swift-argument-parser#23), so this looks first, once the arguments have failed to parse.
enum UnknownOptions {
  /// The first unknown long option, as a failure; nil when all of them are known.
  static func failure(in arguments: [String]) -> Failure? {
    guard let name = arguments.first,
      let command = AnnalsCommand.configuration.subcommands.first(where: {
        $0.configuration.commandName == name
      })
    else { return nil }
    let known = names(of: command)
    for argument in arguments.dropFirst() {
      if argument == "--" { return nil }
      guard argument.hasPrefix("--") else { continue }
      let option = String(argument.prefix { $0 != "=" })
      guard !known.contains(option) else { continue }
      if name == "log", option == "--follow" {
        return .usage("log has no option --follow", help: "annals watch  prints what is appended")
      }
      return .usage(
        "\(name) has no option \(option)", help: "annals help \(name)  has options and examples",
        suggestion: Suggestion.nearest(to: option, among: known))
    }
    return nil
  }

  /// Long options as the help of a command lists them: at the start of a line, after a short one.
  private static func names(of command: any ParsableCommand.Type) -> [String] {
    let help = AnnalsCommand.helpMessage(for: command, columns: 200)
    return help.split(separator: "\n").compactMap { line in
      line.split(separator: " ").prefix(2).first { $0.hasPrefix("--") }
        .map { String($0.prefix { $0 != "," }) }
    }
  }
}
