import EventLog

/// The names that templates can use.
enum ReportNames {
  static let shape = report.shape

  static func scope(of report: Report, _ imprint: ReportImprint) -> TemplateScope {
    self.report.scope(of: Subject(report: report, imprint: imprint))
  }

  struct Subject: Sendable {
    var report: Report
    var imprint: ReportImprint
  }

  private static let report = TemplateNames<Subject>([
    .text("title", "The heading.") { $0.report.title },
    .text("topic", "The topic's id.") { $0.report.topic.id },
    .text("proposition", "What one supports or opposes.") { $0.report.proposition },
    .text("on", "The moment of the world that the report shows.") { $0.report.on.text },
    .text("possibly", "There when facts count that may have happened by then.") {
      $0.report.possibly ? "yes" : nil
    },
    .text("knownBy", "The state of the record that it was made from.") {
      ReportWording.known($0.report.knownBy)
    },
    .text("comparedTo", "The earlier state of the record that is shown beside it.") {
      $0.report.comparedTo.map(ReportWording.known)
    },
    .markup("chart", "The chart, as SVG.") { SVGWriter.part($0.report) },
    .markup("chartStyle", "The style sheet of the chart.") { _ in SVGWriter.style },
    .list("lines", "One per actor.", line) { subject in
      subject.report.lines.enumerated().map {
        Line(number: $0 + 1, line: $1, every: subject.report.every)
      }
    },
    .list("footnotes", "The sources, in the order in which they are cited.", footnote) {
      $0.report.footnotes
    },
    .text("rule", "Name and version of the rule of the steps.") { $0.report.rule.name },
    .list("formula", "What it does, in paragraphs.", phrase) {
      $0.report.rule.formula(for: Report.face)
    },
    .text("shareRule", "Name and version of the rule of the shares; missing without a share.") {
      subject in
      subject.report.lines.contains { !$0.shares.periods.isEmpty }
        ? subject.report.shareRule.name : nil
    },
    .list("shareFormula", "What that does, in paragraphs.", phrase) {
      $0.report.shareRule.formula(for: Report.face)
    },
    .list("leftOut", "What the reader asked to leave out.", phrase) {
      $0.report.leavingOut.phrases
    },
    .text("program", "Name and version of the program.") { $0.imprint.program },
    .text("events", "Which events it was made from.") { ReportWording.events($0.report.knownBy) },
    .code("command", "The command that makes the report again.") { $0.imprint.command },
  ])

  private struct Line {
    var number: Int
    var line: ReportLine
    var every: Period.Unit
  }

  private static let line = TemplateNames<Line>([
    .text("number", "1, 2, 3 …") { "\($0.number)" },
    .text("actor", "The actor's name.") { $0.line.actor.name },
    .text("actorId", "The actor's id.") { $0.line.actor.id },
    .text("answer", "Where the actor stands, in a sentence.") {
      ReportWording.answer($0.line.actor.name, $0.line.audit.steps)
    },
    .list("steps", "The steps of the line, oldest first.", step) {
      zip($0.line.audit.steps, $0.line.evidence).map { Step(step: $0, evidence: $1) }
    },
    .text("sharesTitle", "The heading of the shares of votes; missing without a vote.") {
      ReportWording.sharesTitle($0.line.shares, $0.every)
    },
    .list("shares", "The share of each stretch of time.", share) { $0.line.shares.periods },
    .list("shareNotes", "What to know about the shares.", phrase) { $0.line.shareNotes },
    .text("earlierAnswer", "The same sentence at the earlier state of the record.") { line in
      line.line.earlier.map { ReportWording.answer(line.line.actor.name, $0) }
    },
    .list("earlierSteps", "The steps at the earlier state of the record.", step) {
      ($0.line.earlier ?? []).map { Step(step: $0, evidence: []) }
    },
    .list("history", "The facts that later events are about, retracted ones too.", history) {
      $0.line.audit.history
    },
    .text("facts", "How many facts with a direction were used, and of which period.") {
      ReportWording.facts($0.line.audit.count, $0.line.audit.period)
    },
    .list("coverage", "What is missing, and what does not count.", phrase) {
      $0.line.audit.remarks.filter(\.isGap).map { remark in
        (remark.position.map { "\($0) " } ?? "") + remark.text
      }
    },
    .list("remarks", "What to know about the evidence.", remark) { line in
      let anchors = line.line.anchors
      return line.line.audit.remarks.filter { !$0.isGap }.map { remark in
        RemarkRow(remark: remark, anchor: remark.position.flatMap { anchors[$0] })
      }
    },
  ])

  private static let history = TemplateNames<FactHistory>([
    .text("event", "The position of the fact's first event.") { "\($0.entry.fact.position)" },
    .text("summary", "The fact as it reads now, in a sentence.") { $0.entry.summary },
    .text("retracted", "There when it was retracted.") { $0.entry.fact.isLive ? nil : "yes" },
    .list("chain", "What was said about it later, in the order of the log.", amendment) {
      $0.chain
    },
  ])

  private static let amendment = TemplateNames<TimelineEntry>([
    .text("event", "The event's position.") { "\($0.fact.position)" },
    .text("summary", "What it says, with its reason.") { $0.summary },
    .text("recording", "When it was recorded, and by whom.") {
      ReportWording.recording($0.fact.root, delayDays: nil)
    },
  ])

  private static let share = TemplateNames<PeriodShare>([
    .text("period", "The year, quarter or month.") { $0.period.text },
    .text("same", "Votes with the proposition, on strong links.") { "\($0.counts.strong.same)" },
    .text("different", "Votes against it.") { "\($0.counts.strong.different)" },
    .text("abstain", "Abstentions.") { "\($0.counts.strong.abstain)" },
    .text("absent", "Absences.") { "\($0.counts.strong.absent)" },
    .text("score", "The share: 0 with the proposition, 1 against it; missing for no data.") {
      $0.share?.text
    },
    .text("label", "The share in words.") { $0.label },
    .text("facts", "The positions of the votes counted.") { share in
      share.votes.map { "\($0.fact.position)" }.joined(separator: ", ")
    },
  ])

  private struct Step {
    var step: StanceStep
    var evidence: [ReportEvidence]
  }

  private static let step = TemplateNames<Step>([
    .text("from", "Its first day.") { ReportWording.day($0.step.from) },
    .text("to", "Its last day; missing while it holds.") { $0.step.to.map(ReportWording.day) },
    .text("span", "Both, in words.") { ReportWording.span($0.step.from, $0.step.to) },
    .text("stance", "The level, in words.") { $0.step.level.label },
    .text("summary", "The event that made it, in a sentence.") { $0.step.summary },
    .text("event", "The event's position.") { "\($0.step.evidence.position)" },
    .text("anchor", "The name of the event's row, for links.") { $0.evidence.first?.anchor },
    .text("recording", "When it was recorded, by whom, how late.") {
      ReportWording.recording($0.step.evidence.root, delayDays: $0.step.delayDays)
    },
    .text("restsOn", "How much evidence the step has.") { $0.step.restsOn },
    .list("evidence", "The facts behind it, the one that made it first.", evidence) {
      $0.evidence
    },
  ])

  private static let evidence = TemplateNames<ReportEvidence>([
    .text("anchor", "The name of its row; missing where the fact has one further up.") {
      $0.anchor
    },
    .text("event", "The event's position.") { "\($0.fact.position)" },
    .text("makesStep", "There for the fact that made the step.") { $0.makesStep ? "yes" : nil },
    .text("reading", "For a vote or sponsorship that made a step: the link by which it is read.") {
      $0.reading?.text
    },
    .text("date", "When it was so, as written.") { $0.fact.time?.text ?? "undated" },
    .text("basis", "How the date is known.") { $0.fact.basis },
    .text("summary", "What happened, in a sentence.") { $0.entry.summary },
    .list("citations", "Its footnotes.", citation) { $0.footnotes },
    .list("marks", "Corrected, disputed, reported …", phrase) { ReportWording.marks($0.fact) },
    .text("note", "The recorder's remark.") { $0.fact.note },
    .text("recording", "When it was recorded, by whom, how late.") {
      ReportWording.recording($0.fact.root, delayDays: $0.delayDays)
    },
  ])

  private static let citation = TemplateNames<Int>([
    .text("number", "The footnote's number.") { "\($0)" }
  ])

  private static let footnote = TemplateNames<Footnote>([
    .text("number", "1, 2, 3 …") { "\($0.number)" },
    .text("title", "The source's title, or its id where none is known.") {
      $0.citation.title ?? $0.citation.source
    },
    .text("publisher", "Who published it.") { $0.citation.publisher },
    .text("source", "The source's id and the place in it.") { $0.citation.text },
    .code("url", "Where it can be read; only http and https.") {
      Escaping.link($0.citation.url) ?? ""
    },
    .text("quote", "The words quoted.") { $0.citation.quote },
    .list("recordings", "The events that cite it.", recording) { $0.recordings },
  ])

  private static let recording = TemplateNames<Footnote.Recording>([
    .text("event", "The event's position.") { "\($0.event.position)" },
    .text("anchor", "The name of its row.") { $0.anchor },
    .text("recording", "When it was recorded, by whom, how late.") {
      ReportWording.recording($0.event, delayDays: $0.delayDays)
    },
  ])

  private struct RemarkRow {
    var remark: Remark
    var anchor: String?
  }

  private static let remark = TemplateNames<RemarkRow>([
    .text("kind", "late, thin, corrected …") { $0.remark.kind },
    .text("event", "The position of the event that it is about.") { row in
      row.remark.position.map { "\($0)" }
    },
    .text("anchor", "The name of the event's row.") { $0.anchor },
    .text("text", "The remark.") { $0.remark.text },
  ])

  private static let phrase = TemplateNames<String>([.text("text", "The words.") { $0 }])
}
