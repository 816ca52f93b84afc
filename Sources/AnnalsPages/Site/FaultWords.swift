import Annals

/// A problem as a page says it, with what to do.
struct FaultWords {
  let problem: Problem

  init(_ problem: Problem) { self.problem = problem }

  /// A paragraph.
  var html: HTML { "<p>\(words)</p>" }

  /// Beside the field that it is about: the label and the hint say the rest.
  var words: HTML {
    problem.missing == nil
      ? whole : "A value is needed. <small>\(problem.code.rawValue)</small>"
  }

  /// Anywhere.
  var whole: HTML {
    let suggestion: HTML = problem.suggestion.map { " Did you mean <b>\($0)</b>?" } ?? .none
    let help: HTML =
      problem.help.map { " \(Self.sentence($0.words(for: .page)))" } ?? .none
    return """
      \(Self.sentence(problem.message))\(suggestion)\(help) <small>\(problem.code.rawValue)</small>
      """
  }

  /// With a capital letter and a full stop.
  private static func sentence(_ text: String) -> String {
    Words.sentence(text) + (text.hasSuffix(".") || text.hasSuffix("?") ? "" : ".")
  }
}
