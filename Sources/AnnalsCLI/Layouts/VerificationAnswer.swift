import Annals
import AnnalsAnswers
import EventLog

/// `verify`: what was looked at, and what is wrong.
extension VerificationAnswer: Layout {
  static let purgeDue =
    "an erasure was cut short, and the file may hold traces of erased payloads; the next append "
    + "removes them"
  func lines(on terminal: Terminal) -> [String] {
    let palette = terminal.output
    var table = Table([.init("part"), .init("result"), .init("what", give: 1)], hasHeading: false)
    for part in found.parts {
      let count = max(part.faultCount, part.faults.count)
      table.add(
        part.name.rawValue,
        count == 0
          ? part.status : "\(count.grouped) \(count == 1 ? "fault" : "faults")", part.scope)
    }
    let verdict = found.holds ? "verified" : "NOT VERIFIED"
    let root = found.root.isEmpty ? "" : ", root \(found.root.hexDigits)"
    return [palette.bold(verdict) + "  \(found.head.position.rawValue.grouped) events\(root)"]
      + table.lines(width: terminal.width, palette: palette, indent: 2)
      + (found.isPurgeDue ? ["A purge is due: \(Self.purgeDue)."] : [])
  }
}
