package import Annals
import AnnalsAnswers
import EventLog

/// The page about one actor on one topic: the answer, the two moments, the picture, and why.
package struct ExplorerPage {
  /// So many states of the record can be reached with the slider.
  static let mostStates = 40
  /// So many sources can be left out with a box.
  static let mostSources = 6
  /// So many steps are shown with their evidence.
  static let mostSteps = 60

  /// What the page is asked for.
  package struct Question: Sendable {
    package var actor: String
    package var topic: String
    package var viewpoint: Viewpoint
    /// The moments as written; nil for today and for now.
    package var moments: Moments
    /// Whether the page is to stay as it is, byte for byte: then it does not tell what came later.
    package var isFrozen: Bool

    package init(
      actor: String, topic: String, viewpoint: Viewpoint = Viewpoint(), moments: Moments = .now,
      isFrozen: Bool = false
    ) {
      self.actor = actor
      self.topic = topic
      self.viewpoint = viewpoint
      self.moments = moments
      self.isFrozen = isFrozen
    }
  }

  let explorer: Explorer
  let context: PageContext
  /// The page on which the evidence stands; empty for this one.
  var base = ""

  package static func page(_ question: Question, _ context: PageContext) async throws -> Page {
    try await ExplorerPage(explorer: Explorer(question, context), context: context).page()
  }

  var actor: Entity { explorer.audit.actor }
  var topic: Entity { explorer.audit.topic }
  var steps: [StanceStep] { explorer.audit.steps }
  var moments: Moments { explorer.question.moments }
  /// The page without its moments.
  var address: Address { .explorer(actor.id, topic.id) }
  /// The step that holds on the day asked about.
  var step: StanceStep? { explorer.stance.step }
  var known: RecordState { explorer.stance.knownBy }

  /// The answer and the picture alone, for a frame in a page of another site.
  package static func embedded(_ question: Question, _ context: PageContext) async throws -> Page {
    var page = ExplorerPage(explorer: try await Explorer(question, context), context: context)
    let full = page.address.at(question.moments)
    page.base = full.text
    return Page(
      "\(page.actor.name) on \(page.topic.id)", summary: "The stance over time.", section: nil,
      main: """
        <h1><b>\(page.actor.name)</b> on “\(page.topic.name)”</h1>
        <p class="answer" id="answer">\(page.sentence(page.steps))</p>
        <p class="quiet" id="rests">\(page.rests)</p><p class="sr" role="status" id="said"></p>
        \(page.figure)
        <p class="quiet"><a href="\(full.text)" target="_top">Every step, with its evidence</a>. Known by \
        \(page.known.position.description), rule \(page.explorer.audit.rule).</p>
        \(Figure.patterns)\(page.data)
        """)
  }

  private func page() async throws -> Page {
    let sentence = sentence(steps)
    let main: HTML = """
      <p class="quiet">\(context.link(.home, "Topics")) › \
      \(context.link(.topic(topic.id), "\(topic.id)")) › \(actor.name)</p>
      <h1><b>\(actor.name)</b> on the proposition “\(topic.name)”</h1>
      \(banner)
      <p class="answer" id="answer">\(sentence)</p>
      <p class="quiet" id="rests">\(rests)</p>
      <p class="sr" role="status" aria-live="polite" id="said"></p>\(live)
      \(form)
      \(figure)
      <p class="note" id="away" hidden>The remarks, what can be left out, the citation and the files are \
      those of the moment that the page was opened for. <a href="">Load them for this moment</a>.</p>
      <div class="two"><div>\(why)\(asides)<div data-own>\(remarks)</div></div><div>\(map)\
      <div data-own="x">\(leaveOut)</div>\(stateList)</div></div>
      <div data-own>\(take)</div>
      \(Figure.patterns)
      \(data)
      """
    return Page(
      "\(actor.name) on \(topic.id)",
      summary: "\(actor.name) on “\(topic.name)”: every step of the stance, with its evidence.",
      section: .topics, main: main,
      foot: """
        <p data-own>Computed from events #1–\(known.position.description), root of the log \
        <code>\(explorer.root.hexDigits)</code>, rule \
        \(rule).</p>
        """,
      feeds: [
        Page.Feed(
          title: "\(actor.name) on \(topic.id)",
          address: Address("feed", query: [("actor", actor.id), ("topic", topic.id)]))
      ])
  }

  private var rule: HTML {
    let name = explorer.audit.rule
    return context.links.isServer ? "<a href=\"/api/v1/rules\">\(name)</a>" : "\(name)"
  }

  // MARK: The answer

  /// "As known by #230, on 1 June 2024 " and the rest of the sentence.
  private func sentence(_ steps: [StanceStep]) -> HTML {
    let rest = StanceSentence(
      actor: actor.name, steps: steps, day: explorer.day, isToday: explorer.isToday
    ).rest
    let lead = lead
    return "\(lead)\(lead.isEmpty ? Self.capitalised(rest) : rest)"
  }

  /// What comes before the sentence: what is left out, the state of the record, and the day.
  private var lead: String {
    var parts: [String] = []
    let chosen = explorer.withouts.filter(\.isChosen).map(\.words)
    if !chosen.isEmpty { parts.append("without \(Words.list(chosen)), ") }
    if explorer.isPinned || explorer.question.isFrozen {
      parts.append("as known by \(known.position), ")
    }
    if !explorer.isToday { parts.append("on \(Words.day(explorer.day)) ") }
    return Words.sentence(parts.joined())
  }

  static func capitalised(_ html: HTML) -> HTML {
    html.markup.hasPrefix("nothing") ? HTML.capitalising(html) : html
  }

  private var rests: HTML {
    guard let step else {
      return explorer.stance.coverage.isEmpty
        ? .none : "\(explorer.stance.coverage.prefix(2).map { "\($0). " }.joined())"
    }
    let kinds = Dictionary(grouping: explorer.audit.remarks, by: \.kind).mapValues(\.count)
    let list = kinds.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .map { "\($0.value) \($0.key)" }.joined(separator: ", ")
    let count = explorer.audit.remarks.count
    let link: HTML =
      count == 0
      ? .none
      : """
       <span data-own><a href="#remarks">\(Words.count(count, "remark"))</a>: \(list).</span>
      """
    return "<span>Rests on \(step.restsOn).</span>\(link)"
  }

  /// On a page about an earlier state of the record: what has come since.
  private var banner: HTML {
    guard let since = explorer.since else { return .none }
    let recorded = known.recorded.map { ", \(Words.time($0))" } ?? ""
    let states = explorer.revisions.revisions.map(\.knownBy.position)
    let earlier = states.last { $0 < known.position }
    let later = states.first { $0 > known.position }
    func to(_ state: Position?, _ words: HTML) -> HTML {
      guard let state else { return "<span aria-disabled=\"true\">\(words)</span>" }
      return context.link(address.at(at(state)), words)
    }
    let difference = Address(
      "difference",
      query: [
        ("actor", actor.id), ("topic", topic.id),
        ("known_by", "#\(known.position.rawValue)..#\(explorer.head.rawValue)"), ("on", moments.on),
      ])
    return """
      <div class="note" id="pin"><p><b>As known by \(known.position.description)</b>\(recorded) · since \
      then <b>\(Self.changes(since))</b>.</p><p>\(context.link(difference, "See the difference")) · \
      \(to(earlier, "earlier")) · \(to(later, "later")) · \
      \(context.link(address.at(Moments(on: moments.on)), "as known now"))</p></div>
      """
  }

  /// Tells of events that come while the page is open. The page stays as it is until the reader asks.
  private var live: HTML {
    guard context.links.isServer, !explorer.question.isFrozen else { return .none }
    let stream = Address.answer(
      "stream", [("after", "\(explorer.head.rawValue)"), ("subject", actor.id)])
    return """
      <p class="note" id="live" role="status" data-stream="\(stream.text)" hidden><span></span> about \
      \(actor.name). <a href="\(address.at(Moments(on: moments.on)).text)">Show</a></p>
      """
  }

  /// The moments of this page, at another state of the record.
  func at(_ state: Position) -> Moments {
    Moments(on: moments.on, knownBy: "#\(state.rawValue)")
  }

  /// "2 steps changed and 1 was added".
  static func changes(_ diff: RevisionDiff) -> String {
    let changed = diff.lines.count { $0.kind == .changed }
    let added = diff.lines.count { $0.kind == .added }
    let removed = diff.lines.count { $0.kind == .removed }
    var parts: [String] = []
    if changed > 0 { parts.append("\(Words.count(changed, "step")) changed") }
    if added > 0 {
      let words = parts.isEmpty ? Words.count(added, "step") : Words.figure(added)
      parts.append("\(words) \(added == 1 ? "was" : "were") added")
    }
    if removed > 0 {
      let words = parts.isEmpty ? Words.count(removed, "step") : Words.figure(removed)
      parts.append("\(words) \(removed == 1 ? "was" : "were") taken back")
    }
    return parts.isEmpty ? "no step changed" : Words.list(parts)
  }

  // MARK: The two moments

  private var form: HTML {
    guard context.links.isServer else { return .none }
    let starts = steps.map(\.from).filter { $0 != .min }
    let current = step?.from ?? .min
    let earlier =
      starts.last { $0 < min(current, explorer.day) }
      ?? starts.last { $0 < explorer.day && $0 != current }
    let later = starts.first { $0 > explorer.day }
    let states = explorer.revisions.revisions.map(\.knownBy.position)
    let shown = states.last { $0 <= known.position } ?? .start
    let before = states.last { $0 < shown }
    let after = states.first { $0 > known.position }
    func on(_ day: Int64?) -> Address? {
      day.map { address.at(Moments(on: Words.isoDay($0), knownBy: moments.knownBy)) }
    }
    let hidden = explorer.withouts.filter(\.isChosen).map { part -> HTML in
      "<input type=\"hidden\" name=\"\(part.parameter.name)\" value=\"\(part.parameter.value)\">"
    }
    return """
      <form class="when" id="when" action="\(address.text)" method="get"><div>\
      <label for="on">True on</label><div class="row"><input type="text" id="on" name="on" \
      value="\(moments.on ?? Words.isoDay(explorer.day))" aria-describedby="on-h" autocomplete="off" \
      spellcheck="false">\(button("on-p", on(earlier), "‹ earlier", "Earlier change of the stance"))\
      \(button("on-n", on(later), "later ›", "Later change of the stance"))</div>\
      <small id="on-h">a day in the world: 2025-02-22, 2025-02</small></div>
      <div><label for="kb">Known by</label><div class="row"><input type="text" id="kb" name="known_by" \
      value="\(moments.knownBy ?? known.position.description)" aria-describedby="kb-h" autocomplete="off" \
      spellcheck="false">\
      \(button("kb-p", before.map { address.at(at($0)) }, "‹ earlier", "Earlier change of the record"))\
      \(button("kb-n", after.map { address.at(at($0)) }, "later ›", "Later change of the record"))</div>\
      <small id="kb-h">what the record held: #230, 2026-11-29</small></div>
      <div class="row"><button class="go">Show</button>\
      <a class="btn" id="reset" href="\(address.text)">Today</a></div>\(hidden)
      <p id="fault" class="fault" role="alert" hidden></p></form>
      """
  }

  /// A link that looks like a button, and keeps its place where it leads nowhere.
  private func button(_ id: HTML, _ target: Address?, _ words: HTML, _ title: HTML) -> HTML {
    guard let target else {
      return
        "<a class=\"btn\" id=\"\(id)\" aria-disabled=\"true\" role=\"link\" title=\"\(title)\">\(words)</a>"
    }
    return "<a class=\"btn\" id=\"\(id)\" href=\"\(target.text)\" title=\"\(title)\">\(words)</a>"
  }
}

extension HTML {
  /// The markup with a capital letter at its start; for markup that begins with a word.
  static func capitalising(_ html: HTML) -> HTML {
    var result = html
    result.capitalise()
    return result
  }
}
