import Annals
import AnnalsAnswers
import EventLog

/// `show`: where an actor stands on a topic, since when, and why.
struct ShowAnswer: Layout {
  let stance: StanceAnswer

  /// How many lines of evidence to print for people.
  let evidenceLimit: Int
  var document: StanceAnswer { stance }

  func lines(on terminal: Terminal) -> [String] {
    let palette = terminal.output
    var lines = [
      palette.bold("\(stance.actor.name.printable) on \(stance.topic.id)")
        + ", on \(stance.on.text), known by \(stance.knownBy.text)",
      palette.dim("  “\(stance.proposition.printable)”"),
    ]
    if let step = stance.step {
      lines += standing(step, palette) + because(on: terminal)
      lines.append("  rests on   \(step.restsOn.printable)")
    } else {
      lines.append("  " + palette.bold("no data"))
    }
    lines.append("  rule       \(stance.rule)   \(facts)")
    for note in stance.coverage + stance.leavingOut.notes {
      lines.append("  note       \(note.printable)")
    }
    lines += FactHistory.lines(stance.history)
    return lines
  }

  private func standing(_ step: StanceStep, _ palette: Palette) -> [String] {
    var text = "  " + palette.bold(step.level.label)
    if let since = stance.since, let date = DateText.day(since) {
      text += "   since \(date)"
      if let dated = stance.sinceDated {
        return [text + " at the latest (dated \(dated))" + before]
      }
      let day = stance.on.lastDay
      if day > since { text += ", for \(DateText.span(from: since, to: day))" }
    }
    return [text + before]
  }

  private var before: String {
    stance.before.map { "   (before: \($0.label))" } ?? ""
  }

  /// The facts that made the step with the link by which they are read, then what else is recorded.
  private func because(on terminal: Terminal) -> [String] {
    var lines = rows(stance.evidence[...], "because", on: terminal)
    if let reading = stance.step?.reading {
      lines.append("  read as    \(reading.text.printable)")
    }
    let others = stance.alsoRecorded.prefix(max(0, evidenceLimit - stance.evidence.count))
    lines += rows(others, "also", on: terminal)
    let more = stance.alsoRecorded.count - others.count
    if more > 0 {
      lines.append("             + \(more.grouped) more (annals timeline \(arguments))")
    }
    return lines
  }

  private func rows(
    _ entries: ArraySlice<TimelineEntry>, _ word: String, on terminal: Terminal
  ) -> [String] {
    var table = Table(
      [
        .init("#", right: true), .init("on"), .init("source", give: 2), .init("what", give: 1),
      ], hasHeading: false)
    for entry in entries {
      table.add(
        entry.fact.position.description, entry.fact.time?.text ?? "undated",
        entry.fact.shownSource, entry.summary)
    }
    let rows = table.lines(width: terminal.width, palette: terminal.output, indent: 13)
    let heading = "  " + word + String(repeating: " ", count: 11 - word.count)
    return rows.enumerated().map { $0 == 0 ? heading + $1.dropFirst(13) : $1 }
  }

  /// "4 facts, 2022-10-13 to 2025-02-24".
  private var facts: String {
    let count = stance.count == 1 ? "1 fact" : "\(stance.count.grouped) facts"
    guard let period = stance.period, let from = DateText.day(period.lowerBound),
      let to = DateText.day(period.upperBound)
    else { return count }
    return from == to ? "\(count), \(from)" : "\(count), \(from) to \(to)"
  }

  private var arguments: String { "\(stance.actor.id) \(stance.topic.id)" }
}
