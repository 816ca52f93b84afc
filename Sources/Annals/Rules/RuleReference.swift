/// The page of the documentation that lists the rules, made from the code.
public enum RuleReference {
  public static var markdown: String {
    var page = """
      # Rules

      A rule is a named, versioned formula that turns evidence into a stance. Each answer names the
      rule that gave it; a change of a formula is a new version, and old ones stay. `annals explain
      rule NAME` prints an entry; `show` and `compare` take one with `--rule`. This page is made from
      `Sources/Annals/Rules`.

      | rule | gives |
      |---|---|

      """
    for rule in Rule.allCases { page += "| `\(rule.name)` | \(rule.title) |\n" }
    for rule in Rule.allCases {
      page += "\n## \(rule.name)\n"
      for paragraph in rule.formula { page += "\n\(paragraph)\n" }
    }
    return page
  }
}
