import Annals
import AnnalsAnswers
import AnnalsPages
import ArgumentParser
import EventLog

/// `annals publish`
struct PublishCommand: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "publish",
    abstract: "The pages of chosen topics as files, for any web server or none.",
    usage: "annals publish FOLDER [--topic TOPIC]… [--on DATE] [--known-by MOMENT] [OPTIONS]",
    discussion: """
      Writes the first page, a page for each topic, for each actor with a stance on it, and for each \
      fact that these lead to, with the chart, the steps and the report of each line as SVG, CSV, JSON \
      and Markdown. All pages show one state of the record. Links work from the disk and from any \
      address. The files of an earlier publication in the folder are replaced, or removed where \
      the new one does not have them. Your own files beside them stay. A folder that holds other files \
      and no publication is refused.

      Examples:
        annals publish site
        annals publish site --topic ukraine-integrity --known-by '#249'
      """)

  @Argument(help: "The folder; it is made where there is none.", completion: .directory)
  var folder: String

  @Option(
    help: ArgumentHelp(
      "Only this topic. May be given several times. Default: all topics.", valueName: "topic"),
    completion: .topics)
  var topic: [String] = []

  @Option(
    help: ArgumentHelp("How it was in the world at the end of this day.", valueName: "date"))
  var on: String?

  @Option(
    help: ArgumentHelp(
      "What the record contained then: a date, a time, or a position such as '#412'.",
      valueName: "moment"))
  var knownBy: String?

  @OptionGroup var globals: GlobalOptions

  func run(_ session: Session) async throws {
    var options = Publication.Options()
    options.topics = topic
    options.program = Version.program
    let now = Instant.now()
    let items: Items = ["on": on, "known_by": knownBy]
    var read = QuestionReader(items.list, of: [.on, .knownBy], face: .commandLine)
    options.on = read.moment()
    options.knownBy = read.state()
    try read.finish()
    let site = SiteFolder(folder)
    let summary = try await session.withStore { [options] store in
      let publication = try await Publication(store, options, now: now)
      var folder = site
      try folder.open()
      return try await Progress.during("Publishing …", on: session.terminal) { progress in
        let summary = try await publication.write { path, bytes in
          try folder.write(bytes, to: path)
          if folder.count % 50 == 0 {
            progress.update("Publishing  \(folder.count.grouped) files")
          }
        }
        try folder.close()
        return summary
      }
    }
    session.print(PublicationAnswer(folder: folder, summary: summary))
  }
}

extension PublicationAnswer: Layout {
  func lines(on terminal: Terminal) -> [String] {
    [
      "\(folder): \(summary.pages.grouped) pages in \(summary.files.grouped) files, known by "
        + summary.knownBy.position.description,
      "Open  \(folder)/index.html",
    ]
  }
}
