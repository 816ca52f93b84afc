/// The order of keys in RFC 8785: by UTF-16 code units of the decoded key.
///
/// UTF-8 bytes compare alike, but for one thing: characters above U+FFFF (bytes F0–F4) are
/// surrogates in UTF-16 and so come before U+E000–U+FFFF (bytes EE and EF).
struct JSONKeyOrder {
  let text: UnsafeBufferPointer<UInt8>

  /// Negative, zero or positive, as `a` comes before, is the same as, or comes after `b`.
  @inline(__always)
  func compare(_ a: JSONTape.Entry, _ b: JSONTape.Entry) -> Int {
    let special: JSONTape.Entry.Flags = [.escaped, .wide]
    guard a.flags.isDisjoint(with: special), b.flags.isDisjoint(with: special) else {
      return compareDecoded(a, b)
    }
    let (x, y) = (prefix(a), prefix(b))
    if x != y { return x < y ? -1 : 1 }
    // Padding is not ambiguous: no string holds an unescaped zero byte.
    if a.contentCount <= 8, b.contentCount <= 8 { return 0 }
    return compareDecoded(a, b)
  }

  /// The first eight bytes between the quotes, padded with zeros; they compare as a number.
  @inline(__always)
  private func prefix(_ entry: JSONTape.Entry) -> UInt64 {
    let start = Int(entry.start) + 1
    let count = entry.contentCount
    var word: UInt64 = 0
    if start + 8 <= text.count {
      word = UInt64(
        bigEndian: UnsafeRawPointer(text.baseAddress! + start).loadUnaligned(as: UInt64.self))
      if count < 8 { word &= ~(UInt64.max >> UInt64(count * 8)) }
    } else {
      for index in 0..<8 {
        word = word << 8 | (index < count ? UInt64(text[start + index]) : 0)
      }
    }
    return word
  }

  private func compareDecoded(_ a: JSONTape.Entry, _ b: JSONTape.Entry) -> Int {
    var left = JSONUnescaper(text, a.range)
    var right = JSONUnescaper(text, b.range)
    while true {
      switch (left.next(), right.next()) {
      case (nil, nil): return 0
      case (nil, _): return -1
      case (_, nil): return 1
      case (let x?, let y?):
        if x == y { continue }
        return inUTF16(x) < inUTF16(y) ? -1 : 1
      }
    }
  }

  private func inUTF16(_ byte: UInt8) -> Int {
    // F0–F4 go between ED (up to U+D7FF) and EE.
    byte >= 0xEE ? (byte >= 0xF0 ? Int(byte) : Int(byte) + 0x100) : Int(byte)
  }
}

extension JSONParser {
  /// Notes the canonical order of an object's keys, and refuses a key that stands there twice.
  mutating func orderKeys(of object: Int) throws(JSONSyntaxError) {
    let keyOrder = JSONKeyOrder(text: text)
    var previous = object + 1
    var key = Int(entries[previous + 1].next)
    while key < entries.count, keyOrder.compare(entries[previous], entries[key]) < 0 {
      previous = key
      key = Int(entries[key + 1].next)
    }
    if key >= entries.count { return }

    let first = order.count
    key = object + 1
    while key < entries.count {
      order.append(UInt32(truncatingIfNeeded: key))
      key = Int(entries[key + 1].next)
    }
    entries[object].flags.insert(.unsorted)
    entries[object].order = UInt32(truncatingIfNeeded: first)
    if order.count - first <= 24 {
      try insertionSort(from: first, keyOrder)
    } else {
      try sort(from: first, keyOrder)
    }
  }

  private mutating func insertionSort(
    from first: Int, _ keyOrder: JSONKeyOrder
  ) throws(JSONSyntaxError) {
    for index in first + 1..<order.count {
      let key = order[index]
      let entry = entries[Int(key)]
      var place = index
      while place > first {
        let before = order[place - 1]
        let comparison = keyOrder.compare(entries[Int(before)], entry)
        if comparison == 0 { throw duplicate(Int(key), of: Int(before)) }
        if comparison < 0 { break }
        order[place] = before
        place -= 1
      }
      order[place] = key
    }
  }

  private mutating func sort(
    from first: Int, _ keyOrder: JSONKeyOrder
  ) throws(JSONSyntaxError) {
    let entries = entries
    order.withUnsafeMutableBufferPointer { buffer in
      buffer[first...].sort { a, b in
        let comparison = keyOrder.compare(entries[Int(a)], entries[Int(b)])
        return comparison < 0 || comparison == 0 && a < b
      }
    }
    var second = Int.max
    var original = 0
    for index in first + 1..<order.count where Int(order[index]) < second {
      let (a, b) = (Int(order[index - 1]), Int(order[index]))
      if keyOrder.compare(entries[a], entries[b]) == 0 { (original, second) = (a, b) }
    }
    if second < Int.max { throw duplicate(second, of: original) }
  }

  private func duplicate(_ key: Int, of original: Int) -> JSONSyntaxError {
    let range = entries[key].range
    let name = String(decoding: text[range].dropFirst().dropLast().prefix(64), as: UTF8.self)
    return JSONSyntaxError(
      .duplicateKey, offset: range.lowerBound, length: range.count,
      message: "duplicate key \"\(name)\" (first at byte \(entries[original].start))")
  }
}
