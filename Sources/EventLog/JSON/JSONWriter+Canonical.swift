extension JSONWriter {
  /// Appends a value of a tape as RFC 8785 writes it: no whitespace, keys by UTF-16 code units,
  /// numbers as ECMAScript writes them.
  ///
  /// With `integersOnly` throws where a number is not written as an integer within ±(2^53−1).
  public static func canonical(
    _ tape: JSONTape, _ node: JSONTape.Node, into target: inout [UInt8], integersOnly: Bool
  ) throws(InexactNumber) {
    try tape.bytes.withUnsafeBufferPointer { text throws(InexactNumber) in
      try tape.entries.withUnsafeBufferPointer { entries throws(InexactNumber) in
        var writer = CanonicalWriter(
          tape: tape, text: text, entries: entries, integersOnly: integersOnly)
        try writer.write(node, into: &target)
        writer.flush(into: &target)
      }
    }
  }

  /// Whether the text on a tape is what `canonical` writes of it.
  static func isCanonical(_ tape: JSONTape) -> Bool {
    tape.bytes.withUnsafeBufferPointer { text in
      tape.entries.withUnsafeBufferPointer { entries in
        var writer = CanonicalWriter(
          tape: tape, text: text, entries: entries, integersOnly: false)
        var target: [UInt8] = []
        guard (try? writer.write(tape.root, into: &target)) != nil else { return false }
        // Most texts stand there as they would be written, in one run.
        if target.isEmpty { return writer.start == 0 && writer.end == text.count }
        writer.flush(into: &target)
        return target.elementsEqual(text)
      }
    }
  }

  /// A value as RFC 8785 writes it. An integer beyond ±(2^53−1) is rounded to 64-bit floating
  /// point first, as every number is there.
  public static func canonical(_ json: JSON) -> [UInt8] {
    var target: [UInt8] = []
    appendCanonical(json, to: &target)
    return target
  }

  private static func appendCanonical(_ json: JSON, to target: inout [UInt8]) {
    switch json {
    case .integer(let value) where value.magnitude > JSON.integerLimit.magnitude:
      appendNumber(Double(value), to: &target)
    case .array(let elements):
      target.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        if index > 0 { target.append(UInt8(ascii: ",")) }
        appendCanonical(element, to: &target)
      }
      target.append(UInt8(ascii: "]"))
    case .object(let object):
      target.append(UInt8(ascii: "{"))
      let members = object.sorted { $0.key.utf16.lexicographicallyPrecedes($1.key.utf16) }
      for (index, member) in members.enumerated() {
        if index > 0 { target.append(UInt8(ascii: ",")) }
        appendString(member.key.utf8, to: &target)
        target.append(UInt8(ascii: ":"))
        appendCanonical(member.value, to: &target)
      }
      target.append(UInt8(ascii: "}"))
    case .null, .bool, .integer, .number, .string:
      appendScalar(json, to: &target)
    }
  }
}

/// Copies what stands in the text in canonical form already in runs as long as possible: a text
/// that is canonical throughout is copied in one go.
private struct CanonicalWriter {
  let tape: JSONTape
  let text: UnsafeBufferPointer<UInt8>
  let entries: UnsafeBufferPointer<JSONTape.Entry>
  let integersOnly: Bool
  /// A run of the text that is still to be copied.
  var start = 0
  var end = 0

  mutating func write(
    _ node: JSONTape.Node, into target: inout [UInt8]
  ) throws(JSONWriter.InexactNumber) {
    let entry = entries[node]
    switch entry.kind {
    case .null, .bool:
      copy(entry.range, into: &target)
    case .string:
      if entry.flags.contains(.escaped) {
        flush(into: &target)
        tape.withUTF8(node) { JSONWriter.appendString($0, to: &target) }
      } else {
        copy(entry.range, into: &target)
      }
    case .number:
      try number(node, entry, into: &target)
    case .array:
      punctuation(UInt8(ascii: "["), at: Int(entry.start), into: &target)
      var element = node + 1
      while element < entry.next {
        if element > node + 1 { comma(into: &target) }
        try write(element, into: &target)
        element = Int(entries[element].next)
      }
      punctuation(UInt8(ascii: "]"), at: Int(entry.end) - 1, into: &target)
    case .object:
      punctuation(UInt8(ascii: "{"), at: Int(entry.start), into: &target)
      if entry.flags.contains(.unsorted) {
        let first = Int(entry.order)
        for place in first..<first + Int(entry.count) {
          if place > first { comma(into: &target) }
          try member(Int(tape.order[place]), into: &target)
        }
      } else {
        var key = node + 1
        while key < entry.next {
          if key > node + 1 { comma(into: &target) }
          try member(key, into: &target)
          key = Int(entries[key + 1].next)
        }
      }
      punctuation(UInt8(ascii: "}"), at: Int(entry.end) - 1, into: &target)
    }
  }

  private mutating func member(
    _ key: JSONTape.Node, into target: inout [UInt8]
  ) throws(JSONWriter.InexactNumber) {
    try write(key, into: &target)
    punctuation(UInt8(ascii: ":"), at: end, into: &target)
    try write(key + 1, into: &target)
  }

  private mutating func number(
    _ node: JSONTape.Node, _ entry: JSONTape.Entry, into target: inout [UInt8]
  ) throws(JSONWriter.InexactNumber) {
    if let integer = tape.integer(node) {
      // "-0" is the only integer that is not written as it stands.
      if integer != 0 || entry.range.count == 1 { return copy(entry.range, into: &target) }
    } else if integersOnly {
      throw JSONWriter.InexactNumber(node: node)
    }
    flush(into: &target)
    JSONWriter.appendNumber(tape.double(node) ?? 0, to: &target)
  }

  /// The byte stands in the text already when it is at `position` there and the run ends at it.
  @inline(__always)
  private mutating func punctuation(
    _ byte: UInt8, at position: Int, into target: inout [UInt8]
  ) {
    if position == end, position < text.count, text[position] == byte {
      end += 1
    } else {
      flush(into: &target)
      target.append(byte)
      start = position + 1
      end = position + 1
    }
  }

  private mutating func comma(into target: inout [UInt8]) {
    punctuation(UInt8(ascii: ","), at: end, into: &target)
  }

  @inline(__always)
  private mutating func copy(_ range: Range<Int>, into target: inout [UInt8]) {
    if range.lowerBound != end {
      flush(into: &target)
      start = range.lowerBound
    }
    end = range.upperBound
  }

  mutating func flush(into target: inout [UInt8]) {
    if start < end { target.append(contentsOf: UnsafeBufferPointer(rebasing: text[start..<end])) }
    start = end
  }
}
