import Foundation
import Testing

/// Answers of the program in JSON, as far as the tests look at them.
struct Citation: Decodable {
  var source: String
  var locator: String?
}

/// An event, as `export`, `event`, `show` and `timeline` give it.
struct EventJSON: Decodable {
  var seq: Int
  var id: String
  var type: String
  var on: String?
  var summary: String?
  var sources: [Citation]?
  var data: Payload?
  // `event` has these in addition.
  var live: Bool?
  var chain: [EventJSON]?
  var mentions: [EventJSON]?
  var rollcalls: [TallyJSON]?

  /// What the tests look at in payloads of several types.
  struct Payload: Decodable {
    struct Check: Decodable {
      var result: String
      var by: [String]
    }
    var check: Check?
    var proposition: String?
    var rollcall: String?
    var strength: String?
    var answer: String?
    var choice: Choices?
  }

  /// One choice, or a set of them that is still open.
  struct Choices: Decodable, Equatable {
    var names: [String]

    init(_ names: String...) { self.names = names }

    init(from decoder: any Decoder) throws {
      let value = try decoder.singleValueContainer()
      names = try (try? value.decode([String].self)) ?? [value.decode(String.self)]
    }
  }

  func cites(_ source: String, _ locator: String) -> Bool {
    sources?.contains { $0.source == source && $0.locator == locator } ?? false
  }
}

struct TallyJSON: Decodable {
  var rollcall: String
  var yes: Int?
  var no: Int?
  var abstain: Int?
  /// Position of the event that gives the tally.
  var seq: Int
}

/// A stance, wherever one stands.
struct StanceJSON: Decodable {
  var label: String
  var low: Int?
  var high: Int?

  /// The level; nil for a range and without data.
  var level: Int? { low == high ? low : nil }
}

extension JSONDecoder {
  static var ofAnswers: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return decoder
  }
}

/// `show -o json`
struct ShowJSON: Decodable {
  struct Known: Decodable {
    var seq: Int
  }
  var actor: String
  var stance: StanceJSON
  var level: Int? { stance.level }
  var label: String { stance.label }
  var since: String?
  var knownBy: Known
  var coverage: [String]
  /// The facts that made the step.
  var evidence: [EventJSON]
  var alsoRecorded: [EventJSON]
  var recorded: [EventJSON] { evidence + alsoRecorded }
}

/// `timeline -o json`
struct TimelineJSON: Decodable {
  var subjects: [String]
  var entries: [EventJSON]
}

extension Program {
  /// Runs a command that must succeed, and reads its answer.
  func ask<Answer: Decodable>(_ line: String, as: Answer.Type = Answer.self) async throws -> Answer
  {
    let told = try await shell("annals \(line) -o json")
    try #require(told.status == 0, "\(line): \(told.errors)")
    return try JSONDecoder.ofAnswers.decode(Answer.self, from: Data(told.output.utf8))
  }

  /// The one event of a type that cites this place of a source: positions and ids may change, what
  /// an event rests on does not.
  func event(_ type: String, _ source: String, _ locator: String) async throws -> EventJSON {
    let told = try await run("export")
    let events = try told.lines.map {
      try JSONDecoder().decode(EventJSON.self, from: Data($0.utf8))
    }
    let found = events.filter { $0.type == type && $0.cites(source, locator) }
    try #require(found.count == 1, "\(found.count) events \(type) cite \(source):\(locator)")
    return try await ask("event \(found[0].seq)")
  }
}
