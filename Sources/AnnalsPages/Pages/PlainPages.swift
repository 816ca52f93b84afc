import Annals
package import AnnalsAnswers
import EventLog

/// Pages that say one thing: what cannot be asked, and what the two times are.
package enum PlainPages {
  /// Every problem with a request, with what to do. `back` is the page to come back to from signing in.
  package static func failure(
    _ failure: Failure, status: Int, back: String? = nil, _ context: PageContext
  ) -> Page {
    let title: String
    switch status {
    case 401: title = "Sign in first"
    case 403: title = "This is not allowed"
    case 404: title = "This is not here"
    default: title = "This cannot be answered"
    }
    var page = Page(
      status == 404 ? "Not found" : title, summary: "What to do instead.", section: nil,
      main: """
        <h1><b>\(title)</b></h1>
        <div class="fault" role="alert"><ul class="plain">\(rows(failure))</ul></div>\(signIn(status, back, context))\
        <p>\(context.link(.home, "All topics"))</p>
        """)
    page.status = status
    return page
  }

  /// The same as a part of a page whose form was sent.
  package static func refusal(
    _ failure: Failure, status: Int, back: String, _ context: PageContext
  ) -> HTML {
    """
    <h2>Nothing is written</h2><ul class="plain fault">\(rows(failure))</ul>\
    \(signIn(status, back, context))
    """
  }

  private static func rows(_ failure: Failure) -> [HTML] {
    failure.problems.map { "<li>\(FaultWords($0).whole)</li>" }
  }

  private static func signIn(_ status: Int, _ back: String?, _ context: PageContext) -> HTML {
    guard status == 401 || status == 403, let back, context.takesTokens else { return .none }
    let session = Address("session").with("back", back)
    let words: HTML = context.writer == nil ? "Sign in" : "Sign in with another token"
    return "<p>\(context.link(session, words))</p>"
  }

  /// The two times, explained with a picture of the record's own.
  package static func times(_ context: PageContext) -> Page {
    Page(
      "Two times, explained", summary: "When it was so, and since when the record says so.",
      section: nil,
      main: """
        <h1><b>Two times, explained</b></h1>
        <p class="answer">Each fact has two times: when it was so in the world, and since when the record \
        says so.</p>
        <p>A vote is cast on 24 February. An editor records it on 3 March. On 10 March the editor finds \
        that the vote was a no, not a yes, and appends a correction. Nothing is deleted: the record holds \
        both events, and can be asked as it was on any day.</p>
        <svg viewBox="0 0 720 250" role="img" aria-label="The world runs across, the record upwards"><path \
        class="g" d="M90 210H700M90 210V20"/><rect class="none" x="92" y="150" width="600" height="58"/>\
        <rect class="f2" x="260" y="90" width="432" height="58"/><rect class="m2" x="260" y="30" width="432" \
        height="58"/><text x="470" y="185" text-anchor="middle" class="q">nothing recorded</text>\
        <text x="470" y="125" text-anchor="middle" class="c2">▲ the record says yes</text>\
        <text x="470" y="65" text-anchor="middle" class="c2">▼ the record says no</text>\
        <text x="84" y="152" text-anchor="end" class="q">3 March</text><text x="84" y="92" text-anchor="end" \
        class="q">10 March</text><text x="260" y="232" text-anchor="middle" class="q">24 February</text>\
        <text x="690" y="232" text-anchor="end" class="q">the world →</text></svg>
        <dl><dt>True on</dt><dd>A day in the world. Facts that had not happened by the end of it do not \
        count. It may be a day, a month or a year: 2025-02-22, 2025-02, 2025.</dd><dt>Known by</dt>\
        <dd>A state of the record: a position such as #230, a date, or a time. What was recorded later does \
        not count, corrections included.</dd></dl>
        <p>An address that names both, such as \
        <code>/s/USA/ukraine-integrity?on=2025-02-22&amp;known_by=%23230</code>, always gives the same answer. \
        The position is part of the log, and the log proves that nothing before it was changed.</p>
        \(Figure.patterns)
        """)
  }
}
