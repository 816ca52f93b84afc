package import Annals
package import EventLog

/// What a page is made for: the record, the time of day, and where its links lead.
package struct PageContext: Sendable {
  package var store: Store
  package var now: Instant
  package var links: Links
  /// The name of the person who signed in, and may append; nil for a reader.
  package var writer: String?
  /// Whether the server knows tokens: a server without tokens refuses every append.
  package var takesTokens: Bool
  /// Name and version of the program.
  package var program: String
  /// The server as readers write it, `https://annals.example`; empty for files.
  package var origin: String

  package init(
    store: Store, now: Instant = .now(), links: Links = .server, writer: String? = nil,
    takesTokens: Bool = false, program: String = "annals", origin: String = ""
  ) {
    self.store = store
    self.now = now
    self.links = links
    self.writer = writer
    self.takesTokens = takesTokens
    self.program = program
    self.origin = origin
  }

  /// The whole address of a page, for use on pages of other sites.
  func whole(_ address: Address) -> String { origin + address.text }

  /// Today, counted from 1970-01-01.
  var today: Int64 { now.day }

  /// A link; the words alone where the site has no such page.
  func link(_ address: Address, _ words: HTML, class name: String? = nil) -> HTML {
    guard let target = links.target(of: address) else { return words }
    let style: HTML = name.map { " class=\"\($0)\"" } ?? .none
    return "<a href=\"\(target)\"\(style)>\(words)</a>"
  }
}

/// Where the links of a page lead.
package enum Links: Sendable {
  /// To the server that sends the page.
  case server
  /// To the files of a folder, by their addresses; from a file so many folders below it.
  case files(FileSite, depth: Int)

  /// What stands in `href`; nil where there is nothing to lead to.
  package func target(of address: Address) -> String? {
    switch self {
    case .server: return address.text
    case .files(let site, let depth):
      guard let file = site.file(of: address) else { return nil }
      return String(repeating: "../", count: depth) + file
    }
  }

  /// Whether a server answers forms and questions.
  package var isServer: Bool {
    if case .server = self { return true }
    return false
  }
}
