extension JSONWriter {
  /// Appends a number as ECMAScript's `Number::toString` writes it, which RFC 8785 asks for: the
  /// shortest digits that read back as the same number. What JSON cannot say becomes `null`.
  static func appendNumber(_ value: Double, to target: inout [UInt8]) {
    guard value.isFinite else { return target.append("null") }
    if value == 0 { return target.append(UInt8(ascii: "0")) }
    if value < 0 { target.append(UInt8(ascii: "-")) }
    // Swift's description has the right digits (shortest, closest), in another layout.
    var description = value.magnitude.description
    description.withUTF8 { appendDigits(of: $0, to: &target) }
  }

  /// `description` is `123.45`, `1e-07` or `1.5e+16`.
  private static func appendDigits(
    of description: UnsafeBufferPointer<UInt8>, to target: inout [UInt8]
  ) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: description.count) { digits in
      var count = 0
      // The number is 0.d1d2… × 10^point.
      var point = 0
      var exponent = 0
      var isExponentNegative = false
      var part = Part.whole
      for byte in description {
        switch byte {
        case UInt8(ascii: "."): part = .fraction
        case UInt8(ascii: "e"): part = .exponent
        case UInt8(ascii: "+"): break
        case UInt8(ascii: "-"): isExponentNegative = true
        default:
          if part == .exponent {
            exponent = exponent * 10 + Int(byte - UInt8(ascii: "0"))
            continue
          }
          if count == 0, byte == UInt8(ascii: "0") {
            if part == .fraction { point -= 1 }
            continue
          }
          digits[count] = byte
          count += 1
          if part == .whole { point += 1 }
        }
      }
      while count > 1, digits[count - 1] == UInt8(ascii: "0") { count -= 1 }
      point += isExponentNegative ? -exponent : exponent
      layOut(UnsafeBufferPointer(rebasing: digits[..<count]), point: point, to: &target)
    }
  }

  private enum Part { case whole, fraction, exponent }

  /// ECMA-262, Number::toString, steps 6 to 12.
  private static func layOut(
    _ digits: UnsafeBufferPointer<UInt8>, point: Int, to target: inout [UInt8]
  ) {
    func zeros(_ count: Int) {
      target.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: count))
    }
    switch point {
    case digits.count...21 where digits.count <= 21:
      target.append(contentsOf: digits)
      zeros(point - digits.count)
    case 1...21:
      target.append(contentsOf: digits[..<point])
      target.append(UInt8(ascii: "."))
      target.append(contentsOf: digits[point...])
    case -5...0:
      target.append("0.")
      zeros(-point)
      target.append(contentsOf: digits)
    default:
      target.append(digits[0])
      if digits.count > 1 {
        target.append(UInt8(ascii: "."))
        target.append(contentsOf: digits[1...])
      }
      target.append(point > 0 ? "e+" : "e-")
      target.append(decimal: Int64((point - 1).magnitude))
    }
  }
}
