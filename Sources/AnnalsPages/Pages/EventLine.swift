import Annals
import EventLog

/// One event in a list: what it says, both times, and what became of it. What holds no longer is struck,
/// with the day on which it was taken back.
struct EventLine {
  let entry: TimelineEntry
  /// The state of the record as written, for the links.
  var moments = Moments.now

  private var fact: Fact { entry.fact }

  /// As an item of a list with the class `chain`.
  func item(_ context: PageContext, _ more: HTML = .none) -> HTML {
    """
    <li class="\(fact.holds ? "open" : "off")">\(link(context)) <b>\(Words.type(fact.type))</b> \
    \(summary)<br><small>\(times)\(marks(context))</small>\(more)</li>
    """
  }

  func link(_ context: PageContext) -> HTML {
    let address = Address.event(fact.position).at(Moments(knownBy: moments.knownBy))
    return context.link(address, "\(fact.position.description)")
  }

  /// The sentence, struck where it holds no longer.
  var summary: HTML {
    let words = Self.cut(entry.summary)
    return fact.holds ? "\(words)" : "<del>\(words)</del>"
  }

  /// A long text, cut for a list.
  static func cut(_ text: String, to length: Int = 280) -> String {
    text.count <= length ? text : text.prefix(length - 1) + "…"
  }

  /// "In the world 2025-02-24 · in the record since 29 Nov 2026, 16:55 UTC, by ana".
  var times: HTML {
    let batch = fact.root.batch
    return """
      In the world \(world) · in the record since \(Words.time(batch.recorded)), by \
      \(batch.recorder)
      """
  }

  /// The date, and the one that it replaced where a correction changed it.
  private var world: HTML {
    let now = fact.time?.text ?? "undated"
    if fact.current != fact.position, let written = fact.root.event.time?.text, written != now {
      return "<del>\(written)</del> <ins>\(now)</ins>"
    }
    return "\(now)"
  }

  private func marks(_ context: PageContext) -> HTML {
    var marks: [HTML] = []
    if fact.confidence != "asserted" { marks.append("<b>\(fact.confidence)</b>, not asserted") }
    if !fact.isLive { marks.append("<b>withdrawn</b>\(saying(withdrawal, context))") }
    if fact.current != fact.position {
      let correction = fact.chain.first { $0.position == fact.current }
      marks.append("<b>corrected</b>\(saying(correction, context))")
    }
    if fact.isDisputed { marks.append("<b>disputed</b>, not settled") }
    if let settlement = fact.setAsideBy {
      let event = fact.chain.first { $0.position == settlement }
      marks.append("<b>set aside</b>\(saying(event, context))")
    }
    return marks.map { " · " + $0 }.joined(.none)
  }

  /// The last retraction that names the event itself.
  private var withdrawal: RecordedEvent? {
    fact.chain.last {
      $0.type.name == "fact.retracted" && $0.event.targets.contains(fact.root.id)
    }
  }

  /// " by #310 on 29 Nov 2026".
  private func saying(_ event: RecordedEvent?, _ context: PageContext) -> HTML {
    guard let event else { return .none }
    let link = context.link(.event(event.position), "\(event.position.description)")
    return " by \(link) on \(Words.shortDay(event.batch.recorded.day))"
  }
}

extension EventLine {
  /// Events one below the other; those behind the first `most` are counted.
  static func list(
    _ entries: [TimelineEntry], most: Int = 50, total: Int? = nil, at moments: Moments = .now,
    _ context: PageContext
  ) -> HTML {
    let shown = entries.prefix(most)
    let rows = shown.map { EventLine(entry: $0, moments: moments).item(context) }
    return "<ol class=\"chain\">\(rows)</ol>\(Words.more(shown.count, of: total ?? entries.count))"
  }
}
