#if Serve
import Annals
import AnnalsAnswers
import HTTPTypes

extension Call {
  /// The media type of a form.
  static let formType = "application/x-www-form-urlencoded"
  /// So many fields a form may have.
  private static let mostFields = 2000

  /// The names and values that a form sent. `known` are the names that it may send; names that begin
  /// with `data.` are fields of a payload, of which the schema says what is known.
  func form(_ known: [String]) async throws -> [QuestionReader.Item] {
    try EventRoutes.requireType(headers[.contentType], among: [Self.formType])
    let body = try await body()
    guard String(validating: body, as: UTF8.self) != nil else {
      throw Problem(.badRequest, "the body of the form is not UTF-8")
    }
    let items = try RequestTarget.items(of: body[...])
    guard items.count <= Self.mostFields else {
      throw Problem(
        .badRequest,
        "the form has \(items.count.grouped) fields, more than \(Self.mostFields.grouped)")
    }
    let names = Set(known)
    for item in items where !names.contains(item.name) && !item.name.hasPrefix("data.") {
      throw Problem(
        .unknownField, "the form has no field \"\(item.name)\"",
        suggestion: Suggestion.nearest(to: item.name, among: known))
    }
    return items
  }

  /// Whether the browser speaks TLS with a proxy before this server.
  var isSecure: Bool {
    let protocols = headers[.forwardedProto]?.split(separator: ",") ?? []
    return protocols.first?.filter { $0 != " " }.lowercased() == "https"
  }

  /// The server as its visitors write it.
  var origin: String { "\(isSecure ? "https" : "http")://\(askedHost ?? "")" }
}

extension HTTPField.Name {
  static let forwardedProto = Self("X-Forwarded-Proto")!
  /// Sent by the script of the pages, which puts a part of a page in place.
  static let fragment = Self("X-Fragment")!
}
#endif
