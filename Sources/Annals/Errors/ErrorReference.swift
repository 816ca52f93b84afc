/// The page of the documentation that lists every error, made from the catalogue.
public enum ErrorReference {
  public static var markdown: String {
    let face = Face.commandLine
    let introduction: Help = """
      # Errors

      Every error has a code, the same on the command line and in the library; \
      `\(command: "explain CODE")`
      prints its entry. A code never changes its meaning. This page is made from the catalogue in
      `Sources/Annals/Errors`.

      An error in an input file ends `import` with exit code 65, whatever its own is.

      | code | title | exit code | HTTP status |
      |---|---|---|---|

      """
    var page = introduction.words(for: face)
    for code in ErrorCode.allCases {
      page += "| \(code.rawValue) | \(code.entry.title) | \(code.exitCode) | \(code.httpStatus) |\n"
    }
    for code in ErrorCode.allCases {
      let entry = code.entry
      page += "\n## \(code.rawValue): \(entry.title)\n"
      page += "\n\(entry.explanation.words(for: face))\n\n\(entry.remedy.words(for: face))\n"
    }
    return page
  }
}
