/// Rule `agreement/1`: how far two actors voted alike, over the roll calls in which both chose yes,
/// abstain or no.
///
/// These stand in a row, one apart. agreement is the mean of 1 for the same choice, one half where
/// one of two neighbours was chosen, 0 for yes against no.
public struct AgreementFigures: Hashable, Sendable {
  // Roll calls by the choice of the first actor and that of the second: yes, abstain, no.
  var yesYes = 0
  var yesAbstain = 0
  var yesNo = 0
  var abstainYes = 0
  var abstainAbstain = 0
  var abstainNo = 0
  var noYes = 0
  var noAbstain = 0
  var noNo = 0

  public init() {}

  /// Roll calls in which both chose.
  public var n: Int { same + half + opposite }
  public var same: Int { yesYes + abstainAbstain + noNo }
  /// One abstained, the other did not.
  public var half: Int { yesAbstain + abstainYes + abstainNo + noAbstain }
  public var opposite: Int { yesNo + noYes }

  /// A share as an exact fraction; nil where nothing can be divided by.
  public struct Fraction: Hashable, Sendable {
    public var numerator: Int
    public var denominator: Int

    init?(_ numerator: Int, over denominator: Int) {
      guard denominator > 0 else { return nil }
      self.numerator = numerator
      self.denominator = denominator
    }

    public var value: Double { Double(numerator) / Double(denominator) }
  }

  public var agreement: Fraction? { Fraction(2 * same + half, over: 2 * n) }
  /// S = 1 − mean distance = 2 · agreement − 1.
  public var s: Fraction? { Fraction(same - opposite, over: n) }
  /// The share of equal choices.
  public var identical: Fraction? { Fraction(same, over: n) }

  /// Agreement beyond what each one's own habits give by chance: nil where they leave no room for
  /// any difference, which is "undefined" and not 0.
  public var kappa: Fraction? {
    let (a, b) = (first, second)
    let expected = Self.distance(a, b)
    return Fraction(expected - observed * n, over: expected)
  }

  /// The same with the habits of both taken together.
  public var pi: Fraction? {
    let (a, b) = (first, second)
    let both = (a.0 + b.0, a.1 + b.1, a.2 + b.2)
    let expected = Self.distance(both, both)
    return Fraction(expected - 4 * observed * n, over: expected)
  }

  private typealias Margin = (Int, Int, Int)

  /// The sum of distances.
  private var observed: Int { half + 2 * opposite }

  private var first: Margin {
    (
      yesYes + yesAbstain + yesNo, abstainYes + abstainAbstain + abstainNo,
      noYes + noAbstain + noNo
    )
  }

  private var second: Margin {
    (
      yesYes + abstainYes + noYes, yesAbstain + abstainAbstain + noAbstain,
      yesNo + abstainNo + noNo
    )
  }

  private static func distance(_ a: Margin, _ b: Margin) -> Int {
    a.0 * b.1 + a.1 * b.0 + a.1 * b.2 + a.2 * b.1 + 2 * (a.0 * b.2 + a.2 * b.0)
  }
}
