import Annals
import ArgumentParser

/// `--rule` and `--every`: by which formula, and for which stretches of time.
struct RuleOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "By which rule: latest/1, record/1 or classic/1 (annals explain rule).", valueName: "rule"),
    completion: .list(Rule.ofStances.map(\.rawValue)))
  var rule: String?

  @Option(
    help: ArgumentHelp("One line for each year, quarter or month.", valueName: "unit"),
    completion: .list(Period.Unit.allCases.map(\.rawValue)))
  var every: String?

  func named() throws -> Rule {
    try rule.map { try Arguments.rule($0, among: Rule.ofStances) } ?? .latest1
  }

  /// The rule, where it is one that gives shares.
  func shareRule() throws -> Rule? {
    let rule = try named()
    return rule == .latest1 ? nil : rule
  }

  func unit() throws -> Period.Unit? {
    try every.map(Arguments.unit)
  }
}

extension Arguments {
  /// A calendar unit by its name.
  static func unit(_ text: String) throws -> Period.Unit {
    guard let unit = Period.Unit(rawValue: text) else {
      let all = Period.Unit.allCases.map(\.rawValue)
      throw Failure.usage(
        "--every \"\(text)\" is no unit of time", help: "one of \(all.joined(separator: ", "))",
        suggestion: Suggestion.nearest(to: text, among: all))
    }
    return unit
  }

  /// A rule by its name.
  static func rule(_ text: String, among rules: [Rule] = Rule.allCases) throws -> Rule {
    guard let rule = Rule(rawValue: text), rules.contains(rule) else {
      let all = rules.map(\.name)
      throw Failure.usage(
        "no rule \"\(text)\"", help: "rules: \(all.joined(separator: ", "))",
        suggestion: Suggestion.nearest(to: text, among: all))
    }
    return rule
  }
}
