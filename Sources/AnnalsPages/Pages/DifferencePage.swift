import Annals
import AnnalsAnswers
import EventLog

/// The difference of two moments: what the world changed, or what was learned and put right.
package enum DifferencePage {
  /// So many rows of each kind stand on the page.
  static let most = 30

  package static func page(
    _ items: [RecordQuestion.Item], _ context: PageContext
  ) async throws -> Page {
    if items.isEmpty { return blank(context) }
    let answer = try await Question.difference.asking(items, face: .page)(context.store)
    switch answer {
    case let diff as WorldDiff: return WorldDifference(diff, items, context).page
    case let diff as RevisionDiff: return RevisionDifference(diff, items, context).page
    case let diff as RecordDiff: return RecordDifference(diff, items, context).page
    default: throw Problem(.internal, "the difference was answered with something else")
    }
  }

  /// Without a question: the form, and what it asks.
  private static func blank(_ context: PageContext) -> Page {
    page(
      "Two moments compared", "What differs between two moments", answer: "Which two moments?", [],
      context,
      body: """
        <p>Two days of the world, as 2024-12-31..2025-03-01: what changed in the world between them. Two \
        states of the record, as #230..#306: what was learned or put right between them.</p>
        """)
  }

  /// The page around an answer.
  static func page(
    _ title: String, _ subtitle: HTML, answer: HTML, _ items: [RecordQuestion.Item],
    _ context: PageContext, body: HTML, files: HTML = .none, foot: HTML = .none
  ) -> Page {
    Page(
      title, summary: "What changed between two moments, and why.", section: .changes,
      main: """
        <p class="quiet">\(context.link(.changes, "Changes")) › Difference</p>
        <h1><b>\(title)</b> \(subtitle)</h1><p class="answer">\(answer)</p>
        \(form(items, context))\(body)\(files)
        """,
      foot: foot)
  }

  private static func form(_ items: [RecordQuestion.Item], _ context: PageContext) -> HTML {
    func value(_ name: String) -> String? { items.first { $0.name == name }?.text }
    let fields: [(name: String, label: HTML, hint: HTML)] = [
      ("actor", "Actor", "an id or a name: USA; empty: the whole record"),
      ("topic", "Topic", "its id: ukraine-integrity; empty: the whole record"),
      ("known_by", "Known by", "two states of the record: #230..#306; or one"),
      ("on", "True on", "two days: 2024-12-31..2025-03-01; or one"),
    ]
    var address = Address.difference
    for item in items where !fields.contains(where: { $0.name == item.name }) {
      address = address.with(item.name, item.text)
    }
    var form = QuestionForm(address)
    for field in fields {
      form.text(field.name, field.label, value(field.name), hint: field.hint)
    }
    return form.html("Compare", context)
  }

  /// The question at fixed moments, as files.
  static func files(
    _ items: [RecordQuestion.Item], fixing moments: [RecordQuestion.Item], _ context: PageContext
  ) -> HTML {
    let names = Set(moments.map(\.name))
    return RecordQuestion.downloads(
      "difference", items.filter { !names.contains($0.name) } + moments, context,
      "The files hold this difference, at the same moments.")
  }

  // MARK: Steps

  /// A step before or after: its time in the world, the level, the fact, and both times of the fact.
  static func step(_ step: StanceStep, _ context: PageContext) -> HTML {
    let fact = step.evidence
    let line = EventLine(entry: TimelineEntry(fact: fact, summary: step.summary))
    return """
      \(Words.sentence(Words.span(step.from, step.to))): \(LevelWords(step.level).mark), by \
      \(StepWords(step).short) \(line.link(context)) <small>\(line.times)</small>
      """
  }

  /// Why a fact counts as it does.
  static func reading(_ step: StanceStep, _ context: PageContext) -> HTML {
    let link: HTML =
      step.reading.map { reading in
        """
        Read as: \(reading.what) = \(LevelWords(reading.level).mark), by the editors’ link \
        \(context.link(.event(reading.link), "\(reading.link.description)"))\
        \(reading.rationale.map { ": \(Words.withoutStop($0))" }). 
        """
      } ?? .none
    return "<p class=\"quiet\">\(link)Rests on \(step.restsOn).</p>"
  }

  /// Why: the events behind a difference, with the reason that each of them gives; in a list of terms.
  static func causes(_ causes: [TimelineEntry], _ context: PageContext) -> HTML {
    let rows = causes.prefix(8).map { cause -> HTML in
      let line = EventLine(entry: cause)
      let reason: HTML = cause.fact.reason.map { "<br>Reason: “\($0)”" } ?? .none
      return """
        <dd>\(line.link(context)) <b>\(Words.type(cause.fact.type))</b> \(line.summary)\(reason)<br>\
        <small>\(line.times)</small></dd>
        """
    }
    if causes.isEmpty { return .none }
    let left = causes.count - rows.count
    let more: HTML = left > 0 ? "<dd class=\"quiet\">and \(Words.figure(left)) more</dd>" : .none
    return "<dt>Why</dt>\(rows)\(more)"
  }

  /// How an actor stood: "▼ opposed". What the evidence leaves open has no sign, and may be long.
  static func stood(_ level: Level?) -> HTML {
    let words = LevelWords(level)
    let verb = words.verb(isPast: true)
    return level?.value == nil ? "\(verb)" : words.mark(verb)
  }
}
