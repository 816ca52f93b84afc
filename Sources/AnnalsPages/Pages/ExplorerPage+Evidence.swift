import Annals
import AnnalsAnswers
import EventLog

/// Why: the facts behind each step, what was set aside, and what to doubt.
extension ExplorerPage {
  var why: HTML {
    guard !steps.isEmpty else { return .none }
    let shown = steps.suffix(Self.mostSteps)
    let left = steps.count - shown.count
    let more: HTML =
      left == 0
      ? .none
      : "<p class=\"quiet\">The \(Words.figure(left)) earlier steps are in the table above.</p>"
    let open = step?.evidence.position
    let rows = shown.map { row($0, isOpen: $0.evidence.position == open && $0.from == step?.from) }
    return """
      <section aria-labelledby="why"><h2 id="why">Why</h2><p class="how">Each step, oldest first, with \
      the fact that made it. <span class="opt"><label><input type="checkbox" id="keys" checked> keys: \
      <kbd>j</kbd> <kbd>k</kbd> step, <kbd>[</kbd> <kbd>]</kbd> record, <kbd>/</kbd> jump</label></span></p>\
      \(more)\(rows)<p class="quiet" id="other" hidden>This state of the record had other evidence: \
      <a href="">show it</a>.</p></section>
      """
  }

  private func row(_ step: StanceStep, isOpen: Bool) -> HTML {
    let position = step.evidence.position
    // A confirmation leaves the level as it was.
    let before = step.before.flatMap { level -> HTML? in
      level == step.level ? nil : "\(LevelWords(level).mark) → "
    }
    return """
      <details class="step" id="step-\(position.rawValue)"\(isOpen ? " open" : HTML.none) \
      data-on="\(Words.isoDay(step.from))" data-from="\(Words.isoDay(step.from))"><summary>\
      \(Words.sentence(Words.span(step.from, step.to))): \(before)\(LevelWords(step.level).mark). \
      \(StepWords(step).short) <small>\(position.description)</small></summary>
      \(step.because.map { account($0, of: step) })
      \(reading(step))<p class="quiet">Rests on \(step.restsOn).</p>\(others(step))</details>
      """
  }

  /// Shows one fact in full: its content, its sources, its recorder, and the later events about it.
  private func account(_ entry: TimelineEntry, of step: StanceStep) -> HTML {
    let fact = entry.fact
    let batch = fact.root.batch
    let delay = fact.position == step.evidence.position ? step.delayDays : nil
    let late = delay.map { days -> HTML in
      days == 0
        ? ", on the day itself"
        : ", \(Words.count(abs(days), "day")) \(days > 0 ? "after" : "before") the day"
    }
    var marks: [HTML] = []
    if fact.confidence != "asserted" {
      marks.append("<b>\(Words.sentence(fact.confidence))</b>, not asserted")
    }
    if fact.current != fact.position {
      marks.append(
        "<b>corrected</b> by \(context.link(.event(fact.current), "\(fact.current.description)"))")
    }
    if fact.isDisputed { marks.append("<b>disputed</b>, and not settled") }
    let sources: HTML =
      fact.sources.isEmpty
      ? "<dd>none is recorded</dd>"
      : fact.sources.map(CitationList(context: context).row).joined(.none)
    return """
      <p>\(entry.summary)</p>\(marks.isEmpty ? .none : "<p class=\"quiet\">\(marks.joined(" · "))</p>" as HTML)
      <dl><dt>In the world</dt><dd>\(fact.time?.text ?? "undated")\(fact.basis.map { " (\($0))" } ?? "")</dd>\
      <dt>In the record</dt><dd>\(Words.time(batch.recorded)), by \(batch.recorder)\(late)</dd>\
      <dt>Source</dt>\(sources)\(CitationList(context: context).via(fact))\(fact.note.map { "<dt>Note</dt><dd>\($0)</dd>" as HTML })</dl>
      <p class="row quiet">\(context.link(.event(fact.position), "Fact \(fact.position.description)"))\(wrong(fact.position))</p>
      """
  }

  func wrong(_ position: Position) -> HTML {
    guard context.links.isServer else { return .none }
    return
      " <a href=\"\(Address("facts", "\(position.rawValue)", "correct").text)\">Something wrong?</a>"
  }

  private func reading(_ step: StanceStep) -> HTML {
    guard let reading = step.reading else { return .none }
    return """
      <p class="quiet">Read as: \(reading.what) = \(LevelWords(reading.level).mark), by the editors’ link \
      \(context.link(.event(reading.link), "\(reading.link.description)")) \
      (\(reading.isStrong ? "strong" : "informative"))\(reading.rationale.map { ": \(Words.withoutStop($0))" } ?? "").</p>
      """
  }

  private func others(_ step: StanceStep) -> HTML {
    let entries = step.others.prefix(12)
    guard !entries.isEmpty else { return .none }
    let rows = entries.map { entry -> HTML in
      """
      <li>\(entry.fact.time?.text ?? "undated"): \(StepWords(entry).short) \
      <small>\(context.link(.event(entry.fact.position), "\(entry.fact.position.description)"))</small></li>
      """
    }
    let left = step.others.count - entries.count
    let more: HTML = left > 0 ? "<li>and \(Words.figure(left)) more</li>" : .none
    return
      "<p class=\"quiet\">Also recorded, and no step:</p><ul class=\"quiet\">\(rows)\(more)</ul>"
  }

  /// What holds no longer: withdrawn, corrected, set aside.
  var asides: HTML {
    let histories = explorer.audit.history
    let gone = histories.filter { !$0.entry.fact.holds }
    let count = explorer.audit.count
    let line: HTML = """
      <p class="quiet"><b>\(Words.count(count, "fact")) with a direction</b> in force, \
      \(Words.figure(gone.count)) withdrawn or set aside.</p>
      """
    guard !histories.isEmpty else { return line }
    let rows = histories.map { history -> HTML in
      let fact = history.entry.fact
      let summary: HTML =
        fact.holds ? "\(history.entry.summary)" : "<del>\(history.entry.summary)</del>"
      let chain = history.chain.map { entry -> HTML in
        """
        <li>\(context.link(.event(entry.fact.position), "\(entry.fact.position.description)")) \
        \(entry.summary) <small>\(Words.time(entry.fact.root.batch.recorded)), by \
        \(entry.fact.root.batch.recorder)</small></li>
        """
      }
      return """
        <li>\(context.link(.event(fact.position), "\(fact.position.description)")) \(summary)<ul>\(chain)</ul></li>
        """
    }
    return """
      \(line)<details><summary>What was corrected, disputed or withdrawn</summary><ul>\(rows)</ul></details>
      """
  }

  var remarks: HTML {
    let remarks = explorer.audit.remarks
    guard !remarks.isEmpty else { return .none }
    var kinds: [String] = []
    for remark in remarks where !kinds.contains(remark.kind) { kinds.append(remark.kind) }
    let rows = kinds.map { kind -> HTML in
      let own = remarks.filter { $0.kind == kind }
      let texts = own.prefix(8).map { remark -> HTML in
        let place: HTML =
          remark.position.map { context.link(.event($0), "\($0.description)") + " " } ?? .none
        return "\(place)\(remark.text)"
      }.joined("; ")
      let left = own.count - 8
      let more: HTML = left > 0 ? "; and \(Words.figure(left)) more" : .none
      let number: HTML = own.count > 1 ? " (\(own.count))" : .none
      return
        "<li><b>\(Words.sentence(kind.replacing("-", with: " ")))\(number).</b> \(texts)\(more).</li>"
    }
    return """
      <section aria-labelledby="remarks"><h2 id="remarks">What a careful reader should know</h2>\
      <ul class="plain quiet">\(rows)</ul></section>
      """
  }

  var map: HTML {
    let drawing = TimesMap(
      revisions: explorer.revisions.revisions, address: address, last: explorer.lastDay
    ).drawing(context)
    return """
      <section aria-labelledby="mapt"><h2 id="mapt">Both times at once</h2><p class="how">The world runs \
      across, the record upwards. Each row begins with an event that changed this line, \
      each column with a day on which the stance changes; rows and columns are evenly spaced.</p>\(drawing)</section>
      """
  }

  var leaveOut: HTML {
    guard explorer.stance.count > 0 || !explorer.stance.leavingOut.isEmpty else { return .none }
    let current = StanceSentence.run(of: steps, on: explorer.day)
    let rows = explorer.withouts.map { part -> HTML in
      let other = StanceSentence.run(of: part.steps, on: explorer.day)
      let since = other.map { $0.from == .min ? "" : " since \(Words.shortDay($0.from))" } ?? ""
      let isSame = other?.level == current?.level && other?.from == current?.from
      let answer: HTML =
        isSame ? "same answer" : "\(LevelWords(other?.level).mark)\(since)"
      let box: HTML =
        context.links.isServer
        ? """
        <label><input type="checkbox" name="\(part.parameter.name)" value="\(part.parameter.value)" \
        data-x="\(part.key)"\(part.isChosen ? " checked" : HTML.none)> \(part.words)</label>
        """ : "\(part.words)"
      return "<tr><td>\(box)</td><td>\(answer)</td></tr>"
    }
    let table: HTML = """
      <table><caption class="sr">The answer, judged again without some of the evidence</caption><thead>\
      <tr><th>Without</th><th>The answer becomes</th></tr></thead><tbody>\(rows)</tbody></table>
      """
    let fields = address.at(moments).items.map { item -> HTML in
      "<input type=\"hidden\" name=\"\(item.name)\" value=\"\(item.value)\">"
    }
    let form: HTML =
      context.links.isServer
      ? "<form action=\"\(address.text)\" method=\"get\">\(fields)\(table)<button>Judge again</button></form>"
      : table
    return """
      <section aria-labelledby="lo"><h2 id="lo">Leave something out</h2><p class="how">Does the answer \
      hold without it?</p>\(form)</section>
      """
  }

  /// Why a fact was amended: what its source says has changed. The source's page shows both captures.
  private func sourceChange(_ change: SourceChange) -> HTML {
    let fields = Words.list(change.changes.map(\.field))
    return """
       · source changed: \(context.link(.source(change.source), "\(change.source)")) was captured again, \
      and differs in \(fields) (\(context.link(.event(change.before), "\(change.before.description)")), \
      \(context.link(.event(change.after), "\(change.after.description)")))
      """
  }

  /// The events that changed the line.
  var stateList: HTML {
    let revisions = explorer.revisions.revisions
    guard !revisions.isEmpty else { return .none }
    let rows = revisions.suffix(12).reversed().map { revision -> HTML in
      let state = revision.knownBy
      let position = "\(state.position.description)"
      return """
        <li>\(context.link(address.at(at(state.position)), "\(position)")) \
        \(StepWords(revision.cause).short)\(revision.sourceChanges.map(sourceChange)) \
        <small>\(state.recorded.map(Words.time))</small></li>
        """
    }
    let left = revisions.count - 12 + explorer.revisions.omitted
    let more: HTML = left > 0 ? "<li>and \(Words.figure(left)) earlier ones</li>" : .none
    return """
      <details class="quiet"><summary>States of the record, the last one first</summary>\
      <ul class="plain">\(rows)\(more)</ul></details>
      """
  }
}
