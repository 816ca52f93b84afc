import EventLog

extension Report {
  /// A report names the command that makes it again, so it speaks as the command line everywhere.
  static let face = Face.commandLine

  /// The command that makes the report again, byte for byte, quoted for a shell.
  ///
  /// Both times are pinned: today to its date, a state of the record to its position.
  public func command(as format: ReportFormat, template: String? = nil) -> String {
    ShellCommand(
      "report", lines.map(\.actor.id) + [topic.id], options: options(format, template)
    ).text
  }

  private func options(_ format: ReportFormat, _ template: String?) -> [String] {
    var words: [String] = []
    func add(_ name: String, _ value: String) {
      words += value.hasPrefix("-") ? ["\(name)=\(value)"] : [name, value]
    }
    add("--on", on.text)
    if possibly { words.append("--possibly") }
    add("--known-by", knownBy.position.description)
    if let comparedTo { add("--compare-known-by", comparedTo.position.description) }
    for type in leavingOut.types { add("--exclude-type", type) }
    for source in leavingOut.sources { add("--exclude-source", source) }
    if leavingOut.weak { words.append("--strong-only") }
    // The default changes with the versions of the rule.
    add("--rule", rule.name)
    if shareRule != .record1 { add("--rule", shareRule.name) }
    if every != .year { add("--every", every.rawValue) }
    if hasOwnTitle { add("--title", title) }
    if let template { add("--template", template) }
    add("--format", format.rawValue)
    return words
  }
}
