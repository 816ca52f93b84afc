import EventLog
import Synchronization

/// The types, tags, recorders and shapes of a log under their numbers, in memory.
///
/// Shared by all connections. Only what has been committed gets in, and what is in never changes:
/// so a reader may know more names than its snapshot, never other ones.
final class NameTable: LogNames, Sendable {
  enum Kind: UInt8, Sendable {
    case type = 1
    case tag, recorder
  }

  /// A name as it is stored. Compared by bytes: Swift's own comparison takes differently composed
  /// characters for the same, SQLite and the hashes do not.
  struct Key: Hashable, Sendable {
    let kind: Kind
    let text: String

    static func == (a: Key, b: Key) -> Bool {
      guard a.kind == b.kind, a.text.utf8.count == b.text.utf8.count else { return false }
      let isEqual = a.text.utf8.withContiguousStorageIfAvailable { a in
        b.text.utf8.withContiguousStorageIfAvailable { b in a.elementsEqual(b) }
      }
      return isEqual.flatMap(\.self) ?? a.text.utf8.elementsEqual(b.text.utf8)
    }

    func hash(into hasher: inout Hasher) {
      hasher.combine(kind)
      let isDone: Void? = text.utf8.withContiguousStorageIfAvailable {
        hasher.combine(bytes: UnsafeRawBufferPointer($0))
      }
      if isDone == nil { for byte in text.utf8 { hasher.combine(byte) } }
    }
  }

  private struct Names {
    var list = NameList()
    /// How many payloads had been erased when the first names were read; nil before that.
    var erasures: Int64?
    var types: [NameID: EventType] = [:]
  }

  private let names = Mutex(Names())
  let shapes = ShapeTable()

  private static let selectAfter =
    "SELECT id, kind, text FROM main.name WHERE id > ?1 ORDER BY id"

  /// False when payloads were erased since the names were read: with a payload may go tags and shapes
  /// that only it had, and then the table is to be read anew into another.
  func isCurrent(on connection: Connection) throws(EventLogError) -> Bool {
    let count = try connection.erasures()
    return names.withLock { names in
      if names.erasures == nil { names.erasures = count }
      return names.erasures == count
    }
  }

  /// Reads what has been added since; returns the kind of each number, for checks.
  @discardableResult
  func load(from connection: Connection) throws(EventLogError) -> [UInt8] {
    let statement = try connection.prepared(Self.selectAfter)
    defer { statement.reset() }
    statement.bind(Int64(count), at: 1)
    try names.withLock { names throws(EventLogError) in
      while try statement.step() {
        try statement.withBytes(2) { text throws(EventLogError) in
          try Self.add(text, kind: statement.integer(1), statement.integer(0), to: &names)
        }
      }
    }
    try shapes.load(from: connection)
    return kinds
  }

  /// Takes in a name that has been committed.
  func add(_ key: Key, _ id: Int64) throws(EventLogError) {
    try names.withLock { names throws(EventLogError) in
      let result = Array(key.text.utf8).withUnsafeBytes { text in
        Result { () throws(EventLogError) in
          try Self.add(text, kind: Int64(key.kind.rawValue), id, to: &names)
        }
      }
      try result.get()
    }
  }

  private static func add(
    _ text: UnsafeRawBufferPointer, kind: Int64, _ id: Int64, to names: inout Names
  ) throws(EventLogError) {
    if id <= names.list.count { return }
    guard id == names.list.count + 1, id <= NameID.max else {
      throw EventLogError(.corrupt, "Name \(id) is out of order.")
    }
    guard let kind = Kind(rawValue: UInt8(clamping: kind)) else {
      throw EventLogError(.corrupt, "Name \(id) is of no known kind.")
    }
    if kind == .type {
      let name = String(decoding: text, as: UTF8.self)
      guard let type = EventType(stored: name) else {
        throw EventLogError(.corrupt, "Name \(id) is not an event type: \(name)")
      }
      names.types[NameID(id)] = type
    }
    names.list.append(text, kind: kind.rawValue)
  }

  /// The kind of each number, from index 1 on.
  var kinds: [UInt8] { names.withLock { $0.list.kinds } }

  var count: Int { names.withLock { $0.list.count } }

  func id(of key: Key) -> NameID? {
    var text = key.text
    return text.withUTF8 { text in
      names.withLock { $0.list.number(of: UnsafeRawBufferPointer(text), kind: key.kind.rawValue) }
    }
  }

  func id(of tag: Tag) -> NameID? { id(of: Key(kind: .tag, text: tag.description)) }

  /// The numbers of all versions of a type.
  func ids(ofType name: String) -> [NameID] {
    names.withLock { names in
      names.types.filter { $0.value.name.utf8.elementsEqual(name.utf8) }.keys.sorted()
    }
  }

  func type(_ id: NameID) -> EventType { names.withLock { $0.types[id] } ?? EventType("") }

  /// Whether a number stands for a name of this kind.
  func isKind(_ id: NameID, _ kind: Kind) -> Bool {
    names.withLock {
      $0.list.kinds.indices.contains(Int(id)) && $0.list.kinds[Int(id)] == kind.rawValue
    }
  }

  /// The text of a tag or recorder; empty for a number that there is not.
  func text(_ id: NameID) -> String {
    names.withLock { id > 0 && Int(id) <= $0.list.count ? $0.list.text(id) : "" }
  }

  func tag(_ id: NameID) -> Tag { Tag(text(id)) ?? Tag(kind: "", value: "") }

  func tags(kind: String) -> [Tag] {
    let prefix = Array((kind + ":").utf8)
    return names.withLock { names in
      var tags: [Tag] = []
      for (number, stored) in names.list.kinds.enumerated().dropFirst()
      where stored == Kind.tag.rawValue && names.list.text(Int32(number), hasPrefix: prefix) {
        if let tag = Tag(names.list.text(Int32(number))), tag.kind == kind { tags.append(tag) }
      }
      return tags
    }
  }
}

extension EventType {
  /// Reads `name.v1`.
  init?(stored text: String) {
    guard let mark = text.utf8.lastIndex(of: UInt8(ascii: "v")), mark > text.startIndex,
      let version = Int(text[text.utf8.index(after: mark)...]), version > 0
    else { return nil }
    let dot = text.utf8.index(before: mark)
    guard text.utf8[dot] == UInt8(ascii: "."), dot > text.startIndex else { return nil }
    self.init(String(text[..<dot]), version: version)
    // One type has one name: .v01 is none.
    guard description == text else { return nil }
  }
}
