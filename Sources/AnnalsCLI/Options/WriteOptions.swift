import ArgumentParser

/// The options of every command that writes.
struct WriteOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Who records this. Default: ANNALS_RECORDER, annals.yaml, the login name.", valueName: "name"
    ))
  var recorder: String?

  @Flag(
    help: ArgumentHelp(
      "Record with this computer's clock even if it differs much from the last recorded time."))
  var acceptClock = false

  @Flag(help: "Check everything and say what would change; write nothing.")
  var dryRun = false
}
