/// The head of a log at some size (c2sp.org/tlog-checkpoint): the text of a note that the log signs.
public struct Checkpoint: Sendable {
  /// The log's identity, the same for ever; the name of its key, as a rule.
  public let origin: String
  /// How many events it covers: those at the positions from 1 to this one.
  public let size: Int64
  /// Root of the Merkle tree over them: 32 bytes.
  public let root: [UInt8]
  /// Further lines; nobody can check what they say.
  public let extensions: [String]

  /// A checkpoint to be signed. The origin must be fit to be a key's name.
  public init(origin: String, size: Int64, root: [UInt8]) throws(ProofError) {
    guard NoteSyntax.isName(origin) else {
      throw ProofError(
        .malformed,
        "an origin is not empty and has no spaces, + or control characters: found "
          + NoteSyntax.quoted(origin.utf8))
    }
    try self.init(text: Self.text(origin, size, root, []))
  }

  /// Reads the text of a note.
  public init(text: [UInt8], firstLine: Int = 1) throws(ProofError) {
    func fault(_ line: Int, _ message: String) -> ProofError {
      ProofError(.malformed, line: firstLine + line, message)
    }
    guard text.last == NoteSyntax.newline else { throw fault(0, "the text has no end of line") }
    let lines = NoteSyntax.lines(text[...])
    guard lines.count >= 3 else {
      throw fault(lines.count - 1, "a checkpoint has three lines: origin, size and root")
    }
    if let empty = lines.firstIndex(where: \.isEmpty) { throw fault(empty, "an empty line") }
    guard let size = NoteSyntax.decimal(lines[1]) else {
      throw fault(1, "the size is no whole number: \(NoteSyntax.quoted(lines[1]))")
    }
    guard let root = NoteSyntax.hash(lines[2]) else {
      throw fault(2, "the root is no 32 bytes in base 64: \(NoteSyntax.quoted(lines[2]))")
    }
    guard size > 0 || root == MerkleTree.emptyRoot else {
      throw fault(2, "the root is not that of an empty log")
    }
    var texts: [String] = []
    for (index, line) in lines.enumerated() where index != 1 && index != 2 {
      guard let text = String(validating: line, as: UTF8.self),
        line.allSatisfy({ $0 >= 0x20 })
      else { throw fault(index, "the line is not plain UTF-8 text") }
      texts.append(text)
    }
    origin = texts[0]
    (self.size, self.root) = (size, root)
    extensions = Array(texts.dropFirst())
  }

  /// The text of the note: what is signed.
  public var text: [UInt8] { Self.text(origin, size, root, extensions) }

  private static func text(
    _ origin: String, _ size: Int64, _ root: [UInt8], _ extensions: [String]
  ) -> [UInt8] {
    let lines = [origin, String(size), Base64.encode(root)] + extensions
    return Array(lines.map { $0 + "\n" }.joined().utf8)
  }

  /// Whether it speaks of the log with this origin.
  public func isOf(origin: String) -> Bool { NoteSyntax.isSame(self.origin, origin) }
}
