import EventLog

/// How a roll call or a motion is linked to a topic.
struct TopicLink: Hashable, Sendable {
  var supportingYes: Bool
  var isStrong: Bool
  /// Position of the event that made the link.
  var position: Position
  /// Why, where that is recorded and was read.
  var rationale: String?
}

/// Which topics roll calls and motions are linked to. `Name` is a tag, or the number under which a log
/// has interned it.
struct TopicLinks<Name: Hashable & Sendable>: Sendable {
  /// By roll call or motion, then by topic.
  private var links: [Name: [Name: TopicLink]] = [:]
  private var targets: [Name: Set<Name>] = [:]

  init() {}

  /// Adds a link that holds; a later one of the same two takes the place of an earlier one.
  mutating func add(_ target: Name, to topic: Name, _ link: TopicLink) {
    links[target, default: [:]][topic] = link
    targets[topic, default: []].insert(target)
  }

  /// What a roll call or a motion itself is linked to.
  func of(_ target: Name) -> [Name: TopicLink] { links[target] ?? [:] }

  /// What a roll call is linked to: by links of its own, else by those of its motion.
  func of(rollcall: Name, motion: Name?) -> [Name: TopicLink] {
    of(rollcall).merging(motion.map(of) ?? [:]) { own, _ in own }
  }

  /// The roll calls and motions that have links of their own to a topic.
  func targets(of topic: Name) -> Set<Name> { targets[topic] ?? [] }
}

extension TopicLinks where Name == Tag {
  /// Takes the links among the facts that hold.
  init(_ facts: some Sequence<Fact>) {
    self.init()
    for fact in facts where fact.holds && fact.type == "topic.linked" {
      guard let topic = fact.data["topic"]?.string else { continue }
      let link = TopicLink(
        supportingYes: fact.data["supporting"]?.string != "no",
        isStrong: fact.data["strength"]?.string == "strong", position: fact.position,
        rationale: fact.data["rationale"]?.string)
      if let rollcall = fact.data["rollcall"]?.string {
        add(.rollcall(rollcall), to: .topic(topic), link)
      } else if let motion = fact.data["motion"]?.string {
        add(.motion(motion), to: .topic(topic), link)
      }
    }
  }
}
