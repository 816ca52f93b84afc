package import Annals
package import AnnalsAnswers
import EventLog

/// The form in which a fact of one type is recorded.
package struct RecordPage {
  private let definition: EventTypeDefinition
  private let fields: FactFields
  private let form: FormFields
  /// How many of the controls belong to the payload.
  private let ownCount: Int

  package init(_ definition: EventTypeDefinition) {
    self.definition = definition
    fields = FactFields(definition)
    let own = fields.controls
    ownCount = own.count
    var common = [
      FactFields.on, FactFields.basis, FactFields.source, FactFields.quote, FactFields.via,
      FactFields.confidence, FactFields.note,
    ]
    if definition.isAmendment {
      common = [FactFields.targets, FactFields.reason("Why, in a sentence.")] + common
    }
    form = FormFields(prefix: "f", fields: own + common)
  }

  package static func address(_ type: String) -> Address { Address("record", "new", type) }

  /// The names of the controls in their order, for the problems that are about them.
  package var names: [String] { form.fields.map(\.name) }

  /// The fact as it was written.
  package func fact(_ state: FormState) -> FactText {
    var fact = FactText(definition)
    fact.fields = fields.texts(state)
    for name in FactRows.common + ["reason"] {
      if let value = state.value(name) { fact.set(name, value) }
    }
    fact.targets = (state.value("target") ?? "").split { ", \n".contains($0) }.map(String.init)
    return fact
  }

  /// The answer to a check, alone.
  package func preview(_ state: FormState, _ context: PageContext) -> HTML {
    WritePreview(context: context).html(state, form, "the event")
  }

  package func page(
    _ state: FormState, _ visitor: Visitor, _ context: PageContext
  ) async throws -> Page {
    let name = definition.type.name
    let title = definition.schema.title ?? name
    let address = Self.address(name)
    let lists = try await KnownValues.html(fields.lists.union(["sources"]), context)
    let check: HTML = visitor.isEditor ? " data-check" : .none
    let omitted: HTML =
      fields.omitted > 0
      ? """
      <p class="quiet">The type has \(Words.count(fields.omitted, "further field")); the command line \
      takes them all.</p>
      """ : .none
    var page = Page(
      "Record: \(title)", summary: "A form to record one fact of the type \(name).",
      section: .record,
      main: """
        <p class="quiet">\(context.link(Address("record", "new"), "Record a fact")) › \(name)</p>
        <h1><b>\(title)</b> \(name)</h1>
        <p>\(definition.schema.description)</p>\(visitor.note(context, back: address))
        <div class="two"><form method="post" action="\(address.text)#preview" novalidate\(check)>
        <section aria-labelledby="what"><h2 id="what">What it says</h2>\
        \(form.html(state, 0..<ownCount))\(omitted)</section>
        <section aria-labelledby="when"><h2 id="when">When it was so, and how it is known</h2>\
        \(form.html(state, ownCount..<form.fields.count))</section>
        \(Self.buttons(visitor))\(lists)</form>
        <div id="preview" role="status">\(preview(state, context))</div></div>
        """)
    page.status = state.status
    return page
  }

  /// The buttons Check and Record. They are disabled for a visitor who may not record.
  static func buttons(_ visitor: Visitor, record: HTML = "Record") -> HTML {
    let off: HTML = visitor.isEditor ? .none : " disabled"
    return """
      <p class="row"><button name="preview" value="true"\(off)>Check</button> \
      <button class="go"\(off)>\(record)</button> <small>Check says what would change, and writes \
      nothing.</small></p>
      """
  }
}
