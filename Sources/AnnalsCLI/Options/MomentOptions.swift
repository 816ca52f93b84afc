import Annals
import ArgumentParser
import EventLog

/// `--on` and `--known-by`: the two times of every question.
struct MomentOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How it was in the world at the end of this day, month or year. Default: now.",
      valueName: "date"))
  var on: String?

  @OptionGroup var record: KnownByOption

  @Flag(help: "Count facts that may have happened by then, not only those that certainly had.")
  var possibly = false

  /// The day asked about: today when none is given.
  func moment() throws -> OnMoment { try Arguments.moment(on ?? "today", option: "--on") }

  /// The day asked about; nil when none is given.
  func givenMoment() throws -> OnMoment? {
    try on.map { try Arguments.moment($0, option: "--on") }
  }

  func knownBy() throws -> KnownBy? { try record.moment() }

  /// From where a view is taken, at the end of `on`.
  func viewpoint(on: OnMoment?, _ leaveOut: LeaveOutOptions) throws -> Viewpoint {
    Viewpoint(
      on: on, possibly: possibly, knownBy: try knownBy(), leavingOut: leaveOut.leaveOut)
  }
}

/// `--exclude-type`, `--exclude-source`, `--strong-only`: what a position is worked out without.
struct LeaveOutOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Leave out evidence of this type, and judge the rest anew. May be given several times.",
      valueName: "type"), completion: .list(Exclusions.evidenceTypes))
  var excludeType: [String] = []

  @Option(
    help: ArgumentHelp(
      "Leave out facts that rest on this source alone. May be given several times.",
      valueName: "source"), completion: .sources)
  var excludeSource: [String] = []

  @Flag(
    help: ArgumentHelp(
      "Leave out informative links, facts that are disputed or not asserted, and stances that "
        + "others attributed or inferred."))
  var strongOnly = false

  var leaveOut: Exclusions {
    Exclusions(types: excludeType, sources: excludeSource, weak: strongOnly)
  }
}

/// `--known-by` alone, for questions about the record only.
struct KnownByOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What the record contained then: a date, a time, or a position such as #412. Default: now.",
      valueName: "moment"))
  var knownBy: String?

  func moment() throws -> KnownBy? {
    guard let knownBy else { return nil }
    return try Arguments.checked(knownBy, option: "--known-by") { text throws(EDTFError) in
      try Moment.knownBy(text, now: .now())
    }
  }
}

/// Arguments that the library reads, with its faults shown on the command line.
enum Arguments {
  static func moment(_ text: String, option: String) throws -> OnMoment {
    try checked(text, option: option) { text throws(EDTFError) in
      try Moment.on(text, now: .now())
    }
  }

  static func checked<Value>(
    _ text: String, option: String, _ read: (String) throws(EDTFError) -> Value
  ) throws -> Value {
    do {
      return try read(text)
    } catch {
      let prefix = "\(option) "
      let start = prefix.utf8.count + error.offset
      var problem = error.problem(.badMoment)
      problem.excerpt =
        TextLocation.locate(
          start..<start + error.length, in: Array((prefix + text).utf8)
        ).excerpt
      throw problem
    }
  }

  /// A date as an event has one, or `today`.
  static func date(_ text: String, option: String) throws -> EDTF {
    try checked(text, option: option) { text throws(EDTFError) in
      let isNamed = text == "today" || text == "yesterday"
      return try EDTF(isNamed ? Moment.on(text, now: .now()).text : text)
    }
  }

  /// A position: `62` or `#62`.
  static func position(_ text: String, option: String) throws -> Position {
    let digits = text.hasPrefix("#") ? text.dropFirst() : text[...]
    guard let number = Int64(digits), number >= 0 else {
      throw Failure.usage(
        "\(option) \"\(text)\" is no position", help: "a position is a number:  \(option) 62")
    }
    return Position(number)
  }

  /// An event as the user names it: `17`, `#17` or an id.
  static func reference(_ text: String) throws -> EventReference {
    guard let reference = EventReference(text) else {
      throw Failure.usage(
        "\"\(text)\" names no event", help: "name it by position (17 or #17) or by id (a UUID)")
    }
    return reference
  }
}
