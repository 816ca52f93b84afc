package import Annals
import AnnalsAnswers
package import EventLog

/// What can be said of a fact that is wrong: each has a form of its own.
package enum AmendingKind: String, CaseIterable, Sendable {
  case correct, retract, dispute

  /// What is recorded.
  package var noun: String {
    switch self {
    case .correct: "the correction"
    case .retract: "the withdrawal"
    case .dispute: "the dispute"
    }
  }
}

/// A fact, and the forms in which it is corrected, withdrawn and disputed.
package struct Amending: Sendable {
  let detail: EventDetail
  let definition: EventTypeDefinition
  let fields: FactFields

  package init(_ reference: EventReference, _ store: Store) async throws {
    detail = try await store.event(reference)
    let type = detail.event.type
    guard let definition = store.vocabulary.definition(type.name, version: type.version) else {
      throw Problem(
        .schemaMissing, "no schema for \(type)", help: "name the folder with  --schemas FOLDER")
    }
    self.definition = definition
    fields = FactFields(definition)
  }

  var fact: Fact { detail.entry.fact }

  package var position: Position { detail.event.position }

  /// The forms that fit: an amendment cannot be corrected, and what was erased is no more.
  package var kinds: [AmendingKind] {
    if detail.event.isErased { return [] }
    return definition.isAmendment ? [.retract, .dispute] : AmendingKind.allCases
  }

  /// The retraction that holds, where the fact was withdrawn.
  var retraction: Position? {
    detail.chain.last { $0.fact.type == "fact.retracted" && $0.fact.isLive }?.fact.position
  }

  /// The fields of a form.
  func form(_ kind: AmendingKind) -> FormFields {
    switch kind {
    case .correct:
      FormFields(
        prefix: "c",
        fields: fields.controls + [
          FactFields.on, FactFields.basis, FactFields.confidence,
          FactFields.reason("Why it was wrong, in a sentence."), FactFields.source,
          FactFields.quote,
        ])
    case .retract:
      FormFields(
        prefix: "r",
        fields: [
          FactFields.reason("Why it should not have been recorded, or no longer stands."),
          FactFields.source,
          FormField(
            name: "with_dependents", label: "What rests on it too",
            hint: "Withdraws the facts that rest on this one as well: the votes in a roll call.",
            kind: .flag),
        ])
    case .dispute:
      FormFields(
        prefix: "d",
        fields: [
          FactFields.reason("Who contests it, and why."), FactFields.source,
          FormField(
            name: "against", label: "Contradicted by",
            hint: "Other events that contradict it, with commas between: #249, #251.", kind: .line),
        ])
    }
  }

  package func names(_ kind: AmendingKind) -> [String] { form(kind).fields.map(\.name) }

  /// The values that the fact has now.
  package var present: FormState {
    var values: [String: [String]] = [:]
    for field in fields.own {
      if let value = value(field) {
        if case .array(let elements) = value, !field.property.enumValues.isEmpty {
          values[FactFields.name(field)] = elements.compactMap(FieldText.text)
        } else if value != .bool(false) {
          values[FactFields.name(field)] = FieldText.text(value).map { [$0] }
        }
      }
    }
    for (name, text) in envelope { values[name] = text.map { [$0] } }
    return FormState(values)
  }

  private var envelope: [(name: String, text: String?)] {
    [("on", fact.time?.text), ("basis", fact.basis), ("confidence", fact.confidence)]
  }

  private func value(_ field: FieldShape.Field) -> JSON? {
    field.path.reduce(Optional(fact.data)) { value, name in
      if case .object(let members)? = value { members[name] } else { nil }
    }
  }

  // MARK: Writing

  /// Appends what a form says of the fact. Throws everything that is wrong with it.
  package func write(
    _ kind: AmendingKind, _ state: FormState, to store: Store, _ options: AppendOptions
  ) async throws -> WriteReport {
    var problems = state.value("reason") == nil ? [Self.noReason] : []
    let reason = state.value("reason") ?? "-"
    let id = EventReference.id(detail.event.id)
    if state.value("quote") != nil, state.value("source") == nil {
      problems.append(FactText.quotedFromNowhere)
    }
    let named = state.value("source").map(CitationText.list) ?? []
    let sources = CitationText.sources(named, quote: state.value("quote"))
    switch kind {
    case .correct:
      let changes = try await changes(state, store)
      problems += changes.problems
      return try await WholeCheck.write(after: problems, options) { options in
        try await store.correct(
          id, data: changes.data, envelope: changes.envelope, sources: sources, reason: reason,
          options: options)
      }
    case .retract:
      return try await WholeCheck.write(after: problems, options) { options in
        try await store.retract(
          id, withDependents: state.value("with_dependents") != nil, sources: sources,
          reason: reason, options: options)
      }
    case .dispute:
      guard let definition = store.vocabulary.definition("fact.disputed") else {
        throw Problem(.schemaMissing, "no schema for fact.disputed")
      }
      var dispute = FactText(definition)
      let others = (state.value("against") ?? "").split { ", \n".contains($0) }.map(String.init)
      (dispute.reason, dispute.targets) = (reason, [detail.event.id.description] + others)
      (dispute.sources, dispute.quote) = (named, state.value("quote"))
      var names = NamedFields(store)
      let (line, unknown) = try await dispute.line(store, &names)
      problems += unknown.map { problem in
        var problem = problem
        problem.pointer = "/against"
        return problem
      }
      return try await WholeCheck.write(after: problems, options) { options in
        try await store.append(Array(JSONWriter.compact(line).utf8), options: options)
      }
    }
  }

  private static let noReason = Problem(
    .missingField, "the reason is missing", pointer: "/reason", help: "say why, in a sentence")

  /// What a correction changes: the fields that were sent otherwise than they are.
  private func changes(
    _ state: FormState, _ store: Store
  ) async throws -> (data: JSON, envelope: JSONObject, problems: [Problem]) {
    var changed: [FieldText] = []
    for field in fields.own {
      let before = FactFields.value(field, present) ?? ""
      var after = FactFields.value(field, state) ?? ""
      if after == before { continue }
      // A box that was ticked, and is not any more.
      if field.property.types == .boolean, after.isEmpty { after = "no" }
      if let text = FieldText(field.name, after) { changed.append(text) }
    }
    var names = NamedFields(store)
    let shape = fields.shape
    let data = try FieldText.data(changed, shape, emptyIsNull: true)
    let (resolved, unknown) = try await names.resolving(data, shape)
    var problems = unknown
    var own = JSONObject()
    for (name, before) in envelope {
      switch (before, state.value(name)) {
      case (let before, let after) where after == before: break
      case (_, let after?): own[name] = .string(after)
      default:
        problems.append(
          Problem(
            .missingField, "a correction cannot take this away", pointer: "/\(name)",
            help: "write what it should be, or withdraw the fact and record it anew"))
      }
    }
    if let asOf = state.value("as_of"), asOf != "\(fact.current.rawValue)" {
      problems.append(
        Problem(
          .headMoved, "the fact was corrected since this form was opened",
          help: "compare what you wrote with the fact as it reads now, and send the form again"))
    }
    return (resolved, own, problems)
  }
}
