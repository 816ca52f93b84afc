import Annals
import EventLog

/// `import --exact`, `doctor --salvage`: whether a log came out as it was.
struct RestoreAnswer: Answer {
  let report: RestoreReport

  var json: JSON {
    .members([
      "schema": "annals.restore.v1", "dryRun": .bool(report.isDryRun),
      "restored": .integer(Int64(report.restored)),
      "alreadyPresent": .integer(Int64(report.alreadyPresent)),
      "erased": .integer(Int64(report.erased)), "batches": .integer(Int64(report.batches)),
      "seq": .integer(report.head.rawValue), "root": .string(report.root.hexDigits),
      "same": .bool(report.isSame),
    ])
  }

  var records: [JSON] { [json] }

  var sheet: Sheet {
    Sheet(
      columns: ["restored", "already_present", "erased", "batches", "seq", "root", "same"],
      rows: [
        [
          .integer(Int64(report.restored)), .integer(Int64(report.alreadyPresent)),
          .integer(Int64(report.erased)), .integer(Int64(report.batches)),
          .integer(report.head.rawValue), .string(report.root.hexDigits), .bool(report.isSame),
        ]
      ])
  }

  func lines(on terminal: Terminal) -> [String] {
    var what = "\(report.restored.grouped) \(report.restored == 1 ? "event" : "events")"
    if report.alreadyPresent > 0 {
      what += ", \(report.alreadyPresent.grouped) were there already"
    }
    if report.erased > 0 { what += ", \(report.erased.grouped) of them with their payload erased" }
    if report.isDryRun { return ["Would restore \(what). Nothing was written."] }
    return [
      "Restored \(what), up to \(report.head).",
      report.isSame
        ? "Positions, ids, instants and hashes are the same: root \(report.root.hexDigits)"
        : report.misfiled.map { "NOT THE SAME: \($0) is filed otherwise" }
          ?? "NOT THE SAME: root \(report.root.hexDigits), expected \(report.expectedRoot.hexDigits)",
    ]
  }
}
