#if Serve
import EventLog
import HTTPTypes

/// The cookie in which a browser keeps the token of the person who signed in.
enum SessionCookie {
  private static let name = "annals_token"
  /// A working day.
  private static let seconds = 12 * 60 * 60

  /// The token in the cookie. Nil if there is no such cookie, or if its form is not the form that `setting`
  /// writes.
  static func token(in headers: HTTPFields) -> String? {
    for field in headers[values: .cookie] {
      for pair in field.split(separator: ";") {
        let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard halves.count == 2, halves[0].drop(while: { $0 == " " }) == name else { continue }
        return try? RequestTarget.decoded(Array(halves[1].utf8)[...], plusIsSpace: false)
      }
    }
    return nil
  }

  /// The header that keeps a token; nil removes it. Scripts cannot read it, and it is sent from pages of
  /// this server alone.
  static func setting(_ token: String?, isSecure: Bool) -> String {
    let value = token.map(PercentEncoding.segment) ?? ""
    let age = token == nil ? 0 : seconds
    return "\(name)=\(value); HttpOnly; SameSite=Strict; Path=/; Max-Age=\(age)"
      + (isSecure ? "; Secure" : "")
  }
}
#endif
