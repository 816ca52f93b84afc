import EventLog

/// The fields of a payload that answers read, each by its name in the vocabulary and with its type; nil
/// where the payload lacks it.
///
/// A payload is one of perhaps millions, so a field is read when it is asked for. `Fact.payload(_:)`
/// decodes a payload whole.
struct PayloadFields: Sendable {
  private let data: JSON

  init(_ data: JSON) { self.data = data }

  private func text(_ name: String) -> String? { data[name]?.string }

  /// The id of an entity of some kind that the payload names.
  func id(of kind: EntityKind) -> String? { text(kind.rawValue) }

  /// A field that holds an id, for checks that are alike for several types.
  subscript(id field: String) -> String? { text(field) }

  // MARK: votes

  var rollcall: String? { text("rollcall") }
  var voter: String? { text("voter") }
  var choice: ChoiceSet? { data["choice"].flatMap(ChoiceSet.init) }
  var isVeto: Bool { data["veto"]?.bool == true }
  var isTeller: Bool { data["teller"]?.bool == true }
  /// Whether it is the casting vote of a presiding officer.
  var isCasting: Bool { data["casting"]?.bool == true }
  /// How many votes a vote counts in the tally; nil where nothing is said: one.
  var weight: Int? {
    isTeller ? 0 : data["weight"]?.integer.map { Int(min(max($0, 0), Self.heaviest)) }
  }
  /// Sums of weights stay far from the largest number.
  private static let heaviest: Int64 = 1 << 40
  var motion: String? { text("motion") }
  var body: String? { text("body") }
  var session: String? { text("session") }
  var method: String? { text("method") }
  var result: String? { text("result") }
  /// Whether the vote was declared void.
  var isAnnulled: Bool { result == "annulled" }
  /// Members entitled to vote.
  var members: Int? { data["members"]?.integer.map { Int($0) } }

  var hasOfficial: Bool { data["official"]?.object?.isEmpty == false }
  /// The official count of a choice.
  func official(_ choice: String) -> Int? { data["official"]?[choice]?.integer.map { Int($0) } }

  // MARK: stances

  var topic: String? { text("topic") }
  /// What a topic is a part of, or a motion derives from.
  var parent: String? { text("parent") }
  var proposition: String? { text("proposition") }
  var level: Level? { data["level"].flatMap(Level.init) }
  /// The stance that a statement takes: a payload of its own.
  var stance: PayloadFields? { data["stance"].map(PayloadFields.init) }
  var speaker: String? { text("speaker") }
  /// How a voter says that it had meant to vote: a roll call and a choice.
  var meant: PayloadFields? { data["meant"].map(PayloadFields.init) }
  var onBehalfOf: String? { text("onBehalfOf") }
  /// Whether a statement was made under a condition.
  var isConditional: Bool { data["conditional"]?.bool == true }
  /// Why a roll call or motion was linked to a topic.
  var rationale: String? { text("rationale") }
  /// What an actor that was asked to sponsor a motion answered.
  var answer: String? { text("answer") }
  /// How a change of stance is known: declared, attributed, inferred.
  var basis: String? { text("basis") }
  /// The last day of a stance, as written.
  var untilText: String? { text("until") }
  var until: EDTF? { untilText.flatMap { try? EDTF($0) } }
  /// Whether a vote for what is linked supports the topic's proposition.
  var isSupporting: Bool { data["supporting"]?.string != "no" }
  var isStrong: Bool { data["strength"]?.string == "strong" }

  // MARK: actors

  var actor: String? { text("actor") }
  var name: String? { text("name") }
  var kind: String? { text("kind") }
  var language: String? { text("language") }
  var scheme: String? { text("scheme") }
  var value: String? { text("value") }
  var group: String? { text("group") }
  var person: String? { text("person") }
  var organisation: String? { text("organisation") }
  /// Whether what the holder of a role says counts for the organisation.
  var isSpeaking: Bool { data["speaksFor"]?.bool == true }
  var winner: String? { text("winner") }
  var loser: String? { text("loser") }
  var predecessor: String? { text("predecessor") }
  var successor: String? { text("successor") }
  /// When a role or membership was held, as written.
  var periodText: String? { text("period") }
  var period: EDTFPeriod? { periodText.flatMap { try? EDTF($0).period } }

  // MARK: sources and imports

  var source: String? { text("source") }
  var title: String? { text("title") }
  var url: String? { text("url") }
  var publisher: String? { text("publisher") }
  var dataset: String? { text("dataset") }
  var version: String? { text("version") }
  var sha256: String? { text("sha256") }
}

extension Fact {
  /// The payload's fields, with corrections applied.
  var fields: PayloadFields { PayloadFields(data) }
}
