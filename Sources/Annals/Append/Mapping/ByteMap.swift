/// Numbers for texts, found by their bytes: the same text, the same number.
struct ByteMap {
  private var slots: [UInt32]
  private var hashes: [UInt64] = []
  private var ends: [Int] = []
  private var texts: [UInt8] = []
  private var mask: Int

  init() {
    slots = [UInt32](repeating: 0, count: 64)
    mask = 63
  }

  var count: Int { hashes.count }

  /// The number of a text, from 0; nil when it is new.
  func find(_ text: UnsafeBufferPointer<UInt8>, _ hash: UInt64) -> Int? {
    slots.withUnsafeBufferPointer { slots in
      hashes.withUnsafeBufferPointer { hashes in
        var slot = Int(truncatingIfNeeded: hash) & mask
        while true {
          let number = Int(slots[slot])
          if number == 0 { return nil }
          if hashes[number - 1] == hash, equals(number - 1, text) { return number - 1 }
          slot = (slot + 1) & mask
        }
      }
    }
  }

  /// Adds a text that is new, and returns its number.
  mutating func add(_ text: UnsafeBufferPointer<UInt8>, _ hash: UInt64) -> Int {
    if (count + 1) * 2 > slots.count { grow() }
    texts.append(contentsOf: text)
    ends.append(texts.count)
    hashes.append(hash)
    place(count)
    return count - 1
  }

  private mutating func grow() {
    slots = [UInt32](repeating: 0, count: slots.count * 2)
    mask = slots.count - 1
    for number in 1...max(1, count) where number <= count { place(number) }
  }

  private mutating func place(_ number: Int) {
    var slot = Int(truncatingIfNeeded: hashes[number - 1]) & mask
    while slots[slot] != 0 { slot = (slot + 1) & mask }
    slots[slot] = UInt32(number)
  }

  @inline(__always)
  private func equals(_ number: Int, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
    let start = number == 0 ? 0 : ends[number - 1]
    guard ends[number] - start == text.count else { return false }
    return texts.withUnsafeBufferPointer { all in
      for index in 0..<text.count where all[start + index] != text[index] { return false }
      return true
    }
  }

  /// Eight bytes at a time; good enough for tables that are no larger than a file.
  @inline(__always)
  static func hash(_ text: UnsafeBufferPointer<UInt8>) -> UInt64 {
    var hash: UInt64 = 0x9E37_79B9_7F4A_7C15 ^ UInt64(text.count)
    var at = 0
    if let base = text.baseAddress {
      let raw = UnsafeRawPointer(base)
      while at + 8 <= text.count {
        hash = mix(hash ^ raw.loadUnaligned(fromByteOffset: at, as: UInt64.self))
        at += 8
      }
    }
    var rest: UInt64 = 0
    while at < text.count {
      rest = rest << 8 | UInt64(text[at])
      at += 1
    }
    return mix(hash ^ rest)
  }

  @inline(__always)
  private static func mix(_ value: UInt64) -> UInt64 {
    let product = value.multipliedFullWidth(by: 0xA076_1D64_78BD_642F)
    return product.high ^ product.low
  }
}
