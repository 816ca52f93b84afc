import EventLog

/// Reads the choice of a vote, of which there may be millions: once per shape of payload, since the
/// words of a payload are the same in all of its shape.
struct BallotReader: Sendable {
  private var tape = JSONTape()
  /// By number of the shape; a set without choices where nothing is read yet.
  private var ofShapes: [ChoiceSet] = []

  /// What a `vote.cast` says was chosen; nil when that cannot be read.
  mutating func choices(_ row: borrowing EventRow) -> ChoiceSet? {
    let shape = Int(row.shape)
    if shape > 0, shape < ofShapes.count, !ofShapes[shape].isEmpty { return ofShapes[shape] }
    guard (try? tape.parse(row.body)) != nil, let data = tape.member(tape.root, "data"),
      let choice = tape.member(data, "choice"), let choices = ChoiceSet(tape.value(choice))
    else { return nil }
    if shape > 0 {
      while ofShapes.count <= shape { ofShapes.append([]) }
      ofShapes[shape] = choices
    }
    return choices
  }
}
