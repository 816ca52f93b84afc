import Annals
import AnnalsAnswers
import EventLog

extension Fact {
  /// The first source for people: where it can be read, else its name.
  var shownSource: String {
    guard let first = sources.first else { return "no source" }
    let more = sources.count > 1 ? " +\(sources.count - 1)" : ""
    return first.text + more
  }
}

extension FactHistory {
  /// For people: each fact, and below it the later events about it.
  static func lines(_ history: [FactHistory]) -> [String] {
    if history.isEmpty { return [] }
    var lines = ["", "History:"]
    for item in history {
      let fact = item.entry.fact
      lines.append("  \(fact.position)  \((item.entry.summary + fact.marks).printable)")
      for event in item.chain {
        let batch = event.fact.root.batch
        lines.append(
          "    └ \(event.fact.position)  \(DateText.day(of: batch.recorded)) \(batch.recorder.printable): "
            + event.summary.printable)
      }
    }
    return lines
  }
}
