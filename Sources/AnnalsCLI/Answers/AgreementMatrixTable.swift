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

  var records: [JSON] { answer.groups.indices.flatMap(records) }

  private func records(of group: Int) -> [JSON] {
    var records: [JSON] = []
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

  /// Writes the rows as they are worked out, a few groups side by side: there may be a million.
  func write(_ format: RowFormat, on terminal: Terminal) async {
    let content: Terminal.Content = format.separator == nil ? .json : .text
    if let separator = format.separator {
      let header = AgreementCells.columns.map { Array($0.utf8) }.joined(separator: [separator])
      terminal.emit(header + [0x0A], content)
    }
    // As many at a time as keep the cores busy; written in their order.
    let width = 4
    for start in stride(from: 0, to: answer.groups.count, by: width) {
      let range = start..<min(start + width, answer.groups.count)
      let parts = await withTaskGroup(of: (Int, [UInt8]).self) { tasks in
        for group in range {
          tasks.addTask { (group, rows(of: group, format)) }
        }
        return await tasks.reduce(into: [Int: [UInt8]]()) { $0[$1.0] = $1.1 }
      }
      for group in range { terminal.emit(parts[group] ?? [], content) }
    }
  }

  /// How `write` writes a row.
  enum RowFormat {
    /// Figures have six decimals.
    case csv(isExact: Bool)
    case tsv
    case ndjson

    var separator: UInt8? {
      switch self {
      case .csv: UInt8(ascii: ",")
      case .tsv: UInt8(ascii: "\t")
      case .ndjson: nil
      }
    }

    func cell(_ text: String) -> String {
      switch self {
      case .csv(let isExact): CSVCell.text(text, isExact: isExact)
      default: text
      }
    }
  }

  private func rows(of group: Int, _ format: RowFormat) -> [UInt8] {
    guard let separator = format.separator else {
      return records(of: group).flatMap { Array(JSONWriter.compact($0).utf8) + [0x0A] }
    }
    let label = Array(format.cell(label(group) ?? "").utf8) + [separator]
    let names = answer.actors.map { Array(format.cell($0).utf8) + [separator] }
    let count = answer.actors(in: group).count
    let longest = names.reduce(0) { max($0, $1.count) }
    let room = count * (count - 1) / 2 * (label.count + 2 * longest + FigureWriter.longest)
    return [UInt8](unsafeUninitializedCapacity: room) { buffer, written in
      guard let start = buffer.baseAddress else { return }
      var writer = FigureWriter(start, separator)
      pairs(in: group) { a, b, figures in
        writer.write(label)
        writer.write(names[a])
        writer.write(names[b])
        writer.write(figures)
      }
      written = writer.end - start
    }
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

/// Writes figures into memory that is large enough for them.
private struct FigureWriter {
  /// More than the figures of one row take: four counts, and five numbers with six decimals.
  static let longest = 4 * 20 + 5 * 24

  private(set) var end: UnsafeMutablePointer<UInt8>
  private let separator: UInt8

  init(_ start: UnsafeMutablePointer<UInt8>, _ separator: UInt8) {
    end = start
    self.separator = separator
  }

  mutating func write(_ bytes: [UInt8]) {
    bytes.withUnsafeBufferPointer { bytes in
      guard let start = bytes.baseAddress else { return }
      end.update(from: start, count: bytes.count)
    }
    end += bytes.count
  }

  /// From `n` to `pi`, and the end of the line.
  mutating func write(_ figures: AgreementFigures) {
    write(figures.n)
    write(figures.same)
    write(figures.half)
    write(figures.opposite)
    write(figures.agreement)
    write(figures.s)
    write(figures.identical)
    write(figures.kappa)
    write(figures.pi)
    end[-1] = 0x0A
  }

  private mutating func write(_ number: Int) {
    digits(number)
    byte(separator)
  }

  /// Six decimals; nothing where it is undefined.
  private mutating func write(_ fraction: AgreementFigures.Fraction?) {
    if let fraction {
      // Of what is too large to be multiplied the lowest bits do not reach six decimals.
      let excess = max(0, 24 - fraction.numerator.magnitude.leadingZeroBitCount)
      let numerator = fraction.numerator.magnitude >> UInt(excess)
      let denominator = max(1, UInt(fraction.denominator) >> UInt(excess))
      let millionths = Int((numerator * 2_000_000 + denominator) / (2 * denominator))
      if fraction.numerator < 0, millionths > 0 { byte(0x2D) }
      digits(millionths / 1_000_000)
      byte(0x2E)
      var rest = millionths % 1_000_000
      for place in (0..<6).reversed() {
        end[place] = 0x30 + UInt8(truncatingIfNeeded: rest % 10)
        rest /= 10
      }
      end += 6
    }
    byte(separator)
  }

  private mutating func digits(_ number: Int) {
    if number >= 10 { digits(number / 10) }
    byte(0x30 + UInt8(truncatingIfNeeded: number % 10))
  }

  private mutating func byte(_ byte: UInt8) {
    end.pointee = byte
    end += 1
  }
}
