import Dispatch
import EventLog
import Synchronization

/// Computes the leaf hashes of a large append on a second core, ahead of the rows being inserted.
///
/// The hashes take about a fifth of the time; they cannot be made before the writer's turn comes,
/// as position and instant go into them.
final class LeafFeed: Sendable {
  /// Appends below this size are hashed by the writer itself: waking a thread costs as much.
  static let threshold = 256
  private static let piece = 1024

  private let ready = DispatchSemaphore(value: 0)
  private let pieces = Mutex<[[UInt8]]>([])

  /// Starts with the hashes of those events that `entries` says are new, in order.
  init(_ request: AppendRequest, _ entries: [AppendReceipt.Entry], _ batch: Batch) {
    // A queue of its own: work on a global one would wait until the tasks of the program leave it a
    // thread.
    DispatchQueue(label: "annals.sqlite.leaves").async { [self] in
      var hasher = LeafHasher(batch: batch)
      for start in stride(from: 0, to: entries.count, by: Self.piece) {
        var leaves: [UInt8] = []
        for index in start..<min(start + Self.piece, entries.count) where entries[index].isNew {
          request.appendLeaf(of: index, at: entries[index].position, &hasher, to: &leaves)
        }
        pieces.withLock { $0.append(leaves) }
        ready.signal()
      }
    }
  }

  /// Hands out the hashes one by one.
  struct Iterator {
    private let feed: LeafFeed
    private var leaves: [UInt8] = []
    private var used = 0

    init(_ feed: LeafFeed) { self.feed = feed }

    mutating func next() -> ArraySlice<UInt8> {
      while used == leaves.count {
        feed.ready.wait()
        leaves = feed.pieces.withLock { $0.removeFirst() }
        used = 0
      }
      defer { used += 32 }
      return leaves[used..<used + 32]
    }
  }
}

/// The leaf hashes of an append's new events, in order.
struct LeafSource {
  private let request: AppendRequest
  private let entries: [AppendReceipt.Entry]
  private var hasher: LeafHasher
  private var leaf: [UInt8] = []
  private var feed: LeafFeed.Iterator?

  init(_ request: AppendRequest, _ entries: [AppendReceipt.Entry], _ batch: Batch) {
    self.request = request
    self.entries = entries
    hasher = LeafHasher(batch: batch)
    if entries.count >= LeafFeed.threshold {
      feed = LeafFeed.Iterator(LeafFeed(request, entries, batch))
    }
  }

  /// The hash of the next new event, which is the one at `index`.
  mutating func next(of index: Int) -> ArraySlice<UInt8> {
    if feed != nil, let next = feed?.next() { return next }
    leaf.removeAll(keepingCapacity: true)
    request.appendLeaf(of: index, at: entries[index].position, &hasher, to: &leaf)
    return leaf[...]
  }
}

extension AppendRequest {
  /// Appends the leaf hash of an event to `leaves`.
  func appendLeaf(
    of index: Int, at position: Position, _ hasher: inout LeafHasher, to leaves: inout [UInt8]
  ) {
    if commitments.isEmpty {
      hasher.append(events[index], at: position, salt: salt(of: index), to: &leaves)
    } else {
      let commitment = commitments[index * 32..<index * 32 + 32]
      hasher.append(events[index], at: position, commitment: commitment, to: &leaves)
    }
  }
}
