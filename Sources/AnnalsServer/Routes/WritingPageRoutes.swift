#if Serve
import Annals
import AnnalsAnswers
import AnnalsPages
import EventLog
import HTTPTypes

/// Pages on which facts are recorded and corrected, and the signing in for them.
enum WritingPageRoutes {
  static var all: [Route] {
    SessionRoutes.all + [types, form, record, rows, recordRows, wrong, amend]
  }

  // MARK: One fact

  private static var types: Route {
    show("/record/new", "page-record-types", "The types of facts, each with a form.") {
      call, context in
      try call.refuseQuery()
      return RecordTypesPage.page(call.visitor, context)
    }
  }

  private static var form: Route {
    show("/record/new/{type}", "page-record", "A form to record a fact.") { call, context in
      try call.refuseQuery()
      return try await RecordPage(definition(call)).page(FormState(), call.visitor, context)
    }
  }

  private static var record: Route {
    take("/record/new/{type}", "page-record-fact", "Check or record a fact.") { call, context in
      let form = RecordPage(try definition(call))
      let sent = try await call.form(form.names + ["preview"])
      let options = try EventRoutes.options(call, isDryRun: isCheck(sent))
      var state = FormState(sent: sent)
      do {
        let report = try await EventRoutes.write(call, options) { options in
          try await form.fact(state).append(to: call.store, options)
        }
        if !options.dryRun, let receipt = report.receipts.first {
          return .done(.event(receipt.position))
        }
        state.report = report
      } catch {
        state.take(try told(error), names: form.names)
      }
      if call.headers[.fragment] != nil { return .part(form.preview(state, context)) }
      return .page(try await form.page(state, call.visitor, context))
    }
  }

  private static func definition(_ call: Call) throws -> EventTypeDefinition {
    let name = call.variables[0]
    if RecordTypesPage.startingAtFact.contains(name) {
      throw Problem(
        .noResource, "\(name) is recorded on the page of the fact that it is about",
        help: "open the fact, and choose “Something wrong?”")
    }
    let vocabulary = call.store.vocabulary
    guard let definition = vocabulary.definition(name), name != RecordTypesPage.written else {
      throw Problem(
        .noResource, "there is no form for the event type \"\(name)\"",
        help: "the page /record/new lists all types",
        suggestion: Suggestion.nearest(to: name, among: vocabulary.types.map(\.type.name)))
    }
    return definition
  }

  // MARK: Rows

  private static let recorded = [
    Parameter("first", .position, "The first of the events that were recorded."),
    Parameter("last", .position, "The last of them."),
  ]

  private static var rows: Route {
    show("/record/rows", "page-rows", "Paste rows of a spreadsheet.") { call, context in
      var read = QuestionReader(call.filled, of: recorded, face: .page)
      let (first, last) = (read.position("first"), read.position("last"))
      try read.finish()
      let head = try await call.store.log.head().position
      if let first, let last, first >= Position(1), first <= last, last <= head {
        return try await RowsPage.recorded(first...last, context)
      }
      return RowsPage().page(call.visitor, context)
    }
  }

  private static var recordRows: Route {
    take("/record/rows", "page-record-rows", "Check or record rows of a spreadsheet.") {
      call, context in
      let sent = try await call.form(["rows", "type", "preview"])
      func value(_ name: String) -> String? {
        sent.first { $0.name == name && !$0.text.isEmpty }?.text
      }
      let options = try EventRoutes.options(call, isDryRun: isCheck(sent))
      var page = RowsPage()
      page.text = (value("rows") ?? "").replacing("\r\n", with: "\n")
      page.type = value("type")
      do {
        let rows = FactRows(
          try PastedTable(page.text), type: try chosen(page.type, call.store.vocabulary),
          in: call.store.vocabulary)
        let report = try await EventRoutes.write(call, options) { options in
          try await rows.append(to: call.store, options)
        }
        if !options.dryRun, let positions = report.positions {
          let (first, last) = (positions.lowerBound.rawValue, positions.upperBound.rawValue)
          return .done(RowsPage.address.with("first", "\(first)").with("last", "\(last)"))
        }
        page.report = report
      } catch let faults as FactRows.Faults {
        page.faults = faults
      } catch {
        page.failure = try told(error)
      }
      if call.headers[.fragment] != nil { return .part(page.preview(context)) }
      return .page(page.page(call.visitor, context))
    }
  }

  private static func chosen(
    _ name: String?, _ vocabulary: Vocabulary
  ) throws(Problem) -> EventTypeDefinition? {
    guard let name else { return nil }
    if let definition = vocabulary.definition(name) { return definition }
    throw Problem(
      .unknownType, "unknown event type \"\(name)\"",
      suggestion: Suggestion.nearest(to: name, among: vocabulary.types.map(\.type.name)))
  }

  // MARK: What is wrong with a fact

  private static var wrong: Route {
    show("/facts/{event}/correct", "page-wrong", "Correct, withdraw or dispute a fact.") {
      call, context in
      try call.refuseQuery()
      let amending = try await Amending(Value.event(call.variables[0]), call.store)
      return try await CorrectPage(amending).page(call.visitor, context)
    }
  }

  private static var amend: Route {
    take("/facts/{event}/correct", "page-amend", "Check or record what is wrong with a fact.") {
      call, context in
      let amending = try await Amending(Value.event(call.variables[0]), call.store)
      let all = Set(amending.kinds.flatMap(amending.names)).sorted()
      let sent = try await call.form(all + ["form", "as_of", "preview"])
      let name = sent.first { $0.name == "form" }?.text ?? ""
      guard let kind = AmendingKind(rawValue: name), amending.kinds.contains(kind) else {
        throw Problem(
          .unknownValue, "the form \"\(name)\" does not fit this event",
          help: "one of \(amending.kinds.map(\.rawValue).joined(separator: ", "))")
      }
      let options = try EventRoutes.options(call, isDryRun: isCheck(sent))
      var state = FormState(sent: sent)
      do {
        let report = try await EventRoutes.write(call, options) { options in
          try await amending.write(kind, state, to: call.store, options)
        }
        // The page of the correction is its receipt, and leads to the fact.
        if !options.dryRun {
          return .done(.event(report.positions?.lowerBound ?? amending.position))
        }
        state.report = report
      } catch {
        state.take(try told(error), names: amending.names(kind))
      }
      let page = CorrectPage(amending, sent: (kind, state))
      if call.headers[.fragment] != nil { return .part(page.preview(context)) }
      return .page(try await page.page(call.visitor, context))
    }
  }

  // MARK: Routes

  /// What a form that was sent leads to.
  private enum Outcome {
    case done(Address)
    case page(Page)
    case part(HTML)
  }

  private static func show(
    _ path: String, _ id: String, _ summary: String,
    _ make: @escaping @Sendable (Call, PageContext) async throws -> Page
  ) -> Route {
    Route(.get, path, Operation(id: id, summary: summary, offered: [.html])) { call in
      let context = PageRoutes.context(call)
      return PageRoutes.form(try await make(call, context), context)
    }
  }

  private static func take(
    _ path: String, _ id: String, _ summary: String,
    _ take: @escaping @Sendable (Call, PageContext) async throws -> Outcome
  ) -> Route {
    Route(
      .post, path, scope: .append,
      Operation(
        id: id, summary: summary, offered: [.html], body: [Call.formType], success: 303)
    ) { call in
      let context = PageRoutes.context(call)
      switch try await take(call, context) {
      case .done(let address): return PageRoutes.seeOther(address.text)
      case .page(let page): return PageRoutes.form(page, context)
      case .part(let part): return PageRoutes.fragment(part)
      }
    }
  }

  private static func isCheck(_ sent: [QuestionReader.Item]) -> Bool {
    sent.contains { $0.name == "preview" && $0.text == "true" }
  }

  /// What is wrong with what was sent. A fault of the store is thrown on.
  private static func told(_ error: any Error) throws -> Failure {
    let failure = Failure(error)
    if ProblemDocument(failure, face: .page).status >= 500 { throw error }
    return failure
  }
}
#endif
