import Annals
import ArgumentParser
import EventLog

/// Which roll calls a command is about.
struct ScopeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Roll calls certainly held in this year, month, day or interval: 2022, 2022-03/2023.",
      valueName: "period"))
  var period: String?

  @Option(
    help: ArgumentHelp(
      "Roll calls of this session, as anybody writes it: 77, XXX, ES-11.", valueName: "session"))
  var session: String?

  @Option(help: ArgumentHelp("Roll calls of this body.", valueName: "body"), completion: .actors)
  var body: String?

  @Option(
    help: ArgumentHelp("Roll calls linked to this topic.", valueName: "topic"),
    completion: .topics)
  var topic: String?

  func scope(contestedOnly: Bool = false) throws -> RollCallScope {
    var scope = RollCallScope()
    if let period {
      guard let read = Period(try Arguments.date(period, option: "--period")) else {
        throw Failure.usage(
          "--period \"\(period)\" has no certain beginning and end",
          help: "a year, a month, a day, or an interval with both ends:  --period 2022-03/2023")
      }
      scope.period = read
    }
    scope.session = session
    scope.body = body
    scope.topic = topic
    scope.contestedOnly = contestedOnly
    return scope
  }

  /// `--every year` or `--every session`.
  static func unit(_ text: String?) throws -> RollCallScope.Unit? {
    guard let text else { return nil }
    guard let unit = RollCallScope.Unit(rawValue: text) else {
      let all = RollCallScope.Unit.allCases.map(\.rawValue)
      throw Failure.usage(
        "--every \"\(text)\" is no unit here", help: "one of \(all.joined(separator: ", "))",
        suggestion: Suggestion.nearest(to: text, among: all))
    }
    return unit
  }

  /// A count of at least one.
  static func count(_ number: Int?, option: String) throws -> Int? {
    if let number, number < 1 {
      throw Failure.usage("\(option) \(number): at least one must be wanted")
    }
    return number
  }
}

extension RollCallSelection {
  /// The scope and what it leaves out, as members of an answer.
  var members: [(String, JSON)] {
    [
      ("period", .text(period?.text)), ("session", .text(session)), ("body", .text(body?.id)),
      ("topic", .text(topic?.id)), ("contestedOnly", .bool(contestedOnly)),
    ]
  }

  /// What a reader must know of what was left out.
  var notes: [String] {
    var notes: [String] = []
    if contestedOnly {
      notes.append("\(unanimous.counted("unanimous roll call")) left out (--contested)")
    }
    if undated > 0 {
      notes.append(
        "\(undated.counted("roll call")) left out: the date leaves open whether it was in the period"
      )
    }
    return notes
  }
}
