/// How an actor voted on a topic in a period: what rules that give a share count.
public struct VoteCounts: Hashable, Sendable {
  /// Votes of one kind of link.
  public struct Votes: Hashable, Sendable {
    /// With the topic's proposition, against it, neither, and not there to vote.
    public var same = 0
    public var different = 0
    public var abstain = 0
    public var absent = 0

    public init(same: Int = 0, different: Int = 0, absent: Int = 0, abstain: Int = 0) {
      self.same = same
      self.different = different
      self.absent = absent
      self.abstain = abstain
    }

    public var count: Int { same + different + abstain + absent }
  }

  public var strong = Votes()
  public var informative = Votes()

  public init(strong: Votes = Votes(), informative: Votes = Votes()) {
    self.strong = strong
    self.informative = informative
  }
}

/// A share as an exact fraction: 0 always with the proposition, 1 always against it.
public struct Share: Hashable, Sendable {
  public var points: Int
  public var available: Int

  public init(_ points: Int, of available: Int) {
    self.points = points
    self.available = available
  }

  public var value: Double { Double(points) / Double(available) }

  /// With two decimals, or three where it takes them: `0.06`, `0.115`.
  public var text: String {
    let thousandths = (points * 2000 + available) / (2 * available)
    let digits = String(thousandths % 1000)
    let padded = String(repeating: "0", count: 3 - digits.utf8.count) + digits
    return "\(thousandths / 1000)." + (padded.hasSuffix("0") ? String(padded.dropLast()) : padded)
  }

  func isAtMost(_ hundredths: Int) -> Bool { points * 100 <= hundredths * available }
  func isAtLeast(_ hundredths: Int) -> Bool { points * 100 >= hundredths * available }
}

/// Rule `record/1`: the share of strongly linked votes that went against the proposition.
///
/// different 10 of 10, same 0 of 10, abstain 5 of 10, absence 0 of 0. Then two caps, in this order,
/// so that a strong word does not rest on a record with holes: more than one absence keeps the
/// share off the ends (0.06 … 0.94), and absences of at least a third keep it further off them
/// (0.16 … 0.84).
enum RecordRule {
  /// Nil for no data.
  static func share(_ counts: VoteCounts) -> Share? {
    let votes = counts.strong
    let available = 10 * (votes.different + votes.same + votes.abstain)
    guard available > 0 else { return nil }
    var share = Share(10 * votes.different + 5 * votes.abstain, of: available)
    if votes.absent > 1 {
      if share.isAtMost(5) { share = Share(6, of: 100) }
      if share.isAtLeast(95) { share = Share(94, of: 100) }
    }
    if votes.absent > 0, 3 * votes.absent >= votes.count {
      if share.isAtMost(15) { share = Share(16, of: 100) }
      if share.isAtLeast(85) { share = Share(84, of: 100) }
    }
    return share
  }

  /// The share in words. The bounds belong to the word that says more, but 0.60 to the mixture.
  static func label(_ share: Share?) -> String {
    guard let share else { return "no data" }
    for (bound, word) in words where share.isAtMost(bound) { return "\(word) for" }
    if share.isAtMost(60) { return "a mixture of for and against" }
    for (bound, word) in words where share.isAtLeast(100 - bound) { return "\(word) against" }
    return "a mixture of for and against"
  }

  private static let words = [
    (5, "consistently"), (15, "almost always"), (30, "generally"), (40, "tended to be"),
  ]
}

/// Rule `classic/1`: the older distance, for comparison.
///
/// Strong links: same 0 of 50, different 50 of 50, absent or abstain 25 of 50. Informative ones:
/// same 0 of 10, different 10 of 10, absent or abstain 1 of 2.
enum ClassicRule {
  static func share(_ counts: VoteCounts) -> Share? {
    let (strong, weak) = (counts.strong, counts.informative)
    let available =
      50 * strong.count + 10 * (weak.same + weak.different) + 2 * (weak.absent + weak.abstain)
    guard available > 0 else { return nil }
    return Share(
      50 * strong.different + 25 * (strong.absent + strong.abstain) + 10 * weak.different
        + weak.absent + weak.abstain, of: available)
  }
}
