import EventLog

/// All recorded votes: roll calls across, voters down. Small enough to be held whole: one byte for a
/// vote, and nothing for an actor where it never voted.
struct VoteGrid: Sendable {
  /// Roll calls in one block of cells.
  static let blockSize = 1024

  /// The votes of one actor in the roll calls of one block.
  struct Block: Hashable, Sendable {
    /// Index into `actors`.
    var actor: Int
    var number: Int
    /// One `VoteCell` for each roll call of the block.
    var cells: [UInt8]
  }

  /// By number.
  var rollcalls: [VoteRollCall] = []
  /// Ids, after merges, in order.
  var actors: [String] = []
  /// In the order of actors and numbers; none is empty.
  var blocks: [Block] = []

  /// The cells of an actor, one for each roll call.
  func cells(of actor: Int) -> [UInt8] {
    var cells = [UInt8](
      repeating: 0, count: (rollcalls.count / Self.blockSize + 1) * Self.blockSize)
    for block in blocks(of: actor) {
      let start = block.number * Self.blockSize
      cells.replaceSubrange(start..<start + Self.blockSize, with: block.cells)
    }
    return cells
  }

  func index(of actor: String) -> Int? {
    let index = actors.partitioningIndex { $0.utf8Precedes(actor) }
    return index < actors.count && actors[index] == actor ? index : nil
  }

  private func blocks(of actor: Int) -> ArraySlice<Block> {
    let start = blocks.partitioningIndex { $0.actor < actor }
    return blocks[start...].prefix { $0.actor == actor }
  }

  /// The rows of the stored view, by table.
  var rows: [[[SQLValue]]] {
    [
      rollcalls.enumerated().map { [.integer(Int64($0.offset))] + $0.element.row },
      blocks.map {
        [.text(actors[$0.actor]), .integer(Int64($0.number)), .blob($0.cells)]
      },
    ]
  }

  /// Reads rows of the stored view, in any order.
  init(rollcalls rows: [[SQLValue]], blocks: [[SQLValue]]) {
    var numbered: [(number: Int64, rollcall: VoteRollCall)] = rows.compactMap { row in
      guard case .integer(let number) = row[0] else { return nil }
      return (number, VoteRollCall(row: row.dropFirst()))
    }
    numbered.sort { $0.number < $1.number }
    rollcalls = numbered.map(\.rollcall)
    var found: [(actor: String, number: Int, cells: [UInt8])] = blocks.compactMap { row in
      guard case .text(let actor) = row[0], case .integer(let number) = row[1],
        case .blob(let cells) = row[2], cells.count == Self.blockSize
      else { return nil }
      return (actor, Int(number), cells)
    }
    found.sort { a, b in
      a.actor == b.actor ? a.number < b.number : a.actor.utf8Precedes(b.actor)
    }
    for block in found {
      if actors.last != block.actor { actors.append(block.actor) }
      self.blocks.append(
        Block(actor: actors.count - 1, number: block.number, cells: block.cells))
    }
  }

  init() {}
}

extension String {
  /// Order by bytes: the same everywhere, and the one of SQLite.
  func utf8Precedes(_ other: String) -> Bool {
    utf8.lexicographicallyPrecedes(other.utf8)
  }
}
