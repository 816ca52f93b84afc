import Annals
import Testing

@Suite struct SuggestionTests {
  @Test(arguments: [
    ("acter", "actor"), ("abstian", "abstain"), ("Abstain", "abstain"), ("VOTER", "voter"),
    ("vote", "voter"), ("ys", "yes"), ("organization", "organisation"), ("rolcal", "rollcall"),
    ("xyzzy", nil), ("", nil), ("q", nil), ("n", nil), ("N", nil),
  ])
  func nearest(text: String, expected: String?) {
    let known = ["actor", "abstain", "voter", "yes", "no", "organisation", "rollcall"]
    #expect(Suggestion.nearest(to: text, among: known) == expected)
  }

  @Test func theNearestWins() {
    #expect(Suggestion.nearest(to: "abcd", among: ["abxy", "abcx", "abcd"]) == "abcd")
    #expect(Suggestion.nearest(to: "abcd", among: ["abdc", "bbdc"]) == "abdc")
    #expect(Suggestion.nearest(to: "abc", among: []) == nil)
  }

  @Test func aThirdOfALongText() {
    #expect(Suggestion.nearest(to: "abcdefghijkl", among: ["abcdefgh"]) == "abcdefgh")
    #expect(Suggestion.nearest(to: "abcdefghijkl", among: ["abcdefg"]) == nil)
  }
}
