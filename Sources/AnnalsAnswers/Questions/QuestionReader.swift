package import Annals
package import EventLog

/// Reads the parameters of a question, and collects everything that is wrong with them.
///
/// The command line, HTTP and the tools for assistants all ask through it: one text means the same
/// everywhere. A getter that finds a fault keeps the problem and answers nil; `finish` throws all of
/// them.
package struct QuestionReader {
  /// One value as the user gave it.
  package typealias Item = (name: String, text: String)

  private let parameters: [String: Parameter]
  private let values: [String: [String]]
  /// Who asks: it writes the name of a parameter as `--known-by` or as `known_by`.
  package let face: Face
  /// Whether the sizes of answers are bounded: over HTTP they are, on the command line not.
  private let isBounded: Bool
  package let now: Instant
  private(set) package var problems: [Problem] = []

  /// Unknown parameters, missing ones and repetitions become problems at once.
  package init(
    _ items: [Item], of parameters: [Parameter], isBounded: Bool = true, now: Instant = .now(),
    face: Face
  ) {
    self.parameters = Dictionary(uniqueKeysWithValues: parameters.map { ($0.name, $0) })
    self.face = face
    self.isBounded = isBounded
    self.now = now
    var values: [String: [String]] = [:]
    var problems: [Problem] = []
    if isBounded, items.count > Parameter.most {
      problems.append(
        Problem(.usage, "\(items.count.grouped) parameters, more than \(Parameter.most)"))
    }
    for (name, text) in isBounded ? items.prefix(Parameter.most) : items[...] {
      guard self.parameters[name] != nil else {
        let known = parameters.map { face.parameter($0.name) }
        problems.append(
          Problem(
            .usage, "unknown parameter \"\(name)\"",
            help: Help("parameters: " + (known.isEmpty ? "none" : known.joined(separator: ", "))),
            suggestion: Suggestion.nearest(to: name, among: parameters.map(\.name))))
        continue
      }
      if isBounded,
        let problem = Self.problem(with: text, face.parameter(name), self.parameters[name])
      {
        problems.append(problem)
        continue
      }
      values[name, default: []].append(text)
    }
    for parameter in parameters {
      let given = values[parameter.name] ?? []
      if given.isEmpty, parameter.isRequired {
        problems.append(
          Problem(
            .usage, "\(face.parameter(parameter.name)) is missing", help: Help(parameter.summary)))
      } else if given.count > 1, !parameter.isRepeated {
        problems.append(
          Problem(
            .usage, "\(face.parameter(parameter.name)) is given \(given.count) times",
            help: "give it once"))
      }
    }
    self.values = values
    self.problems = problems
  }

  /// A text that is empty or too long.
  private static func problem(
    with text: String, _ name: String, _ parameter: Parameter?
  ) -> Problem? {
    let length = text.unicodeScalars.count
    if length > Parameter.longest {
      return Problem(
        .usage, "\(name) has \(length.grouped) characters, more than \(Parameter.longest)")
    }
    return text.isEmpty && parameter?.kind != .flag ? Problem(.usage, "\(name) is empty") : nil
  }

  /// Throws everything that was wrong.
  package func finish() throws {
    if !problems.isEmpty { throw Problems(problems) }
  }

  /// Keeps a problem that several parameters make together.
  package mutating func contradict(_ message: String, help: Help? = nil) {
    problems.append(Problem(.contradictory, message, help: help))
  }

  /// Keeps a problem with one parameter.
  package mutating func refuse(
    _ message: String, help: Help? = nil, suggestion: String? = nil
  ) {
    problems.append(Problem(.usage, message, help: help, suggestion: suggestion))
  }

  /// The name of a parameter as the face writes it.
  package func name(_ name: String) -> String { face.parameter(name) }

  // MARK: Values

  package func isGiven(_ name: String) -> Bool { values[name]?.isEmpty == false }

  package func text(_ name: String) -> String? { values[name]?.first }

  package func texts(_ name: String) -> [String] { values[name] ?? [] }

  /// True for `true`, and for a flag without a value.
  package mutating func flag(_ name: String) -> Bool {
    switch text(name) {
    case nil, "false": return false
    case "true", "": return true
    case let text?:
      refuse("\(face.parameter(name)) \"\(text)\" is neither true nor false")
      return false
    }
  }

  /// At most how many rows are wanted; nil for all of them, which only an answer without bounds gives.
  package mutating func limit(_ standard: Int, unbounded: Int? = nil) -> Int? {
    count("limit") ?? (isBounded ? standard : unbounded)
  }

  /// A number within the bounds of the parameter. A number above the limit is refused, not cut.
  package mutating func count(_ name: String) -> Int? {
    guard let text = text(name), case .count(let least, let limit)? = parameters[name]?.kind else {
      return nil
    }
    guard let number = Int(text) else {
      refuse("\(face.parameter(name)) \"\(text)\" is not a whole number")
      return nil
    }
    if number < least {
      refuse(
        "\(face.parameter(name)) \(text): "
          + (least == 0 ? "a number of 0 or more" : "at least one must be wanted"))
      return nil
    }
    if isBounded, number > limit {
      refuse("\(face.parameter(name)) \(text) is more than \(limit.grouped)")
      return nil
    }
    return number
  }

  package mutating func position(_ name: String) -> Position? {
    guard let text = text(name) else { return nil }
    let spelled = face.parameter(name)
    return kept { () throws(Problem) in try Value.position(text, of: spelled) }
  }

  package mutating func event(_ name: String) -> EventReference? {
    guard let text = text(name) else { return nil }
    return kept { () throws(Problem) in try Value.event(text) }
  }

  /// One of some words. `word` says what they are: "unit of time".
  package mutating func choice<Choice: RawRepresentable<String>>(
    _ name: String, _ word: String, among all: [Choice]
  ) -> Choice? {
    guard let text = text(name) else { return nil }
    if let choice = Choice(rawValue: text), all.contains(where: { $0.rawValue == text }) {
      return choice
    }
    let names = all.map(\.rawValue)
    refuse(
      "\(face.parameter(name)) \"\(text)\" is no \(word)",
      help: "one of \(names.joined(separator: ", "))",
      suggestion: Suggestion.nearest(to: text, among: names))
    return nil
  }

  package mutating func rule(among known: [Rule]) -> Rule? { rules(among: known).first }

  package mutating func rules(among known: [Rule]) -> [Rule] {
    texts("rule").compactMap { text in
      kept { () throws(Problem) in try Value.rule(text, among: known) }
    }
  }

  /// The value; nil, and the problem is kept, where it cannot be read.
  private mutating func kept<Value>(_ read: () throws(Problem) -> Value) -> Value? {
    do {
      return try read()
    } catch {
      problems.append(error)
      return nil
    }
  }

  // MARK: Times

  package mutating func moment(_ name: String = "on") -> OnMoment? {
    let now = now
    return read(name) { text throws(EDTFError) in try Moment.on(text, now: now) }
  }

  package mutating func state(_ name: String = "known_by") -> KnownBy? {
    let now = now
    return read(name) { text throws(EDTFError) in try Moment.knownBy(text, now: now) }
  }

  package mutating func moments(_ name: String) -> (from: OnMoment, to: OnMoment)? {
    let now = now
    return read(name) { text throws(EDTFError) in try Moment.onRange(text, now: now) }
  }

  package mutating func states(_ name: String) -> (from: KnownBy, to: KnownBy)? {
    let now = now
    return read(name) { text throws(EDTFError) in try Moment.knownByRange(text, now: now) }
  }

  /// A date as an event has one, `today` or `yesterday`.
  package mutating func date(_ name: String) -> EDTF? {
    let now = now
    return read(name) { text throws(EDTFError) in
      let isNamed = text == "today" || text == "yesterday"
      return try EDTF(isNamed ? Moment.on(text, now: now).text : text)
    }
  }

  /// The first day that a date may mean, counted from 1970-01-01.
  package mutating func firstDay(_ name: String) -> Int64? {
    date(name).map { CalendarDay(containing: $0.local.earliest).number }
  }

  /// The last day that a date may mean.
  package mutating func lastDay(_ name: String) -> Int64? {
    date(name).map { CalendarDay(containing: $0.local.latest &- 1).number }
  }

  /// A stretch of time with a certain beginning and a certain end.
  package mutating func period(_ name: String) -> Period? {
    guard let date = date(name) else { return nil }
    if let period = Period(date) { return period }
    refuse(
      "\(face.parameter(name)) \"\(text(name) ?? "")\" has no certain beginning and end",
      help: "a year, a month, a day, or an interval with both ends, such as 2022-03/2023")
    return nil
  }

  private mutating func read<Value>(
    _ name: String, _ body: (String) throws(EDTFError) -> Value
  ) -> Value? {
    guard let text = text(name) else { return nil }
    do {
      return try body(text)
    } catch {
      let prefix = "\(face.parameter(name)) "
      let start = prefix.utf8.count + error.offset
      var problem = error.problem(.badMoment)
      problem.excerpt =
        TextLocation.locate(
          start..<start + error.length, in: Array((prefix + text).utf8)
        ).excerpt
      problems.append(problem)
      return nil
    }
  }

  // MARK: What several questions have

  /// What is left out of the evidence.
  package mutating func exclusions() -> Exclusions {
    Exclusions(
      types: texts("exclude_type"), sources: texts("exclude_source"), weak: flag("strong_only"))
  }

  /// From where a view is taken, at the end of `on`.
  package mutating func viewpoint(on: OnMoment?, rule: Rule) -> Viewpoint {
    Viewpoint(
      on: on, possibly: flag("possibly"), knownBy: state(), leavingOut: exclusions(), rule: rule)
  }

  /// From where a stance on a day is seen, under a rule that gives one.
  package mutating func lineViewpoint() -> Viewpoint {
    viewpoint(on: givenMomentOrToday(), rule: rule(among: Rule.ofLines) ?? .latest2)
  }

  /// The day asked about; today when none is given.
  package mutating func givenMomentOrToday() -> OnMoment? {
    if isGiven("on") { return moment() }
    return try? Moment.on("today", now: now)
  }

  /// Which roll calls a question is about.
  package mutating func scope() -> RollCallScope {
    var scope = RollCallScope()
    scope.period = period("period")
    scope.session = text("session")
    scope.body = text("body")
    scope.topic = text("topic")
    scope.contestedOnly = flag("contested")
    return scope
  }
}
