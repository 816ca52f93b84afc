/// The members of a JSON object, in order. Keys are compared byte by byte, and looked up one after
/// the other: meant for objects of tens of members.
public struct JSONObject: Sendable {
  public typealias Member = (key: String, value: JSON)

  private var members: [Member]

  public init() { members = [] }

  /// The caller vouches that no key stands there twice.
  package init(uniqueMembers: [Member]) { members = uniqueMembers }

  /// The value under a key; nil where there is none. Setting keeps a member's place, or adds it
  /// at the end; nil removes it.
  public subscript(key: String) -> JSON? {
    get { index(of: key).map { members[$0].value } }
    set {
      switch (index(of: key), newValue) {
      case (let index?, let value?): members[index].value = value
      case (let index?, nil): members.remove(at: index)
      case (nil, let value?): members.append((key, value))
      case (nil, nil): break
      }
    }
  }

  private func index(of key: String) -> Int? {
    members.firstIndex { $0.key.utf8.elementsEqual(key.utf8) }
  }
}

extension JSONObject: RandomAccessCollection {
  public var startIndex: Int { 0 }
  public var endIndex: Int { members.count }
  public subscript(position: Int) -> Member { members[position] }
}

extension JSONObject: Hashable {
  /// Whatever the order of the members.
  public static func == (a: JSONObject, b: JSONObject) -> Bool {
    func same(_ pair: (Member, Member)) -> Bool {
      pair.0.key.utf8.elementsEqual(pair.1.key.utf8) && pair.0.value == pair.1.value
    }
    guard a.count == b.count else { return false }
    return zip(a, b).allSatisfy(same) || zip(a.sorted(), b.sorted()).allSatisfy(same)
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(count)
    for member in sorted() {
      hasher.combine(utf8: member.key)
      hasher.combine(member.value)
    }
  }

  private func sorted() -> [Member] {
    sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
  }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
  /// The last value wins where a key stands there twice.
  public init(dictionaryLiteral elements: (String, JSON)...) {
    self.init()
    for (key, value) in elements { self[key] = value }
  }
}
