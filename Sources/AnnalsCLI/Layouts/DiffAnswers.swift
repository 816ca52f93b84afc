import Annals
import AnnalsAnswers
import EventLog

/// `diff --on A..B`: what the world changed.
struct WorldDiffAnswer: Layout {
  let diff: WorldDiff
  var document: WorldDiff { diff }

  func lines(on terminal: Terminal) -> [String] {
    let palette = terminal.output
    var lines = [
      palette.bold("\(diff.actor.name.printable) on \(diff.topic.id)")
        + ", from \(diff.from) to \(diff.to), known by \(diff.knownBy.text), rule \(diff.rule)",
      "\(diff.before.label) → \(diff.after.label)", "",
    ]
    var table = Table([
      .init("on"), .init("stance"), .init("event", right: true), .init("source", give: 2),
      .init("what", give: 1),
    ])
    for step in diff.steps {
      let isChange = step.before != step.level
      table.add(
        DateText.day(step.from) ?? "…",
        isChange ? "\(step.before.label) → \(step.level.label)" : "\(step.level.label) (confirmed)",
        step.evidence.position.description, step.evidence.shownSource, step.summary)
    }
    lines += table.lines(width: terminal.width, palette: palette)
    for step in diff.ended {
      lines.append(
        "\(DateText.day(step.to) ?? "…")  \(step.level.label) ended by itself "
          + "(\(step.evidence.position)): no data")
    }
    let changes = diff.steps.count { $0.before != $0.level } + diff.ended.count
    let confirmations = diff.steps.count { $0.before == $0.level }
    lines += diff.steps.isEmpty && diff.ended.isEmpty ? [] : [""]
    lines.append(
      "The world: \(changes.counted("change")), \(confirmations.counted("confirmation")).")
    for note in diff.coverage + diff.leavingOut.notes { lines.append("note  \(note.printable)") }
    return lines
  }
}

/// `diff ACTOR TOPIC --known-by A..B`: what was learned or put right about a stance.
struct RevisionDiffAnswer: Layout {
  let diff: RevisionDiff
  var document: RevisionDiff { diff }

  func lines(on terminal: Terminal) -> [String] {
    let palette = terminal.output
    var lines = [
      palette.bold("\(diff.actor.name.printable) on \(diff.topic.id)")
        + ", on \(diff.on): known by \(diff.from.text) → known by \(diff.to.text)",
      "\(diff.before.label) → \(diff.after.label)", "",
    ]
    var table = Table(
      [
        .init(""), .init("from"), .init("stance"), .init("event", right: true),
        .init("what", give: 1),
      ], hasHeading: false)
    for line in diff.lines {
      if let step = line.before { table.rows.append(cells("-", step)) }
      if let step = line.after { table.rows.append(cells("+", step)) }
      for cause in line.causes where cause.fact.position != line.after?.evidence.position {
        table.rows.append([
          "", "", "", cause.fact.position.description, "because: " + cause.summary.printable,
        ])
      }
    }
    lines += table.lines(width: terminal.width, palette: palette)
    func count(_ kind: DiffLine.Kind) -> Int { diff.lines.count { $0.kind == kind } }
    lines += diff.lines.isEmpty ? [] : [""]
    lines.append(
      "What was known: \(count(.changed).counted("step")) changed, \(count(.added).grouped) added, "
        + "\(count(.removed).grouped) removed.")
    for note in diff.leavingOut.notes { lines.append("note  \(note.printable)") }
    return lines
  }

  private func cells(_ sign: String, _ step: StanceStep) -> [String] {
    [
      sign, DateText.day(step.from) ?? "…", step.level.label,
      step.evidence.position.description, step.summary.printable,
    ]
  }
}

/// `diff --known-by A..B`: what the record took in.
struct RecordDiffAnswer: Layout {
  let diff: RecordDiff
  var document: RecordDiff { diff }

  private static let shownFacts = 20

  func lines(on terminal: Terminal) -> [String] {
    let palette = terminal.output
    var lines = [
      palette.bold("The record") + ": known by \(diff.from.text) → known by \(diff.to.text)", "",
    ]
    let total = diff.added.reduce(0) { $0 + $1.count }
    let types = diff.added.map { "\($0.count.grouped) \($0.type)" }.joined(separator: ", ")
    lines.append(total == 0 ? "No new facts." : "\(total.counted("new fact")): \(types)")
    var table = Table([.init(""), .init("on"), .init("what", give: 1)], hasHeading: false)
    for entry in diff.newFacts.prefix(Self.shownFacts) {
      table.add(
        "  \(entry.fact.position)", entry.fact.time?.text ?? "undated", entry.summary)
    }
    lines += table.lines(width: terminal.width, palette: palette)
    if total > Self.shownFacts {
      lines.append("  + \((total - Self.shownFacts).grouped) more (annals log, or -o json)")
    }
    if diff.amendedNew > 0 {
      lines.append(
        "Of the new facts, \(diff.amendedNew.grouped) corrected, retracted or disputed since.")
    }
    if !diff.changed.isEmpty { lines += ["", "Facts that read otherwise:"] }
    for changed in diff.changed {
      lines.append("  \(changed.entry.fact.position)  \(changed.entry.summary.printable)")
      for field in changed.fields {
        lines.append("      - \(field.field): \((field.before ?? "nothing").printable)")
        lines.append("      + \(field.field): \((field.after ?? "nothing").printable)")
      }
      for cause in changed.causes {
        lines.append("      \(cause.fact.position)  \(cause.summary.printable)")
      }
    }
    if !diff.stances.isEmpty { lines += ["", "Stances that read otherwise:"] }
    for change in diff.stances {
      lines.append(
        "  \(change.actor.name.printable) on \(change.topic.id): \(change.before.label) → "
          + "\(change.after.label), from \(DateText.day(change.from) ?? "the beginning")")
    }
    return lines
  }
}
