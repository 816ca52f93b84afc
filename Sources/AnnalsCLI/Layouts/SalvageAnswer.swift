import Annals
import AnnalsAnswers
import EventLog

/// `doctor --salvage`: how much was saved, and what ended it.
extension SalvageAnswer: Layout {
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
