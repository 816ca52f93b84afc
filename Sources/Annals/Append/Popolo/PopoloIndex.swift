import EventLog

/// The objects of a data set by class, wherever in the files they stand: in a list of their class,
/// or inside the object that they belong to.
struct PopoloIndex: Sendable {
  let files: PopoloFiles
  private(set) var persons: [PopoloNode] = []
  private(set) var organizations: [PopoloNode] = []
  private(set) var memberships: [Part] = []
  private(set) var motions: [Part] = []
  private(set) var voteEvents: [Part] = []
  private(set) var votes: [Part] = []
  private(set) var counts: [Part] = []
  /// Posts, and sessions and terms, by id.
  private(set) var posts: [String: PopoloNode] = [:]
  private(set) var events: [String: PopoloNode] = [:]
  /// What has no place in the record, and how often it stands in the files.
  private(set) var leftOut: [String: Int] = [:]
  private(set) var faults: [PopoloFault] = []

  /// An object, and the one that it stands in.
  struct Part: Sendable {
    var object: PopoloNode
    var inside: PopoloNode?
  }

  /// How many objects are read.
  var count: Int {
    persons.count + organizations.count + memberships.count + motions.count + voteEvents.count
      + votes.count + counts.count
  }

  init(_ files: PopoloFiles) {
    self.files = files
    for (file, tape) in files.tapes.enumerated() {
      addFile(PopoloNode(file: file, node: tape.root))
    }
  }

  // MARK: where the classes stand

  /// The classes by the names that their lists have in files.
  private static let classes: [String: String] = [
    "persons": "persons", "people": "persons", "organizations": "organizations",
    "organisations": "organizations", "parties": "organizations", "memberships": "memberships",
    "posts": "posts", "events": "events", "motions": "motions", "vote_events": "vote_events",
    "votes": "votes", "counts": "counts",
  ]

  private mutating func addFile(_ root: PopoloNode) {
    let ownClass = Self.namedClass(files.names[root.file])
    if files.kind(root) == .array {
      guard let ownClass else {
        fault(
          .notPopolo, root, "the list does not say of which class its objects are",
          help: "name the file after the class (persons.json, votes.json), or write "
            + "{\"persons\": […]}")
        return
      }
      return add(root, as: ownClass)
    }
    let members = files.members(root)
    var isKnown = false
    for (key, value) in members {
      let name = files.string(key)
      if let known = Self.classes[name] {
        isKnown = true
        add(value, as: known)
      } else if name == "result" || name == "results", let ownClass, files.kind(value) == .array {
        isKnown = true
        add(value, as: ownClass)
      } else {
        leaveOut(name, files.kind(value) == .array ? files.count(value) : 1)
      }
    }
    guard !isKnown else { return }
    let known = Self.classes.keys.sorted()
    var suggester = Suggester()
    var suggestion: String?
    for (key, _) in members where suggestion == nil && !suggester.isSpent {
      suggestion = suggester.nearest(to: files.string(key), among: known)
    }
    fault(
      .notPopolo, root, "the file has no list of a class of Popolo",
      help: "a list is one of \(known.joined(separator: ", "))", suggestion: suggestion)
  }

  /// The class that a file's name says: `data/vote_events-2024.json`.
  private static func namedClass(_ path: String) -> String? {
    let name = (path.split(separator: "/").last ?? "").lowercased().replacing("-", with: "_")
    return classes.keys.sorted { $0.utf8.count > $1.utf8.count }
      .first { name.hasPrefix($0) || name.hasSuffix("_\($0).json") }.flatMap { classes[$0] }
  }

  private mutating func add(_ list: PopoloNode, as name: String) {
    for part in objects(list, inside: nil) {
      switch name {
      case "persons": addPerson(part.object)
      case "organizations": addOrganization(part.object)
      case "memberships": memberships.append(part)
      case "motions": addMotion(part)
      case "vote_events": addVoteEvent(part)
      case "votes": votes.append(part)
      case "counts": counts.append(part)
      case "posts": if let id = id(of: part.object) { posts[id] = part.object }
      default: if let id = id(of: part.object) { events[id] = part.object }
      }
    }
  }

  /// The objects of a list.
  private mutating func objects(_ list: PopoloNode?, inside owner: PopoloNode?) -> [Part] {
    guard let list else { return [] }
    guard files.kind(list) == .array else {
      fault(.wrongType, list, "\(files.wording(list)) is no list")
      return []
    }
    var parts: [Part] = []
    for element in files.elements(list) {
      if files.kind(element) == .object {
        parts.append(Part(object: element, inside: owner))
      } else {
        fault(.wrongType, element, "\(files.wording(element)) is no object")
      }
    }
    return parts
  }

  private mutating func addPerson(_ person: PopoloNode) {
    persons.append(person)
    memberships += objects(files.member(person, "memberships"), inside: person)
  }

  private mutating func addOrganization(_ organization: PopoloNode) {
    organizations.append(organization)
    memberships += objects(files.member(organization, "memberships"), inside: organization)
  }

  private mutating func addMotion(_ part: Part) {
    motions.append(part)
    for event in objects(files.member(part.object, "vote_events"), inside: part.object) {
      addVoteEvent(event)
    }
  }

  private mutating func addVoteEvent(_ part: Part) {
    voteEvents.append(part)
    if let motion = files.member(part.object, "motion") {
      if files.kind(motion) == .object {
        motions.append(Part(object: motion, inside: part.object))
      } else {
        fault(
          .wrongType, motion, "\(files.wording(motion)) is no object",
          help: "an id stands in \"motion_id\"")
      }
    }
    votes += objects(files.member(part.object, "votes"), inside: part.object)
    counts += objects(files.member(part.object, "counts"), inside: part.object)
  }

  private func id(of object: PopoloNode) -> String? {
    files.member(object, "id").map { files.string($0) }
  }

  private mutating func leaveOut(_ name: String, _ count: Int) {
    leftOut[name, default: 0] += count
  }

  private mutating func fault(
    _ code: ErrorCode, _ at: PopoloNode, _ message: String, help: Help? = nil,
    suggestion: String? = nil
  ) {
    faults.append(
      PopoloFault(code: code, at: at, message: message, help: help, suggestion: suggestion))
  }
}
