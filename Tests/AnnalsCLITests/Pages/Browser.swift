#if Serve
import EventLog
import Foundation

/// A browser in which a person has signed in, as far as the server can tell.
struct SignedIn {
  let server: LocalServer
  var token = LocalServer.anasToken

  var cookie: String { "annals_token=\(token)" }

  func get(_ path: String) async throws -> LocalServer.Answer {
    try await server.get(path, ["Cookie": cookie, "Accept": "text/html"])
  }

  /// Sends a form from a page of the server.
  func send(
    _ path: String, _ fields: [(String, String)], _ headers: [String: String] = [:]
  ) async throws -> LocalServer.Answer {
    var all = ["Cookie": cookie, "Origin": "http://127.0.0.1:\(server.port)"]
    all.merge(headers) { $1 }
    return try await server.post(
      path, Self.body(fields), type: "application/x-www-form-urlencoded", token: nil, all)
  }

  /// Sends it as the script does: to see what it would do.
  func check(_ path: String, _ fields: [(String, String)]) async throws -> LocalServer.Answer {
    try await send(path, fields + [("preview", "true")], ["X-Fragment": "true"])
  }

  static func body(_ fields: [(String, String)]) -> String {
    func encoded(_ text: String) -> String {
      text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }
    return fields.map { "\(encoded($0.0))=\(encoded($0.1))" }.joined(separator: "&")
  }
}

extension LocalServer {
  /// The last position of the record.
  func head() async throws -> JSON? { try await get("/api/v1/head").json["seq"] }
}
#endif
