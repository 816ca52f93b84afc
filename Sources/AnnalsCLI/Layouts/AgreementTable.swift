import Annals
import AnnalsAnswers
import EventLog

/// `agreement A B`: the figures of a pair.
struct AgreementTable: Layout {
  let answer: AgreementAnswer
  var document: AgreementAnswer { answer }

  func lines(on terminal: Terminal) -> [String] {
    let palette = terminal.output
    let (total, figures) = (answer.total, answer.total.figures)
    var lines = [
      palette.bold("\(answer.a.name.printable) and \(answer.b.name.printable)")
        + ", \(answer.selection.text.printable), known by \(answer.knownBy.text)"
        + ", rule \(answer.rule)",
      "",
    ]
    let value = figures.agreement.map { $0.value.threeDecimals } ?? "undefined"
    let mark = figures.n > 0 && figures.n < AgreementRanking.thin ? " (thin)" : ""
    lines.append(
      "agreement \(palette.bold(value)) over \(figures.n.counted("roll call"))\(mark): "
        + "\(figures.same.grouped) the same, \(figures.half.grouped) with one abstention, "
        + "\(figures.opposite.grouped) opposite")
    lines.append(
      "S \(AgreementCells.text(figures.s)), identical \(AgreementCells.text(figures.identical)), "
        + "kappa \(AgreementCells.text(figures.kappa)), pi \(AgreementCells.text(figures.pi))")
    lines.append("")
    lines += coverageLines(total)
    if !answer.rows.isEmpty, answer.every != nil || answer.rows.count > 1 {
      lines.append("")
      if answer.every == nil {
        lines.append("One figure for all years hides a reversal. Year by year:")
      }
      lines += rowTable.lines(width: terminal.width, palette: palette)
    }
    if let facts = answer.facts, !facts.isEmpty {
      lines.append("")
      lines += factTable(facts).lines(width: terminal.width, palette: palette)
    }
    return lines
  }

  private func coverageLines(_ total: AgreementRow) -> [String] {
    let (a, b) = (answer.a.id.printable, answer.b.id.printable)
    var lines = [
      "coverage  \(answer.selection.agenda.counted("roll call")) with recorded votes, of "
        + "\(answer.selection.rollcalls.grouped) in all; both could vote in \(total.both.grouped)"
    ]
    func sides(_ word: String, _ count: KeyPath<AgreementSide, Int>, always: Bool = false) {
      let (first, second) = (total.a[keyPath: count], total.b[keyPath: count])
      guard always || first + second > 0 else { return }
      lines.append("          \(word): \(a) \(first.grouped), \(b) \(second.grouped)")
    }
    sides("took no part (absent, not voting or paired)", \.absent, always: true)
    sides("choice open or contradictory", \.open)
    sides("voted both for and against", \.bothWays)
    sides("no right to vote", \.ineligible)
    sides("nothing recorded", \.unrecorded)
    return lines
      + (answer.selection.notes + answer.notes).map { "note      \($0.printable)" }
  }

  private var rowTable: Table {
    var table = Table([
      .init(answer.every == .session ? "session" : "year"), .init("agreement", right: true),
      .init("n", right: true), .init("same", right: true), .init("half", right: true),
      .init("opposite", right: true), .init("S", right: true), .init("kappa", right: true),
      .init("pi", right: true), .init("absent", right: true), .init("agenda", right: true),
    ])
    for row in answer.rows {
      let figures = row.figures
      table.add(
        row.label ?? "", AgreementCells.text(figures.agreement), figures.n.grouped,
        figures.same.grouped, figures.half.grouped, figures.opposite.grouped,
        AgreementCells.text(figures.s), AgreementCells.text(figures.kappa),
        AgreementCells.text(figures.pi), "\(row.a.absent)/\(row.b.absent)", row.agenda.grouped)
    }
    return table
  }

  private func factTable(_ facts: [AgreementFact]) -> Table {
    var table = Table([
      .init("on"), .init("roll call"), .init(answer.a.id.printable),
      .init(answer.b.id.printable), .init("counts", right: true), .init("events"),
      .init("title", give: 1),
    ])
    for fact in facts {
      let events = [fact.seqA, fact.seqB].compactMap { $0?.description }.joined(separator: " ")
      let counts = fact.agreement.map { $0 == 0.5 ? "0.5" : $0 == 1 ? "1" : "0" } ?? "–"
      table.add(
        fact.on ?? "undated", fact.rollcall, fact.a, fact.b, counts, events, fact.title ?? "")
    }
    return table
  }
}

/// The figures of a pair as text.
enum AgreementCells {
  /// For people, with three decimals.
  static func text(_ fraction: AgreementFigures.Fraction?) -> String {
    fraction.map { $0.value.threeDecimals } ?? "undefined"
  }
}

extension Double {
  /// `0.771`, `-0.040`.
  var threeDecimals: String {
    let thousandths = Int((magnitude * 1000).rounded())
    let digits = String(thousandths % 1000)
    let padded = String(repeating: "0", count: 3 - digits.utf8.count) + digits
    return (self < 0 && thousandths > 0 ? "-" : "") + "\(thousandths / 1000).\(padded)"
  }
}
