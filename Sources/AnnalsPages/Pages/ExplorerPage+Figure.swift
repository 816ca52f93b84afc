import Annals
import AnnalsAnswers
import EventLog

/// The picture, in both spacings, with its key and the same as a table.
extension ExplorerPage {
  /// Days at which anything on the page changes.
  var changeDays: [Int64] {
    (steps + (explorer.now?.steps ?? []) + explorer.revisions.revisions.flatMap(\.steps)).flatMap {
      step in
      [step.from] + (step.to.map { [$0 + 1] } ?? [])
    }.filter { $0 != .min && $0 <= explorer.lastDay }
  }

  var trueScale: TrueScale {
    let rollcalls = explorer.rollcalls.compactMap(\.day).filter { $0 <= explorer.lastDay }
    return TrueScale(
      of: changeDays + rollcalls, through: explorer.lastDay, plot: StepLine.plot)
  }

  var evenScale: EvenScale {
    EvenScale(of: changeDays, through: explorer.lastDay, plot: StepLine.plot)
  }

  var figure: HTML {
    let line = StepLine(
      steps: steps, ghost: explorer.now.flatMap { $0.steps == steps ? nil : $0.steps },
      actor: actor.name, rollcalls: explorer.rollcalls, base: base, day: explorer.day,
      last: explorer.lastDay)
    let shapes = steps.map { StepWords($0).shape }
    var others: [HTML] = []
    if steps.contains(where: { $0.evidence.confidence != "asserted" }) {
      others.append("<li>hollow: reported or alleged, not asserted</li>")
    }
    if explorer.rollcalls.contains(where: { !$0.hasVote && $0.day != nil }) {
      others.append("<li>hollow square below: a roll call without a recorded vote</li>")
    }
    if explorer.now != nil {
      others.append("<li>dashed: as it is known now, where it differs</li>")
    }
    let rows = steps.map { step -> HTML in
      let from = step.from == .min ? "—" : Words.isoDay(step.from)
      return """
        <tr><td class="nw">\(from)</td><td class="nw">\(step.to.map(Words.isoDay) ?? "—")</td>\
        <td>\(LevelWords(step.level).mark)</td><td>\(StepWords(step).short)</td>\
        <td>\(context.link(.event(step.evidence.position), "\(step.evidence.position.description)"))</td></tr>
        """
    }
    return """
      <figure id="fig"><figcaption><b>How the stance changed</b> <span class="opt">\
      <label><input type="radio" name="sp" checked> to scale</label>\
      <label><input type="radio" name="sp" id="even"> evenly spaced</label></span></figcaption>
      \(line.drawing(trueScale, isEven: false, context))
      \(line.drawing(evenScale, isEven: true, context))
      <div class="slot" id="slot-kb" hidden><p id="kb-said" class="quiet"></p></div>
      \(Figure.key(levels: steps.map(\.level), shapes: shapes, others: others))
      <p class="how">The line shows the latest evidence with a direction (rule \(explorer.audit.rule)). \
      Between two facts it stays as the last one left it: that is not evidence that \(actor.name) kept \
      its view, only that nothing newer is recorded.</p>
      <details><summary>The same as a table</summary><div class="wide" tabindex="0" role="region" \
      aria-label="Steps"><table><thead><tr><th scope="col">From</th><th scope="col">To</th>\
      <th scope="col">Stance</th><th scope="col">By</th><th scope="col">Fact</th></tr></thead>\
      <tbody>\(rows)</tbody></table></div></details></figure>
      """
  }
}
