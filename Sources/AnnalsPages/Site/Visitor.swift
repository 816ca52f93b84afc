/// Who looks at a page on which facts are recorded.
package enum Visitor: Sendable {
  /// May record; the name stands in the record as the recorder.
  case editor(String)
  /// Signed in with a token that only reads.
  case reader(String)
  case nobody

  package var isEditor: Bool { if case .editor = self { true } else { false } }

  /// What to do first, where the visitor cannot record; `back` is the page to come back to.
  func note(_ context: PageContext, back: Address) -> HTML {
    switch self {
    case .editor: return .none
    case .reader(let name):
      return """
        <p class="note">You are signed in as \(name). Your token reads and does not record: ask whoever \
        runs this server for a token with the scope append.</p>
        """
    case .nobody where context.takesTokens:
      let session = Address("session").with("back", back.text)
      return """
        <p class="note">You are not signed in. \(context.link(session, "Sign in")) to check and record \
        facts.</p>
        """
    case .nobody:
      return """
        <p class="note">This server only reads: it was started without a file of tokens. Facts are \
        recorded on its command line.</p>
        """
    }
  }
}
