import EventLog

extension Report {
  /// One row per step, RFC 4180 with plain line feeds; see `CSVCell`. What is not known is empty.
  func csv(isExact: Bool) -> String {
    let columns = [
      "actor", "actor_name", "topic", "on", "known_by", "rule", "from", "to", "level_low",
      "level_high", "label", "before", "event", "type", "event_on", "summary", "confidence",
      "source", "title", "url", "recorded", "recorder", "delay_days",
    ]
    var rows = [columns]
    for line in lines {
      rows += line.audit.steps.map { row(of: $0, line) }
    }
    return rows.map { row in
      row.map { CSVCell.text($0, isExact: isExact) }.joined(separator: ",") + "\n"
    }.joined()
  }

  private func row(of step: StanceStep, _ line: ReportLine) -> [String] {
    let fact = step.evidence
    let source = fact.sources.first
    let what = [
      line.actor.id, line.actor.name, topic.id, on.text, "\(knownBy.position.rawValue)", rule.name,
      step.from == .min ? "" : ReportWording.day(step.from), step.to.map(ReportWording.day) ?? "",
      "\(step.level.low)", "\(step.level.high)", step.level.label, step.before?.label ?? "",
    ]
    let why = [
      "\(fact.position.rawValue)", fact.type, fact.time?.text ?? "", step.summary, fact.confidence,
      source?.text ?? "", source?.title ?? "", source?.url ?? "",
      "\(fact.root.batch.recorded)", fact.root.batch.recorder,
      step.delayDays.map { "\($0)" } ?? "",
    ]
    return what + why
  }
}
