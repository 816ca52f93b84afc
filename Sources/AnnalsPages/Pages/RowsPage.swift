package import Annals
package import AnnalsAnswers
package import EventLog

/// The page into which rows of a spreadsheet are pasted, each of them a fact.
package struct RowsPage {
  private static let mostFaults = 100

  /// The rows as they were pasted.
  package var text = ""
  /// The type chosen for all rows; nil where a column says it.
  package var type: String?
  package var report: WriteReport?
  package var faults: FactRows.Faults?
  /// A problem that is not about a row.
  package var failure: Failure?

  package init() {}

  package static let address = Address("record", "rows")

  /// 200, or the status of the first problem.
  private var status: Int {
    if let failure { return FormState.status(failure) }
    return faults?.faults.first.map { FormState.status(Failure([$0.problem])) } ?? 200
  }

  /// The answer to a check, alone.
  package func preview(_ context: PageContext) -> HTML {
    if let failure {
      let rows = failure.problems.map { "<li>\(FaultWords($0).words)</li>" as HTML }
      return "<h2>This cannot be read</h2><ul class=\"plain fault\">\(rows)</ul>"
    }
    if let faults { return table(faults) }
    return report.map { WritePreview(context: context).html($0, "the event") } ?? .none
  }

  private func table(_ faults: FactRows.Faults) -> HTML {
    let rows = faults.faults.prefix(Self.mostFaults).map { fault -> HTML in
      "<tr><td class=\"num\">\(fault.row)</td><td>\(fault.column ?? "the row")</td><td>\(FaultWords(fault.problem).words)</td></tr>"
    }
    let more = faults.faults.count - rows.count + faults.more
    let rest: HTML =
      more > 0 ? "<p class=\"quiet\">and \(Words.count(more, "further fault"))</p>" : .none
    return """
      <h2>\(Words.count(faults.faults.count + faults.more, "fault"))</h2>
      <p>\(Words.count(faults.rows, "row")) under the names of the columns. Nothing is written.</p>
      <div class="wide" tabindex="0" role="region" aria-label="Faults"><table><caption class="sr">What is \
      wrong, by row and column; the names of the columns are row 1</caption><tr><th scope="col" \
      class="num">Row</th><th scope="col">Column</th><th scope="col">What is wrong, and what to \
      write</th></tr>\(rows)</table></div>\(rest)
      """
  }

  package func page(_ visitor: Visitor, _ context: PageContext) -> Page {
    let types = context.store.vocabulary.types.filter {
      !$0.isAmendment && $0.type.name != RecordTypesPage.written
    }
    let options = types.map { definition -> HTML in
      let name = definition.type.name
      return "<option\(name == type ? " selected" : HTML.none)>\(name)</option>"
    }
    let check: HTML = visitor.isEditor ? " data-check" : .none
    let chosen = type.flatMap { context.store.vocabulary.definition($0) }
    var page = Page(
      "Paste rows", summary: "Record many facts at once, from the rows of a spreadsheet.",
      section: .record,
      main: """
        <p class="quiet">\(context.link(Address("record", "new"), "Record a fact")) › Rows</p>
        <h1><b>Paste rows</b></h1>\(visitor.note(context, back: Self.address))
        <p>Copy the cells from a spreadsheet and paste them here. The first row names the fields. Every \
        row is one fact. All of them are recorded, or none.</p>
        <form method="post" action="\(Self.address.text)#preview" novalidate\(check)>
        <p><label for="type"><b>Type of all rows</b></label><br><select id="type" name="type" \
        aria-describedby="type-h"><option value="">as the column “type” says</option>\(options)</select>\
        <br><small id="type-h">A column called type can give each row a type of its own.</small></p>
        <p><label for="rows"><b>Rows</b></label><br><textarea id="rows" name="rows" rows="12" \
        aria-describedby="rows-h" spellcheck="false" required>
        \(text)</textarea><small id="rows-h">Tabs or commas between the cells; \
        \(Words.figure(FactRows.most)) rows at most. Columns that every type has: \
        \(FactRows.common.joined(separator: ", ")).</small></p>
        \(RecordPage.buttons(visitor, record: "Record all rows"))</form>
        <div id="preview" role="status">\(preview(context))</div>\(chosen.map(Self.columns))
        """)
    page.status = status
    return page
  }

  /// The fields of a type, as names of columns.
  private static func columns(_ definition: EventTypeDefinition) -> HTML {
    let rows = FactFields(definition).own.map { field -> HTML in
      let needed: HTML = field.isRequired ? " <small>required</small>" : .none
      return "<dt><code>\(field.name)</code>\(needed)</dt><dd>\(field.property.description)</dd>"
    }
    return """
      <section aria-labelledby="columns"><h2 id="columns">Columns of \(definition.type.name)</h2>\
      <dl>\(rows)</dl></section>
      """
  }

  /// What was recorded, for the reader who comes from the form.
  package static func recorded(
    _ range: ClosedRange<Position>, _ context: PageContext
  ) async throws -> Page {
    var filter = LogFilter()
    filter.newestFirst = false
    filter.after = range.lowerBound.advanced(by: -1)
    filter.limit = WritePreview.most
    let knownBy = KnownBy.position(range.upperBound)
    let answer = try await EntriesAnswer.log(about: [], filter, knownBy: knownBy, in: context.store)
    let rows = answer.entries.map { entry -> HTML in
      let position = entry.fact.position
      return """
        <li>\(context.link(.event(position), "\(position.description)")) \(StepWords(entry).short)</li>
        """
    }
    let count = Int(range.upperBound.rawValue - range.lowerBound.rawValue) + 1
    return Page(
      "Rows recorded", summary: "Events that were recorded together.", section: .record,
      main: """
        <h1><b>\(Words.count(count, "event")) recorded</b></h1>
        <p>From \(range.lowerBound.description) to \(range.upperBound.description).</p>
        <ul class="plain">\(rows)</ul>\(Words.more(rows.count, of: count))
        <p>\(context.link(address, "Paste further rows"))</p>
        """)
  }
}
