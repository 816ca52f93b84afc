extension [UInt8] {
  mutating func append(_ text: StaticString) {
    append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  mutating func append(decimal value: Int64) {
    append(contentsOf: String(value).utf8)
  }

  mutating func append(hex byte: UInt8) {
    append(UInt8.hexDigit(byte >> 4))
    append(UInt8.hexDigit(byte & 15))
  }
}
