import Annals
import ArgumentParser

/// What evidence to leave out, to see whether an answer rests on it.
struct EvidenceOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Leave out evidence of this type. May be given several times.", valueName: "type"),
    completion: .eventTypes)
  var excludeType: [String] = []

  @Option(
    help: ArgumentHelp(
      "Leave out what rests on nothing but this source. May be given several times.",
      valueName: "source"), completion: .sources)
  var excludeSource: [String] = []

  @Flag(help: "Leave out weak evidence: informative links, what is disputed, reported or alleged.")
  var strongOnly = false

  var leavingOut: LeaveOut {
    LeaveOut(types: excludeType, sources: excludeSource, weak: strongOnly)
  }
}
