/// What a JSON value is.
public enum JSONKind: UInt8, Hashable, Sendable, CaseIterable {
  case null, bool, number, string, array, object
}

/// A strict reader of RFC 8259 over bytes: one pass into a flat list of nodes, whose storage is
/// used again for the next text.
///
/// Stricter than the RFC where readers differ: UTF-8 must be well-formed, a byte order mark, a
/// lone surrogate and a second member with the same key are errors, and a number must fit a 64-bit
/// floating-point number. Nothing is ever compared by Unicode equivalence.
///
/// The tape holds `null` before the first text and after one that failed. A node is valid until
/// the next `parse`.
public struct JSONTape: Sendable {
  /// What a text may ask of the reader.
  public struct Limits: Hashable, Sendable {
    /// Arrays and objects inside each other; 512 at most, because values nest on the stack.
    public var depth: Int
    /// Bytes of the text; 2 GiB at most.
    public var bytes: Int

    public init(depth: Int = 64, bytes: Int = 8 << 20) {
      self.depth = depth
      self.bytes = bytes
    }
  }

  public typealias Node = Int

  public let limits: Limits
  /// The text, as it was handed in.
  public private(set) var bytes: [UInt8] = Array("null".utf8)
  @usableFromInline private(set) var entries: [Entry] = [.null]
  /// Runs of keys in canonical order, one for each object that is not in that order itself.
  private(set) var order: [UInt32] = []

  public init(limits: Limits = Limits()) { self.limits = limits }

  /// Reads exactly one JSON text, with whitespace around it allowed. Keeps a copy of the bytes.
  /// Throws the first error in the text.
  public mutating func parse(_ bytes: UnsafeBufferPointer<UInt8>) throws(JSONSyntaxError) {
    // Taken out and put back, so that their storage stays unique and is written in place.
    var parser = JSONParser(text: bytes, limits: limits, entries: entries, order: order)
    entries = []
    order = []
    self.bytes.removeAll(keepingCapacity: true)
    do {
      try parser.run()
    } catch {
      parser.entries.removeAll(keepingCapacity: true)
      parser.entries.append(.null)
      self.bytes.append(contentsOf: "null".utf8)
      entries = parser.entries
      order = parser.order
      throw error
    }
    self.bytes.append(contentsOf: bytes)
    entries = parser.entries
    order = parser.order
  }

  /// Reads exactly one JSON text; see the other `parse`.
  public mutating func parse(_ bytes: [UInt8]) throws(JSONSyntaxError) {
    try bytes.withUnsafeBufferPointer { buffer throws(JSONSyntaxError) in try parse(buffer) }
  }

  public var root: Node { 0 }

  @inlinable
  public func kind(_ node: Node) -> JSONKind { entries[node].kind }

  /// Where the value stands in `bytes`; of a string, with its quotes.
  @inlinable
  public func range(_ node: Node) -> Range<Int> {
    Int(entries[node].start)..<Int(entries[node].end)
  }

  /// Members of an object, elements of an array, 0 for anything else.
  @inlinable
  public func count(_ node: Node) -> Int { Int(entries[node].count) }
}

extension JSONTape {
  /// One value, or one key, of the text. What lies inside an array or object follows it.
  @usableFromInline
  struct Entry: Sendable {
    struct Flags: OptionSet, Sendable {
      let rawValue: UInt8
      /// A string with at least one escape.
      static let escaped = Flags(rawValue: 1)
      /// A string with bytes outside ASCII.
      static let wide = Flags(rawValue: 2)
      /// A number with a fraction or an exponent.
      static let fractional = Flags(rawValue: 4)
      /// An object whose keys are not in canonical order; `order` says where that stands.
      static let unsorted = Flags(rawValue: 8)
    }

    @usableFromInline var start: UInt32
    @usableFromInline var end: UInt32
    /// The entry after this value and all in it; while an array or object is open, its parent.
    @usableFromInline var next: UInt32
    @usableFromInline var count: UInt32
    var order: UInt32
    @usableFromInline var kind: JSONKind
    var flags: Flags

    init(_ kind: JSONKind, start: Int, end: Int, next: Int, flags: Flags = []) {
      self.start = UInt32(truncatingIfNeeded: start)
      self.end = UInt32(truncatingIfNeeded: end)
      self.next = UInt32(truncatingIfNeeded: next)
      count = 0
      order = 0
      self.kind = kind
      self.flags = flags
    }

    static let null = Entry(.null, start: 0, end: 4, next: 1)

    var range: Range<Int> { Int(start)..<Int(end) }
    /// Bytes between the quotes.
    var contentCount: Int { Int(end) - Int(start) - 2 }
  }
}
