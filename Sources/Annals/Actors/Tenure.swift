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
  init(_ time: ValidTime) { self.init(time.bounds) }

  init(_ bounds: (earliest: Int64, latest: Int64)) { (start, end) = bounds }
}

extension EDTFPeriod {
  /// Whether the period covers all of a stretch of time; nil when it certainly does not.
  func covers(_ time: AskedTime) -> Certainty? {
    if startMax <= time.start && time.end <= endMin { return .certain }
    return startMin < time.end && time.start < endMax ? .possible : nil
  }

  /// The period of a fact that gives none: around its own date, and certain only for a single day.
  init(around time: (earliest: Int64, latest: Int64)) {
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
    fields.period ?? time.map { EDTFPeriod(around: $0.bounds) }
  }

  /// Whether it was so all of that time; nil when it was not, or nobody knows when.
  func held(at time: AskedTime) -> Certainty? { tenure?.covers(time) }
}

/// How long something is held: a membership of a group, an office in an organisation, a name. `Held`
/// says what.
struct Tenure<Held: Hashable & Sendable>: Sendable {
  var held: Held
  var period: EDTFPeriod
  /// The bounds of its first and its last date, as written; nil where it has none.
  private var first: (earliest: Int64, latest: Int64)?
  private var last: (earliest: Int64, latest: Int64)?

  /// Takes the payload of a fact and its date; nil for one that says no time.
  init?(_ fields: PayloadFields, _ own: (earliest: Int64, latest: Int64)?, of held: Held) {
    guard let period = fields.period ?? own.map(EDTFPeriod.init(around:)) else { return nil }
    self.held = held
    self.period = period
    let ends = (fields.periodText ?? "").split(separator: "/", omittingEmptySubsequences: false)
    let dates = [ends.first, ends.last].map { end in
      end.flatMap { try? EDTF($0) }.map { (earliest: $0.earliest, latest: $0.latest) }
    }
    (first, last) = (dates[0], dates[1])
  }

  /// The date on which it gives way to another tenure, if it does.
  fileprivate func change(to next: Tenure) -> (earliest: Int64, latest: Int64)? {
    guard let last, let start = next.first, held != next.held,
      last.earliest == start.earliest, last.latest == start.latest,
      // The one was held before that date, the other one is held after it.
      first.map({ $0.earliest < last.earliest }) ?? true,
      next.last.map({ $0.latest > start.latest }) ?? true
    else { return nil }
    return last
  }

  /// True where it begins or ends on a date that a time touches.
  fileprivate func mayChange(at time: AskedTime) -> Bool {
    [first, last].contains { date in
      date.map { $0.earliest < time.end && time.start < $0.latest } ?? false
    }
  }
}

/// What several tenures of one holder come to: its memberships of groups of one kind, its offices, its
/// names.
///
/// Where one ends on a date and another begins on it, the change came at some time of that date. So
/// until the date is over neither of them certainly held all of it, and at its end the later one does.
enum Tenures {
  /// How surely each of them held at a time; nil for one that did not. `areChanging` is true where one
  /// may have given way to another at that time.
  static func certainties<Held>(
    of tenures: [Tenure<Held>?], at time: AskedTime
  ) -> (each: [Certainty?], areChanging: Bool) {
    var certainties = tenures.map { $0?.period.covers(time) }
    var areChanging = false
    for (index, tenure) in tenures.enumerated() where certainties[index] != nil {
      for (other, next) in tenures.enumerated() where certainties[other] != nil {
        guard let tenure, let next, let date = tenure.change(to: next), date.earliest < time.end,
          time.start < date.latest
        else { continue }
        // The last second of a date comes after the change.
        let isOver = time.start == date.latest - 1
        certainties[index] = isOver ? nil : .possible
        if !isOver { certainties[other] = .possible }
        if !isOver { areChanging = true }
      }
    }
    return (certainties, areChanging)
  }

  /// The same for facts; `held` says what each of them says is held.
  static func certainties(
    of facts: [Fact], at time: AskedTime, held: (Fact) -> String
  ) -> [Certainty?] {
    certainties(
      of: facts.map { Tenure($0.fields, $0.time?.bounds, of: held($0)) }, at: time
    ).each
  }

  /// True where a fact begins or ends on a date that a time touches.
  static func mayChange(_ fact: Fact, at time: AskedTime) -> Bool {
    Tenure(fact.fields, fact.time?.bounds, of: "")?.mayChange(at: time) ?? false
  }
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
  /// recorded for any time. `sides` says for which group voters voted, where their votes say so.
  func members(
    of group: String, at time: AskedTime, through: Position, sides: [String: String] = [:]
  ) async throws -> [String: Certainty]? {
    let ids = try await ids(of: group, through: through)
    let own = try await memberships(of: ids, through: through).filter { $0.group == group }
    guard !own.isEmpty else { return nil }
    // Who changes sides on that date may be in either group.
    let changing = Set(own.filter { Tenures.mayChange($0.fact, at: time) }.map(\.member))
    let others = try await otherMemberships(
      of: changing, besides: group, through: through)
    var members: [String: Certainty] = [:]
    for (member, own) in Dictionary(grouping: own, by: \.member) {
      let all = own + (others[member] ?? [])
      if changing.contains(member), let side = sides[member],
        all.contains(where: { $0.group == side })
      {
        if side == group { members[member] = .certain }
        continue
      }
      let certainties = Tenures.certainties(of: all.map(\.fact), at: time) {
        $0.fields.group ?? ""
      }
      for (certainty, membership) in zip(certainties, all)
      where membership.group == group {
        guard let certainty, members[member] != .certain else { continue }
        members[member] = certainty
      }
    }
    return members
  }

  /// How surely offices were held at a time, by position; those that were not are left out. Who leaves
  /// one of them for another may hold either on that date.
  func certainties(
    ofOffices offices: [Fact], at time: AskedTime, through: Position
  ) async throws -> [Position: Certainty] {
    var found: [Position: Certainty] = [:]
    for office in offices { found[office.position] = office.held(at: time) }
    let changing = Set(
      offices.filter { $0.holds && Tenures.mayChange($0, at: time) }.compactMap(\.fields.person))
    if changing.isEmpty { return found }
    let merges = try await reader(through).merges(of: changing)
    let holders = changing.reduce(into: Set<String>()) {
      $0.formUnion(merges.ids(of: merges.current($1)).union([$1]))
    }
    let all = try await facts(["role.held"], underAnyOf: Self.tags(holders), through: through)
      .filter { $0.holds && $0.fields.person.map(holders.contains) ?? false }
    let merged = try await mergedIDs(
      of: Set(all.compactMap(\.fields.organisation)), through: through)
    func organisation(_ fact: Fact) -> String {
      fact.fields.organisation.map { merged[$0] ?? $0 } ?? ""
    }
    let groups = Dictionary(grouping: all) { merges.current($0.fields.person ?? "") }
    for own in groups.values {
      let certainties = Tenures.certainties(of: own, at: time, held: organisation)
      for (office, certainty) in zip(own, certainties)
      where offices.contains(where: { $0.position == office.position }) {
        found[office.position] = certainty
      }
    }
    return found
  }

  /// The memberships of some members in other groups of the same kind, by member.
  private func otherMemberships(
    of members: Set<String>, besides group: String, through: Position
  ) async throws -> [String: [Membership]] {
    if members.isEmpty { return [:] }
    let merges = try await reader(through).merges(of: members)
    let ids = members.reduce(into: Set<String>()) { $0.formUnion(merges.ids(of: $1)) }
    let all = try await memberships(of: ids, through: through)
      .filter { members.contains($0.member) && $0.group != group }
    if all.isEmpty { return [:] }
    let kinds = try await kinds(ofActors: Set(all.map(\.group)).union([group]), through: through)
    return Dictionary(grouping: all.filter { kinds[$0.group] == kinds[group] }, by: \.member)
  }

  /// What actors are registered as: state, person, body, bloc …; none for one that is not registered.
  func kinds(ofActors ids: Set<String>, through: Position) async throws -> [String: String] {
    var kinds: [String: String] = [:]
    for fact in try await facts(["actor.registered"], underAnyOf: Self.tags(ids), through: through)
    where fact.holds {
      if let id = fact.fields.actor, ids.contains(id) { kinds[id] = fact.fields.kind }
    }
    return kinds
  }
}
