package import Annals

extension Face {
  /// On a page: a command is the page that does the same, an option is a field of the address.
  package static let page = Face(
    name: "pages",
    command: { command in
      let words = command.split(separator: " ").map(String.init)
      switch words.first {
      case "list": return "the page \(lists[words.dropFirst().first ?? ""] ?? "/")"
      case "log": return "the page /log"
      case "event": return words.count > 1 ? "the page /facts/\(words[1])" : "the page /log"
      case "search": return "the page /log?text=…"
      case "health", "changes", "rollcalls", "agreement": return "the page /\(words[0])"
      default:
        return "\(Help("\(command: command)").words(for: .commandLine))  (on the command line)"
      }
    },
    option: { name, value in
      name.split(separator: "-").joined(separator: "_") + (value.map { "=\($0)" } ?? "")
    })

  /// The pages that list things of one kind; the first page has the topics.
  private static let lists = [
    "actors": "/actors", "sources": "/sources", "rollcalls": "/rollcalls",
  ]
}
