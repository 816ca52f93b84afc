public import EventLog

/// What a key has signed last: one checkpoint for each log.
///
/// It is kept beside the private key and outside of any store, because it must not go back in time
/// when a store does. Its text is the notes one after another, an empty line between them.
public struct SignerMemory: Sendable {
  private var notes: [SignedNote] = []

  public init() {}

  /// Reads the text; each note in it must be a checkpoint that `key` has signed.
  public init(parsing bytes: [UInt8], key: VerifierKey, file: String) throws {
    // A checkpoint has no empty lines: they come before its signatures, and between two of them.
    let parts = Self.parts(of: bytes)
    guard parts.count % 2 == 0 else {
      throw Problem(
        .signerMemory, "\(file) is damaged: it ends within a note",
        help: "annals explain \(ErrorCode.signerMemory.rawValue)")
    }
    for index in stride(from: 0, to: parts.count, by: 2) {
      notes.append(
        try ProofInput.reading(.signerMemory, file) { () throws(ProofError) in
          let note = try SignedNote(
            parsing: parts[index].bytes + [UInt8(ascii: "\n")] + parts[index + 1].bytes,
            firstLine: parts[index].line)
          _ = try Checkpoint(text: note.text, firstLine: parts[index].line)
          _ = try note.verified(by: [key])
          return note
        })
    }
  }

  public var bytes: [UInt8] {
    Array(notes.map(\.bytes).joined(separator: [UInt8(ascii: "\n")]))
  }

  /// The last checkpoint of a log that was signed; nil where there is none.
  public func last(origin: String) throws -> Checkpoint? {
    try notes.lazy.map { try Checkpoint(text: $0.text) }.first { $0.isOf(origin: origin) }
  }

  /// Takes a checkpoint in the place of the last one of the same log.
  public mutating func remember(_ note: SignedNote) throws {
    let origin = try Checkpoint(text: note.text).origin
    notes = try notes.filter { try !Checkpoint(text: $0.text).isOf(origin: origin) } + [note]
  }

  /// The runs of lines between empty lines, with the numbers of their first lines.
  private static func parts(of bytes: [UInt8]) -> [(line: Int, bytes: [UInt8])] {
    var parts: [(line: Int, bytes: [UInt8])] = []
    var isOpen = false
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      if line.isEmpty {
        isOpen = false
      } else {
        if !isOpen { parts.append((line: index + 1, bytes: [])) }
        parts[parts.count - 1].bytes += line + [UInt8(ascii: "\n")]
        isOpen = true
      }
    }
    return parts
  }
}

/// A private key, and what it has signed. Nobody else signs with the key while this one exists.
public protocol CheckpointSigner: Sendable {
  var key: SignerKey { get }

  /// What the key has signed, as it was kept last.
  func memory() throws -> SignerMemory

  /// Keeps a memory for good: it is on the disk when this returns.
  func keep(_ memory: SignerMemory) throws
}
