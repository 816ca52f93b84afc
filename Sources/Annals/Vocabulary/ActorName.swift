/// How names are compared: "The United States", "united  states" and "U.S." and "US" pairwise.
public enum ActorName {
  /// As people read it, with single spaces, no full stops, and no leading "the".
  public static func folded(_ name: String) -> String { words(ReadForm.folded(name)) }

  /// Under which an earlier version of the program filed a name. A log keeps its tags.
  static func formerlyFolded(_ name: String) -> String {
    words(name.lowercased().replacing("’", with: "'"))
  }

  /// All forms under which a name may be filed, today's first.
  static func forms(_ name: String) -> [String] {
    let (folded, former) = (folded(name), formerlyFolded(name))
    return folded.utf8.elementsEqual(former.utf8) ? [folded] : [folded, former]
  }

  private static func words(_ text: String) -> String {
    var words = text.replacing(".", with: "").split { $0.isWhitespace || $0 == "_" }
    if words.count > 1, words[0] == "the" { words.removeFirst() }
    return words.joined(separator: " ")
  }
}
