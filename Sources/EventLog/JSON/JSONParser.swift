/// Reads one text into the entries of a tape. Never recurses: an open array or object keeps its
/// parent in `next`.
struct JSONParser {
  let text: UnsafeBufferPointer<UInt8>
  let depthLimit: Int
  let byteLimit: Int
  var entries: [JSONTape.Entry]
  var order: [UInt32]
  var at = 0

  init(
    text: UnsafeBufferPointer<UInt8>, limits: JSONTape.Limits, entries: [JSONTape.Entry],
    order: [UInt32]
  ) {
    self.text = text
    depthLimit = min(limits.depth, 512)
    byteLimit = min(limits.bytes, Int(Int32.max))
    self.entries = entries
    self.order = order
  }

  mutating func run() throws(JSONSyntaxError) {
    entries.removeAll(keepingCapacity: true)
    order.removeAll(keepingCapacity: true)
    if text.count > byteLimit {
      throw JSONSyntaxError(
        .tooLong, offset: max(0, byteLimit),
        message: "the text has \(text.count) bytes, more than the limit of \(byteLimit)")
    }
    if text.starts(with: [0xEF, 0xBB, 0xBF]) {
      throw JSONSyntaxError(
        .byteOrderMark, offset: 0, length: 3, message: "the text starts with a byte order mark")
    }
    try values()
    skipSpace()
    if at < text.count {
      throw failure(.trailingText, "expected the end of the text")
    }
  }

  /// The whole structure: a value, then what may follow it, until the outermost one is complete.
  private mutating func values() throws(JSONSyntaxError) {
    var parent = -1
    var depth = 0
    value: while true {
      skipSpace()
      guard at < text.count else { throw ended("where a value should be") }
      switch text[at] {
      case UInt8(ascii: "\""):
        try string()
      case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
        try number()
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        depth += 1
        if depth > depthLimit {
          throw JSONSyntaxError(
            .tooDeep, offset: at,
            message: "arrays and objects are nested more than \(depthLimit) deep")
        }
        let kind: JSONKind = text[at] == UInt8(ascii: "{") ? .object : .array
        entries.append(JSONTape.Entry(kind, start: at, end: at, next: max(parent, 0)))
        at += 1
        let node = entries.count - 1
        skipSpace()
        if at < text.count, text[at] == closing(kind) {
          at += 1
          entries[node].end = UInt32(truncatingIfNeeded: at)
          entries[node].next = UInt32(truncatingIfNeeded: entries.count)
          depth -= 1
        } else {
          parent = node
          if kind == .object { try key() }
          continue value
        }
      case UInt8(ascii: "t"): try literal("true", .bool)
      case UInt8(ascii: "f"): try literal("false", .bool)
      case UInt8(ascii: "n"): try literal("null", .null)
      default: throw failure(.expectedValue, "expected a value")
      }

      while parent >= 0 {
        entries[parent].count += 1
        let kind = entries[parent].kind
        skipSpace()
        guard at < text.count else {
          throw ended(kind == .object ? "before the closing \"}\"" : "before the closing \"]\"")
        }
        if text[at] == UInt8(ascii: ",") {
          at += 1
          if kind == .object { try key() }
          continue value
        }
        guard text[at] == closing(kind) else {
          throw failure(
            .expectedCommaOrEnd,
            kind == .object ? "expected \",\" or \"}\"" : "expected \",\" or \"]\"")
        }
        at += 1
        depth -= 1
        let node = parent
        parent = depth == 0 ? -1 : Int(entries[node].next)
        entries[node].end = UInt32(truncatingIfNeeded: at)
        entries[node].next = UInt32(truncatingIfNeeded: entries.count)
        if kind == .object { try orderKeys(of: node) }
      }
      return
    }
  }

  private mutating func key() throws(JSONSyntaxError) {
    skipSpace()
    guard at < text.count else { throw ended("where a key should be") }
    guard text[at] == UInt8(ascii: "\"") else {
      throw failure(.expectedKey, "expected a key in quotes")
    }
    try string()
    skipSpace()
    guard at < text.count else { throw ended("before the \":\" of a key") }
    guard text[at] == UInt8(ascii: ":") else {
      throw failure(.expectedColon, "expected \":\" after the key")
    }
    at += 1
  }

  private mutating func literal(_ word: StaticString, _ kind: JSONKind) throws(JSONSyntaxError) {
    let count = word.utf8CodeUnitCount
    let matches =
      text.count - at >= count && sameBytes(text.baseAddress! + at, word.utf8Start, count: count)
    guard matches, at + count == text.count || !isWordByte(text[at + count]) else {
      throw failure(.expectedValue, "expected a value")
    }
    entries.append(JSONTape.Entry(kind, start: at, end: at + count, next: entries.count + 1))
    at += count
  }

  @inline(__always)
  mutating func skipSpace() {
    while at < text.count {
      switch text[at] {
      case 0x20, 0x0A, 0x0D, 0x09: at += 1
      default: return
      }
    }
  }

  private func closing(_ kind: JSONKind) -> UInt8 {
    kind == .object ? UInt8(ascii: "}") : UInt8(ascii: "]")
  }
}
