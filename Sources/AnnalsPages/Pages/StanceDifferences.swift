import Annals
import AnnalsAnswers
import EventLog

/// What the world changed on an actor's stance between two days.
struct WorldDifference {
  private let diff: WorldDiff
  private let items: [RecordQuestion.Item]
  private let context: PageContext

  init(_ diff: WorldDiff, _ items: [RecordQuestion.Item], _ context: PageContext) {
    self.diff = diff
    self.items = items
    self.context = context
  }

  var page: Page {
    let known = RecordQuestion.text(diff.knownBy.position)
    return DifferencePage.page(
      "\(diff.actor.name) on \(diff.topic.id)",
      "from \(diff.from) to \(diff.to) in the world, on “\(diff.topic.name)”", answer: answer,
      items, context, body: "\(links)\(steps)\(ended)",
      files: DifferencePage.files(
        items, fixing: [("on", "\(diff.from)..\(diff.to)"), ("known_by", known)], context),
      foot: "<p>Known by \(diff.knownBy.position.description), rule \(diff.rule).</p>")
  }

  private var answer: HTML {
    let name = diff.actor.name
    let now = "\(DifferencePage.stood(diff.after)) this on \(diff.to)" as HTML
    guard diff.differs else { return "Unchanged: \(name) \(now), as on \(diff.from)." }
    if diff.before == diff.after {
      return "The world changed in between, the stance is the same again: \(name) \(now)."
    }
    return """
      The world changed: \(name) \(DifferencePage.stood(diff.before)) this on \(diff.from), and \
      \(now).
      """
  }

  /// The pages of both days.
  private var links: HTML {
    let address = Address.explorer(diff.actor.id, diff.topic.id)
    let known = items.first { $0.name == "known_by" }?.text
    let days = [diff.from, diff.to].map { day in
      context.link(address.at(Moments(on: day, knownBy: known)), "on \(day)", class: "btn")
    }
    return "<p class=\"row\">\(days)</p>"
  }

  private var steps: HTML {
    guard !diff.steps.isEmpty else { return .none }
    let rows = diff.steps.prefix(DifferencePage.most).map { step -> HTML in
      let before: HTML =
        step.before.map { "before: \(LevelWords($0).mark)" } ?? "before: nothing recorded"
      return """
        <li>\(DifferencePage.step(step, context)) <small>\(before)</small>\
        \(DifferencePage.reading(step, context))</li>
        """
    }
    return """
      <section aria-labelledby="steps"><h2 id="steps">\(Words.count(diff.steps.count, "step")), oldest \
      first</h2><ol class="chain">\(rows)</ol>\(Words.more(rows.count, of: diff.steps.count))</section>
      """
  }

  private var ended: HTML {
    guard !diff.ended.isEmpty else { return .none }
    let rows = diff.ended.prefix(DifferencePage.most).map { step -> HTML in
      "<li>\(DifferencePage.step(step, context)) It ended by itself, and left nothing.</li>"
    }
    return """
      <section aria-labelledby="ended"><h2 id="ended">Stances that ended</h2>\
      <ol class="chain">\(rows)</ol></section>
      """
  }
}

/// What was learned of an actor's stance between two states of the record, or put right.
struct RevisionDifference {
  private let diff: RevisionDiff
  private let items: [RecordQuestion.Item]
  private let context: PageContext

  init(_ diff: RevisionDiff, _ items: [RecordQuestion.Item], _ context: PageContext) {
    self.diff = diff
    self.items = items
    self.context = context
  }

  private var from: String { RecordQuestion.text(diff.from.position) }
  private var to: String { RecordQuestion.text(diff.to.position) }

  var page: Page {
    DifferencePage.page(
      "\(diff.actor.name) on \(diff.topic.id)",
      "known by \(from) and by \(to), on “\(diff.topic.name)”", answer: answer, items, context,
      body: "\(links)\(lines)",
      files: DifferencePage.files(
        items, fixing: [("known_by", "\(from)..\(to)"), ("on", diff.on)], context),
      foot: "<p>On \(diff.on), known by \(from) and by \(to), rule \(diff.rule).</p>")
  }

  private var answer: HTML {
    let name = diff.actor.name
    let now = "\(name) \(DifferencePage.stood(diff.after)) this on \(diff.on)" as HTML
    guard diff.differs else { return "Unchanged: by \(from) and by \(to), \(now)." }
    if diff.before == diff.after {
      return "What was known changed, the stance on the day did not: \(now)."
    }
    return """
      What was known changed: by \(from) \(name) \(DifferencePage.stood(diff.before)) this on \
      \(diff.on), by \(to) it \(DifferencePage.stood(diff.after)) it.
      """
  }

  /// The pages of both states.
  private var links: HTML {
    let address = Address.explorer(diff.actor.id, diff.topic.id)
    let day = items.first { $0.name == "on" }?.text
    let states = [from, to].map { state in
      context.link(address.at(Moments(on: day, knownBy: state)), "known by \(state)", class: "btn")
    }
    return "<p class=\"row\">\(states)</p>"
  }

  private var lines: HTML {
    guard !diff.lines.isEmpty else { return .none }
    let rows = diff.lines.prefix(DifferencePage.most).map { line -> HTML in
      let kind: HTML =
        switch line.kind {
        case .added: "A step was added"
        case .removed: "A step was taken back"
        case .changed: "A step changed"
        }
      func side(_ step: StanceStep?) -> HTML {
        step.map { DifferencePage.step($0, context) } ?? "no step"
      }
      let before = line.after == nil ? "<del>\(side(line.before))</del>" : side(line.before)
      let reading = line.after.map { DifferencePage.reading($0, context) } ?? .none
      return """
        <li class="\(line.kind == .removed ? "off" : "open")"><h3>\(kind)</h3><dl><dt>Before</dt>\
        <dd>\(before)</dd><dt>After</dt><dd>\(side(line.after))\(reading)</dd>\
        \(DifferencePage.causes(line.causes, context))</dl></li>
        """
    }
    return """
      <section aria-labelledby="lines"><h2 id="lines">\(Words.count(diff.lines.count, "step")), in the \
      order of the world</h2><ol class="chain">\(rows)</ol>\
      \(Words.more(rows.count, of: diff.lines.count))</section>
      """
  }
}
