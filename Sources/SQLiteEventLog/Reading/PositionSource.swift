import EventLog

/// A rising (or, newest first, falling) row of positions that can be asked for any place in it.
///
/// Queries are put together from these: a tag's own row in the index, the places where several
/// rows meet, and several rows merged.
protocol PositionSource: AnyObject {
  /// The first position at or past `bound`, in the source's order; nil when there is none. The
  /// bounds of later calls only move on.
  func seek(_ bound: Int64) throws(EventLogError) -> Int64?
}

/// Every position.
final class AllPositions: PositionSource {
  func seek(_ bound: Int64) -> Int64? { bound }
}

/// No position: a tag or type that the log does not know.
final class NoPositions: PositionSource {
  func seek(_ bound: Int64) -> Int64? { nil }
}

/// Positions that stand in all sources: each is moved to where the others are, so that the rarest
/// sets the pace whichever it is.
final class CommonPositions: PositionSource {
  private let sources: [any PositionSource]

  init(_ sources: [any PositionSource]) { self.sources = sources }

  func seek(_ bound: Int64) throws(EventLogError) -> Int64? {
    var candidate = bound
    var agreeing = 0
    var index = 0
    while agreeing < sources.count {
      guard let next = try sources[index].seek(candidate) else { return nil }
      if next == candidate {
        agreeing += 1
      } else {
        candidate = next
        agreeing = 1
      }
      index = (index + 1) % sources.count
    }
    return candidate
  }
}

/// Positions that stand in any of the sources, each once.
final class MergedPositions: PositionSource {
  private let sources: [any PositionSource]
  private let order: EventRange.Order
  /// Where each source stands; nil at its end.
  private var current: [Int64?]
  private var isStarted = false

  init(_ sources: [any PositionSource], order: EventRange.Order) {
    self.sources = sources
    self.order = order
    current = Array(repeating: nil, count: sources.count)
  }

  func seek(_ bound: Int64) throws(EventLogError) -> Int64? {
    var nearest: Int64?
    for index in sources.indices {
      if !isStarted {
        current[index] = try sources[index].seek(bound)
      } else if let position = current[index], comes(position, before: bound) {
        current[index] = try sources[index].seek(bound)
      }
      if let position = current[index], nearest.map({ comes(position, before: $0) }) ?? true {
        nearest = position
      }
    }
    isStarted = true
    return nearest
  }

  private func comes(_ a: Int64, before b: Int64) -> Bool {
    order == .oldestFirst ? a < b : a > b
  }
}

/// The positions under one number of the tag index.
final class TaggedPositions: PositionSource {
  private static let rising =
    "SELECT seq, more FROM main.tag WHERE name = ?1 AND seq >= ?2 ORDER BY seq"
  private static let falling =
    "SELECT seq, more FROM main.tag WHERE name = ?1 AND seq <= ?2 ORDER BY seq DESC"

  /// Rows that are stepped over before it is cheaper to look anew.
  private static let steps = 8

  private let connection: Connection
  private let statement: Statement
  private let name: Int64
  private let order: EventRange.Order
  /// The index row at hand: its position, and a bit for it and each of the 63 after it.
  private var row: (first: Int64, bits: UInt64)?
  private var isStarted = false

  init(
    _ name: Int64, order: EventRange.Order, on connection: Connection
  ) throws(EventLogError) {
    self.connection = connection
    self.name = name
    self.order = order
    statement = try connection.borrow(order == .oldestFirst ? Self.rising : Self.falling)
  }

  deinit { connection.giveBack(statement, order == .oldestFirst ? Self.rising : Self.falling) }

  func seek(_ bound: Int64) throws(EventLogError) -> Int64? {
    var steps = 0
    if !isStarted { try start(at: bound) }
    while let row {
      if let position = Self.position(in: row, at: bound, order) { return position }
      let isFar = order == .oldestFirst ? row.first + 128 < bound : row.first - 128 > bound
      if isFar && steps >= Self.steps {
        try start(at: bound)
        steps = 0
      } else {
        try advance()
        steps += 1
      }
    }
    return nil
  }

  private func start(at bound: Int64) throws(EventLogError) {
    isStarted = true
    row = nil
    statement.reset()
    statement.bind(name, at: 1)
    // The row that speaks for `bound` may begin up to 63 positions ahead of it.
    statement.bind(order == .oldestFirst ? max(0, bound - 63) : bound, at: 2)
    try advance()
  }

  private func advance() throws(EventLogError) {
    guard try statement.step() else {
      row = nil
      return
    }
    let next = (
      first: statement.integer(0), bits: UInt64(bitPattern: statement.integer(1)) << 1 | 1
    )
    if let row {
      // Rows that overlap could hide an event; none of ours do.
      let (earlier, later) = order == .oldestFirst ? (row, next) : (next, row)
      guard earlier.first + 63 - Int64(earlier.bits.leadingZeroBitCount) < later.first else {
        throw EventLogError(.tampered, "The tag index was altered near event \(later.first).")
      }
    }
    row = next
  }

  private static func position(
    in row: (first: Int64, bits: UInt64), at bound: Int64, _ order: EventRange.Order
  ) -> Int64? {
    let offset = bound - row.first
    switch order {
    case .oldestFirst:
      guard offset < 64 else { return nil }
      let bits = offset <= 0 ? row.bits : row.bits & ~0 << UInt64(offset)
      return bits == 0 ? nil : row.first + Int64(bits.trailingZeroBitCount)
    case .newestFirst:
      guard offset >= 0 else { return nil }
      let bits = offset >= 63 ? row.bits : row.bits & (1 << UInt64(offset + 1) - 1)
      return bits == 0 ? nil : row.first + 63 - Int64(bits.leadingZeroBitCount)
    }
  }
}
