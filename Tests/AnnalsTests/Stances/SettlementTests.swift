import EventLog
import Testing

@testable import Annals

/// Two accounts of one vote: disputed, both kept, and settled one way, the other way, or not at all.
@Suite struct SettlementTests {
  private typealias Line = LittleRecord

  /// A vote (id 1), the dispute of it (id 2), another account (id 3), the dispute of both (id 4).
  private static let disputed = [
    Line.voteLine("r", "no", on: "2025-02-24", id: 1),
    Line.amendment("fact.disputed", of: [1], id: 2),
    Line.voteLine("r", "yes", on: "2025-02-24", id: 3),
    Line.amendment("fact.disputed", of: [1, 3], id: 4),
  ]

  private static func settled(_ targets: [Int], prefer: Int?, id: Int) -> String {
    let data = prefer.map { #"{"preferred":"\#(Line.id($0))"}"# } ?? "{}"
    return Line.amendment("dispute.settled", of: targets, data, id: id)
  }

  /// In one import, and one by one.
  @Test(arguments: [true, false])
  func aSettlementSetsTheOtherAccountAside(atOnce: Bool) async throws {
    let lines =
      Self.disputed + [Self.settled([2, 4], prefer: 3, id: 5)]
      + [
        Line.amendment("fact.retracted", of: [5], id: 6), Self.settled([4], prefer: 1, id: 7),
        Self.settled([1, 3], prefer: nil, id: 8),
      ]
    try await withStore { store in
      let record = try await LittleRecord.make(store, rollcalls: ["r": "2025-02-24"])
      let base = try await store.log.head().position
      if atOnce {
        try await record.add(lines.joined(separator: "\n"))
      } else {
        for line in lines { try await record.add(line) }
      }
      func at(_ id: Int) -> Position { base.advanced(by: id) }
      let states: [(known: Int, level: String, disputed: [Int], aside: [Int])] = [
        (1, "-2", [], []), (2, "-2", [1], []), (3, "-2..2", [1], []), (4, "-2..2", [1, 3], []),
        (5, "2", [], [1]), (6, "-2..2", [1, 3], []), (7, "-2", [], [3]), (8, "-2..2", [], []),
      ]
      for state in states {
        let known = at(state.known)
        let comment: Comment = "known by event \(state.known)"
        #expect(
          try await record.line(knownBy: known) == ["2025-02-24/… \(state.level)"], comment)
        let show = try await store.show(
          actor: "USA", topic: "t", from: Viewpoint(knownBy: .position(known)))
        #expect(show.step.map { Line.text($0.level) } == state.level, comment)
        let audit = try await store.audit(
          actor: "USA", topic: "t", from: Viewpoint(knownBy: .position(known)))
        func positions(_ kind: String) -> [Position?] {
          audit.remarks.filter { $0.kind == kind }.map(\.position)
        }
        #expect(positions("settled") == state.aside.map(at), comment)
        #expect(positions("conflict") == (state.level == "-2..2" ? [at(1)] : []), comment)
        let timeline = try await store.timeline(
          ["USA", "t"], types: ["vote.cast"], knownBy: .position(known))
        // Both accounts are kept in sight, whatever was decided.
        #expect(timeline.entries.count == (state.known >= 3 ? 2 : 1), comment)
        func marked(_ isMarked: (Fact) -> Bool) -> [Position] {
          timeline.entries.map(\.fact).filter(isMarked).map(\.position)
        }
        #expect(marked { $0.setAsideBy != nil } == state.aside.map(at), comment)
        #expect(marked(\.isDisputed) == state.disputed.map(at), comment)
        // The fold of the whole log agrees with the slice.
        let folded = try await store.lines(through: known)
        #expect(
          folded[StancePair(actor: "USA", topic: "t")]?.last?.level.map(Line.text)
            == state.level, comment)
        try await record.checkViews()
      }
    }
  }

  @Test func aCorrectionOfTheAccountThatWasSetAsideDoesNotBringItBack() async throws {
    try await withStore { store in
      let record = try await LittleRecord.make(store, rollcalls: ["r": "2025-02-24"])
      let base = try await store.log.head().position
      for line in Self.disputed { try await record.add(line) }
      try await record.add(Self.settled([4], prefer: 3, id: 5))
      _ = try await record.correct(base.advanced(by: 1), [("on", "2025-02-25")])
      #expect(try await record.line() == ["2025-02-24/… 2"])
      // The account that stands cannot be voted over, and neither can be added to.
      #expect(await record.refuses(Line.voteLine("r", "abstain", id: 9)) == [.secondVote])
      try await record.checkViews()
    }
  }

  @Test func whatASettlementMayName() async throws {
    try await withStore { store in
      let record = try await LittleRecord.make(store, rollcalls: ["r": "2025-02-24"])
      let other = Line.voteLine("r", "abstain", of: "RUS", id: 8)
      for line in Self.disputed + [other] { try await record.add(line) }
      // To prefer what is not disputed, or to settle it, is an error.
      for (targets, preferred) in [([2], 3), ([4], 8), ([4], 99), ([8], nil)]
        as [([Int], Int?)]
      {
        let codes = await record.refuses(Self.settled(targets, prefer: preferred, id: 20))
        #expect(Set(codes) == [.badTarget], "\(targets) \(String(describing: preferred))")
      }
      // Nothing of it was recorded.
      #expect(try await record.line() == ["2025-02-24/… -2..2"])
      // An account that nobody doubted may be named beside the one that was.
      try await record.add(Self.settled([1, 3], prefer: 1, id: 21))
      #expect(try await record.line() == ["2025-02-24/… -2"])
    }
  }

  /// A dispute leaves the accounts of other voters, and those that are not disputed, as they are.
  @Test func onlyADisputedVoteMayHaveASecondAccount() async throws {
    try await withStore { store in
      let record = try await LittleRecord.make(store, rollcalls: ["r": "2025-02-24"])
      try await record.add(Line.voteLine("r", "no", id: 1))
      #expect(await record.refuses(Line.voteLine("r", "yes", id: 3)) == [.secondVote])
      try await record.add(Line.amendment("fact.disputed", of: [1], id: 2))
      _ = try await record.amend("fact.retracted", of: [2], id: 4)
      #expect(await record.refuses(Line.voteLine("r", "yes", id: 3)) == [.secondVote])
    }
  }
}
