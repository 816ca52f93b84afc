import EventLog

extension Report {
  /// Everything that the report holds, as one object.
  func json(_ imprint: ReportImprint) -> JSON {
    [
      "schema": "annals.report.v2",
      "title": .string(title),
      "topic": .string(topic.id), "proposition": .string(proposition),
      "on": .string(on.text), "possibly": .bool(possibly),
      "known_by": Self.json(knownBy), "compared_to": comparedTo.map(Self.json) ?? .null,
      "rule": .string(rule.name),
      "formula": .array(rule.formula(for: Self.face).map(JSON.string)),
      "share_rule": .string(shareRule.name), "every": .string(every.rawValue),
      "left_out": .array(leavingOut.phrases.map(JSON.string)),
      "lines": .array(lines.map(Self.json)),
      "sources": .array(footnotes.map(Self.json)),
      "program": .string(imprint.program), "command": .string(imprint.command),
    ]
  }

  private static func json(_ recordState: RecordState) -> JSON {
    [
      "seq": .integer(recordState.position.rawValue), "recorded": text(recordState.recorded),
      "erased_since": .integer(Int64(recordState.erasedSince)),
    ]
  }

  private static func json(_ line: ReportLine) -> JSON {
    let audit = line.audit
    return [
      "actor": .string(line.actor.id), "actor_name": .string(line.actor.name),
      "answer": .string(ReportWording.answer(line.actor.name, audit.steps)),
      "n": .integer(Int64(audit.count)),
      "period": audit.period.map {
        ["from": day($0.lowerBound), "to": day($0.upperBound)]
      } ?? .null,
      "steps": .array(
        zip(audit.steps, line.evidence).map { step, evidence in
          var object = json(step)
          object["evidence"] = .array(evidence.map(json))
          return .object(object)
        }),
      "shares": .array(line.shares.periods.map(json)),
      "share_notes": .array(line.shareNotes.map(JSON.string)),
      "history": .array(line.audit.history.map(json)),
      "earlier_steps": line.earlier.map { .array($0.map { .object(json($0)) }) } ?? .null,
      "remarks": .array(
        audit.remarks.map {
          [
            "kind": .string($0.kind), "text": .string($0.text),
            "seq": $0.position.map { .integer($0.rawValue) } ?? .null,
          ]
        }),
    ]
  }

  private static func json(_ history: FactHistory) -> JSON {
    [
      "seq": .integer(history.entry.fact.position.rawValue),
      "summary": .string(history.entry.summary), "live": .bool(history.entry.fact.isLive),
      "chain": .array(
        history.chain.map { entry in
          let batch = entry.fact.root.batch
          return [
            "seq": .integer(entry.fact.position.rawValue), "type": .string(entry.fact.type),
            "summary": .string(entry.summary), "recorded": text(batch.recorded),
            "recorder": .string(batch.recorder),
          ]
        }),
    ]
  }

  private static func json(_ share: PeriodShare) -> JSON {
    let strong = share.counts.strong
    return [
      "period": .string(share.period.text), "from": day(share.period.days.lowerBound),
      "to": day(share.period.days.upperBound), "n": .integer(Int64(share.votes.count)),
      "same": .integer(Int64(strong.same)), "different": .integer(Int64(strong.different)),
      "abstain": .integer(Int64(strong.abstain)), "absent": .integer(Int64(strong.absent)),
      "score": text(share.share?.text), "label": .string(share.label),
      "facts": .array(share.votes.map { .integer($0.fact.position.rawValue) }),
    ]
  }

  private static func json(_ step: StanceStep) -> JSONObject {
    [
      "from": day(step.from), "to": step.to.map(day) ?? .null,
      "stance": json(step.level), "before": step.before.map(json) ?? .null,
      "event": .integer(step.evidence.position.rawValue), "summary": .string(step.summary),
      "rests_on": .string(step.restsOn),
    ]
  }

  private static func json(_ level: Level) -> JSON {
    [
      "label": .string(level.label), "low": .integer(Int64(level.low)),
      "high": .integer(Int64(level.high)),
    ]
  }

  private static func json(_ evidence: ReportEvidence) -> JSON {
    let fact = evidence.fact
    return [
      "seq": .integer(fact.position.rawValue), "id": .string("\(fact.root.id)"),
      "type": .string(fact.type), "on": text(fact.time?.text), "basis": text(fact.basis),
      "summary": .string(evidence.entry.summary), "confidence": .string(fact.confidence),
      "makes_step": .bool(evidence.makesStep), "reading": text(evidence.reading?.text),
      "note": text(fact.note),
      "corrected_by": fact.current == fact.position ? .null : .integer(fact.current.rawValue),
      "disputed": .bool(fact.isDisputed),
      "sources": .array(evidence.footnotes.map { .integer(Int64($0)) }),
      "recorded": text(fact.root.batch.recorded), "recorder": .string(fact.root.batch.recorder),
      "delay_days": evidence.delayDays.map { .integer(Int64($0)) } ?? .null,
    ]
  }

  private static func json(_ footnote: Footnote) -> JSON {
    let citation = footnote.citation
    return [
      "number": .integer(Int64(footnote.number)), "source": .string(citation.source),
      "locator": text(citation.locator), "title": text(citation.title),
      "publisher": text(citation.publisher), "url": text(citation.url),
      "quote": text(citation.quote),
      "events": .array(footnote.recordings.map { .integer($0.event.position.rawValue) }),
    ]
  }

  private static func day(_ number: Int64) -> JSON {
    number == .min ? .null : .string(ReportWording.day(number))
  }

  private static func text(_ value: (some CustomStringConvertible)?) -> JSON {
    value.map { .string($0.description) } ?? .null
  }
}
