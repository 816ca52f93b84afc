import ArgumentParser

/// The options that every command takes. `Hoisting` lets them stand before the command as well.
struct GlobalOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The store's file. Default: ANNALS_STORE, annals.yaml, the folder's only *.annals file.",
      valueName: "file"), completion: .file(extensions: ["annals"]))
  var store: String?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Print for programs: json, ndjson, csv, csv-exact or tsv. Default: a layout for people.",
      valueName: "format"))
  var output: OutputFormat?

  @Option(
    help: ArgumentHelp(
      "A folder with JSON Schemas of your own event types. Default: ANNALS_SCHEMAS, annals.yaml.",
      valueName: "folder"), completion: .directory)
  var schemas: String?

  @Option(
    help: ArgumentHelp(
      "A folder with views of your own, in SQL. Default: ANNALS_PROJECTIONS, annals.yaml.",
      valueName: "folder"), completion: .directory)
  var projections: String?

  @Option(help: ArgumentHelp("Colours: auto, always or never.", valueName: "when"))
  var color = ColourChoice.auto

  @Flag(help: "Do not show a long answer in a pager.")
  var noPager = false

  @Flag(name: .shortAndLong, help: "No progress, hints or notes on standard error.")
  var quiet = false
}

/// `-o`: the forms that programs can rely on.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable, Sendable {
  case json, ndjson, csv
  /// CSV in which no cell is changed, not even one that a spreadsheet would compute.
  case csvExact = "csv-exact"
  case tsv
}
