import Annals
import AnnalsAnswers
import ArgumentParser
import EventLog

/// Which roll calls a command is about.
struct ScopeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Roll calls certainly held in this year, month, day or interval: 2022, 2022-03/2023.",
      valueName: "period"))
  var period: String?

  @Option(
    help: ArgumentHelp(
      "Roll calls of this session, as anybody writes it: 77, XXX, ES-11.", valueName: "session"))
  var session: String?

  @Option(help: ArgumentHelp("Roll calls of this body.", valueName: "body"), completion: .actors)
  var body: String?

  @Option(
    help: ArgumentHelp("Roll calls linked to this topic.", valueName: "topic"),
    completion: .topics)
  var topic: String?

  var items: Items { ["period": period, "session": session, "body": body, "topic": topic] }
}

extension RollCallSelection {
  /// What a reader must know of what was left out.
  var notes: [String] {
    var notes: [String] = []
    if contestedOnly {
      notes.append("\(unanimous.counted("unanimous roll call")) left out (--contested)")
    }
    if undated > 0 {
      notes.append(
        "\(undated.counted("roll call")) left out: the date leaves open whether it was in the period"
      )
    }
    return notes
  }
}
