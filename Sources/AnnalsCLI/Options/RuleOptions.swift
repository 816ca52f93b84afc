import Annals
import AnnalsAnswers
import ArgumentParser

/// `--rule` and `--every`: by which formula, and for which stretches of time.
struct RuleOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "By which rule: \(Rule.ofStances.map(\.name).joined(separator: ", ")) (annals explain rule).",
      valueName: "rule"),
    completion: .list(Rule.ofStances.map(\.rawValue)))
  var rule: String?

  @Option(
    help: ArgumentHelp("One line for each year, quarter or month.", valueName: "unit"),
    completion: .list(Period.Unit.allCases.map(\.rawValue)))
  var every: String?

  func named() throws -> Rule {
    try rule.map { try Value.rule($0, among: Rule.ofStances) } ?? .latest2
  }

  var items: Items { ["rule": rule, "every": every] }
}

/// `--rule` where only rules that give a stance on a day can answer.
struct LineRuleOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "By which rule: \(Rule.ofLines.map(\.name).joined(separator: ", ")) (annals explain rule).",
      valueName: "rule"),
    completion: .list(Rule.ofLines.map(\.rawValue)))
  var rule: String?

  var items: Items { ["rule": rule] }
}
