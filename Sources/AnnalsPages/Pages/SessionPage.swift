package import Annals
import AnnalsAnswers

/// The page on which a person signs in with a token, and out again.
package enum SessionPage {
  /// `scope` is what the token of the person who is signed in allows; `fault` says why the token that was
  /// sent was not taken.
  package static func page(
    scope: String?, back: String, fault: Problem? = nil, _ context: PageContext
  ) -> Page {
    let main: HTML
    if let name = context.writer, let scope {
      let allows: HTML =
        scope == "read" ? "It reads, and does not record." : "What you record carries this name."
      main = """
        <h1><b>Signed in as \(name)</b></h1>
        <p>Your token has the scope \(scope). \(allows)</p>
        <form method="post" action="/session"><input type="hidden" name="back" value="\(back)">\
        <p class="row"><button name="sign_out" value="true">Sign out</button></p></form>
        <p>\(context.link(Address("record", "new"), "Record a fact"))</p>
        """
    } else if !context.takesTokens {
      main = """
        <h1><b>Sign in</b></h1>
        <p class="note">Nobody can sign in here: the server was started without a file of tokens.</p>
        """
    } else {
      main = form(back, fault)
    }
    var page = Page("Sign in", summary: "Sign in to record facts.", section: nil, main: main)
    if fault != nil { page.status = 401 }
    return page
  }

  private static func form(_ back: String, _ fault: Problem?) -> HTML {
    let told: HTML =
      fault.map { "<p class=\"fault\" id=\"token-x\" role=\"alert\">\(FaultWords($0).words)</p>" }
      ?? .none
    let described: HTML = fault == nil ? "token-h" : "token-h token-x\" aria-invalid=\"true"
    return """
      <h1><b>Sign in</b></h1>
      <p>Everybody can read. Whoever records facts has a token, and what one records carries one’s name.</p>
      <form method="post" action="/session"><input type="hidden" name="back" value="\(back)">
      <p><label for="token"><b>Token</b></label><br><input type="password" id="token" name="token" \
      size="40" required autocomplete="current-password" aria-describedby="\(described)"><br>\
      <small id="token-h">The one that was given to you by whoever runs this server. This browser keeps \
      it for twelve hours, or until you sign out.</small></p>\(told)
      <p class="row"><button class="go">Sign in</button></p></form>
      """
  }
}
