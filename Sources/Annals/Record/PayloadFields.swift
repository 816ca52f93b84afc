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

  // MARK: votes

  var rollcall: String? { text("rollcall") }
  var voter: String? { text("voter") }
  var choice: ChoiceSet? { data["choice"].flatMap(ChoiceSet.init) }
  var isVeto: Bool { data["veto"]?.bool == true }
  var motion: String? { text("motion") }
  var body: String? { text("body") }
  var session: String? { text("session") }
  var method: String? { text("method") }
  var result: String? { text("result") }
  /// Members entitled to vote.
  var members: Int? { data["members"]?.integer.map { Int($0) } }

  /// The official count of a choice.
  func official(_ choice: String) -> Int? { data["official"]?[choice]?.integer.map { Int($0) } }

  // MARK: stances

  var topic: String? { text("topic") }
  var proposition: String? { text("proposition") }
  var level: Level? { data["level"].flatMap(Level.init) }
  /// The stance that a statement takes: a payload of its own.
  var stance: PayloadFields? { data["stance"].map(PayloadFields.init) }
  var speaker: String? { text("speaker") }
  var onBehalfOf: String? { text("onBehalfOf") }
  /// What an actor that was asked to sponsor a motion answered.
  var answer: String? { text("answer") }
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
