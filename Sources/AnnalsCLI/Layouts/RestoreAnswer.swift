import Annals
import AnnalsAnswers
import EventLog

/// `import --exact`, `doctor --salvage`: whether a log came out as it was.
struct RestoreAnswer: Layout {
  let report: RestoreReport
  var document: RestoreReport { report }

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
