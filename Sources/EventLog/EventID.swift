/// A UUID, in two halves so that comparing and storing cost nothing.
public struct EventID: Hashable, Comparable, Sendable {
  public let high: UInt64
  public let low: UInt64

  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// A version 7 UUID (RFC 9562): millisecond of `instant`, then random bits; sorts by time.
  public static func timeOrdered(
    at instant: Instant, using random: inout some RandomNumberGenerator
  ) -> EventID {
    let milliseconds = UInt64(max(0, instant.microseconds / 1000)) & 0xFFFF_FFFF_FFFF
    let high = milliseconds << 16 | 0x7000 | UInt64.random(in: 0...0xFFF, using: &random)
    let low = 0x8000_0000_0000_0000 | (random.next() >> 2)
    return EventID(high: high, low: low)
  }

  /// A version 8 UUID: the first 48 bits order (so that ids of one import lie side by side in the
  /// index), the rest is taken from a digest of at least 10 bytes. The same input, the same id.
  public static func derived(order: UInt64, digest: [UInt8]) -> EventID {
    precondition(digest.count >= 10, "a digest of at least 10 bytes")
    let more = UInt64(digest[0]) << 8 | UInt64(digest[1])
    var bits: UInt64 = 0
    for index in 2..<10 { bits = bits << 8 | UInt64(digest[index]) }
    return EventID(
      high: (order & 0xFFFF_FFFF_FFFF) << 16 | 0x8000 | more & 0xFFF,
      low: 0x8000_0000_0000_0000 | bits >> 2)
  }

  /// The 16 bytes, most significant first.
  public var bytes: [UInt8] {
    (0..<16).map { UInt8(truncatingIfNeeded: ($0 < 8 ? high : low) >> UInt64(56 - $0 % 8 * 8)) }
  }

  /// Reads 16 bytes, most significant first; nil for any other count.
  public init?(bytes: some Collection<UInt8>) {
    guard bytes.count == 16 else { return nil }
    var halves: (UInt64, UInt64) = (0, 0)
    for (index, byte) in bytes.enumerated() {
      if index < 8 {
        halves.0 = halves.0 << 8 | UInt64(byte)
      } else {
        halves.1 = halves.1 << 8 | UInt64(byte)
      }
    }
    (high, low) = halves
  }

  public static func < (a: EventID, b: EventID) -> Bool {
    (a.high, a.low) < (b.high, b.low)
  }
}

extension EventID: LosslessStringConvertible {
  /// Reads the 8-4-4-4-12 form, in either case.
  public init?(_ text: some StringProtocol) {
    let utf8 = Array(text.utf8)
    guard utf8.count == 36 else { return nil }
    var halves: (UInt64, UInt64) = (0, 0)
    var digits = 0
    for (index, byte) in utf8.enumerated() {
      if index == 8 || index == 13 || index == 18 || index == 23 {
        guard byte == UInt8(ascii: "-") else { return nil }
        continue
      }
      let digit: UInt8
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
      default: return nil
      }
      if digits < 16 {
        halves.0 = halves.0 << 4 | UInt64(digit)
      } else {
        halves.1 = halves.1 << 4 | UInt64(digit)
      }
      digits += 1
    }
    (high, low) = halves
  }

  /// The lower-case 8-4-4-4-12 form.
  public var description: String {
    String(unsafeUninitializedCapacity: 36) { buffer in
      writeText(into: buffer)
      return 36
    }
  }

  /// Writes the 36 characters of `description` to the start of `buffer`.
  func writeText(into buffer: UnsafeMutableBufferPointer<UInt8>) {
    let hex: StaticString = "0123456789abcdef"
    var at = 0
    for nibble in 0..<32 {
      if nibble == 8 || nibble == 12 || nibble == 16 || nibble == 20 {
        buffer[at] = UInt8(ascii: "-")
        at += 1
      }
      let half = nibble < 16 ? high : low
      let digit = Int(half >> UInt64(60 - nibble % 16 * 4) & 0xF)
      buffer[at] = hex.utf8Start[digit]
      at += 1
    }
  }
}
