/// What was read, before it is turned into a period: an interval takes its start from one value
/// and its end from another, so the four bounds are not yet in order.
struct EDTFValue {
  var startMin: Int64
  var startMax: Int64
  var endMin: Int64
  var endMax: Int64
  var qualifier: EDTF.Qualifier?
  var precision: EDTF.Precision

  /// A value that starts and ends exactly.
  init(_ start: Int64, _ end: Int64, _ precision: EDTF.Precision) {
    self.init(from: (start, end), to: (start, end), precision)
  }

  /// Any one of a row of values, of which the first and the last are given.
  init(
    from first: (start: Int64, end: Int64), to last: (start: Int64, end: Int64),
    _ precision: EDTF.Precision
  ) {
    startMin = first.start
    startMax = last.start
    endMin = first.end
    endMax = last.end
    self.precision = precision
  }

  /// Reads a date; throws the error as the user is told it.
  init(utf8 bytes: UnsafeBufferPointer<UInt8>) throws(EDTFError) {
    if let day = EDTF.bounds(ofDay: bytes) {
      self.init(day.earliest, day.latest, .day)
      return
    }
    do {
      self = try EDTFParser(bytes: bytes).value()
    } catch {
      throw EDTFDiagnosis.error(error, in: bytes) { candidate throws(EDTFRefusal) in
        _ = try EDTFParser(bytes: candidate).value()
      }
    }
  }

  var period: EDTFPeriod {
    EDTFPeriod(startMin: startMin, startMax: startMax, endMin: endMin, endMax: endMax)
  }

  /// Takes the doubt on a part over to the whole.
  mutating func add(_ other: EDTF.Qualifier?) {
    guard let other else { return }
    qualifier = qualifier == nil || qualifier == other ? other : .both
  }
}

/// Intervals and one-of sets; for the single date see `EDTFParser.date`.
struct EDTFParser {
  let bytes: UnsafeBufferPointer<UInt8>

  /// Where a single date stands, which decides what it may be.
  enum Place { case whole, start, end, member }

  /// The value that all the bytes make.
  func value() throws(EDTFRefusal) -> EDTFValue {
    let all = 0..<bytes.count
    guard let first = bytes.first else { throw EDTFRefusal(.empty, all) }
    if first == UInt8(ascii: "[") { return try oneOf() }
    if let slash = bytes.offset(of: UInt8(ascii: "/"), in: all) { return try interval(slash) }
    return try date(all, .whole)
  }

  /// `a/b`; either may be `..` (none) or empty (unknown).
  private func interval(_ slash: Int) throws(EDTFRefusal) -> EDTFValue {
    let all = 0..<bytes.count
    let (left, right) = (0..<slash, slash + 1..<bytes.count)
    guard bytes.offset(of: UInt8(ascii: "/"), in: right) == nil else {
      throw EDTFRefusal(.shape, all)
    }
    let start = isOpen(left) || left.isEmpty ? nil : try date(left, .start)
    let end = isOpen(right) || right.isEmpty ? nil : try date(right, .end)
    var value: EDTFValue
    switch (start, end) {
    case (nil, nil):
      throw EDTFRefusal(.noDate, all)
    case (let start?, nil):
      value = start
      value.endMin = right.isEmpty ? start.startMin : .max
      value.endMax = .max
    case (nil, let end?):
      value = end
      value.startMin = .min
      value.startMax = left.isEmpty ? end.endMax : .min
    case (let start?, let end?):
      guard start.startMin < end.endMax else { throw EDTFRefusal(.reversed, all) }
      value = start
      (value.endMin, value.endMax) = (end.endMin, end.endMax)
      value.add(end.qualifier)
    }
    value.precision = .interval
    return value
  }

  /// `[a,b..c]`: one of the members; `..a` may be the first of them, `a..` the last.
  private func oneOf() throws(EDTFRefusal) -> EDTFValue {
    let all = 0..<bytes.count
    guard bytes.count > 1, bytes[bytes.count - 1] == UInt8(ascii: "]") else {
      throw EDTFRefusal(.shape, all)
    }
    var result: EDTFValue?
    var at = 1
    while at < bytes.count {
      let close = bytes.count - 1
      let end = bytes.offset(of: UInt8(ascii: ","), in: at..<close) ?? close
      let value = try member(at..<end, isFirst: at == 1, isLast: end == close)
      if var union = result {
        union.startMin = min(union.startMin, value.startMin)
        union.startMax = max(union.startMax, value.startMax)
        union.endMin = min(union.endMin, value.endMin)
        union.endMax = max(union.endMax, value.endMax)
        union.add(value.qualifier)
        result = union
      } else {
        result = value
      }
      at = end + 1
    }
    guard var value = result else { throw EDTFRefusal(.emptyMember, all) }
    value.precision = .set
    return value
  }

  /// One member of a set: a date, or one of a row of dates.
  private func member(
    _ range: Range<Int>, isFirst: Bool, isLast: Bool
  ) throws(EDTFRefusal) -> EDTFValue {
    // The byte before the member is there: the bracket or a comma.
    guard !range.isEmpty else {
      throw EDTFRefusal(.emptyMember, range.lowerBound - 1..<range.upperBound + 1)
    }
    guard let dots = range.first(where: { isOpen($0..<min($0 + 2, range.upperBound)) }) else {
      return try date(range, .member)
    }
    let (left, right) = (range.lowerBound..<dots, dots + 2..<range.upperBound)
    guard !left.isEmpty || !right.isEmpty else { throw EDTFRefusal(.noDate, range) }
    let start = left.isEmpty ? nil : try date(left, .start)
    let end = right.isEmpty ? nil : try date(right, .end)
    guard start != nil || isFirst, end != nil || isLast else {
      throw EDTFRefusal(.openMember, range)
    }
    if let start, let end, end.endMax <= start.startMin { throw EDTFRefusal(.reversed, range) }
    var last = (start: end?.startMax ?? .max, end: end?.endMax ?? .max)
    if let start, let end {
      // From a day to a year is a row of days: the last one ends with the year. It does not begin with it.
      let (length, whole) = (start.endMin - start.startMin, end.endMax - end.startMax)
      if whole > 2 * length { last.start = max(start.startMin, end.endMax - length) }
    }
    var value = EDTFValue(
      from: (start?.startMin ?? .min, start?.endMin ?? .min), to: last, .set)
    value.add(start?.qualifier)
    value.add(end?.qualifier)
    return value
  }

  private func isOpen(_ range: Range<Int>) -> Bool {
    range.count == 2 && range.allSatisfy { bytes[$0] == UInt8(ascii: ".") }
  }
}
