import Annals
import EventLog

/// On a page about an earlier state of the record: how much has come since, and the ways to the difference
/// and to the same page as known now.
struct StateBanner {
  let state: RecordState
  /// The end of the log when the page was made.
  let head: Position

  /// `now` is the page as known now. Nothing on a page that shows the last state.
  func html(now: Address, _ context: PageContext) -> HTML {
    guard state.position < head else { return .none }
    let recorded = state.recorded.map { ", \(Words.time($0))" } ?? ""
    let more = Int(head.rawValue - state.position.rawValue)
    let difference = Address.difference.with(
      "known_by", "#\(state.position.rawValue)..#\(head.rawValue)")
    return """
      <div class="note"><p><b>As known by \(state.position.description)</b>\(recorded) · since then \
      \(Words.count(more, "event")) \(more == 1 ? "was" : "were") recorded.</p>\
      <p>\(context.link(difference, "See the difference")) · \(context.link(now, "as known now"))</p></div>
      """
  }
}
