import Annals
import AnnalsAnswers
import EventLog

/// What a form would do, or what is wrong with it: the answer of the button Check.
struct WritePreview {
  let context: PageContext
  /// How many rows of each list are shown.
  static let most = 100

  /// What recording would do. `noun` says what is recorded: "the correction".
  func html(_ report: WriteReport, _ noun: String) -> HTML {
    """
    <h2>Nothing is written yet</h2>\(events(report, noun))\(changes(report))\(remarks(report))
    """
  }

  private func events(_ report: WriteReport, _ noun: String) -> HTML {
    if report.receipts.count == 1, let receipt = report.receipts.first {
      if !receipt.isNew {
        let fact = context.link(.event(receipt.position), "\(receipt.position.description)")
        return """
          <p>The record holds this already, as \(fact): \(Words.withoutStop(receipt.summary)).</p>
          """
      }
      return """
        <p>\(Words.sentence(noun)) would be \(receipt.position.description): \
        <b>\(Words.withoutStop(receipt.summary))</b>.</p>\(dependents(report))
        """
    }
    let new = report.receipts.filter(\.isNew)
    let rows = new.prefix(Self.most).map { receipt -> HTML in
      "<li>\(receipt.position.description) \(receipt.summary)</li>"
    }
    let present: HTML =
      report.alreadyPresent > 0
      ? " The record holds \(Words.count(report.alreadyPresent, "event")) of them already." : .none
    return """
      <p>\(Words.count(report.appended, "event")) would be recorded.\(present)</p>\(dependents(report))\
      <ul class="plain">\(rows)</ul>\(Words.more(rows.count, of: report.appended))
      """
  }

  /// Of a retraction: what hangs on the fact.
  private func dependents(_ report: WriteReport) -> HTML {
    report.dependents == 0
      ? .none : "<p>\(Words.count(report.dependents, "fact")) in the record rest on this fact.</p>"
  }

  private func changes(_ report: WriteReport) -> HTML {
    if report.changes.isEmpty { return "<p>No stance would change.</p>" }
    let rows = report.changes.prefix(Self.most).map { change -> HTML in
      let day = change.from == .min ? nil : Words.isoDay(change.from)
      let address = Address.explorer(change.actor.id, change.topic.id).with("on", day)
      let start: HTML =
        change.from == .min ? "from an unknown day on" : "from \(Words.day(change.from))"
      return """
        <li>\(context.link(address, "\(change.actor.name)")) on \(change.topic.name): \
        \(LevelWords(change.before).mark) → \(LevelWords(change.after).mark), \(start)</li>
        """
    }
    return """
      <h3>\(Words.count(report.changes.count, "stance")) would change</h3>\
      <ul class="plain">\(rows)</ul>\(Words.more(rows.count, of: report.changes.count))
      """
  }

  private func remarks(_ report: WriteReport) -> HTML {
    if report.remarks.listed.isEmpty { return .none }
    let rows = report.remarks.listed.map { remark -> HTML in
      "<li>\(Words.sentence(remark.text)).</li>"
    }
    let more = Words.more(rows.count, of: rows.count + report.remarks.more)
    return "<h3>What to know</h3><ul class=\"plain\">\(rows)</ul>\(more)"
  }

  /// Everything that is wrong, each with a link to its field.
  func faults(_ state: FormState, _ fields: FormFields) -> HTML {
    let rows = state.faults.map { name, problem -> HTML in
      var field: HTML = .none
      if let name, let id = fields.id(name), let label = fields.label(name) {
        field = "<a href=\"#\(id)\">\(label)</a>: "
      }
      return "<li>\(field)\(FaultWords(problem).words)</li>"
    }
    return """
      <h2>\(Words.count(rows.count, "fault"))</h2><p>Nothing is written.</p>\
      <ul class="plain">\(rows)</ul>
      """
  }

  /// Either of them; nothing where nothing was sent yet.
  func html(_ state: FormState, _ fields: FormFields, _ noun: String) -> HTML {
    if state.hasFaults { return faults(state, fields) }
    return state.report.map { html($0, noun) } ?? .none
  }
}
