import EventLog

/// The ids of the record for those of a data set.
///
/// An id is kept where it is a slug; other characters become a hyphen. An id without a letter gets
/// its class in front, because persons and organisations are often both counted from 1. With a
/// prefix, that stands before every id.
struct PopoloIDs: Sendable {
  enum Class: String, Sendable {
    case person, organization, motion
    case voteEvent = "vote-event"

    /// In sentences.
    var noun: String { self == .voteEvent ? "vote event" : rawValue }
    var isActor: Bool { self == .person || self == .organization }
  }

  let prefix: String?
  /// By class, the slugs of the ids that the data set defines.
  private var slugs: [Class: [String: String]] = [:]
  private var owners: [String: (id: String, of: Class, at: PopoloNode)] = [:]

  init(prefix: String?) { self.prefix = prefix }

  /// The slug that an id gives; nil when it gives none.
  func slug(_ id: String, _ kind: Class) -> String? {
    let hasLetter = id.utf8.contains { ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A }
    let text = (prefix.map { $0 + "/" } ?? "") + (hasLetter ? "" : kind.rawValue + "-") + id
    guard Slug.id(from: id) != nil else { return nil }
    return Slug.id(from: text)
  }

  /// The slug of something that the data set defines; nil for anything else.
  func defined(_ id: String, _ kind: Class) -> String? { slugs[kind]?[id] }

  /// Notes that the data set defines something; returns what is wrong with it.
  mutating func define(_ id: String, _ kind: Class, at node: PopoloNode) -> Refusal? {
    guard let slug = slug(id, kind) else { return .unusable }
    let key = kind.isActor ? "actor \(slug)" : "\(kind.rawValue) \(slug)"
    if let owner = owners[key] {
      return owner.of == kind && owner.id == id
        ? .repeated(owner.at) : .collision(owner.id, owner.of, slug)
    }
    owners[key] = (id, kind, node)
    slugs[kind, default: [:]][id] = slug
    return nil
  }

  enum Refusal {
    /// No slug can be made of it.
    case unusable
    /// It stands there already.
    case repeated(PopoloNode)
    /// Another id gives the same slug.
    case collision(String, Class, String)
  }
}
