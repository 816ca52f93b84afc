package import Annals

/// The parameters of a report, which is a question whose answer has other forms.
package enum ReportParameters {
  package static let all: [Parameter] =
    [
      Parameter(
        "actor", .text, required: true, repeated: true,
        "An actor, by id or by any of its names; one line of the report for each.", example: "USA"),
      .topic,
      Parameter("title", .text, "The heading. Default: made of the names."),
      Parameter(
        "compare_known_by", .state, "Show beside it what was believed then.", example: "#240"),
      Parameter(
        "rule", .choice(Rule.ofStances.map(\.rawValue)), repeated: true,
        "The rule of the steps, or that of the shares of votes, or one of each.",
        example: "latest/2"),
      .every,
    ] + Parameter.viewpoint

  /// Throws all problems with the parameters.
  package static func question(
    _ items: [QuestionReader.Item], isBounded: Bool = true, face: Face
  ) throws -> ReportQuestion {
    var read = QuestionReader(items, of: all, isBounded: isBounded, face: face)
    let rules = read.rules(among: Rule.ofStances)
    let (lines, shares) = (rules.filter(\.givesLine), rules.filter { !$0.givesLine })
    for several in [lines, shares] where Set(several).count > 1 {
      read.contradict(
        "\(read.name("rule")) names \(several[0].name) and \(several[1].name), and both give the same "
          + "part of a report",
        help: "one rule of steps (latest/2) and one of shares (record/1)")
    }
    let compared = read.state("compare_known_by")
    let unit = read.choice("every", "unit of time", among: Period.Unit.allCases) ?? .year
    let viewpoint = read.viewpoint(
      on: read.givenMomentOrToday(), rule: lines.first ?? .latest2)
    try read.finish()
    guard let on = viewpoint.on, let topic = read.text("topic") else {
      throw Problem(.internal, "the report cannot be asked for")
    }
    return ReportQuestion(
      actors: read.texts("actor"), topic: topic, title: read.text("title"), on: on,
      possibly: viewpoint.possibly, knownBy: viewpoint.knownBy, comparedTo: compared,
      leavingOut: viewpoint.leavingOut, rule: lines.first ?? .latest2,
      shareRule: shares.first ?? .record1, every: unit)
  }
}
