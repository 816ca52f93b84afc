/// One thing in a JSON value that its schema does not allow.
public struct SchemaFault: Error, Hashable, Sendable {
  public var code: ErrorCode
  /// Bytes of the tape's text: the value at fault, the key of an unknown field, the opening
  /// brace of an object that lacks a field.
  public var range: Range<Int>
  /// RFC 6901 pointer from the tape's root.
  public var pointer: String
  /// What is wrong, with what was found: without a full stop.
  public var message: String
  /// What to do.
  public var help: Help?
  /// The nearest thing that would have been right.
  public var suggestion: String?
  /// The field that is missing or unknown.
  var field: String?

  public init(
    code: ErrorCode, range: Range<Int>, pointer: String, message: String, help: Help? = nil,
    suggestion: String? = nil
  ) {
    self.code = code
    self.range = range
    self.pointer = pointer
    self.message = message
    self.help = help
    self.suggestion = suggestion
  }
}

/// Why a text does not have the form that a schema's `format` asks for.
public struct FormatFault: Error, Hashable, Sendable {
  /// `.badDate` for dates, `.badFormat` for anything else.
  public var code: ErrorCode
  /// What is wrong, with the text itself: without a full stop.
  public var message: String
  public var help: Help?
  public var suggestion: String?

  public init(
    _ message: String, code: ErrorCode = .badFormat, help: Help? = nil, suggestion: String? = nil
  ) {
    self.code = code
    self.message = message
    self.help = help
    self.suggestion = suggestion
  }
}
