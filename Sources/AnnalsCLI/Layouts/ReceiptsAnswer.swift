import Annals
import AnnalsAnswers
import EventLog

/// What a write did, or would do.
struct ReceiptsAnswer: Layout {
  let report: WriteReport
  var document: WriteReport { report }

  /// The command that shows why, for the first stance that changed.
  var followUp: String? {
    report.changes.first.map { "annals audit \($0.actor.id) \($0.topic.id)" }
  }

  /// On a screen sentences; on a pipe one receipt per line: position, id, summary, with tabs.
  func lines(on terminal: Terminal) -> [String] {
    guard terminal.isInteractive else {
      return report.receipts.map { receipt in
        "\(receipt.position.rawValue)\t\(receipt.id)\t\(receipt.summary.printable)"
      }
    }
    return outcome + stanceLines + remarkLines
  }

  private static let shownRemarks = 12

  /// What the recorder should know of the events, a line for each remark.
  var remarkLines: [String] {
    let listed = report.remarks.listed
    var lines = listed.prefix(Self.shownRemarks).map { remark in
      "note: \(remark.position.map { "\($0) " } ?? "")\(remark.text.printable)"
    }
    let more = listed.count + report.remarks.more - lines.count
    if more > 0 { lines.append("… and \(more.grouped) more notes") }
    return lines
  }

  /// What became of the events: one by one when there are few.
  private var outcome: [String] {
    if report.appended + report.alreadyPresent <= 3, report.rejected == 0, report.rows == 0 {
      return report.receipts.map { receipt in
        let verb = report.isDryRun ? "Would append" : "Appended"
        return
          "\(receipt.isNew ? verb : "Already recorded as") \(receipt.position)  \(receipt.type)  \(receipt.summary.printable)"
      } + (report.isDryRun ? [Self.nothingWritten] : [])
    }
    return [sentence]
  }

  /// "Appended #63–#1011060 (1,010,998 events) · 200 already present · 5 rejected".
  var sentence: String {
    var parts: [String] = []
    let events = report.appended == 1 ? "1 event" : "\(report.appended.grouped) events"
    if report.isDryRun {
      parts.append("\(events) would be appended")
    } else if let positions = report.positions {
      parts.append("Appended \(positions.lowerBound)–\(positions.upperBound) (\(events))")
    } else {
      parts.append("Nothing new to append")
    }
    if report.alreadyPresent > 0 {
      parts.append("\(report.alreadyPresent.grouped) already present")
    }
    if report.rows > 0 { parts.append("\(report.rows.grouped) rows read") }
    for skip in report.skipped { parts.append("\(skip.rows.grouped) skipped (\(skip.reason))") }
    if report.rejected > 0 { parts.append("\(report.rejected.grouped) rejected") }
    let second = report.secondAccounts
    if second.agreeing > 0 { parts.append("\(second.agreeing.grouped) votes confirmed") }
    if second.contradicting > 0 {
      parts.append(
        "\(second.contradicting.grouped) contradict another source (annals rollcalls --conflicts)")
    }
    if report.isDryRun { parts.append(Self.nothingWritten) }
    return parts.joined(separator: " · ")
  }

  /// What is stored, for when the receipts cannot be written; nil when nothing is.
  var done: String? {
    if report.isDryRun { return nil }
    guard let first = report.receipts.first, report.appended + report.alreadyPresent == 1 else {
      return report.positions.map {
        "\(report.appended.grouped) events are stored, \($0.lowerBound) to \($0.upperBound)"
      }
    }
    return "the event is stored: \(first.position)  \(first.id)"
  }

  private static let nothingWritten = "Nothing was written (--dry-run)."
  private static let shownChanges = 12

  /// "Stance changed: supports → opposes (rule latest/2, from 2025-02-24)".
  var stanceLines: [String] {
    let isOne = report.changes.count == 1 && report.receipts.count == 1
    var lines = report.changes.prefix(Self.shownChanges).map { change in
      let who = isOne ? "" : "\(change.actor.id) on \(change.topic.id): "
      let verb = report.isDryRun ? "Stance would change" : "Stance changed"
      return "\(verb):  \(who)\(change.before.label) → \(change.after.label)   "
        + "(rule \(change.rule), from \(DateText.day(change.from) ?? "the beginning"))"
    }
    let more = report.changes.count - Self.shownChanges
    if more > 0 { lines.append("… and \(more.grouped) more stances  (-o json lists all)") }
    return lines
  }
}
