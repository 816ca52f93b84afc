extension [UInt8] {
  /// Lower-case hex digits, two a byte.
  public var hexDigits: String {
    String(unsafeUninitializedCapacity: 2 * count) { buffer in
      for (index, byte) in enumerated() {
        buffer[2 * index] = UInt8.hexDigit(byte >> 4)
        buffer[2 * index + 1] = UInt8.hexDigit(byte & 15)
      }
      return 2 * count
    }
  }

  /// The bytes of lower-case hex digits; nil for anything else.
  public init?(hexDigits: String) {
    var bytes: [UInt8] = []
    var high: UInt8?
    for digit in hexDigits.utf8 {
      let value: UInt8
      switch digit {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = digit - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): value = digit - UInt8(ascii: "a") + 10
      default: return nil
      }
      if let left = high {
        bytes.append(left << 4 | value)
        high = nil
      } else {
        high = value
      }
    }
    guard high == nil else { return nil }
    self = bytes
  }
}

extension UInt8 {
  /// The digit of a value below 16.
  static func hexDigit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") - 10 + value
  }
}
