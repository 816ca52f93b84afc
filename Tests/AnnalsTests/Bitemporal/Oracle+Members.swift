import EventLog

@testable import Annals

/// Who belonged to a group when a roll call was held.
extension Oracle {
  struct Members: Equatable {
    var certain: Set<String> = []
    var possible: Set<String> = []
  }

  /// The members of a group on the days on which a roll call may have been held; nobody where that is
  /// not known.
  func members(of group: String, in rollcall: RollCall) -> Members {
    var members = Members()
    guard let held = rollcall.days else { return members }
    let all = holding(.membership)
    for actor in Set(all.map { current($0.text("actor")) }) {
      let own = all.filter { current($0.text("actor")) == actor }
      let here = own.filter { $0.text("group") == group }
      let touches = here.compactMap { History.days($0.fields["period"]) }.contains {
        held.contains($0.lowerBound) || held.contains($0.upperBound)
      }
      // Where the membership may change on that day, the vote itself may say for which group it was.
      let sides = rollcall.votes[actor]?.accounts.compactMap { $0.fields["group"]?.string } ?? []
      if touches, let side = sides.first,
        own.contains(where: { $0.text("group") == side && isSameKind(side, group) })
      {
        if side == group { members.certain.insert(actor) }
        continue
      }
      for membership in here {
        guard let days = History.days(membership.fields["period"]), days.overlaps(held) else {
          continue
        }
        let covers = days.lowerBound <= held.lowerBound && held.upperBound <= days.upperBound
        let changes = own.contains { other in
          isSameKind(other.text("group"), group) && other.text("group") != group
            && changesSides(membership, other, in: held)
        }
        if covers && !changes {
          members.certain.insert(actor)
        } else {
          members.possible.insert(actor)
        }
      }
    }
    members.possible.subtract(members.certain)
    return members
  }

  private func isSameKind(_ a: String, _ b: String) -> Bool {
    func kind(_ group: String) -> String? {
      holding(.registered).last { $0.text("actor") == group }?.text("kind")
    }
    return kind(a) == kind(b)
  }

  /// Whether one of two memberships ends on a day of `held` on which the other one begins, as the one
  /// was there before and the other goes on after it.
  private func changesSides(_ a: Fact, _ b: Fact, in held: ClosedRange<Int>) -> Bool {
    guard let x = History.days(a.fields["period"]), let y = History.days(b.fields["period"]) else {
      return false
    }
    // Both last longer than that day.
    if x.count == 1 || y.count == 1 { return false }
    if x.upperBound == y.lowerBound { return held.contains(x.upperBound) }
    return y.upperBound == x.lowerBound && held.contains(y.upperBound)
  }
}
