/// A page of the site.
package struct Page: Sendable {
  /// The parts of the site that stand in the navigation.
  package enum Section: CaseIterable, Sendable {
    case topics, rollcalls, agreement, changes, log, record

    fileprivate var title: String {
      switch self {
      case .topics: "Topics"
      case .rollcalls: "Roll calls"
      case .agreement: "Agreement"
      case .changes: "Changes"
      case .log: "Log"
      case .record: "Record"
      }
    }

    fileprivate var address: Address {
      switch self {
      case .topics: .home
      case .rollcalls: Address("rollcalls")
      case .agreement: Address("agreement")
      case .changes: Address("changes")
      case .log: Address("log")
      case .record: Address("record")
      }
    }
  }

  package var title: String
  /// One sentence, for search engines and previews.
  package var summary: String
  package var section: Section?
  package var main: HTML
  /// What the page was made from: positions, root, rule.
  package var foot: HTML
  package var feeds: [Feed]
  /// 404 for what is not there, 400 for what cannot be asked.
  package var status = 200

  /// A feed that tells of changes on the page.
  package struct Feed: Sendable {
    var title: String
    var address: Address
  }

  init(
    _ title: String, summary: String, section: Section?, main: HTML, foot: HTML = .none,
    feeds: [Feed] = []
  ) {
    self.title = title
    self.summary = summary
    self.section = section
    self.main = main
    self.foot = foot
    self.feeds = feeds
  }

  /// The whole document.
  package func document(_ context: PageContext) -> String {
    let feedLinks = feeds.compactMap { feed -> HTML? in
      guard let target = context.links.target(of: feed.address) else { return nil }
      return
        "<link rel=\"alternate\" type=\"application/atom+xml\" title=\"\(feed.title)\" href=\"\(target)\">"
    }
    let sections = Section.allCases.compactMap { item -> HTML? in
      guard let target = context.links.target(of: item.address) else { return nil }
      return
        "<a href=\"\(target)\"\(item == section ? " aria-current=\"page\"" : HTML.none)>\(item.title)</a>"
    }
    let page: HTML = """
      <!doctype html>
      <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
      <title>\(title) · Annals</title><meta name="description" content="\(summary)">
      <link rel="icon" type="image/svg+xml" href="\(context.links.target(of: .icon))"><link rel="stylesheet" href="\(context.links.target(of: .style))"><script src="\(context.links.target(of: .script))" defer></script>\(feedLinks)</head>
      <body><a class="skip" href="#main">Skip to the answer</a>
      <header>\(context.link(.home, "Annals", class: "brand"))<nav aria-label="Site">\(sections)</nav>
      \(Self.search(context))</header>
      <main id="main">
      \(main)
      </main>
      <footer>\(foot)<p>\(Self.footLinks(context))</p></footer>
      </body></html>

      """
    return page.markup
  }

  /// The page without header and footer, for a frame.
  package func frame(_ context: PageContext) -> String {
    let page: HTML = """
      <!doctype html>
      <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
      <title>\(title) · Annals</title><link rel="stylesheet" href="\(context.links.target(of: .style))">\
      <script src="\(context.links.target(of: .script))" defer></script></head>
      <body><main id="main">\(main)</main></body></html>

      """
    return page.markup
  }

  /// The page as one file that needs no other one, and no network.
  package func saved(_ context: PageContext) -> String {
    let page: HTML = """
      <!doctype html>
      <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
      <title>\(title) · Annals</title><meta name="description" content="\(summary)">\(Asset.inlined)</head>
      <body><main id="main">\(main)</main><footer>\(foot)</footer>\(Asset.inlinedScript)</body></html>

      """
    return page.markup
  }

  private static func search(_ context: PageContext) -> HTML {
    guard context.links.isServer else { return .none }
    return """
      <form role="search" action="/find" class="row"><label class="sr" for="jump">Jump to an actor, \
      topic, roll call or fact</label><input type="search" id="jump" name="text" size="22" \
      placeholder="Actor, topic, #249" autocomplete="off" required><button>Go</button></form>
      """
  }

  private static func footLinks(_ context: PageContext) -> HTML {
    var links = [context.link(.times, "Two times, explained")]
    if context.links.isServer {
      links += [
        "<a href=\"/docs\">For programs</a>", "<a href=\"/record/new\">Record a fact</a>",
        context.writer.map { "signed in as \($0) · <a href=\"/session\">sign out</a>" }
          ?? "<a href=\"/session\">Sign in</a>",
      ]
    }
    return links.joined(" · ")
  }
}
