import Annals
import AnnalsAnswers
import EventLog

/// `audit`: how an actor's stance on a topic changed, step by step, and what to be careful about.
struct AuditTable: Layout {
  let audit: AuditAnswer
  var document: AuditAnswer { audit }

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
