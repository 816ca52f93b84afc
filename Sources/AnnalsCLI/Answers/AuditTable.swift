import Annals
import EventLog

/// `audit`: how an actor's stance on a topic changed, step by step, and what to be careful about.
struct AuditTable: Answer {
  let audit: AuditAnswer

  var json: JSON {
    .members([
      "schema": "annals.audit.v1",
      "actor": .string(audit.actor.id), "actorName": .string(audit.actor.name),
      "topic": .string(audit.topic.id), "topicName": .string(audit.topic.name),
      "proposition": .string(audit.proposition),
      "on": .string(audit.on), "knownBy": audit.knownBy.json, "rule": .string(audit.rule),
      "leftOut": audit.leavingOut.json,
      "n": .integer(Int64(audit.count)), "period": ShowAnswer.period(audit.period),
      "steps": .array(records),
      "remarks": .array(
        audit.remarks.map { remark in
          .members([
            "kind": .string(remark.kind), "seq": .whole(remark.position?.rawValue),
            "text": .string(remark.text),
          ])
        }),
      "history": audit.history.isEmpty ? nil : .array(audit.history.map(\.json)),
    ])
  }

  var records: [JSON] { audit.steps.map(Self.json) }

  static func json(_ step: StanceStep) -> JSON {
    let fact = step.evidence
    var object: JSONObject = [
      "from": .text(DateText.day(step.from)), "to": .text(DateText.day(step.to)),
    ]
    Level.members(step.level, into: &object)
    object["label"] = .string(step.level.label)
    object["event"] = .integer(fact.position.rawValue)
    object["id"] = .string(fact.root.id.description)
    object["type"] = .string(fact.type)
    object["on"] = .text(fact.time?.text)
    object["summary"] = .string(step.summary)
    object["source"] = .text(fact.source)
    object["recorded"] = .string(fact.root.batch.recorded.description)
    object["recorder"] = .string(fact.root.batch.recorder)
    object["delayDays"] = .whole(step.delayDays)
    object["before"] = .whole(step.before?.value)
    object["beforeLabel"] = .text(step.before?.label)
    object["restsOn"] = .string(step.restsOn)
    object["others"] = .array(step.others.map(\.evidenceJSON))
    return .object(object)
  }

  var sheet: Sheet { Self.sheet(audit.steps) }

  static func sheet(_ steps: [StanceStep]) -> Sheet {
    Sheet(
      columns: [
        "from", "to", "level_low", "level_high", "label", "before", "event", "summary", "source",
        "recorded", "recorder", "delay_days",
      ],
      rows: steps.map { step in
        let batch = step.evidence.root.batch
        return [
          .text(DateText.day(step.from)), .text(DateText.day(step.to)), .whole(step.level.low),
          .whole(step.level.high), .string(step.level.label), .text(step.before?.label),
          .integer(step.evidence.position.rawValue), .string(step.summary),
          .text(step.evidence.source), .string(batch.recorded.description),
          .string(batch.recorder), .whole(step.delayDays),
        ]
      })
  }

  func lines(on terminal: Terminal) -> [String] {
    let palette = terminal.output
    var lines = [
      palette.bold("\(audit.actor.name.printable) on \(audit.topic.id)")
        + ", known by \(audit.knownBy.text), rule \(audit.rule)",
      palette.dim("“\(audit.proposition.printable)”"), "",
    ]
    if audit.steps.isEmpty {
      lines.append("no steps: nothing directed is known about it")
    } else {
      var table = Table([
        .init("from"), .init("to"), .init("stance"), .init("event", right: true),
        .init("recorded"), .init("by", give: 2), .init("source", give: 2), .init("what", give: 1),
      ])
      for step in audit.steps {
        let batch = step.evidence.root.batch
        table.add(
          DateText.day(step.from) ?? "…", DateText.day(step.to) ?? "—", step.level.label,
          step.evidence.position.description,
          DateText.recorded(batch.recorded, delayDays: step.delayDays, on: terminal),
          batch.recorder, step.evidence.shownSource, step.summary)
      }
      lines += table.lines(width: terminal.width, palette: palette)
    }
    lines.append("")
    var remarks = Table(
      [.init("kind"), .init("event"), .init("text")], hasHeading: false)
    for remark in audit.remarks {
      remarks.add(remark.kind, remark.position?.description ?? "", remark.text)
    }
    // A remark is a sentence to be read: it may run over the edge of the screen, but is never cut.
    lines += remarks.lines(width: nil, palette: palette)
    for note in audit.leavingOut.notes { lines.append("note  \(note.printable)") }
    let count = audit.remarks.count
    lines.append(count == 1 ? "1 remark." : "\(count) remarks.")
    lines += FactHistory.lines(audit.history)
    return lines
  }
}
