import Crypto

/// The Merkle tree of RFC 6962, section 2.1 (RFC 9162 has the same): what proofs about the log are
/// computed and checked with.
///
/// Indices count leaves from 0: the event at position `seq` is leaf `seq - 1`. A hash is 32 bytes.
/// Checking needs nothing but the arguments: none of them is trusted, none makes it trap.
public enum MerkleTree {
  public static let hashLength = 32

  /// Root of the tree without leaves: `SHA-256("")`.
  public static let emptyRoot: [UInt8] = Array(SHA256.hash(data: [UInt8]()))

  /// `SHA-256(0x00 ‖ data)`.
  public static func leafHash(_ data: [UInt8]) -> [UInt8] {
    Array(SHA256.hash(data: [0] + data))
  }

  /// `SHA-256(0x01 ‖ left ‖ right)`.
  public static func nodeHash(
    _ left: some Sequence<UInt8>, _ right: some Sequence<UInt8>
  ) -> [UInt8] {
    var bytes: [UInt8] = [1]
    bytes.reserveCapacity(1 + 2 * hashLength)
    bytes.append(contentsOf: left)
    bytes.append(contentsOf: right)
    return Array(SHA256.hash(data: bytes))
  }

  /// Root of a perfect subtree: `hashes` are those of its leaves, one after the other, as many as a
  /// power of two.
  public static func root(ofPerfectSubtree hashes: [UInt8]) -> [UInt8] {
    var level = hashes
    var count = hashes.count / hashLength
    precondition(count > 0 && count & (count - 1) == 0 && hashes.count % hashLength == 0)
    level.withUnsafeMutableBytes { level in
      while count > 1 {
        for pair in 0..<count / 2 {
          var hash = SHA256()
          withUnsafeBytes(of: nodePrefix) { hash.update(bufferPointer: $0) }
          let both = level[pair * 2 * hashLength..<(pair + 1) * 2 * hashLength]
          hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: both))
          let place = UnsafeMutableRawBufferPointer(
            rebasing: level[pair * hashLength..<(pair + 1) * hashLength])
          hash.finalize().withUnsafeBytes { place.copyMemory(from: $0) }
        }
        count /= 2
      }
    }
    return Array(level[..<hashLength])
  }

  private static let nodePrefix: UInt8 = 1

  // MARK: Checking proofs

  /// Why a proof does not hold.
  public enum Fault: Error, Hashable, Sendable, CustomStringConvertible {
    /// A hash is not 32 bytes long.
    case hashLength
    /// The leaf is not within the tree, or the sizes do not rise.
    case sizes
    /// The proof has more or fewer hashes than these sizes need.
    case proofLength
    /// What the proof gives is another root than the one stated.
    case root(computed: [UInt8])

    public var description: String {
      switch self {
      case .hashLength: "a hash is not 32 bytes long"
      case .sizes: "the sizes do not fit"
      case .proofLength: "the proof has not as many hashes as these sizes need"
      case .root: "the hashes give another root"
      }
    }
  }

  /// Checks that a leaf stands at `index` in the tree of `size` leaves with this root.
  public static func verifyInclusion(
    index: UInt64, size: UInt64, leafHash: [UInt8], proof: [[UInt8]], root: [UInt8]
  ) throws(Fault) {
    try checkLengths(proof + [leafHash, root])
    guard index < size else { throw .sizes }
    var node = index
    var last = size - 1
    var hash = leafHash
    for sibling in proof {
      if last == 0 { throw .proofLength }
      if node & 1 == 1 || node == last {
        hash = nodeHash(sibling, hash)
        // A right edge that has no sibling of its own at some levels goes up through them.
        while node & 1 == 0 && node != 0 {
          node >>= 1
          last >>= 1
        }
      } else {
        hash = nodeHash(hash, sibling)
      }
      node >>= 1
      last >>= 1
    }
    guard last == 0 else { throw .proofLength }
    guard hash == root else { throw .root(computed: hash) }
  }

  /// Checks that the tree of `newSize` leaves continues the one of `oldSize` leaves.
  ///
  /// An old size of 0 is refused: every tree continues the empty one, and a proof of it says
  /// nothing.
  public static func verifyConsistency(
    oldSize: UInt64, newSize: UInt64, proof: [[UInt8]], oldRoot: [UInt8], newRoot: [UInt8]
  ) throws(Fault) {
    guard oldSize > 0, oldSize <= newSize else { throw .sizes }
    if oldSize == newSize {
      guard proof.isEmpty else { throw .proofLength }
      guard oldRoot == newRoot else { throw .root(computed: oldRoot) }
      return
    }
    try checkLengths(proof + [oldRoot, newRoot])
    // The largest perfect subtree at the right end of the old tree: where that is the old tree
    // itself, its root is not repeated in the proof.
    let isPerfect = oldSize & (oldSize - 1) == 0
    guard var old = isPerfect ? oldRoot : proof.first else { throw .proofLength }
    var new = old
    let up = UInt64((oldSize - 1).trailingOnes)
    var node = (oldSize - 1) >> up
    var last = (newSize - 1) >> up
    for sibling in isPerfect ? proof[...] : proof.dropFirst() {
      if last == 0 { throw .proofLength }
      if node & 1 == 1 || node == last {
        old = nodeHash(sibling, old)
        new = nodeHash(sibling, new)
        while node & 1 == 0 && node != 0 {
          node >>= 1
          last >>= 1
        }
      } else {
        new = nodeHash(new, sibling)
      }
      node >>= 1
      last >>= 1
    }
    guard last == 0 else { throw .proofLength }
    guard old == oldRoot else { throw .root(computed: old) }
    guard new == newRoot else { throw .root(computed: new) }
  }

  private static func checkLengths(_ hashes: [[UInt8]]) throws(Fault) {
    guard hashes.allSatisfy({ $0.count == hashLength }) else { throw .hashLength }
  }
}

extension UInt64 {
  fileprivate var trailingOnes: Int { (~self).trailingZeroBitCount }
}
