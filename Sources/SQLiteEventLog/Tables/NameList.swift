/// Names under their numbers, from 1 on, as bytes side by side with a hash table over them: a log of
/// ten million events has hundreds of thousands, and whoever opens it needs a few. A String is made
/// when it is first asked for.
struct NameList {
  private(set) var kinds: [UInt8] = [0]
  private var bytes: [UInt8] = []
  /// Where in `bytes` each name ends.
  private var ends: [Int] = [0]
  private var strings: [String?] = [""]
  /// Numbers by the hash of kind and text, with open addressing; 0 is an empty slot.
  private var slots: [Int32] = Array(repeating: 0, count: 16)
  /// Different in each process: names in a file made by somebody else must not collide at will.
  private static let seed = UInt64.random(in: 0 ... .max)

  var count: Int { kinds.count - 1 }

  mutating func append(_ text: UnsafeRawBufferPointer, kind: UInt8) {
    let number = Int32(kinds.count)
    kinds.append(kind)
    bytes.append(contentsOf: text)
    ends.append(bytes.count)
    strings.append(nil)
    if 2 * kinds.count > slots.count {
      slots = Array(repeating: 0, count: 4 * slots.count)
      for old in 1...number { occupy(old) }
    } else {
      occupy(number)
    }
  }

  private mutating func occupy(_ number: Int32) {
    var slot = bytes.withUnsafeBytes {
      Self.hash(.init(rebasing: $0[range(number)]), kinds[Int(number)])
    }
    while slots[slot & (slots.count - 1)] != 0 { slot += 1 }
    slots[slot & (slots.count - 1)] = number
  }

  /// The number of a name; nil when it is not in the list. The first of equals.
  func number(of text: UnsafeRawBufferPointer, kind: UInt8) -> Int32? {
    bytes.withUnsafeBytes { bytes in
      var slot = Self.hash(text, kind)
      while true {
        let number = slots[slot & (slots.count - 1)]
        if number == 0 { return nil }
        if kinds[Int(number)] == kind, bytes[range(number)].elementsEqual(text) { return number }
        slot += 1
      }
    }
  }

  /// The text of a number that is in the list.
  mutating func text(_ number: Int32) -> String {
    if let string = strings[Int(number)] { return string }
    let string = String(decoding: bytes[range(number)], as: UTF8.self)
    strings[Int(number)] = string
    return string
  }

  /// Whether the text of a number begins with these bytes.
  func text(_ number: Int32, hasPrefix prefix: some Collection<UInt8>) -> Bool {
    bytes[range(number)].starts(with: prefix)
  }

  private func range(_ number: Int32) -> Range<Int> { ends[Int(number) - 1]..<ends[Int(number)] }

  /// FNV-1a, seeded.
  private static func hash(_ text: UnsafeRawBufferPointer, _ kind: UInt8) -> Int {
    var hash = seed ^ UInt64(kind)
    for byte in text { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return Int(truncatingIfNeeded: (hash ^ hash >> 32) & 0x7FFF_FFFF)
  }
}
