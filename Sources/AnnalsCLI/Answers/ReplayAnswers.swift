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
        "wasEqual": report.wasEqual.map(JSON.bool) ?? .null,
      ])
    }
  }

  var sheet: Sheet {
    Sheet(
      columns: ["view", "version", "seq", "was_equal"],
      rows: reports.map { report in
        [
          .string(report.name), .integer(Int64(report.version)),
          .integer(report.position.rawValue), report.wasEqual.map(JSON.bool) ?? .null,
        ]
      })
  }

  func lines(on terminal: Terminal) -> [String] {
    var table = Table([
      .init("view"), .init("events", right: true), .init("compared with the one it replaces"),
    ])
    for report in reports {
      let comparison = report.wasEqual.map { $0 ? "equal" : "it differed" } ?? "there was none"
      table.add(report.name, report.position.rawValue.grouped, comparison)
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
      ])
    }
  }

  var sheet: Sheet {
    Sheet(
      columns: ["view", "seq", "equal", "differences"],
      rows: reports.map { report in
        [
          .string(report.name), .whole(report.position?.rawValue),
          .bool(report.differences.isEmpty), .integer(Int64(report.differences.count)),
        ]
      })
  }

  func lines(on terminal: Terminal) -> [String] {
    var table = Table([.init("view"), .init("up to", right: true), .init("result")])
    for report in reports {
      let result =
        report.position == nil
        ? "never run" : report.differences.isEmpty ? "equals a fresh replay" : "differs"
      table.add(report.name, report.position?.description ?? "—", result)
    }
    let differences = reports.flatMap(\.differences).map { "  " + $0.printable }
    return table.lines(width: terminal.width, palette: terminal.output) + differences
  }
}

/// `replay --list`: how far the stored views are.
struct ViewsAnswer: Answer {
  let views: [Projector.Status]

  var json: JSON { .members(["schema": "annals.views.v1", "views": .array(records)]) }

  var records: [JSON] {
    views.map { view in
      .members([
        "view": .string(view.name), "version": .integer(Int64(view.version)),
        "seq": .whole(view.position?.rawValue), "lag": .integer(view.lag),
        "failure": view.failure.map {
          .members(["seq": .integer($0.position.rawValue), "reason": .string($0.reason)])
        } ?? .null,
      ])
    }
  }

  var sheet: Sheet {
    Sheet(
      columns: ["view", "version", "seq", "lag", "failure"],
      rows: views.map { view in
        [
          .string(view.name), .integer(Int64(view.version)), .whole(view.position?.rawValue),
          .integer(view.lag), .text(view.failure?.reason),
        ]
      })
  }

  func lines(on terminal: Terminal) -> [String] {
    var table = Table([.init("view"), .init("up to", right: true), .init("state", give: 1)])
    for view in views { table.add(view.name, view.position?.description ?? "—", view.state) }
    return table.lines(width: terminal.width, palette: terminal.output)
  }
}

extension Projector.Status {
  /// In words: how it stands to the log.
  var state: String {
    if let failure { return "stopped at \(failure.position): \(failure.reason)" }
    if position == nil { return "never run" }
    return lag == 0 ? "at the head" : "\(lag.grouped) events behind"
  }
}
