import Annals
import EventLog

/// `doctor --salvage`: how much was saved, and what ended it.
struct SalvageAnswer: Answer {
  let salvage: Salvage
  let file: String

  var json: JSON {
    .members([
      "schema": "annals.salvage.v1", "file": .string(file),
      "saved": .integer(salvage.saved.rawValue), "head": .integer(salvage.head.rawValue),
      "root": .string(salvage.root.hexDigits), "fault": .text(salvage.fault?.message),
      "saidAnew": .array(salvage.saidAnew.map { .integer($0.rawValue) }),
    ])
  }

  var records: [JSON] { [json] }

  var sheet: Sheet {
    Sheet(
      columns: ["file", "saved", "head", "root", "fault"],
      rows: [
        [
          .string(file), .integer(salvage.saved.rawValue), .integer(salvage.head.rawValue),
          .string(salvage.root.hexDigits), .text(salvage.fault?.message),
        ]
      ])
  }

  func lines(on terminal: Terminal) -> [String] {
    let (saved, all) = (salvage.saved.rawValue, salvage.head.rawValue)
    var lines = [
      "\(file): saved \(saved.grouped) of \(all.grouped) events, root \(salvage.root.hexDigits)"
    ]
    if let fault = salvage.fault { lines.append("The first fault: \(fault.message)") }
    if saved < all {
      lines.append(
        "What stands behind it was left: look for it in a backup or an export, and import that.")
    }
    if !salvage.saidAnew.isEmpty {
      let what = salvage.saidAnew.map(\.description).joined(separator: ", ")
      lines.append("An event behind it says anew that the payload was erased of \(what).")
    }
    return lines
  }
}
