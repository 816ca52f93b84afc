import AnnalsAnswers
import EventLog

/// What `init` made.
extension CreationAnswer: Layout {
  func lines(on terminal: Terminal) -> [String] {
    guard events > 0 else { return ["Created \(store.printable)"] }
    return [
      "Created \(store.printable) — \(events.grouped) events, \(actors.grouped) actors, "
        + (topics == 1 ? "1 topic" : "\(topics.grouped) topics")
    ]
  }
}
