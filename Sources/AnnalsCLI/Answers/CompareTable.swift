import Annals
import EventLog

/// `compare`: several actors side by side.
struct CompareTable: Answer {
  let answer: CompareAnswer

  var json: JSON {
    .members([
      "schema": "annals.compare.v1",
      "topic": .string(answer.topic.id), "proposition": .string(answer.topic.name),
      "on": .string(answer.on), "knownBy": answer.knownBy.json, "rule": .string(answer.rule.name),
      "leftOut": answer.leavingOut.json, "bloc": answer.bloc.map(Self.json),
      "actors": .array(answer.stances.map(Self.json)),
      "periods": .array(answer.rows.map(json)),
    ])
  }

  var records: [JSON] {
    answer.rows.isEmpty ? answer.stances.map(Self.json) : answer.rows.map(json)
  }

  private static func json(_ bloc: CompareAnswer.Bloc) -> JSON {
    .members([
      "group": .string(bloc.group.id), "name": .string(bloc.group.name),
      "members": .array(bloc.members.map(JSON.string)),
      "possible": .array(bloc.possible.map(JSON.string)),
    ])
  }

  private static func json(_ stance: StanceAnswer) -> JSON {
    var object: JSONObject = [
      "actor": .string(stance.actor.id), "actorName": .string(stance.actor.name),
    ]
    Level.members(stance.step?.level, into: &object)
    object["label"] = .string((stance.step?.level).label)
    object["rule"] = .string(stance.rule)
    object["since"] = .text(DateText.day(stance.since))
    object["before"] = .text(stance.before?.label)
    object["restsOn"] = .text(stance.step?.restsOn)
    object["n"] = .integer(Int64(stance.count))
    object["period"] = ShowAnswer.period(stance.period)
    object["coverage"] = .array(stance.coverage.map(JSON.string))
    object["evidence"] = .array(stance.evidence.map(\.evidenceJSON))
    return .object(object)
  }

  private func json(_ row: CompareAnswer.Row) -> JSON {
    .members([
      "period": .string(row.period.text), "from": .text(DateText.day(row.period.days.lowerBound)),
      "to": .text(DateText.day(row.period.days.upperBound)),
      "actors": .array(
        zip(answer.stances, row.cells).map { stance, cell in
          var object: JSONObject = ["actor": .string(stance.actor.id)]
          if answer.rule == .latest1 { Level.members(cell.level, into: &object) }
          object["score"] = cell.share.map { .string($0.text) }
          object["label"] = .string(cell.label)
          object["n"] = .integer(Int64(cell.count))
          object["facts"] = .array(cell.facts.map { .integer($0.rawValue) })
          return .object(object)
        }),
    ])
  }

  var sheet: Sheet {
    if answer.rows.isEmpty {
      return Sheet(
        columns: [
          "actor", "name", "level_low", "level_high", "label", "since", "before", "n", "event",
          "event_on", "source",
        ],
        rows: answer.stances.map { stance in
          let fact = stance.step?.evidence
          return [
            .string(stance.actor.id), .string(stance.actor.name),
            .whole(stance.step?.level.low), .whole(stance.step?.level.high),
            .string((stance.step?.level).label), .text(DateText.day(stance.since)),
            .text(stance.before?.label), .whole(stance.count),
            .whole(fact?.position.rawValue), .text(fact?.time?.text), .text(fact?.source),
          ]
        })
    }
    return Sheet(
      columns: ["period", "actor", "score", "label", "n", "events"],
      rows: answer.rows.flatMap { row in
        zip(answer.stances, row.cells).map { stance, cell in
          [
            .string(row.period.text), .string(stance.actor.id), .text(cell.share?.text),
            .string(cell.label), .whole(cell.count),
            .string(cell.facts.map { "\($0)" }.joined(separator: " ")),
          ]
        }
      })
  }

  func lines(on terminal: Terminal) -> [String] {
    let palette = terminal.output
    var lines = [
      palette.bold("\(answer.topic.id)")
        + ", on \(answer.on), known by \(answer.knownBy.text), rule \(answer.rule.name)",
      palette.dim("“\(answer.topic.name.printable)”"), "",
    ]
    if answer.rule == .latest1 {
      lines += stances(on: terminal) + (answer.rows.isEmpty ? [] : [""])
    } else if answer.rows.isEmpty {
      lines.append("no data: no vote that could be counted")
    }
    if !answer.rows.isEmpty {
      lines += rows(on: terminal)
      lines += ["", "In brackets: the number of facts of the period."]
    }
    if let bloc = answer.bloc { lines += [""] + summary(of: bloc) }
    for stance in answer.stances {
      for note in stance.coverage {
        lines.append("note  \(stance.actor.id): \(note.printable)")
      }
    }
    for note in answer.leavingOut.notes { lines.append("note  \(note.printable)") }
    return lines
  }

  private func stances(on terminal: Terminal) -> [String] {
    var table = Table([
      .init("actor", give: 2), .init("stance"), .init("since"), .init("before"),
      .init("facts", right: true), .init("event", right: true), .init("on"),
      .init("rests on", give: 1),
    ])
    for stance in answer.stances {
      let step = stance.step
      table.add(
        stance.actor.name, (step?.level).label, DateText.day(stance.since) ?? "—",
        stance.before?.label ?? "—", stance.count.grouped,
        step?.evidence.position.description ?? "—", step?.evidence.time?.text ?? "—",
        step?.restsOn ?? "—")
    }
    return table.lines(width: terminal.width, palette: terminal.output)
  }

  /// "European Union on 2022-10-12, 27 members: 26 supports, 1 no data".
  private func summary(of bloc: CompareAnswer.Bloc) -> [String] {
    let own = answer.stances.filter { bloc.members.contains($0.actor.id) }
    let labels = Dictionary(grouping: own) { ($0.step?.level).label }.mapValues(\.count)
    let parts = labels.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .map { "\($0.value.grouped) \($0.key)" }
    var lines = [
      "\(bloc.group.name.printable) on \(answer.on), \(bloc.members.count.counted("member")): "
        + parts.joined(separator: ", ")
    ]
    if !bloc.possible.isEmpty {
      lines.append(
        "note  their dates leave it open whether these were members, not compared: "
          + bloc.possible.joined(separator: ", ").printable)
    }
    return lines
  }

  private func rows(on terminal: Terminal) -> [String] {
    var table = Table(
      [.init("period")] + answer.stances.map { .init($0.actor.id.printable, give: 1) })
    for row in answer.rows {
      let cells = row.cells.map { cell in
        (cell.share.map { "\($0.text) " } ?? "") + "\(cell.label) (\(cell.count.grouped))"
      }
      table.rows.append([row.period.text] + cells.map(\.printable))
    }
    return table.lines(width: terminal.width, palette: terminal.output)
  }
}
