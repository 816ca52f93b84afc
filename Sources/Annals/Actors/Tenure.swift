import EventLog

/// How surely something that lasted a while was so at some time.
public enum Certainty: String, Hashable, Sendable {
  /// Whatever the open ends of its dates turn out to be.
  case certain
  /// Within the bounds of its dates, which leave it open.
  case possible
}

/// A stretch of time that a question is about: a second, or the bounds of an event's date.
struct AskedTime: Hashable, Sendable {
  /// Seconds since 1970-01-01T00:00:00Z, half open.
  var start: Int64
  var end: Int64

  /// The end of a moment, as `--on` means it.
  init(endOf moment: OnMoment) { self.init(endOf: moment.endOfMoment) }

  /// The last second before `end`.
  init(endOf end: Int64) {
    self.end = end
    start = end - 1
  }

  /// All of the time at which an event may have happened.
  init(_ time: ValidTime) {
    start = time.earliest
    end = time.latest
  }
}

extension EDTFPeriod {
  /// Whether the period covers all of a stretch of time; nil when it certainly does not.
  func covers(_ time: AskedTime) -> Certainty? {
    if startMax <= time.start && time.end <= endMin { return .certain }
    return startMin < time.end && time.start < endMax ? .possible : nil
  }

  /// The period of a fact that gives none: around its own date, and certain only for a single day.
  init(around time: ValidTime) {
    let length = time.latest.subtractingReportingOverflow(time.earliest)
    let isOneDay = !length.overflow && length.partialValue <= CalendarDay.seconds
    self.init(
      startMin: time.earliest, startMax: isOneDay ? time.earliest : time.latest,
      endMin: isOneDay ? time.latest : time.earliest, endMax: time.latest)
  }
}

extension Fact {
  /// When what it tells of lasted: its period, or else around its own date.
  var tenure: EDTFPeriod? {
    fields.period ?? time.map(EDTFPeriod.init(around:))
  }

  /// Whether it was so all of that time; nil when it was not, or nobody knows when.
  func held(at time: AskedTime) -> Certainty? { tenure?.covers(time) }
}

/// A membership of a group as recorded, with ids of actors after their merges.
struct Membership: Sendable {
  var member: String
  var group: String
  var fact: Fact
}

extension Store {
  /// The memberships that hold of an actor, or in a group: whatever the day.
  func memberships(
    of actors: Set<String>, through: Position, includingRetracted: Bool = false
  ) async throws -> [Membership] {
    let facts = try await facts(
      ["membership.held"], underAnyOf: Self.tags(actors), through: through
    ).filter { $0.holds || includingRetracted }
    let merged = try await mergedIDs(
      of: Set(facts.flatMap { $0.data.strings(at: ["actor"]) + $0.data.strings(at: ["group"]) }),
      through: through)
    return facts.compactMap { fact in
      guard let member = fact.fields.actor, let group = fact.fields.group,
        actors.contains(member) || actors.contains(group)
      else { return nil }
      return Membership(
        member: merged[member] ?? member, group: merged[group] ?? group, fact: fact)
    }
  }

  /// The members of a group at a time, and how surely they were; nil when no membership in it is
  /// recorded for any time.
  func members(
    of group: String, at time: AskedTime, through: Position
  ) async throws -> [String: Certainty]? {
    let ids = try await ids(of: group, through: through)
    let memberships = try await memberships(of: ids, through: through)
      .filter { $0.group == group }
    guard !memberships.isEmpty else { return nil }
    var members: [String: Certainty] = [:]
    for membership in memberships {
      guard let certainty = membership.fact.held(at: time) else { continue }
      if members[membership.member] != .certain { members[membership.member] = certainty }
    }
    return members
  }
}
