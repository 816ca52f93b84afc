import EventLog

extension Report {
  /// The command that makes the report again, byte for byte, quoted for a shell.
  ///
  /// Both times are pinned: today to its date, a state of the record to its position.
  public func command(as format: ReportFormat, template: String? = nil) -> String {
    var words = ["annals", "report"]
    // An id that begins with a hyphen must not be taken for an option.
    let subjects = lines.map(\.actor.id) + [topic.id]
    let options = options(format, template)
    words +=
      subjects.contains { $0.hasPrefix("-") } ? options + ["--"] + subjects : subjects + options
    return words.map(Self.quoted).joined(separator: " ")
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
    if shareRule != .record1 { add("--rule", shareRule.name) }
    if every != .year { add("--every", every.rawValue) }
    if hasOwnTitle { add("--title", title) }
    if let template { add("--template", template) }
    add("--format", format.rawValue)
    return words
  }

  /// A word as a shell takes it: as it stands where that is safe, else in single quotes.
  static func quoted(_ word: String) -> String {
    let isPlain = word.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
      default: "-_./:=,@%+".utf8.contains(byte)
      }
    }
    if isPlain, !word.isEmpty { return word }
    // Inside single quotes only the quote itself has a meaning.
    let parts = word.split(separator: "'", omittingEmptySubsequences: false)
    return "'" + parts.joined(separator: "'\\''") + "'"
  }
}
