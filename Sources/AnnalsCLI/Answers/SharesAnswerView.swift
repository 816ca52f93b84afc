import Annals
import EventLog

/// `show --rule record/1`: how an actor voted on a topic, as a share per period.
struct SharesAnswerView: Answer {
  let answer: SharesAnswer

  var json: JSON {
    .members([
      "schema": "annals.shares.v1",
      "actor": .string(answer.actor.id), "actorName": .string(answer.actor.name),
      "topic": .string(answer.topic.id), "proposition": .string(answer.topic.name),
      "on": .string(answer.on), "knownBy": answer.knownBy.json,
      "rule": .string(answer.rule.name), "leftOut": answer.leavingOut.json,
      "n": .integer(Int64(answer.count)), "coverage": .array(answer.coverage.map(JSON.string)),
      "periods": .array(records),
    ])
  }

  var records: [JSON] {
    answer.periods.map { row in
      .members([
        "period": .string(row.period.text), "from": .text(DateText.day(row.period.days.lowerBound)),
        "to": .text(DateText.day(row.period.days.upperBound)),
        "n": .integer(Int64(row.votes.count)), "strong": row.counts.strong.json,
        "informative": row.counts.informative.json, "points": .whole(row.share?.points),
        "available": .whole(row.share?.available),
        "score": row.share.map { .string($0.text) } ?? .null, "label": .string(row.label),
        "facts": .array(row.votes.map(\.evidenceJSON)),
      ])
    }
  }

  var sheet: Sheet {
    Sheet(
      columns: [
        "period", "from", "to", "n", "same", "different", "abstain", "absent", "score", "label",
        "events",
      ],
      rows: answer.periods.map { row in
        let strong = row.counts.strong
        return [
          .string(row.period.text), .text(DateText.day(row.period.days.lowerBound)),
          .text(DateText.day(row.period.days.upperBound)), .whole(row.votes.count),
          .whole(strong.same), .whole(strong.different), .whole(strong.abstain),
          .whole(strong.absent), .text(row.share?.text), .string(row.label),
          .string(row.votes.map { "\($0.fact.position)" }.joined(separator: " ")),
        ]
      })
  }

  func lines(on terminal: Terminal) -> [String] {
    let palette = terminal.output
    var lines = [
      palette.bold("\(answer.actor.name.printable) on \(answer.topic.id)")
        + ", on \(answer.on), known by \(answer.knownBy.text), rule \(answer.rule.name)",
      palette.dim("“\(answer.topic.name.printable)”"), "",
    ]
    if answer.periods.isEmpty { lines.append("no data: no vote that could be counted") }
    var table = Table([
      .init("period"), .init("for", right: true), .init("against", right: true),
      .init("abstain", right: true), .init("absent", right: true), .init("score", right: true),
      .init("in words"), .init("events", give: 1),
    ])
    for row in answer.periods {
      // The words that count: votes on strong links, and for classic/1 informative ones too.
      let (strong, weak) = (row.counts.strong, row.counts.informative)
      let hasWeak = answer.rule == .classic1
      func cell(_ path: KeyPath<VoteCounts.Votes, Int>) -> String {
        String(strong[keyPath: path])
          + (hasWeak && weak[keyPath: path] > 0 ? "+\(weak[keyPath: path])" : "")
      }
      table.add(
        row.period.text, cell(\.same), cell(\.different), cell(\.abstain), cell(\.absent),
        row.share?.text ?? "—", row.label,
        row.votes.map { "\($0.fact.position)" }.joined(separator: " "))
    }
    lines += table.lines(width: terminal.width, palette: palette)
    lines.append("")
    let votes = answer.count == 1 ? "1 vote" : "\(answer.count.grouped) votes"
    lines.append("\(votes) counted. 0 is with the proposition, 1 against it.")
    for note in answer.coverage + answer.leavingOut.notes {
      lines.append("note  \(note.printable)")
    }
    return lines
  }
}

extension VoteCounts.Votes {
  var json: JSON {
    .members([
      "same": .integer(Int64(same)), "different": .integer(Int64(different)),
      "abstain": .integer(Int64(abstain)), "absent": .integer(Int64(absent)),
    ])
  }
}

extension Exclusions {
  /// For JSON: what was left out; null for nothing.
  var json: JSON {
    if isEmpty { return .null }
    return .members([
      "types": .array(types.map(JSON.string)), "sources": .array(sources.map(JSON.string)),
      "strongOnly": .bool(weak),
    ])
  }

  /// In words, for people.
  var notes: [String] { phrases.map { "left out: \($0)" } }
}
