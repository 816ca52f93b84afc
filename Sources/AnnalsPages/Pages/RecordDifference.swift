import Annals
import AnnalsAnswers
import EventLog

/// What the record took in between two of its states.
struct RecordDifference {
  private let diff: RecordDiff
  private let items: [RecordQuestion.Item]
  private let context: PageContext

  init(_ diff: RecordDiff, _ items: [RecordQuestion.Item], _ context: PageContext) {
    self.diff = diff
    self.items = items
    self.context = context
  }

  private var from: String { RecordQuestion.text(diff.from.position) }
  private var to: String { RecordQuestion.text(diff.to.position) }
  private var range: String { "\(from)..\(to)" }
  private var facts: Int { diff.added.reduce(0) { $0 + $1.count } }

  var page: Page {
    DifferencePage.page(
      "The record from \(from) to \(to)", "\(times)", answer: answer, items, context,
      body: "\(stances)\(changed)\(new)",
      files: DifferencePage.files(items, fixing: [("known_by", range)], context),
      foot: "<p>Known by \(from) and by \(to).</p>")
  }

  private var times: HTML {
    func time(_ state: RecordState) -> String {
      state.recorded.map(Words.time) ?? "nothing recorded"
    }
    return "\(time(diff.from)) – \(time(diff.to))"
  }

  private var answer: HTML {
    guard diff.differs else { return "Unchanged: both are the same state of the record." }
    let stances = diff.stances.count
    return """
      What was known changed: \(Words.count(facts, "fact")) \(facts == 1 ? "was" : "were") added, \
      \(Words.count(diff.changed.count, "earlier fact")) \(diff.changed.count == 1 ? "reads" : "read") \
      otherwise, and \(Words.count(stances, "stance")) changed.
      """
  }

  private var stances: HTML {
    guard !diff.stances.isEmpty else { return .none }
    let rows = diff.stances.prefix(DifferencePage.most).map { change -> HTML in
      let address = Address.difference(
        change.actor.id, change.topic.id, knownBy: range,
        on: change.from == .min ? nil : Words.isoDay(change.from))
      return """
        <tr><th scope="row">\(context.link(address, "\(change.actor.name)"))<br>\
        <small>\(change.topic.id)</small></th>\
        <td class="nw">\(change.from == .min ? "—" : Words.isoDay(change.from))</td>\
        <td>\(LevelWords(change.before).mark) → \(LevelWords(change.after).mark)</td></tr>
        """
    }
    return """
      <section aria-labelledby="stances"><h2 id="stances">Stances that differ</h2>\
      <div class="wide" tabindex="0" role="region" aria-label="Stances"><table><thead><tr>\
      <th scope="col">Actor and topic</th><th scope="col">First day that differs</th>\
      <th scope="col">Stance on that day</th></tr></thead><tbody>\(rows)</tbody></table></div>\
      \(Words.more(rows.count, of: diff.stances.count))</section>
      """
  }

  private var changed: HTML {
    guard !diff.changed.isEmpty else { return .none }
    let rows = diff.changed.prefix(15).map { changed -> HTML in
      let fields = changed.fields.prefix(12).map { field -> HTML in
        """
        <dt>\(field.field)</dt><dd><del>\(field.before.map { EventLine.cut($0) } ?? "not there")</del> → \
        <ins>\(field.after.map { EventLine.cut($0) } ?? "not there")</ins></dd>
        """
      }
      let same: HTML = fields.isEmpty ? "<dt>Now</dt><dd>reads as before</dd>" : .none
      return EventLine(entry: changed.entry).item(
        context,
        "<dl>\(fields)\(same)\(DifferencePage.causes(changed.causes, context))</dl>")
    }
    return """
      <section aria-labelledby="changed"><h2 id="changed">Facts that differ</h2>\
      <ol class="chain">\(rows)</ol>\(Words.more(rows.count, of: diff.changed.count))</section>
      """
  }

  private var new: HTML {
    guard !diff.added.isEmpty else { return .none }
    let counts = diff.added.map { added -> HTML in
      "\(Words.figure(added.count)) \(Words.type(added.type))"
    }
    let amended: HTML =
      diff.amendedNew == 0
      ? .none
      : """
       \(Words.figure(diff.amendedNew)) of them \(diff.amendedNew == 1 ? "was" : "were") corrected, \
      withdrawn or disputed since.
      """
    return """
      <section aria-labelledby="new"><h2 id="new">New facts</h2><p>\(counts.joined(", ")).\(amended)</p>\
      \(EventLine.list(diff.newFacts, most: 30, total: facts, context))</section>
      """
  }
}
