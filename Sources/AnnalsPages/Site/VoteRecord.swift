import Annals
import AnnalsAnswers
import EventLog

/// The state of the record that a page about votes was made from, and what every such page says of it.
struct VoteRecord {
  let state: RecordState
  /// The end of the log when the page was made.
  let head: Position
  /// The state of the record as the reader wrote it; nil for the last one.
  let written: String?
  private let context: PageContext

  init(_ knownBy: KnownBy?, _ written: String?, _ context: PageContext) async throws {
    state = try await context.store.recordState(knownBy)
    head = try await context.store.log.head().position
    self.written = written
    self.context = context
  }

  /// Asks for this very state, however it was written.
  var knownBy: KnownBy { .position(state.position) }

  /// Whether events came after it.
  var isPinned: Bool { state.position < head }

  private var name: String { state.position.description }

  /// A page about the same state, where the reader named one.
  func keep(_ address: Address) -> Address { address.with("known_by", written) }

  /// On a page about an earlier state: which one, and the way to the last one.
  func banner(_ address: Address) -> HTML {
    StateBanner(state: state, head: head).html(now: address, context)
  }

  /// What the page was computed from.
  func foot(rule: String?) async throws -> HTML {
    let root = try await context.store.log.root(ofSize: state.position.rawValue)
    let rules: HTML? = rule.map { rule in
      context.links.isServer ? ", rule <a href=\"/api/v1/rules\">\(rule)</a>" : ", rule \(rule)"
    }
    return """
      <p>Computed from events #1–\(name), root of the log <code>\(root.hexDigits)</code>\(rules).</p>
      """
  }

  /// The same question for programs, at this state of the record: one row of links for each file.
  func downloads(
    _ files: [VoteFile], command: String, _ arguments: [String] = []
  ) -> HTML {
    guard context.links.isServer else { return .none }
    let rows = files.map { file -> HTML in
      let address = Address.answer(file.question, file.items).with("known_by", name)
      let links = [("csv", "CSV"), ("json", "JSON")].map { format, title -> HTML in
        """
        <a class="btn" href="\(address.with("format", format).text)" download>\(title)<span \
        class="sr"> of \(file.words)</span></a>
        """
      }
      return "<li class=\"row\">\(links) \(file.words)</li>"
    }
    let command = ShellCommand(command, arguments, options: ["--known-by", name]).text
    return """
      <section aria-labelledby="take"><h2 id="take">Take it with you</h2><ul class="plain">\(rows)</ul>\
      <p class="quiet">The files answer the same question at \(name). On the command line: \
      <code>\(command)</code></p></section>
      """
  }
}

/// A file of an answer: the question for programs, and what the file holds.
struct VoteFile {
  var words: String
  var question: String
  var items: [(name: String, value: String?)]
}
