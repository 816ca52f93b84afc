/// The page of the documentation that lists the rules, made from the code.
public enum RuleReference {
  public static var markdown: String {
    let introduction: Help = """
      # Rules

      A rule is a named, versioned formula that turns evidence into a stance. Each answer names the
      rule that gave it; a change of a formula is a new version, and old ones stay. \
      `\(command: "explain\nrule NAME")` prints an entry; `show` and `compare` take one with \
      `\(option: "rule")`. This page is made from
      `Sources/Annals/Rules`.

      | rule | gives |
      |---|---|

      """
    var page = introduction.words(for: .commandLine)
    for rule in Rule.allCases { page += "| `\(rule.name)` | \(rule.title) |\n" }
    for rule in Rule.allCases {
      page += "\n## \(rule.name)\n"
      for paragraph in rule.formula(for: .commandLine) { page += "\n\(paragraph)\n" }
    }
    return page
  }
}
