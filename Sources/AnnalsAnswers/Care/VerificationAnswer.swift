public import Annals
public import EventLog

/// `verify`: what was looked at, and what is wrong.
public struct VerificationAnswer: Answer {
  public let found: Verification
  /// Events up to this position were not hashed again.
  public let after: Position

  public init(found: Verification, after: Position) {
    self.found = found
    self.after = after
  }

  public var json: JSON {
    .members([
      "schema": "annals.verify.v2", "verified": .bool(found.holds),
      "seq": .integer(found.head.position.rawValue), "root": .string(found.root.hexDigits),
      "hashed_from": .integer(after.rawValue + 1), "parts": .array(records),
      "first_fault": .whole(found.first?.position?.rawValue), "purge_due": .bool(found.isPurgeDue),
    ])
  }

  public var records: [JSON] {
    found.parts.map { part in
      .members([
        "part": .string(part.name.rawValue), "scope": .string(part.scope),
        "ok": .bool(part.faults.isEmpty && !part.isUnsigned),
        "status": .string(part.status), "fault_count": .whole(part.faultCount),
        "faults": .array(
          part.faults.map { fault in
            .members([
              "seq": .whole(fault.position?.rawValue), "message": .string(fault.message),
              "expected": .text(fault.expected), "found": .text(fault.found),
              "code": .string(fault.code.rawValue),
            ])
          }),
      ])
    }
  }

  public var sheet: Sheet {
    Sheet(
      columns: ["part", "ok", "scope", "seq", "message", "expected", "found"],
      rows: found.parts.flatMap { part in
        let start: [JSON] = [
          .string(part.name.rawValue), .bool(part.faults.isEmpty && !part.isUnsigned),
          .string(part.scope),
        ]
        if part.faults.isEmpty { return [start + [.null, .null, .null, .null]] }
        return part.faults.map { fault in
          start + [
            .whole(fault.position?.rawValue), .string(fault.message), .text(fault.expected),
            .text(fault.found),
          ]
        }
      })
  }
}

extension Verification.Part {
  /// "ok" needs a signature that was checked: any program can write an unsigned checkpoint.
  package var status: String {
    if !faults.isEmpty { return "fault" }
    return isUnsigned ? "signature not checked" : "ok"
  }
}
