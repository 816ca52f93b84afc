import EventLog

/// Reads votes from rows of the log, of which there may be millions: voter and roll call are tags,
/// and the choice is read once per shape of payload, since the words of a payload are the same in
/// all of its shape.
struct BallotReader: Sendable {
  /// A vote, with the log's numbers of the tags.
  struct CastVote: Sendable {
    var voter: NameID
    var rollcall: NameID
    var choices: ChoiceSet
    var isCasting: Bool

    struct Key: Hashable, Sendable {
      var voter: NameID
      var rollcall: NameID
      var isCasting: Bool
    }

    var key: Key { Key(voter: voter, rollcall: rollcall, isCasting: isCasting) }
  }

  private enum Kind: UInt8 { case unread, voter, rollcall, other }

  private var tape = JSONTape()
  /// By number of the shape; a set without choices where nothing is read yet.
  private var ofShapes: [ChoiceSet] = []
  /// Whether payloads of the shape may say how they count.
  private var isSpecial: [Bool] = []
  /// By number of the tag.
  private var kinds: [Kind] = []

  /// What a `vote.cast` says; nil when it cannot be read.
  mutating func vote(_ row: borrowing EventRow, _ names: any LogNames) -> CastVote? {
    var voter: NameID?
    var rollcall: NameID?
    for tag in row.tags {
      switch kind(of: tag, names) {
      case .voter: voter = tag
      case .rollcall: rollcall = tag
      default: break
      }
    }
    guard let voter, let rollcall, let choices = choices(row) else { return nil }
    return CastVote(
      voter: voter, rollcall: rollcall, choices: choices,
      isCasting: special(row)?.isCasting ?? false)
  }

  /// The choice alone; nil when it cannot be read.
  mutating func choices(_ row: borrowing EventRow) -> ChoiceSet? {
    let shape = Int(row.shape)
    if shape > 0, shape < ofShapes.count, !ofShapes[shape].isEmpty { return ofShapes[shape] }
    guard (try? tape.parse(row.body)) != nil, let data = tape.member(tape.root, "data"),
      let choice = tape.member(data, "choice"), let choices = ChoiceSet(tape.value(choice))
    else { return nil }
    if shape > 0 {
      while ofShapes.count <= shape {
        ofShapes.append([])
        isSpecial.append(true)
      }
      ofShapes[shape] = choices
      isSpecial[shape] = ["weight", "teller", "casting"].contains {
        tape.member(data, named: $0) != nil
      }
    }
    return choices
  }

  /// The fields of a vote that may say how it counts: its weight, that it is a casting vote. Nil where
  /// it says nothing of that kind.
  mutating func special(_ row: borrowing EventRow) -> PayloadFields? {
    let shape = Int(row.shape)
    if shape > 0, shape < isSpecial.count, !isSpecial[shape] { return nil }
    return PayloadFields(EventBody.data(row.body, &tape))
  }

  private mutating func kind(of tag: NameID, _ names: any LogNames) -> Kind {
    // Drafts that are not in the log have numbers below zero.
    guard tag >= 0 else { return Self.read(names.tag(tag)) }
    let index = Int(tag)
    while kinds.count <= index { kinds.append(.unread) }
    if kinds[index] == .unread { kinds[index] = Self.read(names.tag(tag)) }
    return kinds[index]
  }

  private static func read(_ tag: Tag) -> Kind {
    switch tag.kind {
    case "actor": .voter
    case "rollcall": .rollcall
    default: .other
    }
  }
}
