/// Whole numbers in seven bits a byte, least significant first: what lists of numbers are stored in.
enum LEB128 {
  static func append(_ value: Int64, to bytes: inout [UInt8]) {
    var rest = UInt64(bitPattern: value)
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  /// The number at a place, which moves behind it; nil when there is no whole one that fits.
  static func next(in bytes: UnsafeRawBufferPointer, at: inout Int) -> Int? {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while at < bytes.count, shift <= 56 {
      let byte = bytes[at]
      at += 1
      value |= UInt64(byte & 0x7F) << shift
      if byte & 0x80 == 0 { return Int(value) }
      shift += 7
    }
    return nil
  }

  /// Hands each number of a list to `body`; false when the bytes end within a number, or one does
  /// not fit.
  static func forEach(in bytes: UnsafeRawBufferPointer, _ body: (Int64) -> Void) -> Bool {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    for byte in bytes {
      if shift > 56 { return false }
      value |= UInt64(byte & 0x7F) << shift
      if byte & 0x80 != 0 {
        shift += 7
      } else {
        body(Int64(value))
        value = 0
        shift = 0
      }
    }
    return shift == 0
  }
}
