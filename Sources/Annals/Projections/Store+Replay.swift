public import EventLog

/// What replaying a view found.
public struct ReplayReport: Sendable {
  public var name: String
  public var version: Int
  /// Position up to which the view now stands.
  public var position: Position
  /// True when the rows that were there before equalled the new ones; nil when there were none.
  public var wasEqual: Bool?
  /// The event that it could not get past.
  public var failure: ProjectionState.Failure?
}

/// What holding a stored view against a fresh fold found.
public struct CheckReport: Sendable {
  public var name: String
  /// Nil when the view was never run.
  public var position: Position?
  /// The first rows that differ: "table: stored (…)", "table: missing (…)".
  public var differences: [String]
  /// The event at which the view has stopped.
  public var failure: ProjectionState.Failure?
}

extension Store {
  /// A stored view, by when it runs.
  private enum View {
    case onDemand(any Projection)
    case following(any FollowingProjection)
    case inline(any InlineProjection)

    var definition: ProjectionDefinition {
      switch self {
      case .onDemand(let projection): projection.definition
      case .following(let projection): projection.definition
      case .inline(let projection): projection.definition
      }
    }
  }

  /// The program itself reads the votes only; the others are for SQL tools.
  private static func builtIn(_ vocabulary: Vocabulary) -> [View] {
    [
      .onDemand(StanceProjection()), .onDemand(TimelineProjection(vocabulary: vocabulary)),
      .following(VotesProjection()),
    ]
  }

  static func builtInViews(_ vocabulary: Vocabulary) -> [ProjectionDefinition] {
    builtIn(vocabulary).map(\.definition)
  }

  private var allViews: [View] { Self.builtIn(vocabulary) + projections.map(View.inline) }

  /// The views named, or all; throws `.unknownProjection` for a name that is none.
  private func views(_ names: [String]) throws -> [View] {
    let all = allViews
    let known = all.map(\.definition.name)
    let problems = names.filter { !known.contains($0) }.map {
      Problem(
        .unknownProjection, "no view \"\($0)\"", help: "views: \(known.joined(separator: ", "))",
        suggestion: Suggestion.nearest(to: $0, among: known))
    }
    guard problems.isEmpty else { throw Problems(problems) }
    return names.isEmpty ? all : all.filter { names.contains($0.definition.name) }
  }

  /// How the stored views stand to the log.
  public func views() async throws -> [Projector.Status] {
    let projector = Projector(log: log)
    var statuses: [Projector.Status] = []
    for view in allViews {
      switch view {
      case .onDemand(let projection): statuses.append(try await projector.status(of: projection))
      case .following(let projection): statuses.append(try await projector.status(of: projection))
      case .inline(let projection): statuses.append(try await projector.status(of: projection))
      }
    }
    return statuses
  }

  /// The user's own views that have stopped, by name.
  public func stoppedViews() async throws -> [String: ProjectionState.Failure] {
    let projector = Projector(log: log)
    var stopped: [String: ProjectionState.Failure] = [:]
    for projection in projections {
      stopped[projection.definition.name] = try await projector.status(of: projection).failure
    }
    return stopped
  }

  /// Stored views that no file describes, as far as files are known: they were renamed or removed, or
  /// are those of somebody else.
  public func undescribedViews() async throws -> [String] {
    let known = Set(allViews.map(\.definition.name))
    return try await log.rows("SELECT name FROM projection ORDER BY name", []).compactMap { row in
      guard case .text(let name) = row[0] else { return nil }
      return known.contains(name) ? nil : name
    }
  }

  /// Removes the rows of such views. Throws `.unknownProjection` for any other name, and removes
  /// nothing then.
  public func forget(_ names: [String]) async throws {
    let described = Set(allViews.map(\.definition.name))
    let stored = try await undescribedViews()
    let problems = names.filter { !stored.contains($0) }.map { name in
      described.contains(name)
        ? Problem(
          .unknownProjection, "\(name) is a view that is described",
          help: "rebuild it:  \(command: "replay \(name)")")
        : Problem(
          .unknownProjection, "no view \"\(name)\" is stored",
          help: stored.isEmpty
            ? "none is stored that no file describes"
            : "stored and not described: \(stored.joined(separator: ", "))",
          suggestion: Suggestion.nearest(to: name, among: stored))
    }
    if !problems.isEmpty { throw Problems(problems) }
    for name in names { _ = try await log.forgetProjection(name) }
  }

  /// Folds the log anew into the views named (all when empty), beside the stored rows, and swaps.
  public func replay(_ names: [String] = []) async throws -> [ReplayReport] {
    let projector = Projector(log: log)
    var reports: [ReplayReport] = []
    for view in try views(names) {
      let rebuilt =
        switch view {
        case .onDemand(let projection): try await projector.rebuild(projection)
        case .following(let projection): try await projector.rebuild(projection)
        case .inline(let projection): try await projector.rebuild(projection)
        }
      reports.append(
        ReplayReport(
          name: view.definition.name, version: view.definition.version,
          position: rebuilt.position, wasEqual: rebuilt.wasEqual, failure: rebuilt.failure))
    }
    return reports
  }

  /// Holds the stored rows of the views against a fresh fold; changes nothing.
  public func check(_ names: [String] = []) async throws -> [CheckReport] {
    let projector = Projector(log: log)
    var reports: [CheckReport] = []
    for view in try views(names) {
      let checked =
        switch view {
        case .onDemand(let projection): try await projector.check(projection)
        case .following(let projection): try await projector.check(projection)
        case .inline(let projection): try await projector.check(projection)
        }
      reports.append(
        CheckReport(
          name: view.definition.name, position: checked?.state.position,
          differences: checked?.differences.map(Self.text) ?? [],
          failure: checked?.state.failure))
    }
    return reports
  }

  /// Names that the store has for views which claim the tables of a view of another name.
  func strayRegistrations() async throws -> [(name: String, view: String)] {
    var owners: [String: String] = [:]
    for view in allViews {
      for table in view.definition.tables { owners[table] = view.definition.name }
    }
    let rows = try await log.rows("SELECT name, tables FROM projection", [])
    return rows.compactMap { row in
      guard case .text(let name) = row[0], case .text(let tables) = row[1] else { return nil }
      let owner = tables.split(separator: "\n").lazy.compactMap { owners[String($0)] }.first
      return owner.flatMap { $0 == name ? nil : (name, $0) }
    }
  }

  /// Brings the stored views that follow the log to the head, side by side. A view that cannot follow keeps no other
  /// from it; the error of the first of them is thrown in the end.
  public func catchUp() async throws { try await catchUp(through: nil) }

  /// The same, as far as a position that is known to be in the log.
  func catchUp(through position: Position?) async throws {
    let projector = Projector(log: log)
    let failures = await withTaskGroup(of: (index: Int, error: (any Error)?).self) { group in
      for (index, view) in allViews.enumerated() {
        group.addTask {
          do {
            switch view {
            case .onDemand: break
            case .following(let projection):
              try await projector.catchUp(projection, through: position)
            case .inline(let projection): try await projector.catchUp(projection)
            }
            return (index, nil)
          } catch {
            return (index, error)
          }
        }
      }
      return await group.reduce(into: [Int: any Error]()) { $0[$1.index] = $1.error }
    }
    if let first = failures.min(by: { $0.key < $1.key }) { throw first.value }
  }

  private static func text(_ difference: Projector.Difference) -> String {
    let row = difference.stored ?? difference.expected ?? []
    let values = row.map { value in
      switch value {
      case .null: "null"
      case .integer(let number): String(number)
      case .real(let number): String(number)
      case .text(let text): text
      case .blob(let bytes): "\(bytes.count) bytes"
      }
    }
    let what = difference.stored == nil ? "missing" : "stored, but does not follow from the log"
    return "\(difference.table): \(what): \(values.joined(separator: " | "))"
  }
}
