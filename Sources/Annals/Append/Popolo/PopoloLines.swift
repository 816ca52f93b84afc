import EventLog
import Synchronization

/// The facts of a data set as an input of lines in the import format, written as they are read.
///
/// Whatever the import does (checking, reading again, comparing with what is recorded) it does to
/// these lines as to those of a file, so that both give the same events.
final class PopoloLines: EventInput {
  /// Lines are written so many at a time.
  private static let blockSize = 512

  let name: String? = "popolo"
  /// What the input of corrections is called in positions of problems.
  static let corrections = "corrections"
  let size: Int
  let facts: [PopoloFact]
  /// Where each block of lines starts.
  private let starts: [Int]
  private let state: Mutex<State>

  private struct State {
    var maker: PopoloMaker
    /// The blocks written last: an import reads on while earlier lines are looked at again.
    var blocks: [(number: Int, bytes: [UInt8])] = []
  }

  init(_ facts: [PopoloFact], _ maker: PopoloMaker) {
    var maker = maker
    self.facts = facts
    var starts: [Int] = []
    var size = 0
    var bytes: [UInt8] = []
    for first in stride(from: 0, to: facts.count, by: Self.blockSize) {
      starts.append(size)
      Self.write(facts, first, &maker, &bytes)
      size += bytes.count
    }
    self.starts = starts
    self.size = size
    state = Mutex(State(maker: maker))
  }

  private static func write(
    _ facts: [PopoloFact], _ first: Int, _ maker: inout PopoloMaker, _ bytes: inout [UInt8]
  ) {
    bytes.removeAll(keepingCapacity: true)
    for fact in facts[first..<min(first + blockSize, facts.count)] {
      _ = maker.write(fact, to: &bytes)
      bytes.append(UInt8(ascii: "\n"))
    }
  }

  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) -> Int {
    var done = 0
    while done < buffer.count, offset + done < size {
      done += state.withLock { state in
        let at = offset + done
        let number = block(at: at)
        let bytes = bytes(number, &state)
        let part = bytes[(at - starts[number])...].prefix(buffer.count - done)
        part.withUnsafeBytes { source in
          UnsafeMutableRawBufferPointer(rebasing: buffer[done...]).copyMemory(from: source)
        }
        return part.count
      }
    }
    return done
  }

  /// The block in which an offset lies.
  private func block(at offset: Int) -> Int {
    var (low, high) = (0, starts.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= offset { low = middle } else { high = middle }
    }
    return low
  }

  private func bytes(_ number: Int, _ state: inout State) -> [UInt8] {
    if let known = state.blocks.first(where: { $0.number == number }) { return known.bytes }
    var bytes: [UInt8] = []
    Self.write(facts, number * Self.blockSize, &state.maker, &bytes)
    if state.blocks.count >= 4 { state.blocks.removeFirst() }
    state.blocks.append((number, bytes))
    return bytes
  }
}
