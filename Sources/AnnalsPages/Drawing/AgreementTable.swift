import Annals
import AnnalsAnswers

/// The agreement of all pairs of some actors, as a table with shades. A figure over few common roll
/// calls is withheld, with the number of them.
struct AgreementTable {
  let matrix: AgreementMatrix
  let actors: [Entity]
  let scope: RollCallScope
  let record: VoteRecord
  let context: PageContext

  /// The figures of two of the actors; nil where they have no common roll call.
  private func figures(_ a: Entity, _ b: Entity) -> AgreementFigures? {
    guard let first = matrix.actors.firstIndex(of: a.id),
      let second = matrix.actors.firstIndex(of: b.id), !matrix.groups.isEmpty
    else { return nil }
    return matrix.figures(first, second, in: 0)
  }

  private var pairs: [(a: Entity, b: Entity, figures: AgreementFigures?)] {
    actors.indices.flatMap { first in
      actors[(first + 1)...].map { other in
        (actors[first], other, figures(actors[first], other))
      }
    }
  }

  /// The most and the least alike of the pairs whose figures are shown.
  var sentence: HTML {
    let all = pairs
    let shown = all.compactMap { pair in
      pair.figures.flatMap { figures in
        figures.n >= VoteWords.least
          ? figures.agreement.map { (pair: pair, value: $0.value, n: figures.n) } : nil
      }
    }
    guard let most = shown.max(by: { $0.value < $1.value }),
      let least = shown.min(by: { $0.value < $1.value })
    else {
      return """
        Every figure is withheld: no pair has chosen in \(VoteWords.least) common roll calls or more.
        """
    }
    func words(
      _ pair: (pair: (a: Entity, b: Entity, figures: AgreementFigures?), value: Double, n: Int)
    )
      -> HTML
    {
      """
      \(pair.pair.a.name) and \(pair.pair.b.name) (\(VoteWords.percent(pair.value)) over \
      \(Words.figure(pair.n)) roll calls)
      """
    }
    if shown.count == 1 { return "The agreement of \(words(most))." }
    let withheld = all.count - shown.count
    let rest: HTML =
      withheld == 0 ? .none : " \(Words.figure(withheld)) of \(all.count) pairs are withheld."
    return "Most alike: \(words(most)). Least alike: \(words(least)).\(rest)"
  }

  /// The class of a share: five shades, the middle one plain. It goes by the percentage as shown, so
  /// that no cell contradicts the key.
  static func shade(_ value: Double) -> String? {
    switch VoteWords.hundredths(value) {
    case 80...: "w4"
    case 60..<80: "w3"
    case 40..<60: nil
    case 20..<40: "w1"
    default: "w0"
    }
  }

  private func cell(_ a: Entity, _ b: Entity) -> HTML {
    if a.id == b.id { return "<td><span class=\"sr\">the same actor</span></td>" }
    let figures = figures(a, b)
    let n = figures?.n ?? 0
    let page = record.keep(Address.pair(a.id, b.id).within(scope))
    guard let figures, let share = VoteWords.share(figures), let value = figures.agreement?.value
    else {
      let words: HTML = "<span class=\"sr\">withheld, </span>n\u{a0}\(n)"
      return "<td class=\"hold\">\(context.link(page, words))</td>"
    }
    let style: HTML = Self.shade(value).map { " class=\"\($0)\"" } ?? .none
    let words: HTML = "\(share)<br>n\u{a0}\(Words.figure(n))"
    return "<td\(style)>\(context.link(page, words))</td>"
  }

  /// With more actors each pair is shown once.
  private static let mostWhole = 14

  var html: HTML {
    let isWhole = actors.count <= Self.mostWhole
    let columns = isWhole ? actors[...] : actors.dropLast()
    let heads = columns.map { actor -> HTML in
      "<th scope=\"col\"><abbr title=\"\(actor.name)\">\(actor.id)</abbr></th>"
    }
    let rows = actors.enumerated().dropFirst(isWhole ? 0 : 1).map { index, actor -> HTML in
      let cells = columns.enumerated().map { column, other -> HTML in
        isWhole || column < index ? cell(actor, other) : "<td></td>"
      }
      return "<tr><th scope=\"row\">\(actor.name)</th>\(cells)</tr>"
    }
    return """
      <div class="wide" tabindex="0" role="region" aria-label="Agreement of each pair">\
      <table class="mx"><thead><tr><td></td>\(heads)</tr></thead><tbody>\(rows)</tbody></table></div>
      """
  }

  static let key: HTML = """
    <ul class="key mx"><li class="w4">80% and more</li><li class="w3">60% and more</li>\
    <li class="k">40% and more</li><li class="w1">20% and more</li><li class="w0">less</li>\
    <li class="hold">hatched: withheld</li></ul>
    """

  static let how: HTML = """
    <p class="how">The question: how far did two actors vote alike? 100% is the same choice every time, \
    0% the opposite every time; an abstention against a yes or a no counts half. n is the number of roll \
    calls in which both chose yes, abstain or no: absences and votes that are not recorded are left out. \
    Figures over fewer than 20 common roll calls are withheld, because one more vote could turn them \
    round. It does not show why two actors voted alike, nor how much a roll call mattered. Rule \
    agreement/1.</p>
    """
}
