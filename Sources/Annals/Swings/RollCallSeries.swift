import EventLog

/// Roll calls that belong together, in order of date.
struct RollCallSeries: Sendable {
  var kind: Swing.Series.Kind
  var name: String
  /// Numbers of the grid.
  var numbers: [Int] = []
  /// Roll calls in which a vote for the motion is one against the topic.
  var mirrored: Set<Int> = []
  /// Places in `numbers`, in order, of the roll calls of one day whose order is not known. Empty under
  /// `swing/1`, where the log gives it.
  private var unordered: [Range<Int>] = []

  var series: Swing.Series {
    Swing.Series(kind: kind, name: name, rollcalls: numbers.count)
  }

  /// A title by which motions of different years are one series: without its case and spacing,
  /// what follows " : ", and a closing "resolution …".
  static func key(ofTitle title: String) -> String {
    var text = title[...]
    if let end = text.firstRange(of: " : ")?.lowerBound { text = text[..<end] }
    var words = text.lowercased().split { $0 == " " || $0.isNewline }
      .map { $0.drop { ".,;".contains($0) } }
    if let index = words.lastIndex(where: { $0 == "resolution" }), index > 0,
      words[index...].dropFirst().allSatisfy({ $0.contains(where: \.isNumber) })
    {
      words.removeSubrange(index...)
    }
    while let last = words.last, let end = last.last, ".,;:/".contains(end) {
      words[words.count - 1] = last.dropLast()
      if words[words.count - 1].isEmpty { words.removeLast() }
    }
    return words.joined(separator: " ")
  }

  /// The series of motions with one title, in each body; of two roll calls or more.
  static func byTitle(_ grid: VoteGrid, _ numbers: [Int]) -> [RollCallSeries] {
    var series: [RollCallSeries] = []
    var indices: [String: Int] = [:]
    for number in numbers {
      let rollcall = grid.rollcalls[number]
      guard let title = rollcall.title else { continue }
      let key = key(ofTitle: title)
      if key.isEmpty { continue }
      let index = indices["\(rollcall.body ?? "")\n\(key)"] ?? series.count
      if index == series.count {
        indices["\(rollcall.body ?? "")\n\(key)"] = index
        series.append(RollCallSeries(kind: .title, name: title))
      }
      series[index].numbers.append(number)
      series[index].name = title
    }
    return series.filter { $0.numbers.count > 1 }
  }

  /// The series of roll calls that are strongly linked to a topic; nil for fewer than two.
  static func linked(
    to topic: String, by links: TopicLinks<Tag>, _ grid: VoteGrid, _ numbers: [Int]
  ) -> RollCallSeries? {
    var series = RollCallSeries(kind: .topic, name: topic)
    for number in numbers {
      guard let link = grid.rollcalls[number].link(to: topic, in: links), link.isStrong
      else { continue }
      series.numbers.append(number)
      if !link.supportingYes { series.mirrored.insert(number) }
    }
    return series.numbers.count > 1 ? series : nil
  }

  // MARK: swings

  /// Consecutive choices that are the same.
  private struct Run {
    var place: Int
    var first: Int
    var last: Int
    var length: Int
  }

  /// A swing by numbers.
  struct Step: Sendable {
    var series: Int
    var actor: Int
    var before: Int
    var after: Int
    var size: Int
    var held: Int
    var kept: Int
    /// The roll call of the next choice; -1 for none.
    var next: Int
  }

  /// Where a choice stands: 1 for, 2 neither, 3 against; nil for none.
  func place(_ cell: UInt8, in number: Int) -> Int? {
    guard let place = VoteCell(rawValue: cell).place else { return nil }
    return mirrored.contains(number) ? 4 - place : place
  }

  /// Notes the roll calls of one day whose order the times of day do not give.
  mutating func noteUnordered(_ grid: VoteGrid) {
    unordered = []
    var start = 0
    while start < numbers.count {
      let first = grid.rollcalls[numbers[start]]
      let end =
        numbers[start...].firstIndex { !grid.rollcalls[$0].hasSameDays(as: first) }
        ?? numbers.count
      if !isOrdered(numbers[start..<end], grid) { unordered.append(start..<end) }
      start = max(end, start + 1)
    }
  }

  private func isOrdered(_ numbers: some Collection<Int>, _ grid: VoteGrid) -> Bool {
    zip(numbers, numbers.dropFirst()).allSatisfy {
      grid.rollcalls[$0].isBefore(grid.rollcalls[$1])
    }
  }

  /// The roll calls whose order is known, or does not matter for an actor, whose cells are given.
  private func ordered(_ cells: [UInt8], _ grid: VoteGrid) -> [Int] {
    var ordered: [Int] = []
    var next = 0
    for range in unordered {
      ordered += numbers[next..<range.lowerBound]
      let own = numbers[range].filter { place(cells[$0], in: $0) != nil }
      let isSame = Set(own.map { place(cells[$0], in: $0) }).count < 2
      if isSame || isOrdered(own, grid) { ordered += own }
      next = range.upperBound
    }
    return ordered + numbers[next...]
  }

  /// The swings of an actor, whose cells are given.
  func steps(
    _ cells: [UInt8], _ grid: VoteGrid, series: Int, actor: Int
  ) -> [Step] {
    var runs: [Run] = []
    // The second choice of each run, where there is one.
    var seconds: [Int] = []
    for number in unordered.isEmpty ? numbers : ordered(cells, grid) {
      guard let place = place(cells[number], in: number) else { continue }
      if let index = runs.indices.last, runs[index].place == place {
        if runs[index].length == 1 { seconds[index] = number }
        runs[index].length += 1
        runs[index].last = number
      } else {
        runs.append(Run(place: place, first: number, last: number, length: 1))
        seconds.append(-1)
      }
    }
    guard runs.count > 1 else { return [] }
    return runs.indices.dropFirst().map { index in
      let (old, new) = (runs[index - 1], runs[index])
      let next =
        new.length > 1 ? seconds[index] : index + 1 < runs.count ? runs[index + 1].first : -1
      return Step(
        series: series, actor: actor, before: old.last, after: new.first,
        size: abs(new.place - old.place), held: old.length, kept: new.length, next: next)
    }
  }
}

extension VoteRollCall {
  /// Whether both have the same first and the same last possible day.
  fileprivate func hasSameDays(as other: VoteRollCall) -> Bool {
    guard let earliest, let latest, let otherEarliest = other.earliest,
      let otherLatest = other.latest
    else { return false }
    return Day.of(second: earliest) == Day.of(second: otherEarliest)
      && Day.last(before: latest) == Day.last(before: otherLatest)
  }

  /// Whether it was certainly held before another one.
  fileprivate func isBefore(_ other: VoteRollCall) -> Bool {
    guard let latest, let earliest = other.earliest else { return false }
    return latest <= earliest
  }
}
