import Crypto
import Dispatch
import EventLog
import Synchronization

/// Events as they were read, to be hashed anew elsewhere.
struct RehashChunk: Sendable {
  var positions: [Position] = []
  /// Salt and payload of each event, one after the other; nothing of one that is not to be hashed.
  var payloads: [UInt8] = []
  var payloadEnds: [Int] = []
  /// A zero byte and the canonical header of each event, with a gap for the commitment that was not
  /// computed yet.
  var headers: [UInt8] = []
  var headerEnds: [Int] = []
  var gaps: [Int] = []
  /// The stored leaf hashes.
  var leaves: [UInt8] = []

  var count: Int { positions.count }
}

/// Hashes events on a second core while the first goes on reading them.
final class RehashFeed: Sendable {
  /// Chunks that wait, at most.
  private static let depth = 4

  private let queue = DispatchQueue(label: "annals.sqlite.rehash")
  private let free = DispatchSemaphore(value: RehashFeed.depth)
  private let state: Mutex<(tree: TreeCheck, faults: [LogVerification.Fault])>

  init(_ tree: TreeCheck) { state = Mutex((tree, [])) }

  func add(_ chunk: RehashChunk) {
    free.wait()
    queue.async { [self] in
      hash(chunk)
      free.signal()
    }
  }

  /// Waits for the rest; returns the root over all events, and what is wrong. `isWhole` says that
  /// all events were added.
  func finish(isWhole: Bool) -> (root: [UInt8], faults: [LogVerification.Fault]) {
    queue.sync {
      state.withLock { state in
        if isWhole { state.tree.checkEnd() }
        return (state.tree.root, state.faults + state.tree.faults)
      }
    }
  }

  private func hash(_ chunk: RehashChunk) {
    var headers = chunk.headers
    var (payloadStart, headerStart) = (0, 0)
    state.withLock { state in
      for index in 0..<chunk.count {
        let stored = chunk.leaves[index * 32..<index * 32 + 32]
        let (payloadEnd, headerEnd) = (chunk.payloadEnds[index], chunk.headerEnds[index])
        if headerEnd > headerStart {
          if payloadEnd > payloadStart {
            let commitment = Self.digest(chunk.payloads, payloadStart..<payloadEnd)
            HeaderWriter.write(commitment: commitment, at: chunk.gaps[index], into: &headers)
          }
          let computed = Self.digest(headers, headerStart..<headerEnd)
          if !computed.elementsEqual(stored) {
            state.faults.append(Self.fault(chunk.positions[index], computed, stored))
          }
          state.tree.add(stored: stored, computed: computed[...])
        } else {
          state.tree.add(stored: stored, computed: stored)
        }
        (payloadStart, headerStart) = (payloadEnd, headerEnd)
      }
    }
  }

  private static func digest(_ bytes: [UInt8], _ range: Range<Int>) -> [UInt8] {
    bytes.withUnsafeBytes { buffer in
      var hash = SHA256()
      hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: buffer[range]))
      return Array(hash.finalize())
    }
  }

  private static func fault(
    _ position: Position, _ computed: [UInt8], _ stored: ArraySlice<UInt8>
  ) -> LogVerification.Fault {
    LogVerification.Fault(
      .hash, at: position...position,
      "Event \(position) does not match its hash: one of the two was altered.",
      expected: Array(stored).hexDigits, found: computed.hexDigits)
  }
}
