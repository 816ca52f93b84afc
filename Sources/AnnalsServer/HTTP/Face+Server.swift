package import Annals
import EventLog

extension Face {
  /// Over HTTP: a command is the request that does the same, an option is a parameter.
  package static let http = Face(
    name: "HTTP", command: request,
    option: { name, value in
      name.split(separator: "-").joined(separator: "_") + (value.map { "=\($0)" } ?? "")
    })

  /// For assistants: a command is the tool that does the same, an option is an argument.
  package static let assistant = Face(
    name: "assistants",
    command: { command in
      switch command.split(separator: " ").first {
      case "list", "log", "search", "actor": "the tool find"
      case "event": "the tool event"
      case "health", "doctor", "verify": "the tool record"
      default: "\(onCommandLine(command))  (on the command line)"
      }
    },
    option: { name, value in
      name.split(separator: "-").joined(separator: "_") + (value.map { " \($0)" } ?? "")
    })

  private static func onCommandLine(_ command: String) -> String {
    Help("\(command: command)").words(for: .commandLine)
  }

  private static func request(_ command: String) -> String {
    let words = command.split(separator: " ")
    let base = "/api/v1"
    guard let first = words.first else { return base }
    let second = words.dropFirst().first.map { PercentEncoding.value(String($0)) } ?? ""
    switch first {
    case "list": return "GET \(base)/list?kind=\(second)"
    case "log": return "GET \(base)/events"
    case "search": return "GET \(base)/search?text=…"
    case "event": return "GET \(base)/events/\(second)"
    case "explain": return "GET \(base)/errors"
    case "health", "changes", "rollcalls", "export": return "GET \(base)/\(first)"
    case "append", "import": return "POST \(base)/events"
    case "correct": return "POST \(base)/events/\(second)/corrections"
    case "retract": return "POST \(base)/events/\(second)/retractions"
    case "verify": return "POST \(base)/verifications"
    case "replay" where second == "--list": return "GET \(base)/projections"
    case "help": return "GET /docs"
    default: return "\(onCommandLine(command))  (on the server's command line)"
    }
  }
}
