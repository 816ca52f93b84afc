/// What is wrong with an input, up to a limit. Problems beyond the limit are only counted: they would
/// hide the first ones, and making each takes a pass over its line.
public struct ProblemList: Sendable {
  /// Problems of a whole input that are reported.
  public static let inputLimit = 1000
  /// Problems of one event, row or value that are reported.
  public static let eventLimit = 100

  public private(set) var problems: [Problem] = []
  /// How many more were found.
  public private(set) var more = 0
  private let limit: Int

  public init(limit: Int = ProblemList.inputLimit) { self.limit = limit }

  public var isEmpty: Bool { problems.isEmpty && more == 0 }
  /// Problems that were found, reported or not.
  public var count: Int { problems.count + more }
  public var hasRoom: Bool { problems.count < limit }

  /// Adds a problem. It is made only where there is room for it.
  public mutating func append(_ problem: @autoclosure () throws -> Problem) rethrows {
    if hasRoom { problems.append(try problem()) } else { more += 1 }
  }

  /// Counts a problem that is not reported.
  public mutating func addUntold() { more += 1 }

  public mutating func append(contentsOf others: some Collection<Problem>, more: Int = 0) {
    let room = max(0, limit - problems.count)
    problems += others.prefix(room)
    self.more += max(0, others.count - room) + more
  }

  public mutating func append(contentsOf other: ProblemList) {
    append(contentsOf: other.problems, more: other.more)
  }

  public mutating func removeAll() {
    problems.removeAll()
    more = 0
  }

  /// Throws everything that was found, if anything was.
  public func throwIfAny() throws(Problems) {
    if !isEmpty { throw Problems(self) }
  }
}
