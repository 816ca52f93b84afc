public import Annals
import AnnalsAnswers
public import EventLog

/// The site as files for any web server: the topics chosen, at one state of the record, with every page
/// that they lead to.
public struct Publication: Sendable {
  public struct Options: Sendable {
    /// Ids of topics; all topics where none is named.
    public var topics: [String] = []
    public var on: OnMoment?
    public var knownBy: KnownBy?
    /// Name and version of the program.
    public var program = "annals"

    public init() {}
  }

  /// What was written.
  public struct Summary: Sendable {
    public var pages: Int
    public var files: Int
    public var knownBy: RecordState
  }

  /// A file of the site: its path within the folder, with slashes, and its contents.
  public typealias Write = (_ path: String, _ bytes: [UInt8]) throws -> Void

  private let context: PageContext
  private let site: FileSite
  private let state: RecordState
  private let moments: Moments
  private let on: OnMoment
  private let options: Options

  /// Pins the publication to a state of the record. Throws for a topic that is unknown.
  public init(_ store: Store, _ options: Options, now: Instant = .now()) async throws {
    let state = try await store.recordState(options.knownBy)
    let known = KnownBy.position(state.position)
    let all = try await store.list(.topics, knownBy: known).map(\.id)
    let unknown = options.topics.filter { !all.contains($0) }
    guard unknown.isEmpty else {
      throw Problems(
        unknown.map { topic in
          Problem(
            .unknownTopic, "no topic \"\(topic)\"",
            help: "\(command: "list topics") shows them all",
            suggestion: Suggestion.nearest(to: topic, among: all))
        })
    }
    let topics = Set(options.topics.isEmpty ? all : options.topics)
    on = options.on ?? OnMoment(day: CalendarDay(number: now.day))
    moments = Moments(on: on.text, knownBy: "#\(state.position.rawValue)")
    self.state = state
    self.options = options
    // Pages about other moments, lists and forms need a server.
    site = FileSite { address in
      if address.path.isEmpty { return !address.hasQuery }
      switch address.path[0] {
      case "assets", "time": return true
      case "facts": return address.path.count == 2 && !address.hasQuery
      case "topics": return topics.contains(address.path[1])
      case "s": return address.path.count == 3 && topics.contains(address.path[2])
      default: return false
      }
    }
    context = PageContext(
      store: store.asking(at: state.position), now: now, links: .files(site, depth: 0),
      program: options.program)
  }

  /// Writes every file.
  public func write(_ write: Write) async throws -> Summary {
    var summary = Summary(pages: 0, files: 0, knownBy: state)
    func put(_ path: String, _ bytes: [UInt8]) throws {
      try write(path, bytes)
      summary.files += 1
    }
    _ = site.file(of: .home)
    while let (address, file) = site.next() {
      if let bytes = Self.asset(address) {
        try put(file, bytes)
        continue
      }
      var context = context
      context.links = .files(site, depth: file.split(separator: "/").count - 1)
      let page = try await page(address, context)
      try put(file, Array(page.document(context).utf8))
      summary.pages += 1
      guard address.path.first == "s" else { continue }
      let report = try await report(actor: address.path[1], topic: address.path[2])
      for format in [ReportFormat.csv, .json, .svg, .md] {
        let text = try report.written(as: format, by: options.program)
        try put("\(file.dropLast(5)).\(format.rawValue)", Array(text.utf8))
      }
    }
    return summary
  }

  private static func asset(_ address: Address) -> [UInt8]? {
    switch address {
    case .style: Asset.style
    case .script: Asset.script
    case .icon: Asset.icon
    default: nil
    }
  }

  private var known: KnownBy { .position(state.position) }

  private func page(_ address: Address, _ context: PageContext) async throws -> Page {
    let viewpoint = Viewpoint(on: on, knownBy: known)
    let path = address.path
    switch path.first {
    case nil: return try await TopicPages.home(context, at: known, topics: options.topics)
    case "time": return PlainPages.times(context)
    case "topics": return try await TopicPages.topic(path[1], viewpoint, .now, context)
    case "s":
      return try await ExplorerPage.page(
        ExplorerPage.Question(
          actor: path[1], topic: path[2], viewpoint: viewpoint, moments: moments, isFrozen: true),
        context)
    default:
      return try await EventPage.page(
        .position(Position(Int64(path[1]) ?? 0)), knownBy: known, context)
    }
  }

  private func report(actor: String, topic: String) async throws -> Report {
    try await context.store.report(
      ReportQuestion(actors: [actor], topic: topic, on: on, knownBy: known))
  }
}
