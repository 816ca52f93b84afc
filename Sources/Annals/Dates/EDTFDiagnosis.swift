/// Finds out what a refused text was meant to be. Runs only once a text has been refused.
///
/// Every suggestion has been read again by the reader that refused the text.
struct EDTFDiagnosis {
  let text: String
  /// Whether the reader that refused the text takes another one.
  let accepts: (String) -> Bool

  /// The error for a refusal of `bytes`, of which the offsets are kept.
  static func error(
    _ refusal: EDTFRefusal, in bytes: UnsafeBufferPointer<UInt8>,
    by read: @escaping (UnsafeBufferPointer<UInt8>) throws(EDTFRefusal) -> Void
  ) -> EDTFError {
    func accepts(_ candidate: String) -> Bool {
      var candidate = candidate
      return candidate.withUTF8 { bytes in
        do throws(EDTFRefusal) { try read(bytes) } catch { return false }
        return true
      }
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      return EDTFError(0..<bytes.count, "the date is not UTF-8")
    }
    return EDTFDiagnosis(text: text, accepts: accepts).error(refusal)
  }

  /// What is found out about a text, or about the part of it that was refused.
  private struct Finding {
    var message: String
    var help: Help?
    var suggestion: String?

    func error(_ range: Range<Int>) -> EDTFError {
      EDTFError(range, message, help: help, suggestion: suggestion)
    }
  }

  /// The best that can be said: about the whole text, else about the refused part, else the refusal.
  private func error(_ refusal: EDTFRefusal) -> EDTFError {
    let utf8 = Array(text.utf8)
    let all = 0..<utf8.count
    let range = refusal.range.isEmpty ? all : refusal.range
    let before = String(decoding: utf8[..<range.lowerBound], as: UTF8.self)
    let part = String(decoding: utf8[range], as: UTF8.self)
    let after = String(decoding: utf8[range.upperBound...], as: UTF8.self)
    if let replacement = refusal.replacement(for: part) {
      var error = refusal.error(in: text, part)
      error.suggestion = [before + replacement + after].first(where: accepts)
      return error
    }
    if let found = finding() { return found.error(all) }
    if case .shape = refusal.reason, range != all {
      let inner = EDTFDiagnosis(text: part, accepts: { accepts(before + $0 + after) })
      if var found = inner.finding() {
        found.suggestion = found.suggestion.map { before + $0 + after }
        return found.error(range)
      }
    }
    return refusal.error(in: text, part)
  }

  private func finding() -> Finding? {
    // A set may be long, but what people write instead of a date is not.
    guard text.utf8.count <= 200, !text.isEmpty else { return nil }
    if let foreign = ForeignDate.reading(of: text, accepts) {
      return Finding(
        message: "\(quoted(text)) is not an ISO date", help: foreign.help,
        suggestion: foreign.suggestion)
    }
    return rewritten() ?? unsupported()
  }

  // MARK: near misses

  /// Texts that become right by one systematic change.
  private func rewritten() -> Finding? {
    let packed = text.filter { !$0.isWhitespace }
    if let found = attempt(packed, "\(quoted(text)) has spaces in it", "leave the spaces out") {
      return found
    }
    if let found = draftSpelling() { return found }
    let dashes: Set<Character> = ["\u{2010}", "\u{2011}", "\u{2012}", "–", "—", "\u{2212}"]
    for replacement: Character in ["-", "/"] {
      let plain = String(packed.map { dashes.contains($0) ? replacement : $0 })
      let help: Help = "write a plain hyphen inside a date, and / between the ends of an interval"
      if let found = attempt(plain, "\(quoted(text)) is not an ISO date", help) { return found }
    }
    return movedQualifier() ?? intervalInMonths() ?? rewrittenTime()
  }

  private func attempt(_ candidate: String, _ message: String, _ help: Help) -> Finding? {
    guard candidate != text, accepts(candidate) else { return nil }
    return Finding(message: message, help: help, suggestion: candidate)
  }

  /// The spellings of the draft of 2012: `199u`, `2004-uu`, `unknown`, `open`, `?~`.
  private func draftSpelling() -> Finding? {
    let ends = text.split(separator: "/", omittingEmptySubsequences: false).map { end in
      switch end {
      case "unknown": return ""
      case "open": return ".."
      default:
        let digits = String(end.map { "ux".contains($0) ? "X" : $0 })
        let isDouble = digits.hasSuffix("?~") || digits.hasSuffix("~?")
        return isDouble ? digits.dropLast(2) + "%" : digits
      }
    }
    return attempt(
      ends.joined(separator: "/"), "\(quoted(text)) is spelled as in the EDTF draft of 2012",
      "since 2019 an unspecified digit is X, an open end .., an unknown end empty, and ?~ is %")
  }

  /// Qualifiers on parts of a date, `2004-06~-11`, `?2004`: level 2.
  private func movedQualifier() -> Finding? {
    let signs = text.filter { "?~%".contains($0) }
    guard let first = signs.first, !text.contains("/") else { return nil }
    let qualifier = signs.allSatisfy { $0 == first } ? first : "%"
    return attempt(
      text.filter { !"?~%".contains($0) } + String(qualifier),
      "\(quoted(text)): a qualifier on a part of a date is not supported",
      "write ?, ~ or % once, at the end of the whole date")
  }

  /// Quarters and semesters as ends of an interval: `2022-33/2022-36`.
  private func intervalInMonths() -> Finding? {
    let ends = text.split(separator: "/", omittingEmptySubsequences: false)
    guard ends.count == 2 else { return nil }
    let months = [
      "-33": ("-01", "-03"), "-34": ("-04", "-06"), "-35": ("-07", "-09"), "-36": ("-10", "-12"),
      "-40": ("-01", "-06"), "-41": ("-07", "-12"),
    ]
    let spelled = ends.enumerated().map { index, end in
      guard let months = months[String(end.suffix(3))] else { return String(end) }
      return end.dropLast(3) + (index == 0 ? months.0 : months.1)
    }
    return attempt(
      spelled.joined(separator: "/"),
      "\(quoted(text)): a quarter or semester cannot start or end an interval",
      "write its first or last month instead")
  }

  private func rewrittenTime() -> Finding? {
    var time = String(text.map { $0 == " " || $0 == "t" ? "T" : $0 == "z" ? "Z" : $0 })
    let message = "\(quoted(text)) is not a date-time of the supported form"
    let help: Help = "write YYYY-MM-DDThh:mm:ssZ, or an offset such as -05:00 instead of Z"
    if time.hasSuffix("-00:00") { time = time.dropLast(6) + "Z" }
    if let found = attempt(time, message, help) { return found }
    guard let start = time.firstIndex(of: "T") else { return nil }
    let clock = time[start...].prefix { !"Z+-".contains($0) }
    let zone = time[clock.endIndex...]
    let short = clock.prefix { $0 != "." }
    for candidate in [short, clock + ":00"] {
      let found = attempt(String(time[..<start] + candidate + zone), message, help)
      if let found { return found }
    }
    return nil
  }

  // MARK: the rest of the standard

  /// Forms of ISO 8601 and EDTF outside the subset.
  private func unsupported() -> Finding? {
    func refuse(_ what: String, _ help: Help) -> Finding {
      Finding(message: "\(quoted(text)): \(what) not supported", help: help)
    }
    let digits = text.drop { $0 == "Y" || $0 == "y" || $0 == "-" }
    let isNumber = digits.first?.isASCIIDigit ?? false
    if text.contains("{") || text.contains("}") {
      return refuse(
        "all-of sets {…} are",
        "record one event for each date, or write [a,b] when only one of them is right")
    }
    if text.first == "Y" || text.first == "y", isNumber {
      let what = digits.contains("E") ? "exponential years" : "years of more than four digits"
      return refuse("\(what) are", "years run from -9999 to 9999")
    }
    if isNumber, digits.drop(while: \.isASCIIDigit).first == "S" {
      return refuse("significant digits (S…) are", "write 19XX, 195X, or an interval start/end")
    }
    if isNumber, digits.drop(while: \.isASCIIDigit).drop(while: { $0 == "-" }).first == "W" {
      return refuse("week dates are", "write the day as YYYY-MM-DD")
    }
    let period = text.dropFirst(text.first == "P" || text.first == "R" ? 1 : 0)
    if period.count < text.count, period.first == "T" || period.first?.isASCIIDigit == true {
      return refuse("durations and repetitions are", "write an interval as start/end")
    }
    if text.contains("(") || text.contains(")") {
      return refuse("parentheses are", "write ?, ~ or % once, at the end of the whole date")
    }
    let plain = text.first == "+" ? text.dropFirst() : digits
    if plain.prefix(while: \.isASCIIDigit).count != 4 || text.first == "+",
      plain.allSatisfy({ $0.isASCIIDigit || $0 == "-" })
    {
      return Finding(
        message: "\(quoted(text)) is not an ISO date",
        help: "a year has four digits and no plus sign, and - stands between year, month and day")
    }
    return nil
  }
}

extension Character {
  var isASCIIDigit: Bool { isASCII && isNumber }
}
