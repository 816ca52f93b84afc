public import Annals
public import EventLog

/// `explain rule`: the formulas of rules.
public struct RulesAnswer: Answer {
  public let rules: [Rule]
  public let face: Face

  public init(rules: [Rule], face: Face) {
    self.rules = rules
    self.face = face
  }

  public var json: JSON { .members(["schema": "annals.rules.v2", "rules": .array(records)]) }

  public var records: [JSON] {
    rules.map { rule in
      .members([
        "rule": .string(rule.name), "title": .string(rule.title),
        "formula": .texts(rule.formula(for: face)),
      ])
    }
  }

  public var sheet: Sheet {
    Sheet(
      columns: ["rule", "title", "formula"],
      rows: rules.map { rule in
        [
          .string(rule.name), .string(rule.title),
          .string(rule.formula(for: face).joined(separator: " ")),
        ]
      })
  }
}

/// `explain CODE`: one entry of the error catalogue.
public struct ErrorAnswer: Answer {
  public let entry: ErrorEntry
  public let face: Face

  public init(entry: ErrorEntry, face: Face) {
    self.entry = entry
    self.face = face
  }

  public var json: JSON {
    .members([
      "schema": "annals.error.v2", "code": .string(entry.code.rawValue),
      "title": .string(entry.title),
      "explanation": .string(entry.explanation.words(for: face)),
      "remedy": .string(entry.remedy.words(for: face)), "exit_code": .whole(entry.code.exitCode),
      "http_status": .whole(entry.code.httpStatus),
    ])
  }
  public var records: [JSON] { [json] }
  public var sheet: Sheet { ErrorsAnswer(codes: [entry.code]).sheet }
}

/// `explain`: the codes of the error catalogue.
public struct ErrorsAnswer: Answer {
  public let codes: [ErrorCode]

  public init(codes: [ErrorCode]) { self.codes = codes }

  public var json: JSON { .members(["schema": "annals.errors.v2", "errors": .array(records)]) }

  public var records: [JSON] {
    codes.map { code in
      .members([
        "code": .string(code.rawValue), "title": .string(code.entry.title),
        "exit_code": .whole(code.exitCode), "http_status": .whole(code.httpStatus),
      ])
    }
  }

  public var sheet: Sheet {
    Sheet(
      columns: ["code", "title", "exit_code", "http_status"],
      rows: codes.map { code in
        [
          .string(code.rawValue), .string(code.entry.title), .whole(code.exitCode),
          .whole(code.httpStatus),
        ]
      })
  }
}
