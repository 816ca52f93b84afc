import EventLog
import Testing

@testable import Annals

/// Rule `agreement/1` on its own: worked figures, what is undefined, sessions and titles.
@Suite struct AgreementRuleTests {
  private func figures(_ pairs: [(VoteCell, VoteCell)]) -> AgreementFigures {
    var figures = AgreementFigures()
    for (one, other) in pairs { _ = figures.add(one, other) }
    return figures
  }

  @Test func theWorkedExampleOfTheRule() throws {
    // 17 the same, 20 half, 52 opposite.
    var figures = AgreementFigures()
    (figures.yesYes, figures.yesAbstain, figures.yesNo) = (10, 12, 40)
    (figures.abstainAbstain, figures.noAbstain, figures.noYes) = (7, 8, 12)
    #expect(figures.n == 89)
    #expect(figures.agreement == AgreementFigures.Fraction(54, over: 178))
    #expect(abs(try #require(figures.agreement?.value) - 0.303371) < 0.0000005)
    #expect(abs(try #require(figures.s?.value) + 0.393258) < 0.0000005)
  }

  @Test func withoutAnyCommonChoiceNothingIsDefined() {
    let none = figures([(.absent, .yes), (.yes, .ineligible), (.open, .no), (.conflict, .no)])
    #expect(none.n == 0)
    #expect(none.agreement == nil && none.s == nil && none.identical == nil)
    #expect(none.kappa == nil && none.pi == nil)
  }

  @Test func whereChanceLeavesNoRoomKappaIsUndefined() {
    // Both always vote yes: alike, and no figure says more than that.
    let always = figures([(.yes, .yes), (.yes, .yes)])
    #expect(always.agreement?.value == 1 && always.kappa == nil && always.pi == nil)
    // One always yes, the other always no: each one's habits explain all of it.
    let never = figures([(.yes, .no), (.yes, .no)])
    #expect(never.agreement?.value == 0 && never.kappa?.value == 0 && never.pi?.value == -1)
  }

  @Test func pairedAndNotVotingAreNeither() {
    #expect(figures([(.pairedYes, .yes), (.notVoting, .yes), (.pairedNo, .no)]).n == 0)
  }

  @Test(arguments: [
    ("XXX", "30"), ("77", "77"), ("ES-11", "ES-11"), ("es-V", "ES-5"), ("S-IV", "S-4"),
    ("XIX", "19"), ("IX", "9"), ("IIX", "IIX"), ("ABC", "ABC"), ("XL", "XL"), ("007", "7"),
    ("117th", "117TH"), ("", ""),
  ])
  func sessionsAreComparedAsNumbers(_ written: String, _ name: String) {
    #expect(SessionName(written).text == name)
  }

  @Test(arguments: [
    ("Peace in X : resolution / adopted by the General Assembly", "peace in x"),
    ("  Peace  in X", "peace in x"), ("Peace in X: resolution 12 (2025)", "peace in x"),
    ("Peace in X, resolution 2774 (2025)", "peace in x"), ("Resolution", "resolution"),
    ("The draft resolution on Y", "the draft resolution on y"),
  ])
  func titlesOfOneSeriesAreAlike(_ title: String, _ key: String) {
    #expect(RollCallSeries.key(ofTitle: title) == key)
  }
}
