public import EventLog

/// What a key has signed last: one checkpoint for each log.
///
/// It is kept beside the private key and outside of any store, because it must not go back in time
/// when a store does. Its text is a line with the number of notes, then the notes one after another,
/// an empty line before each: a file that was emptied or cut off is not one that has signed less.
public struct SignerMemory: Sendable {
  private static let head = "checkpoints that this key has signed last: "

  private var notes: [SignedNote] = []

  public init() {}

  /// Reads the text; each note in it must be a checkpoint that `key` has signed, and the only one of
  /// its log. Throws a `Problem` with `.signerMemory` for anything else.
  public init(parsing bytes: [UInt8], key: VerifierKey, file: String) throws {
    // A checkpoint has no empty lines: they come before its signatures, and between two of them.
    let parts = Self.parts(of: bytes)
    func damaged(_ what: String) -> Problem {
      Problem(
        .signerMemory, "\(file) is damaged: \(what)",
        help: "\(command: "explain \(ErrorCode.signerMemory.rawValue)")")
    }
    guard let first = parts.first, parts.count % 2 == 1,
      first.bytes == Self.headLine(count: parts.count / 2)
    else { throw damaged("it has not as many checkpoints as its first line says") }
    var checkpoints: [Checkpoint] = []
    for index in stride(from: 1, to: parts.count, by: 2) {
      do throws(ProofError) {
        let note = try SignedNote(
          parsing: parts[index].bytes + [UInt8(ascii: "\n")] + parts[index + 1].bytes,
          firstLine: parts[index].line)
        let checkpoint = try Checkpoint(text: note.text, firstLine: parts[index].line)
        _ = try note.verified(by: [key])
        if checkpoints.contains(where: { $0.isOf(origin: checkpoint.origin) }) {
          throw ProofError(.malformed, "\(checkpoint.origin) stands in it twice")
        }
        checkpoints.append(checkpoint)
        notes.append(note)
      } catch {
        throw damaged((error.line.map { "line \($0): " } ?? "") + error.message)
      }
    }
    guard self.bytes == bytes else {
      throw damaged("its last line is cut off, or it has an empty line too many")
    }
  }

  public var bytes: [UInt8] {
    notes.reduce(into: Self.headLine(count: notes.count)) { text, note in
      text += [UInt8(ascii: "\n")] + note.bytes
    }
  }

  private static func headLine(count: Int) -> [UInt8] { Array("\(head)\(count)\n".utf8) }

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
