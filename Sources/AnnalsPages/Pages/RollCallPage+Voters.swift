import Annals
import AnnalsAnswers
import EventLog

/// Who chose what: one list for each choice.
extension RollCallPage {
  /// Up to so many voters are listed in full; of more, some of each choice.
  private static let mostVoters = 250
  private static let mostOfChoice = 60

  private struct Group {
    var choices: [String]
    var votes: [RollCallAnswer.CountedVote]
  }

  /// In the order of the answer.
  private var groups: [Group] {
    var groups: [Group] = []
    for vote in answer.votes {
      if let index = groups.firstIndex(where: { $0.choices == vote.choices }) {
        groups[index].votes.append(vote)
      } else {
        groups.append(Group(choices: vote.choices, votes: [vote]))
      }
    }
    return groups
  }

  /// What voters chose before, by id: those who chose otherwise this time.
  private var changes: [String: (before: String, rollcall: String)] {
    var changes: [String: (before: String, rollcall: String)] = [:]
    for step in answer.sinceLast {
      for change in step.changes where changes[change.voter.id] == nil {
        changes[change.voter.id] = (change.before, step.previous)
      }
    }
    return changes
  }

  var voters: HTML {
    guard !answer.votes.isEmpty else {
      return """
        <section aria-labelledby="who"><h2 id="who">Who chose what</h2><p>No single vote is recorded.</p>\
        </section>
        """
    }
    let changes = changes
    let lists = groups.map { list($0, changes) }
    let marked: HTML =
      changes.isEmpty
      ? .none
      : """
       <b>Bold and underlined</b> with “before”: chose otherwise in the roll call before it on the topic.
      """
    let names: HTML =
      links.isEmpty
      ? "A name leads to its vote."
      : """
      A name leads to where the voter stands on \(links[0].topic.id), the number to the vote.
      """
    return """
      <section aria-labelledby="who"><h2 id="who">Who chose what</h2><p class="how">\(names)\(marked)</p>\
      \(lists)</section>
      """
  }

  private func list(
    _ group: Group, _ changes: [String: (before: String, rollcall: String)]
  ) -> HTML {
    let title: String
    switch group.choices.count {
    case 0: title = "No choice agrees with all accounts"
    case 1: title = Words.sentence(VoteWords.did(group.choices[0]))
    default: title = "Open: \(VoteWords.or(group.choices))"
    }
    let moved = group.votes.filter { changes[$0.voter.id] != nil }
    var shown = group.votes
    if answer.votes.count > Self.mostVoters {
      let rest = group.votes.filter { changes[$0.voter.id] == nil }
      shown = Array((moved + rest).prefix(Self.mostOfChoice))
    }
    let left = group.votes.count - shown.count
    let more: HTML =
      left > 0 ? "<li>and \(Words.figure(left)) more, in the files below</li>" : .none
    let before: HTML =
      moved.isEmpty ? .none : " <small>\(Words.figure(moved.count)) chose otherwise before</small>"
    let mark = VoteWords.mark(group.choices.count == 1 ? group.choices[0] : "open", title)
    return """
      <h3>\(mark) \(Words.figure(group.votes.count))\(before)</h3><ul class="grid">\
      \(shown.map { item($0, changes[$0.voter.id]) })\(more)</ul>
      """
  }

  private func item(
    _ vote: RollCallAnswer.CountedVote, _ change: (before: String, rollcall: String)?
  ) -> HTML {
    let fact = Address.event(vote.main.position)
    let name: HTML = "\(vote.voter.name)"
    let links: HTML
    if let topic = self.links.first?.topic.id {
      links = """
        \(context.link(record.keep(.explorer(vote.voter.id, topic)), name)) \
        \(context.link(fact, "\(vote.main.position.description)"))
        """
    } else {
      links = context.link(fact, name)
    }
    var notes: [String] = []
    if let change { notes.append("before: \(change.before)") }
    if vote.isVeto { notes.append("veto") }
    if vote.isCasting { notes.append("casting vote") }
    if vote.isTeller { notes.append("teller, not counted") }
    if vote.weight != 1, !vote.isTeller { notes.append(Words.count(vote.weight, "vote")) }
    if vote.isConflict { notes.append("accounts contradict each other") }
    if vote.main.isDisputed { notes.append("disputed") }
    if vote.main.current != vote.main.position { notes.append("corrected") }
    let words: HTML =
      notes.isEmpty ? .none : " <small>\(notes.joined(separator: ", "))</small>"
    return "<li\(change == nil ? HTML.none : " class=\"ch\"")>\(links)\(words)</li>"
  }
}
