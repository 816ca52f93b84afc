public import Annals
public import EventLog

/// `replay`: which stored views were rebuilt.
public struct ReplayAnswer: Answer {
  public let reports: [ReplayReport]

  public init(reports: [ReplayReport]) { self.reports = reports }

  public var json: JSON { .members(["schema": "annals.replay.v2", "views": .array(records)]) }

  public var records: [JSON] {
    reports.map { report in
      .members([
        "view": .string(report.name), "version": .whole(report.version),
        "seq": .integer(report.position.rawValue),
        "was_equal": report.wasEqual.map(JSON.bool) ?? .null, "failure": .failure(report.failure),
      ])
    }
  }

  public var sheet: Sheet {
    Sheet(
      columns: ["view", "version", "seq", "was_equal", "failed", "reason"],
      rows: reports.map { report in
        [
          .string(report.name), .whole(report.version),
          .integer(report.position.rawValue), report.wasEqual.map(JSON.bool) ?? .null,
          .whole(report.failure?.position.rawValue), .text(report.failure?.reason),
        ]
      })
  }
}

/// `replay --check`: whether stored views are what the log gives.
public struct CheckAnswer: Answer {
  public let reports: [CheckReport]

  public init(reports: [CheckReport]) { self.reports = reports }

  public var json: JSON { .members(["schema": "annals.check.v2", "views": .array(records)]) }

  public var records: [JSON] {
    reports.map { report in
      .members([
        "view": .string(report.name), "seq": .whole(report.position?.rawValue),
        "equal": .bool(report.differences.isEmpty), "differences": .texts(report.differences),
        "failure": .failure(report.failure),
      ])
    }
  }

  public var sheet: Sheet {
    Sheet(
      columns: ["view", "seq", "equal", "differences", "failed", "reason"],
      rows: reports.map { report in
        [
          .string(report.name), .whole(report.position?.rawValue),
          .bool(report.differences.isEmpty), .whole(report.differences.count),
          .whole(report.failure?.position.rawValue), .text(report.failure?.reason),
        ]
      })
  }
}

/// `replay --list`: the stored views, and how far each of them is.
public struct ViewsAnswer: Answer {
  public let views: [Projector.Status]
  /// Names of stored views that no file at hand describes.
  public let undescribed: [String]

  public init(views: [Projector.Status], undescribed: [String]) {
    self.views = views
    self.undescribed = undescribed
  }

  public var json: JSON {
    .members([
      "schema": "annals.views.v2", "views": .array(records), "undescribed": .texts(undescribed),
    ])
  }

  public var records: [JSON] {
    views.map { view in
      .members([
        "view": .string(view.definition.name), "version": .whole(view.definition.version),
        "definition": .string(view.definition.hash.hexDigits), "mode": .string(view.modeName),
        "seq": .whole(view.position?.rawValue), "lag": .integer(view.lag),
        "failure": .failure(view.failure),
      ])
    }
  }

  public var sheet: Sheet {
    Sheet(
      columns: ["view", "version", "definition", "mode", "seq", "lag", "failed", "reason"],
      rows: views.map { view in
        [
          .string(view.definition.name), .whole(view.definition.version),
          .string(view.definition.hash.hexDigits), .string(view.modeName),
          .whole(view.position?.rawValue), .integer(view.lag),
          .whole(view.failure?.position.rawValue), .text(view.failure?.reason),
        ]
      })
  }
}

extension Projector.Status {
  package var modeName: String {
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
