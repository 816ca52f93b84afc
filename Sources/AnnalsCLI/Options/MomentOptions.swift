import Annals
import AnnalsAnswers
import ArgumentParser
import EventLog

/// `--on` and `--known-by`: the two times of every question.
struct MomentOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How it was in the world at the end of this day, month or year. Default: now.",
      valueName: "date"))
  var on: String?

  @OptionGroup var record: KnownByOption

  @Flag(help: "Count facts that may have happened by then, not only those that certainly had.")
  var possibly = false

  var items: Items { ["on": on, "possibly": possibly] + record.items }
}

/// `--exclude-type`, `--exclude-source`, `--strong-only`: what a position is worked out without.
struct LeaveOutOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Leave out evidence of this type, and judge the rest anew. May be given several times.",
      valueName: "type"), completion: .list(Exclusions.evidenceTypes))
  var excludeType: [String] = []

  @Option(
    help: ArgumentHelp(
      "Leave out facts that rest on this source alone. May be given several times.",
      valueName: "source"), completion: .sources)
  var excludeSource: [String] = []

  @Flag(
    help: ArgumentHelp(
      "Leave out informative links, facts that are disputed or not asserted, and stances that "
        + "others attributed or inferred."))
  var strongOnly = false

  var items: Items {
    ["exclude_type": excludeType, "exclude_source": excludeSource, "strong_only": strongOnly]
  }
}

/// `--known-by` alone, for questions about the record only.
struct KnownByOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What the record contained then: a date, a time, or a position such as #412. Default: now.",
      valueName: "moment"))
  var knownBy: String?

  var items: Items { ["known_by": knownBy] }
}
