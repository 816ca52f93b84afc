import Annals

/// A tally as a bar: one part for each choice, as wide as its share of the votes.
struct TallyBar {
  /// The choices with their votes, and the votes as words where they are a range.
  let counts: [(choice: String, votes: Int, words: String)]

  private static let width = 1000.0

  /// From those for the motion over abstentions to those against it, then the others.
  private var inOrder: [(choice: String, votes: Int, words: String)] {
    let order = ["yes", "paired-yes", "abstain", "both", "paired-no", "no"]
    return order.flatMap { choice in counts.filter { $0.choice == choice } }
      + counts.filter { !order.contains($0.choice) }
  }

  /// Whether there is nothing to draw.
  var isEmpty: Bool { counts.allSatisfy { $0.votes == 0 } }

  var html: HTML {
    let shown = inOrder.filter { $0.votes > 0 }
    let sum = shown.reduce(0) { $0 + $1.votes }
    var x = 0.0
    var parts: HTML = ""
    for count in shown {
      let width = Self.width * Double(count.votes) / Double(sum)
      parts += """
        <rect class="\(VoteWords.sign(count.choice).fill)" x="\(Figure.number(x + 1))" y="1" \
        width="\(Figure.number(max(1, width - 2)))" height="34"/>
        """
      x += width
    }
    let key = shown.map { count -> HTML in
      let (name, sign, _) = VoteWords.sign(count.choice)
      return """
        <li class="k \(name)"><i aria-hidden="true">\(sign)</i>\(count.words) \
        \(VoteWords.did(count.choice))</li>
        """
    }
    return """
      <svg viewBox="0 0 1000 36" aria-hidden="true">\(parts)</svg><ul class="key">\(key)</ul>
      """
  }
}
