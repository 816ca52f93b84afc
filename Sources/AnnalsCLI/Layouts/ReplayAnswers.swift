import Annals
import AnnalsAnswers
import EventLog

/// `replay`: what was rebuilt.
extension ReplayAnswer: Layout {
  func lines(on terminal: Terminal) -> [String] {
    var table = Table([
      .init("view"), .init("events", right: true), .init("compared with the one it replaces"),
    ])
    for report in reports {
      let comparison = report.wasEqual.map { $0 ? "equal" : "it differed" } ?? "there was none"
      let stop = report.failure.map { ", stopped at \($0.position)" } ?? ""
      table.add(report.name, report.position.rawValue.grouped, comparison + stop)
    }
    return table.lines(width: terminal.width, palette: terminal.output)
  }
}

/// `replay --check`: whether stored views are what the log gives.
extension CheckAnswer: Layout {
  func lines(on terminal: Terminal) -> [String] {
    var table = Table([.init("view"), .init("up to", right: true), .init("result")])
    for report in reports {
      let result =
        report.position == nil
        ? "never run" : report.differences.isEmpty ? "equals a fresh replay" : "differs"
      let stop = report.failure.map { ", stopped at \($0.position)" } ?? ""
      table.add(report.name, report.position?.description ?? "—", result + stop)
    }
    let differences = reports.flatMap(\.differences).map { "  " + $0.printable }
    return table.lines(width: terminal.width, palette: terminal.output) + differences
  }
}

/// `replay --list`: what the stored views are, and how far.
extension ViewsAnswer: Layout {
  func lines(on terminal: Terminal) -> [String] {
    var table = Table([
      .init("view"), .init("version", right: true), .init("definition"), .init("runs"),
      .init("up to", right: true), .init("lag", right: true), .init("state", give: 1),
    ])
    for view in views {
      table.add(
        view.definition.name, String(view.definition.version),
        String(view.definition.hash.hexDigits.prefix(8)), view.modeName,
        view.position?.description ?? "—", view.lag.grouped, view.state)
    }
    for name in undescribed {
      table.add(name, "", "", "", "", "", "stored, and no file describes it")
    }
    return table.lines(width: terminal.width, palette: terminal.output)
  }
}

extension Projector.Status {
  /// In words: how it stands to the log.
  var state: String {
    if let failure { return "stopped at \(failure.position): \(failure.reason)" }
    if position == nil { return "never run" }
    return switch lag {
    case 0: "at the head"
    case 1: "1 event behind"
    default: "\(lag.grouped) events behind"
    }
  }
}
