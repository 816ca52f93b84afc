import Annals
import AnnalsAnswers
import ArgumentParser
import EventLog

/// `annals health`
struct HealthCommand: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "health",
    abstract: "What in the record is late, thin, unsourced, contradicted or was put right.",
    usage: "annals health [SUBJECT …] [--fail-on KIND] [--limit COUNT]",
    discussion: """
      Without a subject the whole record, else the facts about all of the actors and topics named. \
      All findings are counted; the first of each kind are listed.

      A fact is late when it was recorded more than 30 days after the day, alone or \
      close to facts of the same import that were recorded in time. Of an import of \
      old facts nothing is late.

      Kinds: \(HealthKind.allCases.map(\.rawValue).joined(separator: ", "))

      Examples:
        annals health
        annals health USA ukraine-integrity
        annals health --fail-on unsourced --fail-on conflicting
      """)

  @Argument(help: "Actors and topics.", completion: .subjects)
  var subjects: [String] = []

  @Option(
    help: ArgumentHelp(
      "End with exit code 1 when there is a finding of this kind. May be given several times.",
      valueName: "kind"), completion: .list(HealthKind.allCases.map(\.rawValue)))
  var failOn: [String] = []

  @Option(
    name: [.customShort("n"), .long],
    help: ArgumentHelp("List so many of each kind.", valueName: "count"))
  var limit = 5

  @OptionGroup var record: KnownByOption
  @OptionGroup var globals: GlobalOptions

  func run(_ session: Session) async throws {
    let all = HealthKind.allCases.map(\.rawValue)
    for kind in failOn where !all.contains(kind) {
      throw Failure.usage(
        "--fail-on \"\(kind)\" is no kind of finding",
        help: "kinds: \(all.joined(separator: ", "))",
        suggestion: Suggestion.nearest(to: kind, among: all))
    }
    let ask = try session.asking(.health, ["subject": subjects, "limit": limit] + record.items)
    try await session.withStore { store in
      let health: HealthAnswer = try await ask(store).expected()
      session.print(HealthTable(health: health))
      let failing = health.counts.filter { failOn.contains($0.kind.rawValue) && $0.count > 0 }
      if !failing.isEmpty { throw Failure([], exitCode: 1) }
    }
  }
}

private struct HealthTable: Layout {
  let health: HealthAnswer
  var document: HealthAnswer { health }

  func lines(on terminal: Terminal) -> [String] {
    // A topic's name is a whole sentence: ids read better here.
    let about = health.subjects.map(\.id.printable).joined(separator: " and ")
    var lines = [
      terminal.output.bold(about.isEmpty ? "The record" : about)
        + ", known by \(health.knownBy.text): \(health.facts.counted("fact")), "
        + health.stances.counted("stance"), "",
    ]
    var table = Table([.init(""), .init("", right: true), .init("")], hasHeading: false)
    for (kind, count) in health.counts {
      table.add(kind.rawValue, count.grouped, Self.meaning(kind))
    }
    lines += table.lines(width: terminal.width, palette: terminal.output)
    var findings = Table([.init("kind"), .init("event"), .init("finding")])
    for finding in health.findings {
      findings.add(finding.kind.rawValue, finding.position.description, finding.text)
    }
    if !health.findings.isEmpty { lines.append("") }
    // A finding is a sentence to be read: it may run over the edge of the screen, but is never cut.
    lines += findings.lines(width: nil, palette: terminal.output)
    let left = health.counts.reduce(0) { $0 + $1.count } - health.findings.count
    if left > 0 { lines.append("+ \(left.grouped) more (-n COUNT lists so many of each kind)") }
    return lines
  }

  private static func meaning(_ kind: HealthKind) -> String {
    switch kind {
    case .late: "facts recorded late"
    case .thin: "stances that rest on one fact"
    case .singleSource: "stances whose facts all come from one source"
    case .conflicting: "contradictions, open disputes, tallies that differ"
    case .uncounted: "statements that do not count for the actor they speak for"
    case .unsourced: "facts that name no source"
    case .corrected: "facts that were corrected or retracted"
    case .undated: "facts without a date"
    }
  }
}
