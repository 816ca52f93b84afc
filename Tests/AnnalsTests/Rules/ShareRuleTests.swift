import Testing

@testable import Annals

/// Rules record/1 and classic/1 on counts alone.
@Suite struct ShareRuleTests {
  struct Vector: Sendable {
    var same: Int
    var different: Int
    var absent: Int
    var abstain: Int
    /// Hundredths; nil for no data.
    var score: Int?

    init(_ same: Int, _ different: Int, _ absent: Int, _ abstain: Int, _ score: Int?) {
      (self.same, self.different, self.absent, self.abstain) = (same, different, absent, abstain)
      self.score = score
    }

    var counts: VoteCounts {
      VoteCounts(
        strong: .init(same: same, different: different, absent: absent, abstain: abstain))
    }
  }

  @Test(
    arguments: [
      Vector(0, 0, 0, 1, 50), Vector(5, 5, 0, 0, 50), Vector(15, 5, 0, 0, 25),
      Vector(5, 15, 0, 0, 75), Vector(0, 0, 5, 0, nil), Vector(10, 0, 2, 0, 6),
      Vector(0, 10, 2, 0, 94), Vector(10, 0, 5, 0, 16), Vector(0, 10, 5, 0, 84),
      // One absence does not set off the first cap, and a third exactly sets off the second.
      Vector(10, 0, 1, 0, 0), Vector(2, 0, 1, 0, 16), Vector(3, 0, 1, 0, 0),
      Vector(0, 2, 1, 0, 84), Vector(0, 0, 0, 0, nil), Vector(1, 0, 0, 0, 0),
      // In the middle no cap does anything.
      Vector(5, 5, 9, 0, 50), Vector(0, 0, 9, 1, 50), Vector(7, 3, 9, 0, 30),
    ])
  func record1(_ vector: Vector) {
    let share = RecordRule.share(vector.counts)
    #expect((share == nil) == (vector.score == nil))
    guard let share, let score = vector.score else { return }
    #expect(share.points * 100 == score * share.available, "\(share)")
  }

  /// The words change just behind their bounds: held against exact fractions, on both sides.
  @Test func wordsChangeAtExactFractions() {
    let up = [
      (5, "consistently for", "almost always for"), (15, "almost always for", "generally for"),
      (30, "generally for", "tended to be for"),
      (40, "tended to be for", "a mixture of for and against"),
      (60, "a mixture of for and against", "tended to be against"),
    ]
    for (bound, at, behind) in up {
      for scale in [1, 7, 1_000_003] {
        #expect(RecordRule.label(Share(bound * scale, of: 100 * scale)) == at)
        #expect(RecordRule.label(Share(bound * scale * 10 + 1, of: 1000 * scale)) == behind)
      }
    }
    let down = [
      (95, "consistently against", "almost always against"),
      (85, "almost always against", "generally against"),
      (70, "generally against", "tended to be against"),
    ]
    for (bound, at, before) in down {
      for scale in [1, 7, 1_000_003] {
        #expect(RecordRule.label(Share(bound * scale, of: 100 * scale)) == at)
        #expect(RecordRule.label(Share(bound * scale * 10 - 1, of: 1000 * scale)) == before)
      }
    }
    #expect(RecordRule.label(Share(0, of: 10)) == "consistently for")
    #expect(RecordRule.label(Share(10, of: 10)) == "consistently against")
    #expect(RecordRule.label(nil) == "no data")
  }

  /// Every count up to a few votes: seen from the opposite proposition, score and word are mirrored
  /// (but for the bounds, which belong to one side only).
  @Test func scoresAreMirrored() throws {
    for same in 0...6 {
      for different in 0...6 {
        for absent in 0...4 {
          for abstain in 0...4 {
            let one = RecordRule.share(Vector(same, different, absent, abstain, nil).counts)
            let other = RecordRule.share(Vector(different, same, absent, abstain, nil).counts)
            guard let one, let other else {
              #expect(one == nil && other == nil)
              continue
            }
            #expect(
              one.points * other.available + other.points * one.available
                == one.available * other.available)
            let words = [RecordRule.label(one), RecordRule.label(other)]
            if !words.contains("a mixture of for and against") {
              #expect(
                words[0].split(separator: " ").dropLast()
                  == words[1].split(separator: " ").dropLast())
              #expect(words[0] != words[1])
            }
          }
        }
      }
    }
  }

  @Test func classic1() {
    func share(
      _ strong: VoteCounts.Votes = .init(), _ informative: VoteCounts.Votes = .init()
    ) -> Share? { ClassicRule.share(VoteCounts(strong: strong, informative: informative)) }
    // The worked example: five informative links, two the same, three absent.
    #expect(share(.init(), .init(same: 2, absent: 3)) == Share(3, of: 26))
    #expect(share() == nil)
    #expect(share(.init(same: 1)) == Share(0, of: 50))
    #expect(share(.init(different: 1)) == Share(50, of: 50))
    #expect(share(.init(absent: 1)) == Share(25, of: 50))
    #expect(share(.init(abstain: 1)) == Share(25, of: 50))
    #expect(share(.init(), .init(different: 1, abstain: 1)) == Share(11, of: 12))
    #expect(
      share(.init(same: 1, different: 2, absent: 3, abstain: 4), .init(different: 5))
        == Share(2 * 50 + 7 * 25 + 50, of: 10 * 50 + 50))
    // Informative votes are nothing to record/1.
    #expect(RecordRule.share(VoteCounts(informative: .init(same: 3))) == nil)
  }
}
