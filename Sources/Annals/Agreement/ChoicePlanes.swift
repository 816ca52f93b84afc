/// The choices of actors as bits, one for each roll call of a list: what two actors have in common
/// is counted 64 roll calls at a time.
///
/// The roll calls stand in groups (years, sessions), each of which begins with a word of its own.
struct ChoicePlanes: Sendable {
  /// The words of each group.
  private(set) var groups: [Range<Int>] = []
  private var width = 0
  /// By actor: the words of yes, of abstain, of no.
  private var words: [UInt64] = []
  /// Groups in which an actor chose at all, one bit after the other.
  private var presence: [Bool] = []

  /// `groups` are numbers of roll calls of the grid, `actors` indices into its list.
  init(_ grid: VoteGrid, groups numbers: [[Int]], actors: [Int]) {
    // Where the bit of each roll call stands; -1 for one that is not asked about.
    var places = [Int](repeating: -1, count: grid.rollcalls.count)
    for group in numbers {
      let start = width
      for (offset, number) in group.enumerated() { places[number] = start * 64 + offset }
      width += (group.count + 63) / 64
      groups.append(start..<width)
    }
    words = [UInt64](repeating: 0, count: actors.count * 3 * width)
    var rows = [Int](repeating: -1, count: grid.actors.count)
    for (row, actor) in actors.enumerated() { rows[actor] = row }
    for block in grid.blocks where rows[block.actor] >= 0 {
      let start = rows[block.actor] * 3 * width
      let first = block.number * VoteGrid.blockSize
      let end = min(VoteGrid.blockSize, places.count - first)
      guard end > 0 else { continue }
      block.cells.withUnsafeBufferPointer { cells in
        for offset in 0..<end {
          let place = places[first + offset]
          let cell = cells[offset]
          if place < 0 || cell == 0 || cell > VoteCell.abstain.rawValue { continue }
          // The cells yes, no and abstain are 1, 2 and 3.
          let plane = cell == 1 ? 0 : cell == 3 ? 1 : 2
          words[start + plane * width + place / 64] |= 1 << UInt64(place % 64)
        }
      }
    }
    presence = [Bool](repeating: false, count: actors.count * groups.count)
    for row in actors.indices {
      for (group, range) in groups.enumerated() {
        let start = row * 3 * width
        presence[row * groups.count + group] = range.contains { word in
          words[start + word] | words[start + width + word] | words[start + 2 * width + word] != 0
        }
      }
    }
  }

  /// Whether an actor chose in any roll call of a group.
  func isPresent(_ row: Int, in group: Int) -> Bool { presence[row * groups.count + group] }

  /// How two actors voted in the roll calls of a group.
  func figures(_ a: Int, _ b: Int, in group: Int) -> AgreementFigures {
    var figures = AgreementFigures()
    words.withUnsafeBufferPointer { words in
      let (first, second) = (a * 3 * width, b * 3 * width)
      for word in groups[group] {
        let (yesA, yesB) = (words[first + word], words[second + word])
        let (abstainA, abstainB) = (words[first + width + word], words[second + width + word])
        let (noA, noB) = (words[first + 2 * width + word], words[second + 2 * width + word])
        figures.yesYes &+= (yesA & yesB).nonzeroBitCount
        figures.yesAbstain &+= (yesA & abstainB).nonzeroBitCount
        figures.yesNo &+= (yesA & noB).nonzeroBitCount
        figures.abstainYes &+= (abstainA & yesB).nonzeroBitCount
        figures.abstainAbstain &+= (abstainA & abstainB).nonzeroBitCount
        figures.abstainNo &+= (abstainA & noB).nonzeroBitCount
        figures.noYes &+= (noA & yesB).nonzeroBitCount
        figures.noAbstain &+= (noA & abstainB).nonzeroBitCount
        figures.noNo &+= (noA & noB).nonzeroBitCount
      }
    }
    return figures
  }
}
