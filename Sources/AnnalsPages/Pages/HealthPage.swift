import Annals
import AnnalsAnswers
import EventLog

/// The state of the record: how much it holds, what in it a careful reader should know, and how far its
/// stored views are.
package struct HealthPage {
  /// So many findings of each kind are shown, and so many of a kind that is asked for alone.
  private static let few = 5
  private static let many = 100

  private let asked: RecordQuestion
  private let health: HealthAnswer
  private let views: ViewsAnswer
  private let root: String
  /// The kind that is shown alone.
  private let kind: HealthKind?
  private let context: PageContext

  private static let kindParameter = Parameter(
    "kind", .choice(HealthKind.allCases.map(\.rawValue)), "Only findings of this kind.")

  package static func page(
    _ items: [RecordQuestion.Item], _ context: PageContext
  ) async throws -> Page {
    let isNarrowed = items.contains { $0.name == "kind" }
    var kind: HealthKind?
    let asked = try await RecordQuestion(
      .health, items, own: [kindParameter], setting: [("limit", "\(isNarrowed ? many : few)")],
      context
    ) { read in kind = read.choice("kind", "kind of finding", among: HealthKind.allCases) }
    let root = try await context.store.log.root(ofSize: asked.state.position.rawValue)
    return HealthPage(
      asked: asked, health: try await asked.ask(as: HealthAnswer.self, context),
      views: try await RecordQuestion.ask(.views, [], as: ViewsAnswer.self, context),
      root: root.hexDigits, kind: kind, context: context
    ).page
  }

  private var page: Page {
    let subjects = health.subjects.map(\.name)
    return Page(
      "The record", summary: "How much the record holds, and how well it is kept.",
      section: .record,
      main: """
        <h1><b>The record</b> What it holds, and how well it is kept</h1>
        \(asked.banner(.record, context))<p class="answer">\(sentence)</p>
        <p class="row">\(context.link(.log, "Log", class: "btn"))\
        \(context.link(.actors, "Actors", class: "btn"))\
        \(context.link(.sources, "Sources", class: "btn"))\
        \(context.link(.difference, "Difference of two states", class: "btn"))</p>
        <dl><dt>Position</dt><dd>\(asked.state.position.description)</dd><dt>Root hash</dt>\
        <dd><code>\(root)</code></dd></dl>
        <section aria-labelledby="health"><h2 id="health">What a careful reader should know\
        \(subjects.isEmpty ? "" : " about \(Words.list(subjects))")</h2>\(form)
        <p>Looked at: \(Words.count(health.facts, "fact")), and \
        \(Words.count(health.stances, "stance")) that hold now.</p>\(counts)\(findings)</section>
        \(asked.downloads(context, changing: [("limit", "1000")]))
        \(viewTable)
        """,
      foot: asked.foot)
  }

  private var sentence: HTML {
    let count = Words.count(Int(asked.state.position.rawValue), "event")
    guard let recorded = asked.state.recorded else { return "Nothing is recorded here yet." }
    return "The record holds \(count). The last one was recorded \(Words.time(recorded))."
  }

  private var form: HTML {
    var form = RecordForm(asked, .record)
    form.text("subject", "About", hint: "an actor or a topic; empty: the whole record")
    form.knownBy()
    return form.html(context)
  }

  // MARK: Findings

  private static func words(_ kind: HealthKind) -> (title: HTML, meaning: HTML) {
    switch kind {
    case .late:
      ("Late", "recorded more than 30 days after it was so, beside facts recorded in time")
    case .thin: ("Thin", "a stance that rests on a single piece of evidence")
    case .singleSource: ("Single source", "a stance whose evidence all comes from one source")
    case .conflicting:
      (
        "Contradicted",
        "accounts that contradict each other, disputes not settled, tallies that differ"
      )
    case .uncounted:
      ("Uncounted", "a statement that does not count for the actor in whose name it was made")
    case .unsourced: ("Unsourced", "a fact that names no source")
    case .corrected: ("Corrected", "a fact that was corrected or withdrawn")
    case .undated: ("Undated", "a fact without a date, which no question about a day can take in")
    }
  }

  private var counts: HTML {
    let rows = health.counts.map { kind, count -> HTML in
      let (title, meaning) = Self.words(kind)
      let address = asked.address(.record, ["kind": kind.rawValue])
      let link = count == 0 ? title : context.link(address, title)
      return """
        <tr><th scope="row">\(link)</th><td class="num">\(Words.figure(count))</td><td>\(meaning)</td></tr>
        """
    }
    return """
      <div class="wide" tabindex="0" role="region" aria-label="Findings by kind"><table><thead><tr>\
      <th scope="col">Kind</th><th scope="col" class="num">Findings</th><th scope="col">What it means</th>\
      </tr></thead><tbody>\(rows)</tbody></table></div>
      """
  }

  private var findings: HTML {
    let kinds = HealthKind.allCases.filter { kind == nil || kind == $0 }
    return kinds.map { kind -> HTML in
      let own = health.findings.filter { $0.kind == kind }
      guard !own.isEmpty else { return .none }
      let total = health.counts.first { $0.kind == kind }?.count ?? own.count
      let known = asked.moments.knownBy
      let rows = own.map { finding -> HTML in
        let fact = Address.event(finding.position).with("known_by", known)
        return """
          <li>\(context.link(fact, "\(finding.position.description)")) \(EventLine.cut(finding.text))</li>
          """
      }
      let address = asked.address(.record, ["kind": kind.rawValue])
      let left: HTML = "and \(Words.figure(total - own.count)) more"
      let more: HTML
      if total == own.count {
        more = .none
      } else if self.kind == nil {
        more = "<p class=\"quiet\">\(context.link(address, left))</p>"
      } else {
        more = "<p class=\"quiet\">\(left): take the files</p>"
      }
      return "<h3>\(Self.words(kind).title)</h3><ul>\(rows)</ul>\(more)"
    }.joined(.none)
      + (kind == nil
        ? .none
        : """
        <p>\(context.link(asked.address(.record, ["kind": nil]), "All kinds"))</p>
        """)
  }

  // MARK: Stored views

  private var viewTable: HTML {
    let rows = views.views.map { view -> HTML in
      let lag: HTML =
        view.lag == 0 ? "up to date" : "\(Words.count(Int(view.lag), "event")) behind"
      let failure: HTML =
        view.failure.map { failure in
          """
          <br><b>stopped</b> at \(context.link(.event(failure.position), "\(failure.position.description)")): \
          \(EventLine.cut(failure.reason))
          """
        } ?? .none
      return """
        <tr><th scope="row">\(view.definition.name)</th><td class="num">\(view.definition.version)</td>\
        <td>\(view.modeName)</td><td class="num">\(view.position?.description ?? "never run")</td>\
        <td>\(lag)\(failure)</td></tr>
        """
    }
    let others: HTML =
      views.undescribed.isEmpty
      ? .none
      : """
      <p class="quiet">Stored too, and described by no file at hand: \
      \(Words.list(views.undescribed)).</p>
      """
    return """
      <section aria-labelledby="views"><h2 id="views">Stored views, now</h2><p class="how">Tables that \
      follow from the log, and can be rebuilt from it at any time.</p><div class="wide" tabindex="0" \
      role="region" aria-label="Stored views"><table><thead><tr><th scope="col">View</th>\
      <th scope="col" class="num">Version</th><th scope="col">When it runs</th>\
      <th scope="col" class="num">Stands at</th><th scope="col">How far behind</th></tr></thead>\
      <tbody>\(rows)</tbody></table></div>\(others)\
      \(RecordQuestion.downloads("projections", [], context, "The table of views, as it is now."))\
      </section>
      """
  }
}
