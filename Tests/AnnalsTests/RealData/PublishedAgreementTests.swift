import EventLog
import Testing

@testable import Annals

/// Figures of two pairs of states that were worked out independently from the same records.
@Suite(.enabled(if: RealData.folder != nil)) struct PublishedAgreementTests {
  @Test func figuresEqualThePublishedOnes() async throws {
    let golden = try RealData.rows("golden/similarity.csv")
    try #require(!golden.isEmpty)
    try await withStore { store in
      try await record(in: store)
      // From the fold, and from the stored view.
      for _ in 0..<2 {
        for row in golden { try await compare(row, store) }
        try await store.catchUp()
      }
      // The figures beside it tell why a figure fell.
      for (year, agreement, n) in [("2024", "0.771", 94), ("2025", "0.162", 34)] {
        let answer = try await store.agreement("USA", "GBR", in: try scope(year))
        #expect(answer.total.figures.n == n)
        let value = try #require(answer.total.figures.agreement?.value)
        #expect(abs(value - (Double(agreement) ?? 0)) < 0.0005)
      }
    }
  }

  private func scope(_ year: String) throws -> RollCallScope {
    var scope = RollCallScope()
    scope.period = Period(try EDTF(year))
    scope.body = "un-ga"
    return scope
  }

  private func compare(_ row: [String: String], _ store: Store) async throws {
    let answer = try await store.agreement(
      row["a"] ?? "", row["b"] ?? "", in: try scope(row["year"] ?? ""))
    let figures = answer.total.figures
    let counts = [figures.n, figures.same, figures.half, figures.opposite]
    #expect(counts == ["n", "same", "half", "opp"].map { Int(row[$0] ?? "") }, "\(row)")
    for (name, fraction) in [
      ("agree", figures.agreement), ("S", figures.s), ("identical", figures.identical),
      ("kappa_lin", figures.kappa), ("pi_lin", figures.pi),
    ] {
      let value = try #require(fraction?.value)
      let want = try #require(Double(row[name] ?? ""))
      #expect(abs(value - want) < 0.000_000_6, "\(name) of \(row): \(value)")
    }
  }

  /// Of four states, what was recorded of them in three years.
  private func record(in store: Store) async throws {
    let ballots = try RealData.rows(
      "un-votes/ballots.csv.xz", matching: "^20(22|24|25)-.*,(USA|RUS|CHN|GBR),")
    var lines = [ViewWorld.actor("un-ga", "body"), ViewWorld.actor("un-sc", "body")]
    lines += ["USA", "RUS", "CHN", "GBR"].map { ViewWorld.actor($0) }
    lines.append(ViewWorld.line("motion.tabled", #"{"motion":"m","body":"un-ga","title":"m"}"#))
    var seen: Set<String> = []
    let choices = ["Y": "yes", "N": "no", "A": "abstain", "X": "absent"]
    for ballot in ballots {
      let body = ballot["body"] == "GA" ? "un-ga" : "un-sc"
      let rollcall = "\(body)/\(ballot["record_id"] ?? "")"
      if seen.insert(rollcall).inserted {
        lines.append(
          ViewWorld.line(
            "rollcall.held", on: ballot["date"],
            #"{"rollcall":"\#(rollcall)","motion":"m","body":"\#(body)","method":"recorded","#
              + #""result":"adopted"}"#))
      }
      lines.append(
        ViewWorld.line(
          "vote.cast", on: ballot["date"],
          #"{"rollcall":"\#(rollcall)","voter":"\#(ballot["iso3"] ?? "")","#
            + #""choice":"\#(choices[ballot["choice"] ?? ""] ?? "")"}"#))
    }
    try await store.add(lines)
  }
}
