import EventLog

/// Which facts hold, and with which corrections, after all that was said about them.
///
/// Fed with every amendment of a stretch of the log in order; works alike for the whole log and
/// for the slice of it that one question needs.
struct AmendmentState: Sendable {
  enum Kind: Sendable { case correction, retraction, dispute, settlement }

  private struct Amendment: Sendable {
    var position: Position
    var kind: Kind
    var targets: [Position]
    /// For a settlement: the fact to go by.
    var preferred: Position?
  }

  private var amendments: [Amendment] = []
  /// The fact that a correction (or a correction of a correction) is about.
  private var roots: [Position: Position] = [:]

  static func kind(of type: String) -> Kind? {
    switch type {
    case "fact.corrected": .correction
    case "fact.retracted": .retraction
    case "fact.disputed": .dispute
    case "dispute.settled": .settlement
    default: nil
    }
  }

  /// Takes the next amendment; positions must ascend.
  mutating func add(
    _ kind: Kind, at position: Position, targets: [Position], preferred: Position? = nil
  ) {
    amendments.append(
      Amendment(position: position, kind: kind, targets: targets, preferred: preferred))
    if kind == .correction, let target = targets.first { roots[position] = root(of: target) }
  }

  /// The fact behind a position: itself, unless it is a correction.
  func root(of position: Position) -> Position { roots[position] ?? position }

  /// Every position that some amendment names.
  var targets: Set<Position> { Set(amendments.flatMap(\.targets)) }

  /// The facts that were corrected, whether the correction holds or not.
  var correctedRoots: Set<Position> { Set(roots.values) }

  /// What follows from all amendments so far.
  func resolved() -> Resolved {
    var result = Resolved(roots: roots)
    // A retraction can only name what stands before it, so going backwards each one is known to
    // hold or not before anything that it names is looked at.
    for amendment in amendments.reversed()
    where amendment.kind == .retraction && !result.withdrawn.contains(amendment.position) {
      result.withdrawn.formUnion(amendment.targets)
    }
    var disputes: [Position: [Position]] = [:]
    // By fact: the disputes about it that nobody has settled.
    var open: [Position: Set<Position>] = [:]
    for amendment in amendments where !result.withdrawn.contains(amendment.position) {
      switch amendment.kind {
      case .correction:
        result.corrections[root(of: amendment.position), default: []].append(amendment.position)
      case .dispute:
        disputes[amendment.position] = amendment.targets
        for fact in amendment.targets.map(root) {
          open[fact, default: []].insert(amendment.position)
        }
      case .settlement:
        // It names the disputes that it settles, or the facts themselves.
        var settled: Set<Position> = []
        for target in amendment.targets {
          if let facts = disputes[target] {
            for fact in facts.map(root) { open[fact]?.remove(target) }
            settled.formUnion(facts.map(root))
          } else {
            open[root(of: target)] = nil
            settled.insert(root(of: target))
          }
        }
        for fact in settled { result.setAside[fact] = nil }
        // Which account to go by ends every doubt about them.
        guard let preferred = amendment.preferred.map(root) else { continue }
        for fact in settled {
          open[fact] = nil
          if fact != preferred { result.setAside[fact] = amendment.position }
        }
      case .retraction:
        break
      }
    }
    result.disputed = Set(open.filter { !$0.value.isEmpty }.keys)
    return result
  }

  /// The event that a settlement says to go by.
  static func preferred(in body: [UInt8]) -> EventID? {
    EventBody(body).data["preferred"]?.string.flatMap { EventID($0) }
  }

  struct Resolved: Sendable {
    fileprivate var roots: [Position: Position]
    /// Positions that a retraction which holds has taken back.
    fileprivate(set) var withdrawn: Set<Position> = []
    /// By fact: its corrections that hold, in order.
    fileprivate(set) var corrections: [Position: [Position]] = [:]
    fileprivate(set) var disputed: Set<Position> = []
    /// Facts against which a settlement decided: kept and shown, but no evidence.
    fileprivate(set) var setAside: [Position: Position] = [:]

    fileprivate init(roots: [Position: Position]) { self.roots = roots }

    func isLive(_ position: Position) -> Bool { !withdrawn.contains(position) }
    func root(of position: Position) -> Position { roots[position] ?? position }
  }
}
