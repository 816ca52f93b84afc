import Annals
import EventLog

/// Short words for what made a step.
struct StepWords {
  let type: String
  let summary: String

  init(_ step: StanceStep) {
    type = step.evidence.type
    summary = step.summary
  }

  init(_ entry: TimelineEntry) {
    type = entry.fact.type
    summary = entry.summary
  }

  /// What happened, without the text of a statement: "Joe Biden spoke for United States".
  var short: String {
    guard type == "statement.made", let colon = summary.firstRange(of: ": ") else { return summary }
    let opening = String(summary[..<colon.lowerBound])
    if opening.hasSuffix(" said") { return opening.dropLast(4) + "spoke" }
    return opening.replacing(" said for ", with: " spoke for ")
  }

  /// As part of a sentence about the actor: "it voted no on un-ga/ES-11/7".
  func did(as actor: String) -> String {
    let words = short
    if words.hasPrefix(actor + " ") { return "it " + words.dropFirst(actor.count + 1) }
    if words.hasSuffix(" for " + actor) { return words.dropLast(actor.count) + "it" }
    return words
  }

  /// The shape of its mark: vote, statement, sponsorship, declared change.
  var shape: String {
    switch type {
    case "vote.cast": "vote"
    case "statement.made": "statement"
    case "sponsorship.declared": "sponsorship"
    default: "change"
    }
  }
}
