/// Why a text is not a date of the supported kind, said so that the user can mend it.
public struct EDTFError: Error, Hashable, Sendable {
  /// Where the fault begins, in UTF-8 bytes of the text.
  public var offset: Int
  /// How many bytes it covers; 0 only in an empty text.
  public var length: Int
  /// What is wrong, with what was found: a sentence without a full stop.
  public var message: String
  /// What to write instead.
  public var help: Help?
  /// A text that would be accepted in place of the whole given one, where there is just one.
  public var suggestion: String?

  init(
    _ range: Range<Int>, _ message: String, help: Help? = nil, suggestion: String? = nil
  ) {
    offset = range.lowerBound
    length = range.count
    self.message = message
    self.help = help
    self.suggestion = suggestion
  }

  /// The error as an entry of the catalogue, without its place in the input.
  public func problem(_ code: ErrorCode, pointer: String? = nil) -> Problem {
    Problem(code, message, pointer: pointer, help: help, suggestion: suggestion)
  }
}

extension EDTFError: CustomStringConvertible {
  /// The message, and the help after it.
  public var description: String {
    help.map { "\(message): \($0.words(for: .commandLine))" } ?? message
  }
}

/// What the readers of this folder find wrong, before it is put into words.
///
/// Kept apart from `EDTFError` so that trying a text costs no more than reading it.
struct EDTFRefusal: Error {
  enum Reason {
    /// Not of any form; for the diagnosis to find out what it is.
    case shape
    case empty
    /// `-0000`
    case negativeZero
    /// `1XXX`, and `201X-05`, `2004-XX-05`, `2004-1X`
    case unspecifiedYear, unspecifiedPlace
    /// No month or grouping of this number.
    case month(Int64)
    case day(year: Int64, month: Int64)
    /// A season, quarter or semester where an interval starts or ends.
    case grouping
    case hour, minute, second, offset
    case noSeconds, fraction, noZone
    /// A time of day inside an interval or set.
    case timeInside
    case qualifiedTime
    /// An interval or `a..b` that ends before it starts.
    case reversed
    /// An interval or member without any date.
    case noDate
    case emptyMember
    /// `..a` that is not the first, or `a..` that is not the last member.
    case openMember
    /// A date that is not one moment: qualified, unspecified, a season, an interval, a set.
    case notOneMoment
    /// `#` without a number that can be a position.
    case position
    /// A number where `#412` may be meant.
    case bareNumber
    case noRange
  }

  var reason: Reason
  var range: Range<Int>

  init(_ reason: Reason, _ range: Range<Int>) {
    self.reason = reason
    self.range = range
  }
}
