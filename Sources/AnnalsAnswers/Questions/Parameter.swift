/// A parameter of a question: an option or argument of the command line, a query parameter of HTTP,
/// an argument of a tool for assistants.
public struct Parameter: Hashable, Sendable {
  /// What a value may be. `QuestionReader` reads it.
  public enum Kind: Hashable, Sendable {
    /// Any text: a name, an id, words.
    case text
    /// A moment in the world: `2022`, `2022-03-02`, `today`.
    case moment
    /// Two moments in the world: `2022-03-02..2025-02-24`.
    case moments
    /// A state of the record: a date, a time, or a position such as `#412`.
    case state
    /// Two states of the record.
    case states
    /// A date or an interval, in EDTF.
    case date
    /// `true` or `false`.
    case flag
    /// A whole number from the first to the limit. Without bounds, the limit does not hold.
    case count(from: Int = 1, limit: Int)
    /// The position of an event.
    case position
    /// One of some words.
    case choice([String])
  }

  /// In snake case.
  public let name: String
  public let kind: Kind
  public let isRequired: Bool
  /// Whether it may be given several times.
  public let isRepeated: Bool
  public let summary: String
  /// A value that works on the shipped record.
  public let example: String?

  package init(
    _ name: String, _ kind: Kind, required: Bool = false, repeated: Bool = false,
    _ summary: String, example: String? = nil
  ) {
    self.name = name
    self.kind = kind
    isRequired = required
    isRepeated = repeated
    self.summary = summary
    self.example = example
  }

  /// How long a value may be, in Unicode scalars.
  public static let longest = 250
  /// How many values a question may have in all.
  public static let most = 100
}
