import EventLog

@testable import Annals

/// One random history, asked about at every state of the record.
extension Comparison {
  /// Random entries in a history.
  private static let length = 80

  static let options: AppendOptions = {
    var options = AppendOptions(recorder: "test")
    options.updateViews = false
    return options
  }()

  /// Records a history and compares answers about it; returns how many values were compared.
  static func run(seed: UInt64) async throws -> Int {
    let history = History(seed: seed, count: length)
    let lines = history.lines
    return try await withStore { store in
      var comparison = Comparison(store, history, seed: seed)
      // One event after the other, so that each is judged by all that was recorded before. The
      // stored views follow in steps of one or several events.
      let definitions = lines.prefix(history.preamble).joined(separator: [UInt8(ascii: "\n")])
      _ = try await store.append(Array(definitions), options: options)
      for known in history.preamble + 1...lines.count {
        let report = try await store.append(lines[known - 1], options: options)
        comparison.look(at: known)
        comparison.compareChanges(of: report)
        if Int.random(in: 0..<4, using: &comparison.random) == 0 {
          try await comparison.compareStoredViews()
        }
      }
      for known in history.preamble + 1...lines.count {
        comparison.look(at: known)
        try await comparison.ask(turn: known)
      }
      return comparison.count
    }
  }

  /// Asks cheap questions at each state of the record, and dear ones in turn.
  private mutating func ask(turn known: Int) async throws {
    try await compareFold()
    try await compareShow()
    try await compareRollCall()
    switch known % 2 {
    case 0: try await compareTimeline()
    default: try await compareList()
    }
    let earlier = Int.random(in: 1...known, using: &random)
    switch known % 8 {
    case 0: try await compareGrid()
    case 1, 5: try await compareRollCalls()
    case 2: try await compareAgreement()
    case 3: try await compareReport()
    case 4: try await compareMoves()
    case 6: try await compareRecordDiff(from: known - 1)
    default: try await compareLineDiffs(from: earlier)
    }
    if known % 16 == 0 { try await compareRecordDiff(from: earlier) }
  }
}
