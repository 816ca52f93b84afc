import EventLog

/// What a value comes to in one row.
enum RowOutcome {
  case absent
  case text([UInt8], MappedValue.Form)
  case fault(RowFault)
  /// A name that nobody is known by.
  case unknown([UInt8])
}

/// Why a value cannot be had from a row.
struct RowFault: Error {
  var code: ErrorCode
  var message: String
  var help: Help?
  var suggestion: String?
  /// A text that the mapping's table of this name does not have: what was meant is looked for when
  /// the fault is reported.
  var unlisted: (text: String, table: String)?
}

/// Working out values: only for cells that have not been seen before, so plainly written.
struct RowEvaluator {
  let plan: RowPlan
  /// Cells of the row, whole numbers without decimal points.
  let cells: [[UInt8]]
  /// False while values are counted that count only where one row gives them.
  var asksIfAlone = true
  /// Called with each such value.
  var onAlone: ((Int, [UInt8]) -> Void)?
  /// Called with each text of which an id is made, and with the id.
  var onID: (([UInt8], [UInt8]) -> Void)?

  init(plan: RowPlan, cells: [[UInt8]]) {
    self.plan = plan
    var cells = cells
    for cell in plan.wholeCells where cells.indices.contains(cell) {
      cells[cell] = WholeNumber.plain(cells[cell])
    }
    self.cells = cells
  }

  func outcome(_ value: RowValue) -> RowOutcome {
    var last = RowOutcome.absent
    for way in value.ways {
      let outcome = outcome(way)
      if case .text = outcome { return outcome }
      if case .absent = outcome { continue }
      last = outcome
    }
    return last
  }

  /// True when the row gives the value.
  func isThere(_ value: RowValue) -> Bool {
    if case .text = outcome(value) { true } else { false }
  }

  private func outcome(_ way: RowValue.Way) -> RowOutcome {
    for test in way.tests {
      switch filled(test.parts, emptyIsAbsent: false) {
      case .text(let text, _): if !test.test.holds(text) { return .absent }
      case let other: return other
      }
    }
    let filled = filled(way.parts, emptyIsAbsent: true)
    guard case .text(var text, _) = filled else { return filled }
    if text.isEmpty || way.rule.omit.contains(text) { return .absent }
    switch way.rule.letters {
    case .upper: text = Array(String(decoding: text, as: UTF8.self).uppercased().utf8)
    case .lower: text = Array(String(decoding: text, as: UTF8.self).lowercased().utf8)
    case nil: break
    }
    var known = true
    if !way.rule.rewrites.isEmpty { known = rewrite(&text, way) }
    if known, let table = way.table {
      if let meant = table[text] { text = meant } else { known = false }
    }
    if !known {
      switch way.rule.otherwise {
      case .keep: break
      case .omit: return .absent
      case .refuse: return way.rule.isActor ? actor(text) : .fault(notKnown(text, way))
      }
    }
    if way.rule.isActor {
      guard case .text(let id, _) = actor(text) else { return .unknown(text) }
      text = id
    }
    if way.rule.isID {
      guard let id = Slug.id(from: String(decoding: text, as: UTF8.self)) else {
        return .fault(noID(text))
      }
      let made = Array(id.utf8)
      onID?(text, made)
      if let texts = plan.ambiguousIDs[made] { return .fault(severalTexts(texts, id)) }
      text = made
    }
    if let number = way.alone {
      onAlone?(number, text)
      if asksIfAlone, number < plan.repeated.count, plan.repeated[number].contains(text) {
        return .absent
      }
    }
    return .text(text, way.rule.form)
  }

  /// The template with the row's texts; absent where one of them is.
  private func filled(_ parts: [RowValue.Part], emptyIsAbsent: Bool) -> RowOutcome {
    var text: [UInt8] = []
    for part in parts {
      var piece: [UInt8]
      switch part.source {
      case .literal(let bytes):
        text += bytes
        continue
      case .cell(let cell): piece = cells[cell]
      case .joined(let join, let column):
        let key = JoinTable.key(plan.joinKeys[join].map { cells[$0] })
        if let row = plan.joins[join].row(key) {
          piece = row[column]
        } else if plan.kind.joins[join].isOptional {
          piece = []
        } else {
          return .fault(noRow(join, key))
        }
      case .value(let value):
        switch outcome(value) {
        case .text(let found, _): piece = found
        case .absent: piece = []
        case let other: return other
        }
      }
      if piece.isEmpty, emptyIsAbsent { return .absent }
      if let table = part.table {
        guard let meant = table[piece] else { return .fault(notInTable(piece, part.name)) }
        piece = meant
      }
      text += piece
    }
    return .text(text, .text)
  }

  /// Tries one rewrite after the other; false when none fits.
  private func rewrite(_ text: inout [UInt8], _ way: RowValue.Way) -> Bool {
    rewrites: for rewrite in way.rule.rewrites {
      guard let found = rewrite.match(text) else { continue }
      var result: [UInt8] = []
      for part in rewrite.result.parts {
        switch part {
        case .literal(let bytes): result += bytes
        case .reference(let name, let table):
          let piece = found[name] ?? []
          if let table {
            guard let meant = way.rewriteTables[table]?[piece] else { continue rewrites }
            result += meant
          } else {
            result += piece
          }
        }
      }
      text = result
      return true
    }
    return false
  }

  private func actor(_ text: [UInt8]) -> RowOutcome {
    guard let id = plan.directory.actor(String(decoding: text, as: UTF8.self)) else {
      return .unknown(text)
    }
    return .text(Array(id.utf8), .text)
  }

  // MARK: faults

  private func noID(_ text: [UInt8]) -> RowFault {
    RowFault(
      code: .badFormat,
      message: "no id can be made of \"\(String(decoding: text, as: UTF8.self))\"",
      help: "an id has at most \(TextForm.slugLimit) characters, and a letter or digit among them")
  }

  private func severalTexts(_ texts: [String], _ id: String) -> RowFault {
    RowFault(
      code: .alreadyDefined,
      message: "\(texts.map { "\"\($0)\"" }.joined(separator: " and ")) would both be \(id)",
      help: "if they are one, write one of them in the file; if not, tell them apart in \"take\"")
  }

  private func notKnown(_ text: [UInt8], _ way: RowValue.Way) -> RowFault {
    let shown = String(decoding: text, as: UTF8.self)
    if !way.rule.rewrites.isEmpty {
      return RowFault(
        code: .unknownValue,
        message: "\"\(shown)\" looks like none of the mapping's patterns",
        help: "add a pattern under \"rewrite\", or a rule to skip such rows")
    }
    return notInTable(text, way.rule.table ?? "")
  }

  private func notInTable(_ text: [UInt8], _ name: String) -> RowFault {
    let table = plan.mapping.tables[name] ?? [:]
    let shown = String(decoding: text, as: UTF8.self)
    return RowFault(
      code: .unknownValue, message: "the mapping does not say what \"\(shown)\" means",
      help: table.isEmpty || table.count > 12
        ? "add it to the mapping's table"
        : "it knows \(table.keys.sorted().joined(separator: ", "))",
      unlisted: (shown, name))
  }

  private func noRow(_ join: Int, _ key: [UInt8]) -> RowFault {
    let (kind, columns) = (plan.kind.joins[join].kind, plan.kind.joins[join].key)
    let shown = key.split(separator: 0, omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
    return RowFault(
      code: .unknownReference,
      message:
        "no row of \(kind) has \(zip(columns, shown).map { "\($0) \($1)" }.joined(separator: ", "))",
      help: "name the file with the \(kind) in the same call")
  }
}
