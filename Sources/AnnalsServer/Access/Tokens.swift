public import Annals
import Crypto

/// The tokens of a file: each says which person sends a request, and what the request may do.
///
/// A line has the scope, the token, and the name of the person, with spaces between:
/// `append 3f9c… Ana Sousa`. A line that begins with `#` is a comment.
public struct Tokens: Sendable {
  /// What a token allows; each scope allows what the scopes before it allow.
  public enum Scope: String, CaseIterable, Comparable, Sendable {
    case read, append, admin

    public static func < (a: Scope, b: Scope) -> Bool {
      allCases.firstIndex(of: a) ?? 0 < allCases.firstIndex(of: b) ?? 0
    }
  }

  /// The person who has a token. The person's name becomes the recorder of the events that are appended
  /// with the token.
  public struct Holder: Hashable, Sendable {
    public var name: String
    public var scope: Scope
  }

  /// The holders by the hash of their token: the tokens themselves are not kept.
  private var holders: [[UInt8]: Holder] = [:]

  /// An empty list of tokens. The server then refuses every append.
  public init() {}

  /// The least length of a token. A shorter one can be guessed.
  static let shortest = 16

  /// Reads the file. Throws every fault, with its line; a token is never part of a message.
  public init(parsing bytes: [UInt8], file: String) throws(Problems) {
    var problems: [Problem] = []
    func refuse(_ line: Int, _ message: String, _ help: String) {
      problems.append(
        Problem(
          .badConfiguration, message, position: InputLocation(file: file, line: line, column: 1),
          help: "\(help)"))
    }
    let lines = String(decoding: bytes, as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      let words = line.split(whereSeparator: { " \t\r".contains($0) })
      guard let first = words.first, !first.hasPrefix("#") else { continue }
      guard words.count > 2 else {
        refuse(
          index + 1, "the line has \(words.count) of three parts",
          "a line has a scope, a token and a name:  append TOKEN Ana Sousa")
        continue
      }
      guard let scope = Scope(rawValue: String(first)) else {
        refuse(
          index + 1, "the first word of the line is no scope", "scopes are read, append and admin")
        continue
      }
      guard words[1].utf8.count >= Self.shortest else {
        refuse(
          index + 1, "the token has fewer than \(Self.shortest) characters",
          "make one with  openssl rand -hex 24")
        continue
      }
      let name = words.dropFirst(2).joined(separator: " ")
      if holders.updateValue(Holder(name: name, scope: scope), forKey: Self.hash(words[1])) != nil {
        refuse(index + 1, "the token stands in two lines", "give each person a token of their own")
      }
    }
    if !problems.isEmpty { throw Problems(problems) }
  }

  public var isEmpty: Bool { holders.isEmpty }

  /// Whose token it is; nil for one that is not in the file. The time that this takes depends on the
  /// hash of the token, which says nothing about the tokens of the file.
  func holder(of token: some StringProtocol) -> Holder? { holders[Self.hash(token)] }

  private static func hash(_ token: some StringProtocol) -> [UInt8] {
    Array(SHA256.hash(data: Array(token.utf8)))
  }
}
