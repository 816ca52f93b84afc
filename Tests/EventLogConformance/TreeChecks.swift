import EventLog
import Testing

/// The log's tree against one computed from the leaf hashes that it hands out.
struct TreeChecks {
  let log: any EventLog

  init(_ log: any EventLog) { self.log = log }

  func rootsAndProofs() async throws {
    // Across several stored subtrees, in appends of all sizes.
    for numbers in [0..<1, 1..<2, 2..<255, 255..<256, 256..<257, 257..<900, 900..<1030] {
      try await log.append(numbers.map { .sample($0) })
    }
    let leaves = try await log.everything().map(\.leafHash)
    func node(_ node: MerkleNode) -> [UInt8] {
      let first = Int(node.index) << node.level
      return MerkleTree.root(
        ofPerfectSubtree: Array(leaves[first..<first + 1 << node.level].joined()))
    }
    for size: Int64 in [0, 1, 2, 3, 255, 256, 257, 511, 512, 513, 768, 1024, 1029, 1030] {
      let root = try await log.root(ofSize: size)
      #expect(root == MerkleTree.root(ofSize: size, node: node))
      #expect(try await log.consistencyProof(from: 0, to: size).isEmpty)
      for old: Int64 in [1, 2, 200, 256, 300, 512, 1024, 1030] where old <= size {
        try MerkleTree.verifyConsistency(
          oldSize: UInt64(old), newSize: UInt64(size),
          proof: try await log.consistencyProof(from: old, to: size),
          oldRoot: try await log.root(ofSize: old), newRoot: root)
        try MerkleTree.verifyInclusion(
          index: UInt64(old - 1), size: UInt64(size), leafHash: leaves[Int(old - 1)],
          proof: try await log.inclusionProof(of: Position(old), size: size), root: root)
      }
    }
  }

  func proofsOfWhatIsNotThere() async throws {
    try await log.append((0..<10).map { .sample($0) })
    for size: Int64 in [-1, 11] {
      let error = await failure { () throws(EventLogError) in _ = try await log.root(ofSize: size) }
      #expect(error?.code == .outOfRange)
    }
    for (position, size): (Int64, Int64) in [(0, 10), (11, 10), (11, 11), (3, 2)] {
      let error = await failure { () throws(EventLogError) in
        _ = try await log.inclusionProof(of: Position(position), size: size)
      }
      #expect(error?.code == .outOfRange)
    }
    for (old, new): (Int64, Int64) in [(-1, 5), (6, 5), (5, 11)] {
      let error = await failure { () throws(EventLogError) in
        _ = try await log.consistencyProof(from: old, to: new)
      }
      #expect(error?.code == .outOfRange)
    }
  }
}
