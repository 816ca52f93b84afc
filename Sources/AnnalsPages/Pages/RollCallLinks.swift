import Annals

extension RollCallAnswer.Link {
  /// "A yes supports the proposition, and a no opposes it", as a part of a sentence.
  var meaning: String {
    supportingYes
      ? "a yes supports the proposition, and a no opposes it"
      : "a no supports the proposition, and a yes opposes it"
  }
}
