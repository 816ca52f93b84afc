import Annals
import EventLog

/// `verify`: what was looked at, and what is wrong.
struct VerificationAnswer: Answer {
  let found: Verification
  let after: Position

  static let purgeDue =
    "an erasure was cut short, and the file may hold traces of erased payloads; the next append "
    + "removes them"

  var json: JSON {
    .members([
      "schema": "annals.verify.v1", "verified": .bool(found.holds),
      "seq": .integer(found.head.position.rawValue), "root": .string(found.root.hexDigits),
      "hashedFrom": .integer(after.rawValue + 1), "parts": .array(records),
      "firstFault": .whole(found.first?.position?.rawValue), "purgeDue": .bool(found.isPurgeDue),
    ])
  }

  var records: [JSON] {
    found.parts.map { part in
      .members([
        "part": .string(part.name.rawValue), "scope": .string(part.scope),
        "ok": .bool(part.faults.isEmpty && !part.isUnsigned),
        "status": .string(Self.status(part)), "faultCount": .integer(Int64(part.faultCount)),
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

  /// "ok" needs a signature that was checked: any program can write an unsigned checkpoint.
  private static func status(_ part: Verification.Part) -> String {
    if !part.faults.isEmpty { return "fault" }
    return part.isUnsigned ? "signature not checked" : "ok"
  }

  var sheet: Sheet {
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

  func lines(on terminal: Terminal) -> [String] {
    let palette = terminal.output
    var table = Table([.init("part"), .init("result"), .init("what", give: 1)], hasHeading: false)
    for part in found.parts {
      let count = max(part.faultCount, part.faults.count)
      table.add(
        part.name.rawValue,
        count == 0
          ? Self.status(part) : "\(count.grouped) \(count == 1 ? "fault" : "faults")", part.scope)
    }
    let verdict = found.holds ? "verified" : "NOT VERIFIED"
    let root = found.root.isEmpty ? "" : ", root \(found.root.hexDigits)"
    return [palette.bold(verdict) + "  \(found.head.position.rawValue.grouped) events\(root)"]
      + table.lines(width: terminal.width, palette: palette, indent: 2)
      + (found.isPurgeDue ? ["A purge is due: \(Self.purgeDue)."] : [])
  }
}
