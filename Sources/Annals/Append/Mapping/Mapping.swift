import EventLog

/// Says which events the rows of a data set give: `annals import FILE --map NAME`.
///
/// What each part means is written in Documentation/importing.md.
public struct Mapping: Sendable {
  public internal(set) var name: String
  var version: String?
  var dataset: String
  /// What the data set covers, in words.
  var covers: String?
  var delimiter = UInt8(ascii: ",")
  /// Payloads of `source.captured`, by id, written where the store lacks the source.
  var sources: [(id: String, data: JSON)] = []
  /// Actors that are registered when a row names them and the store lacks them.
  var actors: [String: KnownActor] = [:]
  /// By name: from what stands in a cell to what is meant.
  var tables: [String: [String: String]] = [:]
  var files: [MappedKind] = []

  init(name: String) {
    self.name = name
    dataset = name
  }

  struct KnownActor: Hashable, Sendable {
    var kind: String
    var name: String
  }
}

/// One kind of file of a data set, known by its columns.
struct MappedKind: Sendable {
  var name: String
  /// Columns that the first line must name.
  var columns: [String] = []
  /// Columns of whole numbers: 14226.0 in them is read as 14226, as if the file had it so.
  var wholeColumns: Set<String> = []
  /// Rows of other kinds that are looked up: by the kind's name, the columns of the key, which both
  /// have.
  var joins: [Join] = []
  var skips: [(condition: MappedCondition, reason: String)] = []
  /// Values with a name of their own.
  var values: [(name: String, value: MappedValue)] = []
  var events: [MappedEvent] = []

  struct Join: Sendable {
    var kind: String
    var key: [String]
    /// True when the import may do without that file; its columns are empty then.
    var isOptional = false
  }
}

/// One event that each row gives.
struct MappedEvent: Sendable {
  var type: String
  var version: Int?
  var condition: MappedCondition?
  /// When given, only the first row with this value gives the event.
  var once: MappedValue?
  /// True when nothing is to be written that the store has already, from whatever source.
  var isOnlyWhereMissing = false
  /// Texts of the envelope: `on`, `basis`, `confidence`, `note`.
  var envelope: [(name: String, value: MappedValue)] = []
  var data: [MappedField] = []
  /// Fields of each citation.
  var sources: [[MappedField]] = []
}

/// A field of an object, or an object of its own.
struct MappedField: Sendable {
  enum Content: Sendable {
    case value(MappedValue)
    case object([MappedField])
  }

  var name: String
  var content: Content
}

/// Where a value comes from: the first of several ways that gives one.
struct MappedValue: Hashable, Sendable {
  var ways: [Way]

  /// True when an id is made of a text.
  var makesIDs: Bool { ways.contains(where: \.isID) }

  struct Way: Hashable, Sendable {
    var template: TextTemplate
    var condition: MappedCondition?
    /// Texts that mean that there is no value.
    var omit: Set<[UInt8]> = []
    var letters: Letters?
    var rewrites: [Rewrite] = []
    /// Name of a table.
    var table: String?
    /// What becomes of a text that no rewrite or no line of the table knows.
    var otherwise: Otherwise = .refuse
    /// An actor's id, name or identifier, of which the id is wanted.
    var isActor = false
    /// A text of which an id is to be made.
    var isID = false
    /// Only when no other row of the file gives it.
    var isAlone = false
    var form: Form = .text
  }

  enum Letters: String, CaseIterable, Sendable { case upper, lower }
  enum Otherwise: String, CaseIterable, Sendable { case refuse, keep, omit }

  enum Form: Hashable, Sendable {
    case text, integer, boolean
    case list(separator: [UInt8])
  }
}

/// All tests must hold.
struct MappedCondition: Hashable, Sendable {
  struct Test: Hashable, Sendable {
    var template: TextTemplate
    var isNegated: Bool
    var texts: Set<[UInt8]> = []
    /// From and to, both included.
    var ranges: [ClosedRange<Int>] = []

    func holds(_ text: [UInt8]) -> Bool {
      var holds = texts.contains(text)
      if !holds, !ranges.isEmpty, let number = WholeNumber.value(text) {
        holds = ranges.contains { $0.contains(Int(number)) }
      }
      return holds != isNegated
    }
  }

  var tests: [Test]
}
