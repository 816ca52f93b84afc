import Annals
import AnnalsAnswers
import EventLog

/// The event types of the vocabulary, each with a form to record one.
package enum RecordTypesPage {
  /// Types that are recorded from the page of the fact that they are about.
  package static let startingAtFact = ["fact.corrected", "fact.disputed", "fact.retracted"]
  /// The type that the log writes itself.
  package static let written = "payload.erased"

  package static func page(_ visitor: Visitor, _ context: PageContext) -> Page {
    let types = context.store.vocabulary.types.filter {
      !startingAtFact.contains($0.type.name) && $0.type.name != written
    }
    func rows(_ isBuiltIn: Bool) -> [HTML] {
      types.filter { $0.isBuiltIn == isBuiltIn }.map { definition in
        let name = definition.type.name
        return """
          <li>\(context.link(RecordPage.address(name), "\(definition.schema.title ?? name)")) \
          <small>\(name)</small><br><span class="quiet">\(definition.schema.description)</span></li>
          """
      }
    }
    let own = rows(false)
    let added: HTML =
      own.isEmpty
      ? .none
      : """
      <section aria-labelledby="own"><h2 id="own">Types of this record</h2>\
      <ul class="plain">\(own)</ul></section>
      """
    let address = Address("record", "new")
    return Page(
      "Record a fact", summary: "The types of facts that can be recorded, each with a form.",
      section: .record,
      main: """
        <h1><b>Record a fact</b></h1>\(visitor.note(context, back: address))
        <p>Choose what happened. To correct, withdraw or dispute a fact, open its page and choose \
        “Something wrong?”. Many facts at once: \
        \(context.link(Address("record", "rows"), "paste rows from a spreadsheet")).</p>\(added)
        <section aria-labelledby="types"><h2 id="types">Types of facts</h2>\
        <ul class="plain">\(rows(true))</ul></section>
        """)
  }
}
