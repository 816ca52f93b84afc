import EventLog

/// Dates as people and other programs write them: not accepted, but understood well enough to say
/// how they are written here.
enum ForeignDate {
  /// How a foreign date is to be written.
  struct Reading {
    var help: Help
    /// Nil when the date can be read in two ways.
    var suggestion: String?
  }

  private enum Token: Equatable {
    case number(String)
    case word(String)
    case mark(Character)
  }

  /// The readings of `text` that are accepted; nil when it is of no known form.
  static func reading(of text: String, _ accepts: (String) -> Bool) -> Reading? {
    let tokens = tokens(of: text)
    let numbers = tokens.compactMap { if case .number(let text) = $0 { text } else { nil } }
    let words = tokens.compactMap { if case .word(let text) = $0 { text } else { nil } }
    guard words.isEmpty else {
      return named(words, numbers, tokens).flatMap { accepts($0) ? single($0) : nil }
    }
    guard let separators = separators(tokens) else { return nil }
    switch (numbers.count, separators.first) {
    case (1, nil):
      return compact(numbers[0]).flatMap { accepts($0) ? single($0) : nil }
    case (2, let mark?):
      return pair(numbers[0], mark, numbers[1]).flatMap { accepts($0) ? single($0) : nil }
    case (3, let mark?) where separators == [mark, mark]:
      return triple(numbers, mark, accepts)
    default:
      return nil
    }
  }

  private static func single(_ date: String) -> Reading {
    Reading(help: "write \(date)", suggestion: date)
  }

  // MARK: numbers only

  /// The marks between the numbers, when they are single ones that dates are written with.
  private static func separators(_ tokens: [Token]) -> [Character]? {
    var marks: [Character] = []
    for (index, token) in tokens.enumerated() {
      switch token {
      case .mark(let mark) where index % 2 == 1 && "/.-".contains(mark): marks.append(mark)
      case .number where index % 2 == 0: continue
      default: return nil
      }
    }
    return marks
  }

  /// `20220302`, `202203`
  private static func compact(_ digits: String) -> String? {
    switch digits.count {
    case 8: return "\(digits.prefix(4))-\(digits.dropFirst(4).prefix(2))-\(digits.suffix(2))"
    case 6: return "\(digits.prefix(4))-\(digits.suffix(2))"
    default: return nil
    }
  }

  /// `2022-3`, `2022/03`, `3/2022`, `2022-2023`, `2022-061`
  private static func pair(_ a: String, _ mark: Character, _ b: String) -> String? {
    switch (a.count, b.count) {
    case (4, 1...2): return "\(a)-\(twoDigits(b))"
    case (1...2, 4): return "\(b)-\(twoDigits(a))"
    case (4, 4) where mark == "-": return "\(a)/\(b)"
    case (4, 3) where mark == "-":
      guard let year = Int64(a), let day = Int64(b), 1...366 ~= day else { return nil }
      let date = CalendarDay(number: CivilDate.day(year: year, month: 1, day: 1) + day - 1)
      return date.description.hasPrefix(a) ? date.description : nil
    default: return nil
    }
  }

  /// `2022-2-3`, `03/02/2022`, `02.03.2022`
  private static func triple(
    _ numbers: [String], _ mark: Character, _ accepts: (String) -> Bool
  ) -> Reading? {
    let (a, b, c) = (numbers[0], numbers[1], numbers[2])
    switch (a.count, b.count, c.count) {
    case (4, 1...2, 1...2):
      let date = "\(a)-\(twoDigits(b))-\(twoDigits(c))"
      return accepts(date) ? single(date) : nil
    case (1...2, 1...2, 4):
      // Dots mean the day first nearly everywhere; with other marks both orders are usual.
      var readings = mark == "." ? [(b, a), (a, b)] : [(a, b), (b, a)]
      readings.removeAll { !accepts("\(c)-\(twoDigits($0))-\(twoDigits($1))") }
      let dates = readings.map { "\(c)-\(twoDigits($0))-\(twoDigits($1))" }
      guard let first = dates.first else { return nil }
      guard dates.count == 2, dates[1] != first else { return single(first) }
      let months = readings.map { monthName(Int64($0.0) ?? 0) }
      return Reading(
        help: "\(first) if the month is \(months[0]), \(dates[1]) if it is \(months[1])")
    case (1...2, 1...2, 1...2):
      return Reading(help: "write the year with four digits, as YYYY-MM-DD")
    default: return nil
    }
  }

  private static func twoDigits(_ text: String) -> String { text.count == 1 ? "0" + text : text }

  // MARK: words

  /// `March 2, 2022`, `2 Mar 2022`, `Q1 2022`, `spring 2022`, `circa 2022`, `1990s`
  private static func named(
    _ words: [String], _ numbers: [String], _ tokens: [Token]
  ) -> String? {
    let marksAreUsual = tokens.allSatisfy {
      if case .mark(let mark) = $0 { " ,.-/".contains(mark) } else { true }
    }
    guard marksAreUsual, let year = numbers.first(where: { $0.count == 4 }) else { return nil }
    let others = numbers.filter { $0 != year }
    let filler: Set = ["of", "the", "in", "st", "nd", "rd", "th"]
    let telling = words.filter { !filler.contains($0) && !isWeekday($0) }
    guard telling.count == 1, let word = telling.first else { return nil }
    if let month = monthNumber(word) {
      guard let day = others.first else { return "\(year)-\(month)" }
      return others.count == 1 && day.count <= 2 ? "\(year)-\(month)-\(twoDigits(day))" : nil
    }
    guard others.count <= 1 else { return nil }
    if others.isEmpty, let season = groupings[word] { return "\(year)-\(season)" }
    switch (word, others.first) {
    case ("q", let part?): return groupings["q\(part)"].map { "\(year)-\($0)" }
    case ("h", let part?): return groupings["h\(part)"].map { "\(year)-\($0)" }
    case ("s", nil) where year.hasSuffix("0") && !year.hasSuffix("00"):
      return "\(year.dropLast())X"
    case ("circa", nil), ("ca", nil), ("c", nil), ("about", nil): return "\(year)~"
    default: return nil
    }
  }

  /// What stands in the month's place for the parts of a year.
  private static let groupings = [
    "spring": 21, "summer": 22, "autumn": 23, "fall": 23, "winter": 24,
    "q1": 33, "q2": 34, "q3": 35, "q4": 36, "h1": 40, "h2": 41,
  ]

  /// `01`…`12` for an English name of a month, whole or cut to three letters or more.
  private static func monthNumber(_ word: String) -> String? {
    guard word.count >= 3 else { return nil }
    let number = (1...12).first { monthName($0).lowercased().hasPrefix(word) }
    return number.map { twoDigits(String($0)) } ?? (word == "sept" ? "09" : nil)
  }

  private static func isWeekday(_ word: String) -> Bool {
    let names = [
      "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    ]
    return word.count >= 3 && names.contains { $0.hasPrefix(word) }
  }

  /// Runs of digits, runs of letters, and single marks.
  private static func tokens(of text: String) -> [Token] {
    var result: [Token] = []
    for character in text.lowercased() {
      switch (result.last, character) {
      case (.number(let digits), _) where character.isASCIIDigit:
        result[result.count - 1] = .number(digits + String(character))
      case (_, _) where character.isASCIIDigit:
        result.append(.number(String(character)))
      case (.word(let letters), _) where character.isLetter:
        result[result.count - 1] = .word(letters + String(character))
      case (_, _) where character.isLetter:
        result.append(.word(String(character)))
      default:
        result.append(.mark(character))
      }
    }
    return result
  }
}
