import EventLog

extension EDTFRefusal {
  /// The refusal in words, for the whole text and the part of it that was refused.
  func error(in text: String, _ part: String) -> EDTFError {
    let (message, help) = wording(whole: quoted(text), part: quoted(part))
    return EDTFError(range.isEmpty ? 0..<text.utf8.count : range, message, help: help)
  }

  /// What can stand in place of the refused part; nil when the reason does not say.
  func replacement(for part: String) -> String? {
    switch reason {
    case .bareNumber: return "#" + part
    case .reversed:
      let separator = part.contains("/") ? "/" : ".."
      let ends = part.split(separator: separator)
      return ends.count == 2 ? "\(ends[1])\(separator)\(ends[0])" : nil
    default: return nil
    }
  }

  private func wording(whole: String, part: String) -> (message: String, help: Help?) {
    switch reason {
    case .shape:
      return (
        "\(part) is not an ISO date",
        "write YYYY-MM-DD, YYYY-MM or YYYY; an interval is written start/end"
      )
    case .empty:
      return ("the date is empty", "leave the date out when it is not known")
    case .negativeZero:
      return ("\(part) is not a year", "the year before 0001 is 0000, the one before that -0001")
    case .unspecifiedYear:
      return (
        "\(part): only the last one or two digits of a year can be unspecified",
        "write 201X for a decade, 20XX for a century, or an interval start/end"
      )
    case .unspecifiedPlace:
      return (
        "\(whole): X can only stand for all that follows on its right",
        "write 201X, 2004-XX, 1985-04-XX or 1985-XX-XX, or list the dates as a set [a,b]"
      )
    case .month(let number): return monthWording(number, whole)
    case .day(let year, let month):
      let days = CivilDate.daysInMonth(year: year, month: month)
      let ofYear = month == 2 ? " \(year)" : ""
      return ("\(whole) does not exist: \(monthName(month))\(ofYear) has \(days) days", nil)
    case .grouping:
      return (
        "\(whole): a season, quarter or semester cannot start or end an interval",
        "write its first or last month instead"
      )
    case .hour:
      return ("\(part) is not an hour", "hours run from 00 to 23; midnight is 00:00:00 of its day")
    case .minute: return ("\(part) is not a minute", "minutes run from 00 to 59")
    case .second:
      return ("\(part) is not a second", "seconds run from 00 to 59; write a leap second as 59")
    case .offset:
      return ("\(part) is not an offset from UTC", "offsets run from -12:00 to +14:00; UTC is Z")
    case .noSeconds:
      return ("\(part) has no seconds", "write the time as hh:mm:ss, or the day alone")
    case .fraction:
      return ("\(part) is finer than can be given here", "leave the excess decimals out")
    case .noZone:
      return ("\(whole) has no time zone", "add Z for UTC, or an offset such as -05:00")
    case .timeInside:
      return (
        "\(whole): a time of day cannot stand in an interval or a set", "write the days alone"
      )
    case .qualifiedTime:
      return ("\(whole): a time of day cannot be qualified", "qualify the day alone")
    case .reversed:
      return ("\(whole) ends before it starts", "write the earlier date first")
    case .noDate:
      return ("\(whole) has no date", "leave the date out when nothing of it is known")
    case .emptyMember:
      return ("\(whole): a member of the set is missing", "write a set as [a,b] or [a..b]")
    case .openMember:
      return ("\(whole): only the first date can be ..a, only the last a..", nil)
    case .notOneMoment:
      return (
        "\(whole) is not one moment",
        "write a year, month or day, or a time with its zone, such as 2022-03-02T14:00Z"
      )
    case .position:
      return ("\(whole) is not a position of the log", "write # and a number, such as #412")
    case .bareNumber:
      return ("\(whole) is not an ISO date", "a position of the log is written with #")
    case .noRange:
      return ("\(whole) is not a range", "write two moments as A..B")
    }
  }

  private func monthWording(_ number: Int64, _ whole: String) -> (String, Help?) {
    switch number {
    case 25...32:
      return (
        "\(whole): seasons of a hemisphere (25–32) are not supported",
        "write a season as 21 (spring) to 24 (winter), or the months as an interval"
      )
    case 37...39:
      return (
        "\(whole): quadrimesters (37–39) are not supported", "write the months as an interval"
      )
    default:
      return (
        "\(whole): there is no month \(number)",
        "months run from 01 to 12, seasons 21–24, quarters 33–36, semesters 40–41"
      )
    }
  }
}

/// The English name of month 1…12.
func monthName(_ number: Int64) -> String {
  let names = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
  ]
  return names.indices.contains(Int(number) - 1) ? names[Int(number) - 1] : "month \(number)"
}

/// A text of the user's in quotation marks: cut when long, and without characters that would act
/// on a terminal.
func quoted(_ text: String) -> String {
  let limit = 60
  var result = "\""
  for scalar in text.unicodeScalars.prefix(limit) {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
      result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
    default:
      result.unicodeScalars.append(scalar)
    }
  }
  return result + (text.unicodeScalars.dropFirst(limit).isEmpty ? "\"" : "…\"")
}
