extension BadInput {
  /// Dates that are no dates, or could be two.
  static let dates =
    [
      ("a date with slashes", "03/02/2022"),
      ("a date with points", "1.3.2022"),
      ("a date in words", "1 March 2022"),
      ("a date without hyphens", "20220301"),
      ("a day without its zero", "2022-3-1"),
      ("a year of two digits", "22-03-01"),
      ("a year of five digits", "20222-03-01"),
      ("a month that is not", "2022-13"),
      ("a month of zero", "2022-00"),
      ("a day that is not", "2022-02-30"),
      ("a leap day of a common year", "2023-02-29"),
      ("a week", "2022-W09"),
      ("a quarter", "2022-Q1"),
      ("an hour that is not", "2022-03-01T25:00:00Z"),
      ("a zone that is not", "2022-03-01T12:00:00+25:00"),
      ("a space before a date", " 2022-03-01"),
      ("an empty date", ""),
      ("a day as seen from today", "yesterday"),
      ("an interval that runs backwards", "2022-05/2022-03"),
      ("three ends of an interval", "2022/2023/2024"),
      ("a set that is not closed", "[2022-03-01,2022-03-02"),
      ("a set of nothing", "[]"),
      ("two marks of doubt", "2022-03?~"),
      ("other digits", "２０２２-03-01"),
      ("a dash for a hyphen", "2022–03–01"),
      ("a millisecond count", "1646092800000"),
    ].map { name, date in
      BadInput(name, "E1104", marked: #"{"type":"vote.cast","on":‸"\#(date)","data":\#(vote)}"#)
    } + [
      BadInput(
        "a date that is a number", "E1106",
        marked: #"{"type":"vote.cast","on":‸2022,"data":\#(vote)}"#),
      BadInput(
        "a date that is null", "E1106",
        marked: #"{"type":"vote.cast","on":‸null,"data":\#(vote)}"#),
      BadInput(
        "a date in the payload", "E1104",
        marked: #"{"type":"membership.held","data":{"actor":"USA","group":"un-ga","#
          + #""period":‸"2022-13/"}}"#),
    ]
}
