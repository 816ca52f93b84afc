public import Annals
public import EventLog

/// `agreement A B`: the figures of a pair.
extension AgreementAnswer: Answer {
  public var json: JSON {
    var object = JSONObject(members: [
      "schema": "annals.agreement.v2", "a": .string(a.id), "a_name": .string(a.name),
      "b": .string(b.id), "b_name": .string(b.name),
    ])
    object.add(selection.members)
    object["known_by"] = knownBy.json
    object["rule"] = .string(rule)
    object.add(Self.members(total))
    object["coverage"] = coverage
    object["every"] = .text(every?.rawValue)
    object["rows"] = .array(rows.map(rowJSON))
    object["notes"] = .texts(notes)
    object["facts"] = facts.map { .array($0.map(Self.json)) } ?? .null
    return .object(object)
  }

  private var coverage: JSON {
    .members([
      "rollcalls": .whole(selection.rollcalls), "agenda": .whole(selection.agenda),
      "both": .whole(total.both),
      "unrecorded": Self.sides(total, \.unrecorded),
      "ineligible": Self.sides(total, \.ineligible), "open": Self.sides(total, \.open),
      "both_ways": Self.sides(total, \.bothWays),
      "unanimous_left_out": .whole(selection.unanimous), "undated": .whole(selection.undated),
    ])
  }

  private static func sides(_ row: AgreementRow, _ count: KeyPath<AgreementSide, Int>) -> JSON {
    .members(["a": .whole(row.a[keyPath: count]), "b": .whole(row.b[keyPath: count])])
  }

  private func rowJSON(_ row: AgreementRow) -> JSON {
    var object = JSONObject(members: ["a": .string(a.id), "b": .string(b.id)])
    object.add(selection.members)
    // A row is about a part of the whole.
    object[every == .session ? "session" : "period"] = .text(row.label)
    object.add(Self.members(row))
    object["agenda"] = .whole(row.agenda)
    object["both"] = .whole(row.both)
    object["unrecorded"] = Self.sides(row, \.unrecorded)
    return .object(object)
  }

  private static func members(_ row: AgreementRow) -> JSONObject {
    var object = row.figures.members
    object["absent"] = sides(row, \.absent)
    object["from"] = .text(row.dates?.lowerBound)
    object["to"] = .text(row.dates?.upperBound)
    return object
  }

  private static func json(_ fact: AgreementFact) -> JSON {
    .members([
      "rollcall": .string(fact.rollcall), "on": .text(fact.on), "title": .text(fact.title),
      "a": .string(fact.a), "b": .string(fact.b),
      "seq_a": .whole(fact.seqA?.rawValue), "seq_b": .whole(fact.seqB?.rawValue),
      "agreement": fact.agreement.map(JSON.number) ?? .null,
    ])
  }

  public var records: [JSON] {
    if let facts { return facts.map(Self.json) }
    return every == nil ? [json] : rows.map(rowJSON)
  }

  public var sheet: Sheet {
    if let facts {
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
    let rows = every == nil ? [total] : rows
    return Sheet(
      columns: AgreementFigures.columns + ["absent_a", "absent_b", "agenda"],
      rows: rows.map { row in
        let label = row.label ?? selection.period?.text ?? selection.session
        return [.text(label), .string(a.id), .string(b.id)] + row.figures.cells
          + [.whole(row.a.absent), .whole(row.b.absent), .whole(row.agenda)]
      })
  }
}

extension AgreementFigures {
  /// The columns of a table of pairs.
  package static let columns = [
    "period", "a", "b", "n", "same", "half", "opposite", "agreement", "s", "identical", "kappa",
    "pi",
  ]

  /// The cells from `n` on.
  var cells: [JSON] {
    [
      .whole(n), .whole(same), .whole(half), .whole(opposite), .fraction(agreement), .fraction(s),
      .fraction(identical), .fraction(kappa), .fraction(pi),
    ]
  }

  /// The same with six decimals, for a table of many pairs.
  var shortCells: [JSON] {
    [.whole(n), .whole(same), .whole(half), .whole(opposite)]
      + [agreement, s, identical, kappa, pi].map { .text($0?.sixDecimals) }
  }

  /// The same with their names.
  var members: JSONObject {
    var object = JSONObject()
    for (key, value) in zip(Self.columns.dropFirst(3), cells) { object[key] = value }
    return object
  }
}

extension AgreementFigures.Fraction {
  /// Millionths, rounded half up, and whether the value is negative.
  var millionths: (count: Int, isNegative: Bool) {
    // Of what is too large to be multiplied the lowest bits do not reach six decimals.
    let excess = max(0, 24 - numerator.magnitude.leadingZeroBitCount)
    let top = numerator.magnitude >> UInt(excess)
    let bottom = max(1, UInt(denominator) >> UInt(excess))
    let count = Int((top * 2_000_000 + bottom) / (2 * bottom))
    return (count, numerator < 0 && count > 0)
  }

  /// `0.750000`
  fileprivate var sixDecimals: String {
    let (count, isNegative) = millionths
    let digits = String(count % 1_000_000)
    return (isNegative ? "-" : "") + "\(count / 1_000_000)."
      + String(repeating: "0", count: 6 - digits.utf8.count) + digits
  }
}

extension JSON {
  /// At full precision; null where it is undefined.
  fileprivate static func fraction(_ fraction: AgreementFigures.Fraction?) -> JSON {
    fraction.map { .number($0.value) } ?? .null
  }
}
