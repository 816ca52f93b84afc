import Annals
import EventLog

/// `replay`: what was rebuilt.
struct ReplayAnswer: Answer {
  let reports: [ReplayReport]

  var json: JSON { .members(["schema": "annals.replay.v1", "views": .array(records)]) }

  var records: [JSON] {
    reports.map { report in
      .members([
        "view": .string(report.name), "version": .integer(Int64(report.version)),
        "seq": .integer(report.position.rawValue),
        "wasEqual": report.wasEqual.map(JSON.bool) ?? .null, "failure": .failure(report.failure),
      ])
    }
  }

  var sheet: Sheet {
    Sheet(
      columns: ["view", "version", "seq", "was_equal", "failed", "reason"],
      rows: reports.map { report in
        [
          .string(report.name), .integer(Int64(report.version)),
          .integer(report.position.rawValue), report.wasEqual.map(JSON.bool) ?? .null,
          .whole(report.failure?.position.rawValue), .text(report.failure?.reason),
        ]
      })
  }

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
struct CheckAnswer: Answer {
  let reports: [CheckReport]

  var json: JSON { .members(["schema": "annals.check.v1", "views": .array(records)]) }

  var records: [JSON] {
    reports.map { report in
      .members([
        "view": .string(report.name), "seq": .whole(report.position?.rawValue),
        "equal": .bool(report.differences.isEmpty),
        "differences": .array(report.differences.map(JSON.string)),
        "failure": .failure(report.failure),
      ])
    }
  }

  var sheet: Sheet {
    Sheet(
      columns: ["view", "seq", "equal", "differences", "failed", "reason"],
      rows: reports.map { report in
        [
          .string(report.name), .whole(report.position?.rawValue),
          .bool(report.differences.isEmpty), .integer(Int64(report.differences.count)),
          .whole(report.failure?.position.rawValue), .text(report.failure?.reason),
        ]
      })
  }

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
struct ViewsAnswer: Answer {
  let views: [Projector.Status]
  /// Names of stored views of which no file is at hand.
  let undescribed: [String]

  var json: JSON {
    .members([
      "schema": "annals.views.v1", "views": .array(records),
      "undescribed": .array(undescribed.map(JSON.string)),
    ])
  }

  var records: [JSON] {
    views.map { view in
      .members([
        "view": .string(view.definition.name), "version": .integer(Int64(view.definition.version)),
        "definition": .string(view.definition.hash.hexDigits), "mode": .string(view.modeName),
        "seq": .whole(view.position?.rawValue), "lag": .integer(view.lag),
        "failure": .failure(view.failure),
      ])
    }
  }

  var sheet: Sheet {
    Sheet(
      columns: ["view", "version", "definition", "mode", "seq", "lag", "failed", "reason"],
      rows: views.map { view in
        [
          .string(view.definition.name), .integer(Int64(view.definition.version)),
          .string(view.definition.hash.hexDigits), .string(view.modeName),
          .whole(view.position?.rawValue), .integer(view.lag),
          .whole(view.failure?.position.rawValue), .text(view.failure?.reason),
        ]
      })
  }

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

  fileprivate var modeName: String {
    switch mode {
    case .inline: "inline"
    case .following: "catching up"
    case .onDemand: "on demand"
    }
  }
}

extension JSON {
  /// Where a view stopped, and why.
  fileprivate static func failure(_ failure: ProjectionState.Failure?) -> JSON {
    guard let failure else { return .null }
    return .members([
      "seq": .integer(failure.position.rawValue), "reason": .string(failure.reason),
    ])
  }
}
