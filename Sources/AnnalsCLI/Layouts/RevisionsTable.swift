import Annals
import AnnalsAnswers
import EventLog

/// `revisions`: the events that changed a line, one row each.
struct RevisionsTable: Layout {
  let known: LineRevisions
  var document: LineRevisions { known }

  func lines(on terminal: Terminal) -> [String] {
    let palette = terminal.output
    var lines = [
      palette.bold("\(known.actor.name.printable) on \(known.topic.id)")
        + ", on \(known.on.text), known by \(known.knownBy.text), rule \(known.rule)", "",
    ]
    if known.revisions.isEmpty {
      lines.append("no state of the record shows a step: nothing directed is known about it")
      return lines
    }
    var table = Table([
      .init("known by", right: true), .init("recorded"), .init("by", give: 2), .init("stance"),
      .init("steps", right: true), .init("what", give: 1),
    ])
    for revision in known.revisions {
      let batch = revision.cause.fact.root.batch
      table.add(
        revision.knownBy.position.description,
        DateText.recorded(batch.recorded, delayDays: nil, on: terminal), batch.recorder,
        revision.level.label, "\(revision.steps.count)",
        ([revision.cause.summary] + revision.sourceChanges.map { "source changed (\($0.text))" })
          .joined(separator: " · "))
    }
    lines += table.lines(width: terminal.width, palette: palette)
    if known.omitted > 0 {
      lines.append("\(known.omitted.grouped) earlier states are left out: see --limit")
    }
    return lines
  }
}
