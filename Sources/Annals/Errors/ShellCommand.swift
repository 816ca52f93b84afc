/// A command of the program as a user types it, quoted for a shell. An id may hold any characters: a shell
/// takes it as one word, and runs no other command.
package struct ShellCommand: Sendable {
  private let name: String
  private let arguments: [String]
  private let options: [String]

  package init(_ name: String, _ arguments: [String], options: [String] = []) {
    self.name = name
    self.arguments = arguments
    self.options = options
  }

  package var text: String {
    // An id that begins with a hyphen must not be taken for an option.
    let rest =
      arguments.contains { $0.hasPrefix("-") }
      ? options + ["--"] + arguments : arguments + options
    return (["annals", name] + rest).map(Self.quoted).joined(separator: " ")
  }

  /// A word as a shell takes it: as it stands where that is safe, else in single quotes.
  private static func quoted(_ word: String) -> String {
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
