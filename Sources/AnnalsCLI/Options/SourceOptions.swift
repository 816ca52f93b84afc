import ArgumentParser

/// What an event rests on, for every command that writes one.
struct SourceOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What the fact rests on: a captured source, with a locator after a colon, or a web address. "
        + "May be given several times.", valueName: "source"), completion: .sources)
  var source: [String] = []
}
