import Annals
import AnnalsAnswers
import EventLog

/// "Something wrong?": the fact as it reads, and what can be said of it.
package struct CorrectPage {
  private let amending: Amending
  /// What was sent with one of the forms.
  private let sent: (kind: AmendingKind, state: FormState)?

  package init(_ amending: Amending, sent: (kind: AmendingKind, state: FormState)? = nil) {
    self.amending = amending
    self.sent = sent
  }

  private var address: Address {
    Address("facts", "\(amending.position.rawValue)", "correct")
  }

  /// The answer to a check, alone.
  package func preview(_ context: PageContext) -> HTML {
    guard let sent else { return .none }
    return WritePreview(context: context).html(
      sent.state, amending.form(sent.kind), sent.kind.noun)
  }

  package func page(_ visitor: Visitor, _ context: PageContext) async throws -> Page {
    let name = amending.position.description
    let main: HTML
    if amending.kinds.isEmpty {
      main = """
        <p class="note">The payload of this event was erased. Nothing can be said of it any more.</p>
        """
    } else if visitor.isEditor {
      let lists = try await KnownValues.html(
        amending.fields.lists.union(["sources"]), context)
      main = """
        <div class="two"><div>\(amending.kinds.map { form($0) })\(lists)</div>
        <div id="preview" role="status">\(preview(context))</div></div>
        """
    } else {
      main = letter(context)
    }
    var page = Page(
      "Something wrong with \(name)?",
      summary: "Correct, withdraw or dispute a fact, or write to the editors.", section: .record,
      main: """
        <p class="quiet">\(context.link(Address("log"), "Log")) › \
        \(context.link(.event(amending.position), "\(name)")) › Something wrong?</p>
        <h1><b>Something wrong?</b> Fact \(name)</h1>
        \(reading(context))\(visitor.note(context, back: address))
        \(main)
        """)
    page.status = sent?.state.status ?? 200
    return page
  }

  /// The fact as it reads now.
  private func reading(_ context: PageContext) -> HTML {
    let fact = amending.fact
    let citations = CitationList(context: context)
    let sources: HTML =
      fact.sources.isEmpty
      ? "<dd>none is recorded</dd>" : fact.sources.map(citations.row).joined(.none)
    let withdrawn: HTML =
      amending.retraction.map { retraction in
        let link = context.link(
          Address("facts", "\(retraction.rawValue)", "correct"), "\(retraction.description)")
        return "<p>It was withdrawn by \(link). To bring it back, withdraw that event.</p>"
      } ?? .none
    return """
      <p>It reads: <b>\(amending.detail.entry.summary)</b>.</p>
      <dl><dt>On</dt><dd>\(fact.time?.text ?? "no date is recorded")</dd><dt>Source</dt>\(sources)\
      <dt>Recorded</dt><dd>\(Words.time(fact.root.batch.recorded)), by \
      \(fact.root.batch.recorder)</dd></dl>\(withdrawn)
      """
  }

  // MARK: The forms of an editor

  private func form(_ kind: AmendingKind) -> HTML {
    let form = amending.form(kind)
    let own = sent?.kind == kind ? sent?.state : nil
    let state = own ?? (kind == .correct ? amending.present : FormState())
    let words = Self.words(kind)
    return """
      <section aria-labelledby="\(kind.rawValue)"><h2 id="\(kind.rawValue)">\(words.title)</h2>\
      <p>\(words.meaning)</p><form method="post" action="\(address.text)#preview" novalidate data-check>
      <input type="hidden" name="form" value="\(kind.rawValue)"><input type="hidden" name="as_of" \
      value="\(amending.fact.current.rawValue)">\(form.html(state, form.fields.indices))
      \(RecordPage.buttons(.editor(""), record: words.button))</form></section>
      """
  }

  private static func words(_ kind: AmendingKind) -> (title: HTML, meaning: HTML, button: HTML) {
    switch kind {
    case .correct:
      (
        "Correct it",
        "Change what is wrong. Only what you change is recorded; the fact as it was stays in the log.",
        "Record the correction"
      )
    case .retract:
      (
        "Withdraw it",
        "The fact counts no longer. It stays in the log, struck and with your reason.",
        "Record the withdrawal"
      )
    case .dispute:
      (
        "Dispute it", "The fact still counts, and is marked as disputed until somebody settles it.",
        "Record the dispute"
      )
    }
  }

  // MARK: The letter of a reader

  /// A text to send to the editors.
  private func letter(_ context: PageContext) -> HTML {
    let number = "\(amending.position.rawValue)"
    let known = amending.detail.knownBy.position
    let address = Address.event(amending.position).with("known_by", known.description)
    let change =
      amending.kinds.contains(.correct)
      ? ShellCommand("correct", [number], options: ["--set", "FIELD=VALUE", "--reason", "WHY"]).text
      : ShellCommand("retract", [number], options: ["--reason", "WHY"]).text
    let rows = amending.fields.own.compactMap { field -> HTML? in
      guard let values = amending.present.values[FactFields.name(field)] else { return nil }
      return "<dt>\(field.name)</dt><dd>\(values.joined(separator: ", "))</dd>"
    }
    return """
      <section aria-labelledby="letter"><h2 id="letter">Write to the editors</h2>
      <p>Copy this, and say what is wrong and where one can read it.</p>
      <pre>Fact \(amending.position.description) reads: \(amending.detail.entry.summary)
      \(context.whole(address))
      What is wrong:
      Where one can read it:
      To correct it: \(change)</pre>
      <h3>Its fields</h3><dl>\(rows)</dl></section>
      """
  }
}
