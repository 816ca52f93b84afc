import EventLog

/// Where in a row something is wrong.
extension RowPlan: RowProblems {
  /// A fault of the row as CSV.
  static func problem(
    _ fault: CSVFault, in text: ArraySlice<UInt8>, line: Int, file: String?
  ) -> Problem {
    let place = TextLocation.locate(fault.range, in: Array(text))
    return Problem(
      fault.code, fault.message,
      position: InputLocation(file: file, line: line + place.line - 1, column: place.column),
      help: fault.help, excerpt: place.excerpt)
  }

  /// A fault of a value, at the cell that it comes from.
  func problem(
    _ fault: RowFault, cell: Int?, in text: ArraySlice<UInt8>, line: Int, file: String?,
    pointer: String?
  ) -> Problem {
    let place = position(of: cell, in: text, line: line, file: file)
    return Problem(
      fault.code, fault.message, position: place.position, pointer: pointer, help: fault.help,
      suggestion: fault.suggestion, excerpt: place.excerpt)
  }

  /// Where a cell of a row stands; the row itself when nil.
  func position(
    of cell: Int?, in text: ArraySlice<UInt8>, line: Int, file: String?
  ) -> (position: InputLocation, excerpt: Problem.Excerpt?) {
    let bytes = Array(text)
    let cells = CSVFault.cells(of: bytes, format: CSVFormat(delimiter: mapping.delimiter))
    let range = cell.flatMap { cells.indices.contains($0) ? cells[$0] : nil } ?? 0..<0
    let place = TextLocation.locate(range, in: bytes)
    return (
      InputLocation(file: file, line: line + place.line - 1, column: place.column), place.excerpt
    )
  }

  /// A problem that a later check has found in a draft.
  func problem(
    _ code: ErrorCode, in draft: EventReader.Draft, at place: EventReader.Place,
    of input: any EventInput, _ message: String, help: Help?, suggestion: String?
  ) -> Problem {
    let text = ((try? input.text(at: draft.place)) ?? nil) ?? []
    let leaf = leaf(at: place, of: draft, in: text)
    return problem(
      RowFault(code: code, message: message, help: help, suggestion: suggestion),
      cell: leaf.flatMap { events[draft.rule].leaves[$0].value.cells.first }, in: text[...],
      line: draft.line, file: input.name,
      pointer: leaf.map { events[draft.rule].leaves[$0].pointer })
  }

  private func leaf(
    at place: EventReader.Place, of draft: EventReader.Draft, in text: [UInt8]
  ) -> Int? {
    guard events.indices.contains(draft.rule) else { return nil }
    let event = events[draft.rule]
    switch place {
    case .pointer(let pointer, _):
      return event.leaves.lastIndex { pointer.hasPrefix($0.pointer) }
    case .value(let value):
      return event.leaves.firstIndex { self.text(of: $0, in: text) == value }
    case .reference(let tag):
      let value = String(tag.value)
      let tagged = event.tags.filter { $0.kind == tag.kind }.map(\.leaf)
      return tagged.first { self.text(of: event.leaves[$0], in: text) == value } ?? tagged.first
    }
  }

  private func text(of leaf: EventPlan.Leaf, in text: [UInt8]) -> String? {
    var reader = CSVReader(MemoryInput(text), format: CSVFormat(delimiter: mapping.delimiter))
    guard let rows = try? reader.next(1), let row = rows.rows.first else { return nil }
    let cells = (0..<row.cellCount).map { Array(rows.content($0, of: row)) }
    guard cells.count == columnCount,
      case .text(let bytes, _) = RowEvaluator(plan: self, cells: cells).outcome(leaf.value)
    else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The event that brings a source or an actor into the record which the mapping knows and the
  /// store does not; nil for any other.
  func announcement(_ kind: String, _ id: String) -> JSON? {
    guard !directory.defined.contains(Tag(kind: kind, value: id)) else { return nil }
    if kind == "source", let source = mapping.sources.first(where: { $0.id == id }) {
      return .object([
        "type": "source.captured", "data": source.data,
        "sources": .array([.object(["source": .string(id)])]),
      ])
    }
    guard kind == "actor", let actor = mapping.actors[id] else { return nil }
    var event: JSONObject = [
      "type": "actor.registered",
      "data": .object([
        "actor": .string(id), "kind": .string(actor.kind), "name": .string(actor.name),
      ]),
    ]
    if let source = mapping.sources.first {
      event["sources"] = .array([.object(["source": .string(source.id)])])
    }
    return .object(event)
  }
}
