/// That one entry stands in a log, as a file that is checked without the log (c2sp.org/tlog-proof):
/// its index, the hashes that lead from it to the root, and the checkpoint with that root.
public struct ProofFile: Sendable {
  public static let byteLimit = 32 << 20
  /// A tree of 2^63 leaves is not higher.
  public static let hashLimit = 63

  /// What the application adds. Nobody has signed it as it stands.
  public let extra: [UInt8]?
  /// Of the leaf, from 0: an event's position less one.
  public let index: Int64
  /// From the leaf's sibling up.
  public let hashes: [[UInt8]]
  public let note: SignedNote

  private static let heading = Array("c2sp.org/tlog-proof@v1".utf8)

  public init(
    extra: [UInt8]?, index: Int64, hashes: [[UInt8]], note: SignedNote
  ) throws(ProofError) {
    try self.init(parsing: Self.bytes(extra, index, hashes, note))
  }

  /// Reads a proof file. What it says is not checked by that: see `check`.
  public init(parsing bytes: [UInt8]) throws(ProofError) {
    guard bytes.count <= Self.byteLimit else {
      throw ProofError(.tooLong, "the proof has more than \(Self.byteLimit) bytes")
    }
    var reader = LineReader(rest: bytes[...])
    guard try reader.next().elementsEqual(Self.heading) else {
      throw reader.fault("the first line is not \(String(decoding: Self.heading, as: UTF8.self))")
    }
    var line = try reader.next()
    if let text = reader.value(of: "extra", in: line) {
      guard !text.isEmpty, let bytes = Base64.decode(text) else {
        throw reader.fault("the extra data is not base 64")
      }
      extra = bytes
      line = try reader.next()
    } else {
      extra = nil
    }
    guard let digits = reader.value(of: "index", in: line) else {
      throw reader.fault("no line \"index N\" here: \(NoteSyntax.quoted(line))")
    }
    guard let index = NoteSyntax.decimal(digits) else {
      throw reader.fault("the index is no whole number: \(NoteSyntax.quoted(digits))")
    }
    self.index = index
    var hashes: [[UInt8]] = []
    while true {
      let line = try reader.next()
      if line.isEmpty { break }
      guard let hash = NoteSyntax.hash(line) else {
        throw reader.fault("no 32 bytes in base 64: \(NoteSyntax.quoted(line))")
      }
      hashes.append(hash)
      guard hashes.count <= Self.hashLimit else {
        throw ProofError(.tooLong, "the proof has more than \(Self.hashLimit) hashes")
      }
    }
    self.hashes = hashes
    note = try SignedNote(parsing: reader.rest, firstLine: reader.line + 1)
    _ = try Checkpoint(text: note.text, firstLine: reader.line + 1)
  }

  /// The file: what was read, byte for byte.
  public var bytes: [UInt8] { Self.bytes(extra, index, hashes, note) }

  private static func bytes(
    _ extra: [UInt8]?, _ index: Int64, _ hashes: [[UInt8]], _ note: SignedNote
  ) -> [UInt8] {
    var bytes = heading + [NoteSyntax.newline]
    if let extra { bytes += Array("extra \(Base64.encode(extra))\n".utf8) }
    bytes += Array("index \(index)\n".utf8)
    for hash in hashes { bytes += Array("\(Base64.encode(hash))\n".utf8) }
    return bytes + [NoteSyntax.newline] + note.bytes
  }

  /// Checks that a leaf with these bytes stands at the index under the checkpoint's root. Who signed
  /// the checkpoint is for a policy to say.
  public func checkInclusion(of leaf: [UInt8]) throws(ProofError) {
    let checkpoint = try Checkpoint(text: note.text)
    do {
      try MerkleTree.verifyInclusion(
        index: UInt64(index), size: UInt64(checkpoint.size), leafHash: MerkleTree.leafHash(leaf),
        proof: hashes, root: checkpoint.root)
    } catch {
      let reason =
        switch error {
        case .hashLength: "a hash is not 32 bytes long"
        case .sizes: "the checkpoint covers \(checkpoint.size) entries, and the index is \(index)"
        case .proofLength: "it has \(hashes.count) hashes, which do not lead to a root"
        case .root: "the hashes do not lead to the root that was signed"
        }
      throw ProofError(.notIncluded, reason)
    }
  }
}

/// Takes lines off the start of a file.
private struct LineReader {
  private(set) var rest: ArraySlice<UInt8>
  /// Number of the line taken last.
  private(set) var line = 0

  init(rest: ArraySlice<UInt8>) { self.rest = rest }

  /// The next line without its newline.
  mutating func next() throws(ProofError) -> ArraySlice<UInt8> {
    line += 1
    guard let end = rest.firstIndex(of: NoteSyntax.newline) else {
      throw fault("the file ends within the proof")
    }
    defer { rest = rest[(end + 1)...] }
    return rest[..<end]
  }

  /// What follows a word and a space; nil where the line starts otherwise.
  func value(of word: StaticString, in line: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    let word = Array("\(word) ".utf8)
    return line.starts(with: word) ? line.dropFirst(word.count) : nil
  }

  func fault(_ message: String) -> ProofError {
    ProofError(.malformed, line: line, message)
  }
}
