/// Why a key, a note, a checkpoint, a policy or a proof is refused.
public struct ProofError: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Code: String, Sendable, CaseIterable {
    /// Not of the form that its standard prescribes.
    case malformed
    /// Over a limit of this reader's.
    case tooLong
    /// Well-formed, and of a kind that this reader cannot check.
    case unsupported
    /// A signature of a known key does not hold.
    case badSignature
    /// No known key has signed, or not the log's.
    case unsigned
    /// The event does not lead to the root that was signed.
    case notIncluded
    /// The parts of an event's proof do not fit each other.
    case mismatch
  }

  public var code: Code
  /// From 1, where the fault stands in a file of lines.
  public var line: Int?
  /// What is wrong, with what was found: a sentence without a full stop.
  public var message: String

  public init(_ code: Code, line: Int? = nil, _ message: String) {
    self.code = code
    self.line = line
    self.message = message
  }

  public var description: String { (line.map { "line \($0): " } ?? "") + message }
}
