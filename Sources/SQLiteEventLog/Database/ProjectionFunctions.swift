import CSQLite
import EventLog

/// SQL functions as the statements of projections have them, in the place of SQLite's own.
///
/// SQLite asks for the time between the steps of a statement, never within a function, and some
/// functions compare every part of one text with every part of another. Functions of dates can read
/// the clock and the time zone of the machine. Each function here looks at its arguments first, and
/// then has SQLite's own compute the result on a connection of its own.
final class ProjectionFunctions {
  private let inner: Connection
  private var functions: [ProjectionFunction] = []

  init(on connection: Connection) throws(EventLogError) {
    inner = try Connection(":memory:", flags: SQLITE_OPEN_READWRITE)
    for (name, rule) in ProjectionFunction.rules {
      let function = ProjectionFunction(name, rule, inner)
      // Libraries of SQLite differ in what functions they have.
      guard let counts = function.knownCounts else { continue }
      functions.append(function)
      for count in counts { try connection.define(function, arguments: count) }
    }
  }

  /// Bounds what the functions give.
  func setLimit(_ bytes: Int) { inner.setLimit(SQLITE_LIMIT_LENGTH, bytes) }
}

/// One such function.
final class ProjectionFunction {
  let name: String
  private let rule: Rule
  private let inner: Connection

  enum Rule {
    /// Of dates: the position of the argument that is a date, and how many arguments there must be.
    case date(at: Int, required: Int)
    /// Takes as long as the product of the lengths of its first two arguments, in bytes; that may be
    /// two to this power.
    case comparing(bits: Int)
    /// Fills a format in: all widths and precisions in it are added up before it runs.
    case formatting
  }

  static let rules: [String: Rule] = [
    "date": .date(at: 0, required: 1), "time": .date(at: 0, required: 1),
    "datetime": .date(at: 0, required: 1), "julianday": .date(at: 0, required: 1),
    "unixepoch": .date(at: 0, required: 1), "timediff": .date(at: 0, required: 2),
    "strftime": .date(at: 1, required: 2),
    "instr": .comparing(bits: 31), "replace": .comparing(bits: 31), "trim": .comparing(bits: 28),
    "ltrim": .comparing(bits: 28), "rtrim": .comparing(bits: 28), "like": .comparing(bits: 27),
    "glob": .comparing(bits: 27), "json_patch": .comparing(bits: 34), "printf": .formatting,
    "format": .formatting,
  ]

  init(_ name: String, _ rule: Rule, _ inner: Connection) {
    (self.name, self.rule, self.inner) = (name, rule, inner)
  }

  /// The numbers of arguments that it is defined for; nil where SQLite does not have it.
  var knownCounts: [Int32]? {
    switch rule {
    case .date(_, let required):
      return (try? inner.prepare(call(required))) == nil ? nil : [-1]
    case .formatting:
      return (try? inner.prepare(call(1))) == nil ? nil : [-1]
    case .comparing:
      let counts = (2...3).filter { (try? inner.prepare(call($0))) != nil }
      return counts.isEmpty ? nil : counts.map(Int32.init)
    }
  }

  /// Runs it for a statement of a projection.
  func run(_ context: OpaquePointer, _ arguments: [OpaquePointer]) {
    if let refusal = refusal(arguments) {
      sqlite3_result_error(context, "\(name)() \(refusal)", -1)
      return
    }
    do throws(EventLogError) {
      let statement = try inner.prepared(call(arguments.count))
      defer { statement.reset() }
      for (index, argument) in arguments.enumerated() {
        statement.bind(argument: argument, at: Int32(index + 1))
      }
      if try statement.step() { statement.giveResult(to: context) }
    } catch {
      sqlite3_result_error(context, inner.lastFault.message, -1)
    }
  }

  private func call(_ count: Int) -> String {
    let places = (0..<count).map { "?\($0 + 1)" }.joined(separator: ", ")
    return "SELECT \(name)(\(places))"
  }

  // MARK: What is refused

  private func refusal(_ arguments: [OpaquePointer]) -> String? {
    switch rule {
    case .date(let place, let required):
      if arguments.count < required { return "without a date is the current time" }
      for (index, argument) in arguments.enumerated() {
        guard let word = Self.word(argument) else { continue }
        if word == "now" || index == place && ["subsec", "subsecond"].contains(word) {
          return "of '\(word)' is the current time"
        }
        if word == "localtime" || word == "utc" {
          return "with '\(word)' depends on the time zone of the machine"
        }
      }
      return nil
    case .comparing(let bits):
      let (a, b) = (Self.length(arguments[0]), Self.length(arguments[1]))
      return a * b <= 1 << bits ? nil : "of texts of \(a) and \(b) bytes could take too long"
    case .formatting:
      guard let format = arguments.first.flatMap(sqlite3_value_text) else { return nil }
      let widest = SQLFormat.widest(format) { index in
        index < arguments.count ? sqlite3_value_int64(arguments[index]) : 0
      }
      return widest <= SQLFormat.limit
        ? nil : "with a width or precision of \(widest) could take too long"
    }
  }

  /// A short text in small letters, as SQLite reads it: up to a zero byte. Nil for longer ones.
  private static func word(_ value: OpaquePointer) -> String? {
    guard let text = sqlite3_value_text(value), strnlen(text, 16) < 16 else { return nil }
    return String(cString: text).lowercased()
  }

  private static func strnlen(_ text: UnsafePointer<UInt8>, _ limit: Int) -> Int {
    var count = 0
    while count < limit, text[count] != 0 { count += 1 }
    return count
  }

  private static func length(_ value: OpaquePointer) -> Int { Int(sqlite3_value_bytes(value)) }
}

extension Connection {
  /// Puts a function in the place of SQLite's own; it must live as long as the connection.
  fileprivate func define(
    _ function: ProjectionFunction, arguments: Int32
  ) throws(EventLogError) {
    // Innocuous and deterministic, as the original is within these bounds: an index may be made of it.
    let flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS
    try check(
      sqlite3_create_function_v2(
        handle, function.name, arguments, flags, Unmanaged.passUnretained(function).toOpaque(),
        { context, count, values in
          guard let context, let data = sqlite3_user_data(context) else { return }
          let function = Unmanaged<ProjectionFunction>.fromOpaque(data).takeUnretainedValue()
          function.run(context, (0..<Int(count)).compactMap { values?[$0] })
        }, nil, nil, nil))
  }
}

/// The format of `printf`.
private enum SQLFormat {
  /// The largest width or precision.
  static let limit: UInt64 = 1 << 20

  /// The largest width or precision in a format; `argument` gives the value of one, from 1.
  static func widest(
    _ format: UnsafePointer<UInt8>, _ argument: (Int) -> Int64
  ) -> UInt64 {
    var widest: UInt64 = 0
    var used = 0
    var at = 0
    while format[at] != 0 {
      at += 1
      guard format[at - 1] == UInt8(ascii: "%") else { continue }
      var number: UInt64 = 0
      conversion: while format[at] != 0 {
        let byte = format[at]
        at += 1
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"):
          number = min(number * 10 + UInt64(byte - UInt8(ascii: "0")), 1 << 40)
        case UInt8(ascii: "*"):
          used += 1
          number = argument(used).magnitude
        case UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: " "),
          UInt8(ascii: "#"), UInt8(ascii: "!"), UInt8(ascii: ","), UInt8(ascii: "l"):
          widest = max(widest, number)
          number = 0
        case UInt8(ascii: "%"), UInt8(ascii: "n"): break conversion
        default:
          used += 1
          break conversion
        }
        widest = max(widest, number)
      }
    }
    return widest
  }
}
