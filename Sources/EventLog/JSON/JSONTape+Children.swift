extension JSONTape {
  /// The elements of an array, in order; none for anything else.
  public struct Elements: Sequence, IteratorProtocol, Sendable {
    @usableFromInline let entries: [Entry]
    @usableFromInline var node: Node
    @usableFromInline let end: Node

    @usableFromInline
    init(_ entries: [Entry], _ array: Node) {
      self.entries = entries
      node = array + 1
      end = entries[array].kind == .array ? Int(entries[array].next) : node
    }

    @inlinable
    public mutating func next() -> Node? {
      guard node < end else { return nil }
      defer { node = Int(entries[node].next) }
      return node
    }
  }

  /// The members of an object, in the order of the text; none for anything else.
  public struct Members: Sequence, IteratorProtocol, Sendable {
    @usableFromInline let entries: [Entry]
    @usableFromInline var node: Node
    @usableFromInline let end: Node

    @usableFromInline
    init(_ entries: [Entry], _ object: Node) {
      self.entries = entries
      node = object + 1
      end = entries[object].kind == .object ? Int(entries[object].next) : node
    }

    @inlinable
    public mutating func next() -> (key: Node, value: Node)? {
      guard node < end else { return nil }
      defer { node = Int(entries[node + 1].next) }
      return (node, node + 1)
    }
  }

  /// The elements of an array; allocates nothing.
  @inlinable
  public func elements(_ array: Node) -> Elements { Elements(entries, array) }

  /// The members of an object; allocates nothing.
  @inlinable
  public func members(_ object: Node) -> Members { Members(entries, object) }

  /// The value of the member with this key; nil when there is none, or `object` is no object.
  public func member(_ object: Node, _ key: StaticString) -> Node? {
    for member in members(object) where equals(member.key, key) { return member.value }
    return nil
  }

  /// The value of the member with this key; nil when there is none, or `object` is no object.
  public func member(_ object: Node, named key: String) -> Node? {
    var key = key
    return key.withUTF8 { key in
      for member in members(object) where equals(member.key, utf8: key) { return member.value }
      return nil
    }
  }

  /// The RFC 6901 pointer from the root to a value, or to the value of a key. Slow: for messages.
  public func pointer(to node: Node) -> String {
    var pointer = ""
    var container = root
    while container < node {
      switch kind(container) {
      case .array:
        guard
          let (index, element) = elements(container).enumerated().first(where: {
            node < entries[$0.element].next
          })
        else { return pointer }
        pointer += "/\(index)"
        container = element
      case .object:
        guard let (key, value) = members(container).first(where: { node < entries[$0.value].next })
        else { return pointer }
        pointer += "/"
        for character in string(key).unicodeScalars {
          switch character {
          case "~": pointer += "~0"
          case "/": pointer += "~1"
          default: pointer.unicodeScalars.append(character)
          }
        }
        if node == key { return pointer }
        container = value
      default:
        return pointer
      }
    }
    return pointer
  }
}
