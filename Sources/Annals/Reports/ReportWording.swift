import EventLog

/// The sentences of a report.
enum ReportWording {
  /// "United States opposes since 2025-02-24; before that: leans against (2025-02-20 to
  /// 2025-02-23)."
  static func answer(_ actor: String, _ steps: [StanceStep]) -> String {
    let runs = runs(of: steps)
    guard let last = runs.last else {
      return "Nothing with a direction is known of \(actor) on this."
    }
    let before = runs.dropLast().last
    var text: String
    if let end = last.to {
      text = "Nothing of \(actor) is known to hold after \(day(end)); until then: "
      text += "\(last.level.label) (\(span(last.from, end)))"
    } else {
      text = "\(actor) \(verb(last.level))"
      text += last.from == .min ? ", since an unknown day" : " since \(day(last.from))"
    }
    if let before {
      let gap = before.to.map { $0 + 1 < last.from } ?? false
      text += gap ? "; before that no data, and before: " : "; before that: "
      text += "\(before.level.label) (\(span(before.from, before.to)))"
    }
    return text + "."
  }

  private static func verb(_ level: Level) -> String {
    switch level.value {
    case nil: "stands somewhere from “\(Level(level.low).label)” to “\(Level(level.high).label)”"
    case 0: "is neutral"
    default: level.label
    }
  }

  /// Steps of one level that follow each other without a gap are one answer.
  private static func runs(
    of steps: [StanceStep]
  ) -> [(level: Level, from: Int64, to: Int64?)] {
    var runs: [(level: Level, from: Int64, to: Int64?)] = []
    for step in steps {
      if let last = runs.indices.last, runs[last].level == step.level,
        runs[last].to.map({ $0 + 1 == step.from }) ?? false
      {
        runs[last].to = step.to
      } else {
        runs.append((step.level, step.from, step.to))
      }
    }
    return runs
  }

  /// A day, or words for a day that is not known.
  static func day(_ number: Int64) -> String {
    number == .min ? "any time before" : CalendarDay(number: number).description
  }

  /// "2025-02-20 to 2025-02-23"; "since 2025-02-24"; "2022-10-12" for one day.
  static func span(_ from: Int64, _ to: Int64?) -> String {
    guard let to else { return "since \(day(from))" }
    if from == .min { return "until \(day(to))" }
    return from == to ? day(from) : "\(day(from)) to \(day(to))"
  }

  /// "4 facts with a direction, 2022-10-12 to 2025-02-24".
  static func facts(_ count: Int, _ period: ClosedRange<Int64>?) -> String {
    let facts = "\(count) \(count == 1 ? "fact" : "facts") with a direction"
    return period.map { "\(facts), \(span($0.lowerBound, $0.upperBound))" } ?? facts
  }

  /// "2026-11-22 by ana, 636 days after the day".
  static func recording(_ event: RecordedEvent, delayDays: Int?) -> String {
    let day = CalendarDay(containing: event.batch.recorded.microseconds / 1_000_000)
    let text = "\(day) by \(event.batch.recorder)"
    return delay(delayDays).map { "\(text), \($0)" } ?? text
  }

  private static func delay(_ days: Int?) -> String? {
    switch days {
    case nil: nil
    case 0: "on the day itself"
    case let days? where days < 0:
      days == -1 ? "a day before the day" : "\(days.magnitude) days before the day"
    case let days?: days == 1 ? "a day after the day" : "\(days) days after the day"
    }
  }

  /// What is unusual about a fact, in words: "corrected by #310", "disputed", "reported".
  static func marks(_ fact: Fact) -> [String] {
    var marks: [String] = []
    if fact.current != fact.position { marks.append("corrected by \(fact.current)") }
    if fact.isDisputed { marks.append("disputed") }
    if let settlement = fact.setAsideBy { marks.append("set aside by \(settlement)") }
    if let later = fact.resolvedBy { marks.append("resolved by \(later)") }
    if fact.confidence != "asserted" { marks.append(fact.confidence) }
    return marks
  }

  /// "#306 (recorded 2026-11-22T00:28:10.709748Z)".
  static func known(_ recordState: RecordState) -> String {
    let recorded = recordState.recorded.map { " (recorded \($0))" } ?? ""
    let erased = recordState.erasedSince
    if erased == 0 { return recordState.position.description + recorded }
    return recordState.position.description + recorded
      + "; \(erased) \(erased == 1 ? "payload was" : "payloads were") erased since, and a report that"
      + " was made before may differ"
  }

  /// "#40 (2025-02-25)", for labels.
  static func briefly(_ recordState: RecordState) -> String {
    let day = recordState.recorded.map { CalendarDay(containing: $0.microseconds / 1_000_000) }
    return recordState.position.description + (day.map { " (\($0))" } ?? "")
  }

  /// "events #1–#306 of the record (last recorded …)".
  static func events(_ recordState: RecordState) -> String {
    guard let recorded = recordState.recorded else { return "an empty record" }
    return "events #1–\(recordState.position) of the record (last recorded \(recorded))"
  }

  /// "Share of votes by year, record/1"; nil without a vote that could be counted.
  static func sharesTitle(_ shares: SharesAnswer, _ unit: Period.Unit) -> String? {
    shares.periods.isEmpty ? nil : "Share of votes by \(unit.rawValue), \(shares.rule.name)"
  }
}
