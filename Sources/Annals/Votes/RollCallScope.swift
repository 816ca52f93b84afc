import EventLog

/// Which roll calls a question is about; what is nil asks for all.
public struct RollCallScope: Sendable {
  /// Those certainly held within it.
  public var period: Period?
  /// As anybody writes it: `77`, `XXX`, `ES-11`.
  public var session: String?
  public var body: String?
  /// Those linked to it, directly or through their motion.
  public var topic: String?
  /// Leaves out those in which everybody who chose yes, abstain or no chose the same.
  public var contestedOnly = false

  public init() {}

  /// How a longer time is cut up.
  public enum Unit: String, CaseIterable, Sendable { case year, session }
}

/// The roll calls of a scope, with the names that it was asked by resolved.
public struct RollCallSelection: Sendable {
  public var period: Period?
  public var session: String?
  public var body: Entity?
  public var topic: Entity?
  public var contestedOnly: Bool
  /// Roll calls of which an account or a vote is recorded.
  public var rollcalls: Int
  /// Those of them in which votes are recorded: the agenda.
  public var agenda: Int
  /// Roll calls with votes that were left out as unanimous.
  public var unanimous: Int
  /// Those left out because their date is not certainly in the period, or in any year.
  public var undated: Int

  /// The numbers of the agenda's roll calls, in order of date.
  var numbers: [Int] = []
  /// The numbers of all, those without votes among them, in order of date.
  var all: [Int] = []

  /// A part of the agenda.
  struct Group {
    var label: String
    var numbers: [Int]
  }

  /// In words, for people: "un-ga, session 77".
  public var text: String {
    var parts: [String] = []
    if let period { parts.append(period.text) }
    if let session { parts.append("session \(session)") }
    if let body { parts.append(body.name) }
    if let topic { parts.append("topic \(topic.id)") }
    if contestedOnly { parts.append("contested roll calls only") }
    return parts.isEmpty ? "all years" : parts.joined(separator: ", ")
  }
}

extension Period {
  /// The seconds of its days.
  var seconds: Range<Int64> {
    CalendarDay(number: days.lowerBound)
      .firstSecond..<CalendarDay(number: days.upperBound).endSecond
  }
}

extension VoteGrid {
  /// In order of date, then of the log; undated ones last.
  func inOrderOfDate(_ numbers: [Int]) -> [Int] {
    numbers.sorted { a, b in
      let (first, second) = (rollcalls[a], rollcalls[b])
      return (first.earliest ?? .max, first.latest ?? .max, a)
        < (second.earliest ?? .max, second.latest ?? .max, b)
    }
  }

  /// Cuts roll calls up; those of no one unit are left out.
  func groups(
    _ numbers: [Int], every unit: RollCallScope.Unit
  ) -> [RollCallSelection.Group] {
    var groups: [RollCallSelection.Group] = []
    var indices: [String: Int] = [:]
    var sessions: [String: SessionName] = [:]
    for number in numbers {
      let rollcall = rollcalls[number]
      let label: String?
      switch unit {
      case .year: label = rollcall.year.map { String($0) }
      case .session:
        let written = rollcall.session ?? ""
        if sessions[written] == nil, !written.isEmpty { sessions[written] = SessionName(written) }
        label = sessions[written]?.text
      }
      guard let label else { continue }
      if let index = indices[label] {
        groups[index].numbers.append(number)
      } else {
        indices[label] = groups.count
        groups.append(RollCallSelection.Group(label: label, numbers: [number]))
      }
    }
    return groups
  }
}

extension VoteRollCall {
  /// The one calendar year in which it was certainly held.
  var year: Int64? {
    guard let earliest, let latest, earliest != .min, latest != .max else { return nil }
    let first = CivilDate.fromDay(Day.of(second: earliest)).year
    return first == CivilDate.fromDay(Day.last(before: latest)).year ? first : nil
  }

  /// True when all who chose yes, abstain or no chose the same.
  var isUnanimous: Bool { certain[0...2].count { $0 > 0 } <= 1 }
}

extension Store {
  /// Finds the roll calls of a scope. Throws `.unknownActor` and `.unknownTopic`.
  func select(
    _ scope: RollCallScope, from grid: VoteGrid, through: Position
  ) async throws -> RollCallSelection {
    var body: Entity?
    if let name = scope.body { body = try await resolveActor(name, through: through) }
    var topic: Entity?
    var links: (TopicLinks<Tag>, topic: String)?
    if let name = scope.topic {
      let found = try await resolveTopic(name, through: through)
      topic = found
      links = (try await reader(through).links(ofTopics: [found.id]), found.id)
    }
    let session = scope.session.map(SessionName.init)
    var sessions: [String: SessionName] = [:]
    var selection = RollCallSelection(
      period: scope.period, session: session?.text, body: body, topic: topic,
      contestedOnly: scope.contestedOnly, rollcalls: 0, agenda: 0, unanimous: 0, undated: 0)
    let seconds = scope.period?.seconds
    var numbers: [Int] = []
    var all: [Int] = []
    for (number, rollcall) in grid.rollcalls.enumerated() {
      guard rollcall.accounts > 0 || rollcall.hasVotes else { continue }
      if let body, rollcall.body != body.id { continue }
      if let session {
        guard let written = rollcall.session else { continue }
        let own = sessions[written] ?? SessionName(written)
        sessions[written] = own
        if own != session { continue }
      }
      if let (links, topic) = links, rollcall.link(to: topic, in: links) == nil { continue }
      if let seconds, !rollcall.isCertainly(within: seconds) {
        // What lies outside for certain is no gap.
        let mayLieWithin =
          (rollcall.earliest ?? .min) < seconds.upperBound
          && seconds.lowerBound < (rollcall.latest ?? .max)
        if mayLieWithin { selection.undated += 1 }
        continue
      }
      selection.rollcalls += 1
      all.append(number)
      guard rollcall.hasVotes else { continue }
      if scope.contestedOnly, rollcall.isUnanimous {
        selection.unanimous += 1
        continue
      }
      numbers.append(number)
    }
    selection.numbers = grid.inOrderOfDate(numbers)
    selection.all = grid.inOrderOfDate(all)
    selection.agenda = numbers.count
    return selection
  }
}

extension VoteRollCall {
  /// Its own link, else that of its motion.
  func link(to topic: String, in links: TopicLinks<Tag>) -> TopicLink? {
    links.of(rollcall: .rollcall(id), motion: motion.map { .motion($0) })[.topic(topic)]
  }
}
