/// Where in an input something is wrong.
public struct InputLocation: Hashable, Sendable {
  /// The file's name as the user gave it; `-` for standard input, nil for an argument.
  public var file: String?
  /// From 1.
  public var line: Int
  /// From 1, counted in characters (Unicode scalars) of the line.
  public var column: Int

  public init(file: String? = nil, line: Int, column: Int) {
    self.file = file
    self.line = line
    self.column = column
  }
}

/// One thing that is wrong, said so that the user can mend it. The same for every face; only the
/// commands and options of its help are in the words of the face that shows it.
public struct Problem: Error, Hashable, Sendable {
  public var code: ErrorCode
  /// What is wrong, with what was found: a sentence without a full stop.
  public var message: String
  public var position: InputLocation?
  /// RFC 6901 pointer into the event: `/data/voter`.
  public var pointer: String?
  /// The field that the object at the pointer lacks.
  package var missing: String?
  /// What to do.
  public var help: Help?
  /// The nearest thing that would have been right.
  public var suggestion: String?
  /// The input's line, for the caret; `caret` counts characters from its start.
  public var excerpt: Excerpt?

  public struct Excerpt: Hashable, Sendable {
    public var text: String
    public var caret: Int
    public var length: Int
    public init(text: String, caret: Int, length: Int) {
      self.text = text
      self.caret = caret
      self.length = length
    }
  }

  public init(
    _ code: ErrorCode, _ message: String, position: InputLocation? = nil, pointer: String? = nil,
    help: Help? = nil, suggestion: String? = nil, excerpt: Excerpt? = nil
  ) {
    self.code = code
    self.message = message
    self.position = position
    self.pointer = pointer
    self.help = help
    self.suggestion = suggestion
    self.excerpt = excerpt
  }
}

/// All that is wrong with an input, in the order in which it stands there.
public struct Problems: Error, Sendable {
  public var problems: [Problem]
  /// How many more there are, which are not among `problems`.
  public var more: Int
  /// How many events are wrong, and how many the input held, where that is known: "3 of 4,120
  /// events are wrong".
  public var wrong: Int?
  public var total: Int?

  public init(_ problems: [Problem], more: Int = 0, wrong: Int? = nil, total: Int? = nil) {
    self.problems = problems
    self.more = more
    self.wrong = wrong
    self.total = total
  }

  public init(_ list: ProblemList, wrong: Int? = nil, total: Int? = nil) {
    self.init(list.problems, more: list.more, wrong: wrong, total: total)
  }
}
