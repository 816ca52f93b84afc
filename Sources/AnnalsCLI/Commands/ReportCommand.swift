import Annals
import AnnalsAnswers
import ArgumentParser
import EventLog

/// `annals report`
struct ReportCommand: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "A report of how actors stand on a topic: Markdown, HTML, SVG, CSV or JSON.",
    usage: "annals report ACTOR … TOPIC [--format FORMAT] [--out FILE] [OPTIONS]",
    discussion: """
      Chart, steps, evidence with footnotes, the rule, and the command that makes the same report \
      again, byte for byte. The format follows the file's name; without either it is Markdown.

      Examples:
        annals report USA ukraine-integrity --out usa.html
        annals report USA RUS ukraine-integrity --format svg > chart.svg
        annals report USA ukraine-integrity --compare-known-by=#230 --out usa.md
        annals report --print-template html > mine.html
      """)

  @Argument(
    help: "One actor or several, by id or name, and then the topic.", completion: .subjects)
  var subjects: [String] = []

  @Option(
    help: ArgumentHelp(
      "md, html, svg, csv or json. Default: the ending of --out's or --template's file, else md.",
      valueName: "format"))
  var format: String?

  @OptionGroup var output: OutOptions

  @Option(help: ArgumentHelp("The heading. Default: made of the names.", valueName: "text"))
  var title: String?

  @Option(
    help: ArgumentHelp("Your own template, for md and html.", valueName: "file"),
    completion: .file())
  var template: String?

  @Option(
    help: ArgumentHelp(
      "Print the built-in template of a format, as a start for your own.", valueName: "format"))
  var printTemplate: String?

  @OptionGroup var moments: MomentOptions

  @Option(
    help: ArgumentHelp(
      "Show beside it what was believed then: a date, a time or a position.", valueName: "moment"))
  var compareKnownBy: String?

  @OptionGroup var leaveOut: LeaveOutOptions

  @Option(
    help: ArgumentHelp(
      "The rule of the steps (latest/2, latest/1), or that of the shares of votes (record/1, "
        + "classic/1). May be given once for each. Default: latest/2 and record/1.",
      valueName: "rule"), completion: .list(Rule.ofStances.map(\.rawValue)))
  var rule: [String] = []

  @Option(
    help: ArgumentHelp(
      "Shares for each year, quarter or month. Default: year.", valueName: "unit"),
    completion: .list(Period.Unit.allCases.map(\.rawValue)))
  var every: String?

  @OptionGroup var globals: GlobalOptions

  func run(_ session: Session) async throws {
    if let printTemplate {
      let text = ReportTemplate.builtIn(try Self.format(named: printTemplate))
      guard let text else {
        throw Failure.usage(
          "\(printTemplate) is not made from a template", help: "templates are for md and html")
      }
      return session.terminal.emit(text, .text)
    }
    let question = try question()
    let format = try chosenFormat(session)
    let own = try template.map { ReportTemplate(name: $0, text: try Session.contents(of: $0)) }
    try output.check()
    let text = try await session.withStore { store in
      try await store.report(question).written(
        as: format, by: Version.program, template: own,
        isExact: session.format == .csvExact)
    }
    try output.write(Array(text.utf8), session, content: format == .json ? .json : .text)
  }

  private func question() throws -> ReportQuestion {
    guard let topic = subjects.last, subjects.count > 1 else {
      throw Failure.usage(
        subjects.isEmpty
          ? "a report needs an actor and a topic" : "a report needs a topic after the actor",
        help: "annals report USA ukraine-integrity; see  annals list topics")
    }
    let items: Items =
      [
        "actor": Array(subjects.dropLast()), "topic": topic, "title": title,
        "compare_known_by": compareKnownBy, "rule": rule, "every": every,
      ] + moments.items + leaveOut.items
    return try ReportParameters.question(items.list, isBounded: false, face: .commandLine)
  }

  /// `--format`, or `-o` as for every command, or the ending of the file's or the template's name.
  private func chosenFormat(_ session: Session) throws -> ReportFormat {
    let asked = try session.format.map { asked in
      asked == .csvExact ? .csv : try Self.format(named: asked.rawValue)
    }
    guard let format else {
      let named = [output.out, template].compactMap(\.self).lazy.compactMap {
        ReportFormat(fileName: $0)
      }
      return asked ?? named.first ?? .md
    }
    let named = try Self.format(named: format)
    if let asked, asked != named {
      throw Failure.usage("--format \(format) and -o \(asked.rawValue) name two formats")
    }
    return named
  }

  private static func format(named name: String) throws -> ReportFormat {
    if let format = ReportFormat(rawValue: name) { return format }
    let names = ReportFormat.allCases.map(\.rawValue)
    throw Failure.usage(
      "no report format \"\(name)\"", help: "formats are \(names.joined(separator: ", "))",
      suggestion: Suggestion.nearest(to: name, among: names))
  }
}
