import EventLog

/// One schema or subschema, compiled: what the validator needs, in bytes. Others are named by
/// their index among the nodes of the same `JSONSchema`.
struct SchemaNode: Sendable {
  var types: JSONSchema.Types = .all
  /// Those of `types` that references and alternatives leave.
  var possibleTypes: JSONSchema.Types = .all
  var title: String?
  var description: String?
  var reference: Int?
  var anyOf: [Int] = []
  /// The values of `enum` or `const` as they stand in messages.
  var enumeration: [String] = []
  var allowedTexts = ByteTable([])
  /// Those that are not texts, in canonical form.
  var allowedValues: Set<[UInt8]> = []
  /// What kinds of values are among them.
  var allowedKinds: Set<JSONKind> = []

  var properties: [Property] = []
  /// The names of `properties`.
  var names = ByteTable([])
  var required: [Requirement] = []
  /// The required ones among the first 64 properties.
  var requiredMask: UInt64 = 0
  var hasRequiredBeyondMask = false
  var additional: Additional = .allowed

  var items: Int?
  var itemCount: Bounds = Bounds()
  var areItemsUnique = false

  /// In Unicode scalars.
  var length: Bounds = Bounds()
  var range: Bounds = Bounds()
  var format: JSONSchema.Formats.Format?
  /// Whether there is one; asking for `format` itself would copy it.
  var hasFormat = false
  var isEnumerated: Bool { !enumeration.isEmpty }

  struct Property: Sendable {
    var name: String
    var schema: Int
  }

  struct Requirement: Sendable {
    var name: String
    /// Index into `properties`; nil for a field that has no schema of its own.
    var property: Int?
  }

  enum Additional: Sendable {
    case allowed, refused
    case schema(Int)
  }

  /// An interval with either end open.
  struct Bounds: Sendable {
    var minimum: Double?
    var maximum: Double?

    func contains(_ value: Double) -> Bool {
      if let minimum, value < minimum { return false }
      if let maximum, value > maximum { return false }
      return true
    }

    var isUnbounded: Bool { minimum == nil && maximum == nil }
  }
}

extension JSONSchema {
  /// What `type` allows. An integer is a number too.
  public struct Types: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    public static let null = Types(rawValue: 1)
    public static let boolean = Types(rawValue: 2)
    public static let integer = Types(rawValue: 4)
    public static let number = Types(rawValue: 8)
    public static let string = Types(rawValue: 16)
    public static let array = Types(rawValue: 32)
    public static let object = Types(rawValue: 64)
    public static let all = Types(rawValue: 127)

    /// The name in `type`, and the words of messages and of `typeText`.
    static let named: [(type: Types, keyword: String, words: String)] = [
      (.string, "string", "a text"), (.integer, "integer", "a whole number"),
      (.number, "number", "a number"), (.boolean, "boolean", "true or false"),
      (.array, "array", "a list"), (.object, "object", "an object"), (.null, "null", "null"),
    ]

    /// "a text or a list".
    var words: String {
      let words = Self.named.filter { entry in
        contains(entry.type) && !(entry.type == .integer && contains(.number))
      }
      return words.map(\.words).joined(separator: " or ")
    }

    /// Whether a value of this kind may be of these types, whatever its value.
    func allows(_ kind: JSONKind) -> Bool {
      switch kind {
      case .null: contains(.null)
      case .bool: contains(.boolean)
      case .number: contains(.number) || contains(.integer)
      case .string: contains(.string)
      case .array: contains(.array)
      case .object: contains(.object)
      }
    }
  }
}
