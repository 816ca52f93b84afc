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

  private let ids = ["ukraine-integrity", "us-russia-ties", "annexation-recognition"]

  @Test(arguments: [
    ("ukraine-integirty", "ukraine-integrity"),  // two letters swapped
    ("ukraine", "ukraine-integrity"),  // the start of one
    ("integrity", "ukraine-integrity"),  // a part of one
    ("ukrane", "ukraine-integrity"),  // a word of one, mistyped
    ("US-RUSSIA-TIES", "us-russia-ties"),
  ])
  func findsWhatWasMeant(_ typed: String, _ meant: String) {
    #expect(Suggestion.nearest(to: typed, among: ids) == meant)
  }

  @Test(arguments: ["moon", "x", "", "zz"])
  func suggestsNothingThatIsFarOff(_ typed: String) {
    #expect(Suggestion.nearest(to: typed, among: ids) == nil)
  }
}
