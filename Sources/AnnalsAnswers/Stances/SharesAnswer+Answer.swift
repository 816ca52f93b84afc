public import Annals
public import EventLog

/// `show --rule record/1`: how an actor voted on a topic, as a share per period.
extension SharesAnswer: Answer {
  public var json: JSON {
    .members([
      "schema": "annals.shares.v2", "topic": .string(topic.id), "proposition": .string(topic.name),
      "on": .string(on), "known_by": knownBy.json, "rule": .string(rule.name),
      "left_out": leavingOut.json, "actor": .string(actor.id), "actor_name": .string(actor.name),
      "n": .whole(count), "coverage": .texts(coverage), "periods": .array(records),
    ])
  }

  public var records: [JSON] {
    periods.map { row in
      .members([
        "period": .string(row.period.text), "from": .text(DateText.day(row.period.days.lowerBound)),
        "to": .text(DateText.day(row.period.days.upperBound)), "n": .whole(row.votes.count),
        "strong": row.counts.strong.json, "informative": row.counts.informative.json,
        "points": .whole(row.share?.points), "available": .whole(row.share?.available),
        "score": .text(row.share?.text), "label": .string(row.label),
        "facts": .array(row.votes.map(\.evidenceJSON)),
      ])
    }
  }

  public var sheet: Sheet {
    Sheet(
      columns: [
        "period", "from", "to", "n", "same", "different", "abstain", "absent", "score", "label",
        "events",
      ],
      rows: periods.map { row in
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
}

extension VoteCounts.Votes {
  var json: JSON {
    .members([
      "same": .whole(same), "different": .whole(different), "abstain": .whole(abstain),
      "absent": .whole(absent),
    ])
  }
}
