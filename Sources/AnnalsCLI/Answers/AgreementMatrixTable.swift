import Annals
import EventLog

/// `agreement`: all pairs.
struct AgreementMatrixTable: Answer {
  let answer: AgreementMatrix

  /// All pairs of a group, each once.
  private func pairs(in group: Int, _ body: (Int, Int, AgreementFigures) -> Void) {
    let actors = answer.actors(in: group)
    for (index, a) in actors.enumerated() {
      for b in actors[(index + 1)...] {
        if let figures = answer.figures(a, b, in: group) { body(a, b, figures) }
      }
    }
  }

  private func label(_ group: Int) -> String? {
    answer.groups[group].label ?? answer.selection.period?.text ?? answer.selection.session
  }

  // MARK: for programs

  var json: JSON {
    var object: JSONObject = ["schema": "annals.agreement-matrix.v1"]
    for (key, value) in answer.selection.members { object[key] = value }
    object["rule"] = .string(answer.rule)
    object["knownBy"] = answer.knownBy.json
    object["actors"] = .array(answer.actors.map(JSON.string))
    let records = records
    object["n"] = .whole(records.count)
    object["coverage"] = .members([
      "rollcalls": .whole(answer.selection.rollcalls), "agenda": .whole(answer.selection.agenda),
      "unanimousLeftOut": .whole(answer.selection.unanimous),
      "undated": .whole(answer.selection.undated), "minN": .whole(answer.least),
    ])
    object["rows"] = .array(records)
    return .object(object)
  }

  var records: [JSON] {
    var records: [JSON] = []
    for group in answer.groups.indices {
      let label = JSON.text(label(group))
      pairs(in: group) { a, b, figures in
        var object: JSONObject = [
          "period": label, "a": .string(answer.actors[a]), "b": .string(answer.actors[b]),
        ]
        for (key, value) in zip(AgreementCells.columns.dropFirst(3), AgreementCells.json(figures)) {
          object[key] = value
        }
        records.append(.object(object))
      }
    }
    return records
  }

  /// What `write` writes, where it is small enough to be held.
  var sheet: Sheet {
    var sheet = Sheet(columns: AgreementCells.columns)
    for group in answer.groups.indices {
      pairs(in: group) { a, b, figures in
        sheet.rows.append(
          [.text(label(group)), .string(answer.actors[a]), .string(answer.actors[b])]
            + AgreementCells.json(figures))
      }
    }
    return sheet
  }

  /// Writes the rows as they are worked out, groups side by side: there may be a million. Figures
  /// have six decimals.
  func write(separator: UInt8) async {
    var header: [UInt8] = []
    for (index, column) in AgreementCells.columns.enumerated() {
      if index > 0 { header.append(separator) }
      header += column.utf8
    }
    System.emit(header + [0x0A], to: System.standardOutput)
    // As many at a time as keep both cores busy; written in their order.
    let width = 4
    var next = 0
    while next < answer.groups.count {
      let range = next..<min(next + width, answer.groups.count)
      next = range.upperBound
      let parts = await withTaskGroup(of: (Int, [UInt8]).self) { tasks in
        for group in range {
          tasks.addTask { (group, rows(of: group, separator)) }
        }
        return await tasks.reduce(into: [Int: [UInt8]]()) { $0[$1.0] = $1.1 }
      }
      for group in range { System.emit(parts[group] ?? [], to: System.standardOutput) }
    }
  }

  private func rows(of group: Int, _ separator: UInt8) -> [UInt8] {
    let label = Array((label(group) ?? "").utf8) + [separator]
    let names = answer.actors.map { Array($0.utf8) + [separator] }
    var bytes: [UInt8] = []
    let count = answer.actors(in: group).count
    bytes.reserveCapacity(count * count / 2 * 80)
    pairs(in: group) { a, b, figures in
      bytes.append(contentsOf: label)
      bytes.append(contentsOf: names[a])
      bytes.append(contentsOf: names[b])
      bytes.append(whole: figures.n)
      bytes.append(separator)
      bytes.append(whole: figures.same)
      bytes.append(separator)
      bytes.append(whole: figures.half)
      bytes.append(separator)
      bytes.append(whole: figures.opposite)
      bytes.append(separator)
      bytes.append(figures.agreement)
      bytes.append(separator)
      bytes.append(figures.s)
      bytes.append(separator)
      bytes.append(figures.identical)
      bytes.append(separator)
      bytes.append(figures.kappa)
      bytes.append(separator)
      bytes.append(figures.pi)
      bytes.append(0x0A)
    }
    return bytes
  }

  // MARK: for people

  func lines(on terminal: Terminal) -> [String] {
    var lines = [
      terminal.output.bold("All pairs")
        + ", \(answer.selection.text.printable), known by \(answer.knownBy.text)"
        + ", rule \(answer.rule)"
    ]
    for group in answer.groups.indices {
      lines.append("")
      if let label = answer.groups[group].label {
        lines.append("\(label), \(answer.groups[group].agenda.counted("roll call")):")
      }
      let actors = answer.actors(in: group)
      var table = Table(
        [.init("")] + actors.map { .init(answer.actors[$0].printable, right: true) })
      for a in actors {
        table.rows.append(
          [answer.actors[a].printable]
            + actors.map { b in
              if a == b { return "" }
              let figures = answer.figures(a, b, in: group)
              return figures.map { AgreementCells.text($0.agreement) } ?? "–"
            })
      }
      lines += table.lines(width: nil, palette: terminal.output)
    }
    lines.append("")
    lines.append(
      "\(answer.selection.agenda.counted("roll call")) with recorded votes, of "
        + "\(answer.selection.rollcalls.grouped) in all; n of each pair with -o csv")
    if answer.every == nil, answer.selection.period == nil, answer.selection.session == nil {
      lines.append("note  one figure for all years hides a reversal (--every year, --period)")
    }
    return lines + answer.selection.notes.map { "note  \($0)" }
  }
}

extension [UInt8] {
  /// The digits of a number that is not negative.
  fileprivate mutating func append(whole number: Int) {
    if number >= 10 { append(whole: number / 10) }
    append(0x30 + UInt8(truncatingIfNeeded: number % 10))
  }

  /// A share with six decimals; nothing where it is undefined.
  fileprivate mutating func append(_ fraction: AgreementFigures.Fraction?) {
    guard let fraction else { return }
    let (numerator, denominator) = (fraction.numerator.magnitude, UInt(fraction.denominator))
    let millionths = Int((numerator * 2_000_000 + denominator) / (2 * denominator))
    if fraction.numerator < 0, millionths > 0 { append(0x2D) }
    append(whole: millionths / 1_000_000)
    append(0x2E)
    var unit = 100_000
    while unit > 0 {
      append(0x30 + UInt8(truncatingIfNeeded: millionths / unit % 10))
      unit /= 10
    }
  }
}
