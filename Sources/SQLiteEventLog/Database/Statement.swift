import CSQLite
import EventLog

/// A prepared statement: values are bound and columns read as bytes, without Swift Strings.
///
/// A failing bind is remembered and thrown by the next `step`.
final class Statement {
  private let handle: OpaquePointer
  private unowned let connection: Connection
  private var failed = SQLITE_OK

  /// Values are copied here and bound in place, which saves SQLite an allocation per value.
  private let arena = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 1)
  private var arenaUsed = 0

  init(_ handle: OpaquePointer, of connection: Connection) {
    self.handle = handle
    self.connection = connection
  }

  deinit {
    sqlite3_finalize(handle)
    arena.deallocate()
  }

  // MARK: Running

  /// Goes to the next row; false when there is none.
  func step() throws(EventLogError) -> Bool {
    if failed != SQLITE_OK {
      defer { failed = SQLITE_OK }
      throw connection.error(failed)
    }
    let code = sqlite3_step(handle)
    if let files = connection.unlocked, !files.isUnchanged {
      reset()
      throw files.error
    }
    switch code {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    default:
      let error = connection.error(code)
      reset()
      throw error
    }
  }

  /// Runs a statement that returns nothing, and makes it ready for the next run.
  func run() throws(EventLogError) {
    while try step() {}
    reset()
  }

  /// Ends the run. Bound values stay until they are bound anew, but not their bytes: bind again
  /// all that were bytes or text.
  func reset() {
    sqlite3_reset(handle)
    arenaUsed = 0
  }

  // MARK: Binding

  func bind(_ value: Int64, at index: Int32) {
    note(sqlite3_bind_int64(handle, index, value))
  }

  func bind(_ value: Int64?, at index: Int32) {
    if let value { bind(value, at: index) } else { bindNull(at: index) }
  }

  func bind(_ value: Double, at index: Int32) {
    note(sqlite3_bind_double(handle, index, value))
  }

  func bindNull(at index: Int32) {
    note(sqlite3_bind_null(handle, index))
  }

  func bind(blob: [UInt8], at index: Int32) {
    blob.withUnsafeBytes { bind($0, at: index, isText: false) }
  }

  func bind(blob: ArraySlice<UInt8>, at index: Int32) {
    blob.withUnsafeBytes { bind($0, at: index, isText: false) }
  }

  /// Binds an id as its 16 bytes.
  func bind(id: EventID, at index: Int32) {
    withUnsafeBytes(of: (id.high.bigEndian, id.low.bigEndian)) {
      bind($0, at: index, isText: false)
    }
  }

  func bind(text: String, at index: Int32) {
    var text = text
    text.withUTF8 { bind(UnsafeRawBufferPointer($0), at: index, isText: true) }
  }

  /// Binds bytes that are UTF-8 as text.
  func bind(text: [UInt8], at index: Int32) {
    text.withUnsafeBytes { bind($0, at: index, isText: true) }
  }

  func bind(text: String?, at index: Int32) {
    if let text { bind(text: text, at: index) } else { bindNull(at: index) }
  }

  private func bind(_ bytes: UnsafeRawBufferPointer, at index: Int32, isText: Bool) {
    var start = bytes.baseAddress
    var destructor = unsafeBitCast(-1, to: sqlite3_destructor_type?.self)  // SQLITE_TRANSIENT
    if arenaUsed + bytes.count <= arena.count, let base = arena.baseAddress {
      let copy = base + arenaUsed
      if let start { copy.copyMemory(from: start, byteCount: bytes.count) }
      arenaUsed += bytes.count
      start = UnsafeRawPointer(copy)
      destructor = nil  // SQLITE_STATIC: stays in place until reset
    }
    if isText {
      note(
        sqlite3_bind_text64(
          handle, index, start?.assumingMemoryBound(to: CChar.self), UInt64(bytes.count),
          destructor, UInt8(SQLITE_UTF8)))
    } else {
      note(sqlite3_bind_blob64(handle, index, start, UInt64(bytes.count), destructor))
    }
  }

  /// Binds an argument of a function.
  func bind(argument: OpaquePointer, at index: Int32) {
    note(sqlite3_bind_value(handle, index, argument))
  }

  /// Gives the first column of the row as the result of a function.
  func giveResult(to context: OpaquePointer) {
    sqlite3_result_value(context, sqlite3_column_value(handle, 0))
  }

  private func note(_ code: Int32) {
    if code != SQLITE_OK { failed = code }
  }

  // MARK: Reading the row

  var columnCount: Int32 { sqlite3_column_count(handle) }

  /// True when the statement cannot change the database.
  var isReadOnly: Bool { sqlite3_stmt_readonly(handle) != 0 }

  var parameterCount: Int { Int(sqlite3_bind_parameter_count(handle)) }

  func isNull(_ column: Int32) -> Bool {
    sqlite3_column_type(handle, column) == SQLITE_NULL
  }

  func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

  func optionalInteger(_ column: Int32) -> Int64? { isNull(column) ? nil : integer(column) }

  /// The bytes of a blob or text, in place: gone with the next step or reset.
  func withBytes<Result, Failure: Error>(
    _ column: Int32, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let start = sqlite3_column_blob(handle, column)
    return try body(
      UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column))))
  }

  /// Replaces the content of `bytes`, without giving up its storage.
  func copyBytes(_ column: Int32, into bytes: inout [UInt8]) {
    bytes.removeAll(keepingCapacity: true)
    withBytes(column) { bytes.append(contentsOf: $0) }
  }

  func bytes(_ column: Int32) -> [UInt8] { withBytes(column) { Array($0) } }

  func text(_ column: Int32) -> String {
    withBytes(column) { String(decoding: $0, as: UTF8.self) }
  }

  func optionalText(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }

  /// A 16-byte blob as an id; nil for any other length.
  func id(_ column: Int32) -> EventID? {
    withBytes(column) { bytes in
      guard bytes.count == 16 else { return nil }
      return EventID(
        high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
        low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
    }
  }

  func value(_ column: Int32) -> SQLValue {
    switch sqlite3_column_type(handle, column) {
    case SQLITE_INTEGER: .integer(integer(column))
    case SQLITE_FLOAT: .real(sqlite3_column_double(handle, column))
    case SQLITE_TEXT: .text(text(column))
    case SQLITE_BLOB: .blob(bytes(column))
    default: .null
    }
  }

  /// Binds one value per parameter.
  func bind(_ values: [SQLValue]) throws(EventLogError) {
    guard values.count == parameterCount else {
      throw EventLogError(
        .badStatement, "There are \(values.count) values for \(parameterCount) parameters.")
    }
    for (index, value) in values.enumerated() { bind(value, at: Int32(index + 1)) }
  }

  func bind(_ value: SQLValue, at index: Int32) {
    switch value {
    case .null: bindNull(at: index)
    case .integer(let value): bind(value, at: index)
    case .real(let value): bind(value, at: index)
    case .text(let value): bind(text: value, at: index)
    case .blob(let value): bind(blob: value, at: index)
    }
  }
}
