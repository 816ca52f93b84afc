import Annals
import EventLog

/// `agreement A B`: the figures of a pair.
struct AgreementTable: Answer {
  let answer: AgreementAnswer

  // MARK: for programs

  var json: JSON {
    var object: JSONObject = [
      "schema": "annals.agreement.v1", "a": .string(answer.a.id), "b": .string(answer.b.id),
      "aName": .string(answer.a.name), "bName": .string(answer.b.name),
    ]
    for (key, value) in answer.selection.members { object[key] = value }
    for (key, value) in Self.members(answer.total) { object[key] = value }
    object["rule"] = .string(answer.rule)
    object["knownBy"] = answer.knownBy.json
    object["coverage"] = coverage
    if let every = answer.every {
      object["every"] = .string(every.rawValue)
      object["rows"] = .array(answer.rows.map(rowJSON))
    }
    if let facts = answer.facts { object["facts"] = .array(facts.map(Self.json)) }
    return .object(object)
  }

  private var coverage: JSON {
    let (total, selection) = (answer.total, answer.selection)
    return .members([
      "rollcalls": .whole(selection.rollcalls), "agenda": .whole(selection.agenda),
      "both": .whole(total.both),
      "unrecorded": Self.sides(total, \.unrecorded),
      "ineligible": Self.sides(total, \.ineligible), "open": Self.sides(total, \.open),
      "unanimousLeftOut": .whole(selection.unanimous), "undated": .whole(selection.undated),
    ])
  }

  private static func sides(_ row: AgreementRow, _ count: KeyPath<AgreementSide, Int>) -> JSON {
    .members(["a": .whole(row.a[keyPath: count]), "b": .whole(row.b[keyPath: count])])
  }

  private func rowJSON(_ row: AgreementRow) -> JSON {
    var object: JSONObject = ["a": .string(answer.a.id), "b": .string(answer.b.id)]
    for (key, value) in answer.selection.members { object[key] = value }
    // A row is about a part of the whole.
    object[answer.every == .session ? "session" : "period"] = .text(row.label)
    for (key, value) in Self.members(row) { object[key] = value }
    object["agenda"] = .whole(row.agenda)
    object["both"] = .whole(row.both)
    object["unrecorded"] = Self.sides(row, \.unrecorded)
    return .object(object)
  }

  private static func members(_ row: AgreementRow) -> [(String, JSON)] {
    let figures = row.figures
    return [
      ("n", .whole(figures.n)), ("same", .whole(figures.same)), ("half", .whole(figures.half)),
      ("opposite", .whole(figures.opposite)), ("absent", sides(row, \.absent)),
      ("agreement", .fraction(figures.agreement)), ("s", .fraction(figures.s)),
      ("identical", .fraction(figures.identical)), ("kappa", .fraction(figures.kappa)),
      ("pi", .fraction(figures.pi)), ("from", .text(row.dates?.lowerBound)),
      ("to", .text(row.dates?.upperBound)),
    ]
  }

  private static func json(_ fact: AgreementFact) -> JSON {
    .members([
      "rollcall": .string(fact.rollcall), "on": .text(fact.on), "title": .text(fact.title),
      "a": .string(fact.a), "b": .string(fact.b),
      "seqA": .whole(fact.seqA?.rawValue), "seqB": .whole(fact.seqB?.rawValue),
      "agreement": fact.agreement.map(JSON.number) ?? .null,
    ])
  }

  var records: [JSON] {
    if let facts = answer.facts { return facts.map(Self.json) }
    return answer.every == nil ? [json] : answer.rows.map(rowJSON)
  }

  var sheet: Sheet {
    if let facts = answer.facts {
      return Sheet(
        columns: ["rollcall", "on", "a", "b", "agreement", "seq_a", "seq_b", "title"],
        rows: facts.map { fact in
          [
            .string(fact.rollcall), .text(fact.on), .string(fact.a), .string(fact.b),
            fact.agreement.map(JSON.number) ?? .null, .whole(fact.seqA?.rawValue),
            .whole(fact.seqB?.rawValue), .text(fact.title),
          ]
        })
    }
    let rows = answer.every == nil ? [answer.total] : answer.rows
    return Sheet(
      columns: AgreementCells.columns + ["absent_a", "absent_b", "agenda"],
      rows: rows.map { row in
        let label = row.label ?? answer.selection.period?.text ?? answer.selection.session
        return [.text(label), .string(answer.a.id), .string(answer.b.id)]
          + AgreementCells.json(row.figures)
          + [.whole(row.a.absent), .whole(row.b.absent), .whole(row.agenda)]
      })
  }

  // MARK: for people

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
    sides("no right to vote", \.ineligible)
    sides("nothing recorded", \.unrecorded)
    return lines + answer.selection.notes.map { "note      \($0)" }
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

/// The figures of a pair as cells.
enum AgreementCells {
  static let columns = [
    "period", "a", "b", "n", "same", "half", "opposite", "agreement", "s", "identical", "kappa",
    "pi",
  ]

  /// From `n` on.
  static func json(_ figures: AgreementFigures) -> [JSON] {
    [
      .whole(figures.n), .whole(figures.same), .whole(figures.half), .whole(figures.opposite),
      .fraction(figures.agreement), .fraction(figures.s), .fraction(figures.identical),
      .fraction(figures.kappa), .fraction(figures.pi),
    ]
  }

  /// For people, with three decimals.
  static func text(_ fraction: AgreementFigures.Fraction?) -> String {
    fraction.map { $0.value.threeDecimals } ?? "undefined"
  }
}

extension JSON {
  /// At full precision; null where it is undefined.
  static func fraction(_ fraction: AgreementFigures.Fraction?) -> JSON {
    fraction.map { .number($0.value) } ?? .null
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
