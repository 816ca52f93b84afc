/// Of how many places the values of a mapping are made up, when each named value in them is written
/// out, and the patterns that they are compared with: a few lines can stand for more than any row could be read with, or for themselves.
struct ValueSizes {
  /// Places of all values of a kind of file together.
  static let limit = 100_000
  /// Values inside each other.
  static let depthLimit = 32

  private let kind: MappedKind
  /// The values of this kind under nil, those of joined kinds under their names.
  private var values: [String?: [String: MappedValue]]
  private var known: [Name: Size] = [:]
  private var open: Set<Name> = []

  private struct Name: Hashable {
    var join: String?
    var name: String
  }

  private struct Size {
    var places = 0
    var depth = 0

    mutating func add(_ other: Size) {
      places = min(places + other.places, ValueSizes.limit + 1)
      depth = max(depth, other.depth)
    }
  }

  init(_ kind: MappedKind, _ mapping: Mapping) {
    self.kind = kind
    values = [nil: Self.values(of: kind)]
    for join in kind.joins {
      values[join.kind] = mapping.files.first { $0.name == join.kind }.map(Self.values)
    }
  }

  private static func values(of kind: MappedKind) -> [String: MappedValue] {
    Dictionary(kind.values.map { ($0.name, $0.value) }) { first, _ in first }
  }

  /// Places in a value; nil when it is made of itself, or of too many values inside each other.
  mutating func places(in value: MappedValue) -> Int? {
    size(of: value, join: nil)?.places
  }

  private mutating func size(of value: MappedValue, join: String?) -> Size? {
    var size = Size()
    for way in value.ways {
      size.places = min(size.places + way.rewrites.count, Self.limit + 1)
      for template in [way.template] + (way.condition?.tests.map(\.template) ?? []) {
        for part in template.parts {
          size.places += 1
          guard case .reference(let name, _) = part else { continue }
          guard let inner = self.size(of: name, join: join) else { return nil }
          size.add(inner)
        }
      }
    }
    size.depth += 1
    return size.depth > Self.depthLimit ? nil : size
  }

  /// Places behind a name: none but its own for a column.
  private mutating func size(of name: String, join: String?) -> Size? {
    if let value = values[join]?[name] {
      let place = Name(join: join, name: name)
      if let known = known[place] { return known }
      guard open.count <= Self.depthLimit, open.insert(place).inserted else { return nil }
      defer { open.remove(place) }
      guard let size = size(of: value, join: join) else { return nil }
      known[place] = size
      return size
    }
    let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
    if join == nil, parts.count == 2, values[parts[0]] != nil {
      return size(of: parts[1], join: parts[0])
    }
    return Size()
  }
}

extension MappedKind {
  /// All values that rows of this kind give, with the names by which they are reported.
  var allValues: [(name: String, value: MappedValue)] {
    let skips = skips.map { ("skip", $0.condition.value) }
    return skips + values + events.flatMap { event in event.values.map { (event.type, $0) } }
  }
}

extension MappedEvent {
  fileprivate var values: [MappedValue] {
    [condition?.value, once].compactMap(\.self) + envelope.map(\.value)
      + (sources + [data]).flatMap(Self.values)
  }

  private static func values(of fields: [MappedField]) -> [MappedValue] {
    fields.flatMap { field in
      switch field.content {
      case .value(let value): [value]
      case .object(let inner): values(of: inner)
      }
    }
  }
}

extension MappedCondition {
  /// A value that is there when the condition holds.
  var value: MappedValue {
    MappedValue(ways: [
      MappedValue.Way(template: TextTemplate(literal: Array("1".utf8)), condition: self)
    ])
  }
}
