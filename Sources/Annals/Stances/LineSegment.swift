/// A stretch of an actor's line on a topic: from a day on, at a level.
struct LineSegment: Hashable, Sendable {
  /// Day counted from 1970-01-01.
  var from: Int64
  /// Nil where a stance ended by itself and nothing newer is known.
  var level: Level?

  /// The level on a day; nil before the first segment. Segments are in the order of their days.
  static func level(_ line: [LineSegment], on day: Int64) -> Level? {
    let next = line.partitioningIndex { $0.from <= day }
    return next > 0 ? line[next - 1].level : nil
  }

  /// The first day on which two lines differ; nil when they are the same.
  static func firstDifference(_ a: [LineSegment], _ b: [LineSegment]) -> Int64? {
    let days = Set(a.map(\.from) + b.map(\.from)).sorted()
    return days.first { level(a, on: $0) != level(b, on: $0) }
  }
}
