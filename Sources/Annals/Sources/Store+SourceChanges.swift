public import EventLog

/// A source that was captured again, with other content, before a fact that cites it was amended: the
/// source changed, and so did the fact.
public struct SourceChange: Sendable {
  public var source: String
  /// The capture that was the newest when the amended event was recorded.
  public var before: Position
  /// The capture that was the newest when it was amended.
  public var after: Position
  public var changes: [SourceAnswer.FieldChange]
}

extension Store {
  /// The sources that changed before corrections and retractions that cite them, by the position of the
  /// amendment; all captures are read with one call.
  func sourceChanges(
    behind amendments: [(event: RecordedEvent, targets: [Position])], through: Position
  ) async throws -> [Position: [SourceChange]] {
    let citing = amendments.filter {
      ["fact.corrected", "fact.retracted"].contains($0.event.type.name)
    }.map {
      (position: $0.event.position, amended: $0.targets.max() ?? .start, sources: $0.event.sources)
    }
    let sources = Set(citing.flatMap(\.sources))
    if sources.isEmpty { return [:] }
    let captures = try await facts(
      ["source.captured"],
      underAnyOf: sources.sorted().map { Tag(kind: "source", value: $0) }, through: through
    ).filter(\.holds)
    var found: [Position: [SourceChange]] = [:]
    for amendment in citing {
      for source in amendment.sources {
        let known = captures.filter {
          $0.fields.source == source && $0.position <= amendment.position
        }
        guard let after = known.last,
          let before = known.last(where: { $0.position <= amendment.amended }),
          before.position < after.position
        else { continue }
        let changes = SourceAnswer.changes(from: before.data, to: after.data)
        if changes.isEmpty { continue }
        found[amendment.position, default: []].append(
          SourceChange(
            source: source, before: before.position, after: after.position, changes: changes))
      }
    }
    return found
  }
}

extension RecordedEvent {
  /// The sources that it cites, each once, in its order.
  fileprivate var sources: [String] {
    var sources: [String] = []
    for citation in EventBody(event.body).sources where !sources.contains(citation.source) {
      sources.append(citation.source)
    }
    return sources
  }
}
