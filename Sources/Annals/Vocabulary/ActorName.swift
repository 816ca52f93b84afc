/// How names are compared: "The United States", "united  states" and "U.S." and "US" pairwise.
public enum ActorName {
  /// Lower case, single spaces, no full stops, no leading "the", plain apostrophes.
  public static func folded(_ name: String) -> String {
    var words: [Substring] = []
    let plain = name.lowercased().replacing("’", with: "'").replacing(".", with: "")
    words = plain.split(whereSeparator: { $0.isWhitespace || $0 == "_" })
    if words.count > 1, words[0] == "the" { words.removeFirst() }
    return words.joined(separator: " ")
  }
}
