import Annals
import AnnalsAnswers
import ArgumentParser
import EventLog

/// The program: reads its arguments, runs one command, ends with an exit code.
@main
enum Program {
  static func main() async {
    System.occupyClosedStreams()
    System.dieOnBrokenPipe()
    if !System.hasDescriptors {
      let problem = Problem(
        .storeIO, "this process may open too few files", help: "raise the limit:  ulimit -n 256")
      System.leave(report(problem, []))
    }
    if !System.canTake(leastMemory) {
      let problem = Problem(
        .storeIO, "this process may take too little memory",
        help: "raise the limit:  ulimit -v 1000000")
      System.leave(report(problem, []))
    }
    if CommandLine.arguments.isEmpty {
      // Not even the program's name: to go on would be to answer a command that nobody has given.
      let problem = Problem(
        .storeIO, "the system does not tell what the command is",
        help: "on Linux, the program needs /proc")
      System.leave(report(problem, []))
    }
    let arguments = Hoisting.hoisted(Array(CommandLine.arguments.dropFirst()))
    let cut = Failure(
      Problem(
        .storeReplaced, "another program cut off a file of the store while this one had it open",
        help: "find out which program that was; then look at the record:  annals verify"))
    LostPages.endProgram(saying: printer(arguments).words(of: cut), status: cut.exitCode)
    System.leave(await status(of: arguments))
  }

  /// Bytes that small commands take at most, the stacks of their threads included.
  private static let leastMemory = 128 << 20

  /// Runs the command and answers with the exit code.
  private static func status(of arguments: [String]) async -> Int32 {
    do {
      if let topic = try topic(in: arguments) {
        System.emit(Array((topic + "\n").utf8), to: System.standardOutput)
        return ExitStatus.done
      }
      var command = try await AnnalsCommand.asyncParseAsRoot(helpSpelledOut(arguments))
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
      return ExitStatus.done
    } catch let code as ExitCode {
      return code.rawValue
    } catch {
      return report(error, arguments)
    }
  }

  private static func report(_ error: any Error, _ arguments: [String]) -> Int32 {
    let failure: Failure
    if AnnalsCommand.exitCode(for: error) == .success {
      // Help, a version, a completion script: the answer that was asked for.
      let text = AnnalsCommand.fullMessage(for: error)
      System.emit(Array((text + "\n").utf8), to: System.standardOutput)
      return ExitStatus.done
    } else if AnnalsCommand.exitCode(for: error) == .validationFailure {
      failure = UnknownOptions.failure(in: arguments) ?? usage(error, arguments)
    } else {
      failure = Failure(error)
    }
    printer(arguments).report(failure)
    return failure.exitCode
  }

  private static func printer(_ arguments: [String]) -> ErrorPrinter {
    let isJSON = ["json", "ndjson"].contains(Hoisting.value(of: ["-o", "--output"], in: arguments))
    let colour = Hoisting.value(of: ["--color"], in: arguments).flatMap(ColourChoice.init)
    let terminal = Terminal(colour: colour ?? .auto, isQuiet: false)
    return ErrorPrinter(palette: terminal.messages, isJSON: isJSON)
  }

  /// What ArgumentParser found wrong.
  private static func usage(_ error: any Error, _ arguments: [String]) -> Failure {
    let message = AnnalsCommand.message(for: error)
    if message.hasPrefix("Missing value"), message.contains("known-by") {
      return .usage(
        message, help: "a shell takes #40 for a comment: write --known-by=#40, or quote it")
    }
    let command = CommandNames.all.contains(arguments.first ?? "") ? " \(arguments[0])" : ""
    return .usage(message, help: "annals help\(command)  has options and examples")
  }

  /// The text of `help TOPIC`; nil when something else is asked for. A misspelt command is found
  /// out here, because ArgumentParser would only call it unexpected.
  private static func topic(in arguments: [String]) throws -> String? {
    guard let name = arguments.first, !name.hasPrefix("-") else { return nil }
    if name == "help", let topic = Hoisting.words(in: Array(arguments.dropFirst())).first {
      if let text = HelpTopic(rawValue: topic)?.text { return text }
      if CommandNames.all.contains(topic) { return nil }
      let schemas = Hoisting.value(of: ["--schemas"], in: arguments)
      let vocabulary = try Session.vocabulary(schemas: schemas, project: ProjectFile.load())
      let version = Hoisting.value(of: ["--version"], in: arguments)
      if let text = TypeHelp.text(topic, version: version.flatMap { Int($0) }, in: vocabulary) {
        return text
      }
      let known =
        CommandNames.all + HelpTopic.allCases.map(\.rawValue) + vocabulary.types.map(\.type.name)
      guard known.contains(topic) else {
        throw Failure.usage(
          "no command, topic or event type \"\(topic)\"", help: "annals help  lists them",
          suggestion: Suggestion.nearest(to: topic, among: known))
      }
    } else if !CommandNames.all.contains(name) {
      if let meant = CommandNames.tried[name] {
        throw Failure.usage("no command \"\(name)\"", help: "annals \(meant)", suggestion: meant)
      }
      throw Failure.usage(
        "no command \"\(name)\"", help: "annals help  lists the commands",
        suggestion: Suggestion.nearest(to: name, among: CommandNames.all))
    }
    return nil
  }

  /// `help show` as `show --help`.
  private static func helpSpelledOut(_ arguments: [String]) -> [String] {
    guard arguments.first == "help" else { return arguments }
    let names = arguments.dropFirst().filter { CommandNames.all.contains($0) }
    return names.prefix(1) + ["--help"]
  }
}

/// The names of the commands, as the root command lists them.
enum CommandNames {
  /// Words that people try, and the command that does it.
  static let tried = ["follow": "watch", "tail": "watch", "server": "serve", "web": "serve --open"]

  static let all: [String] =
    ["help"] + AnnalsCommand.configuration.subcommands.compactMap { $0.configuration.commandName }
}
