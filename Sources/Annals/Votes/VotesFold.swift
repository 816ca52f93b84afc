import EventLog

/// Folds votes and roll calls into the grid, in one pass over flat arrays by interned numbers.
///
/// Events come in log order. What was said about them later is known beforehand, so that each is
/// taken as it counts in the end.
struct VotesFold: Sendable {
  /// The event types that it reads. A correction may name a roll call for the first time.
  static let types = ["vote.cast", "rollcall.held", "motion.tabled", "fact.corrected"]

  /// All types that bear on the grid, those that are read beforehand among them.
  static let allTypes = Set(types).union(Amendment.types).union(["actor.merged"]).sorted()

  private enum TypeKind: UInt8 { case unread, other, vote, rollcall, motion, correction }
  private enum TagKind: UInt8 { case unread, other, actor, rollcall }

  private let survey: AmendmentSurvey
  /// The next fact of which the survey has something to say.
  private var nextAmended = 0

  // By interned number: what a type or tag is, and its place in the lists below.
  private var typeKinds: [TypeKind] = []
  private var tagKinds: [TagKind] = []
  private var places: [Int32] = []

  private var actors: [String] = []
  private var actorPlaces: [String: Int32] = [:]
  private var rollcalls: [String] = []
  private var rollcallPlaces: [String: Int32] = [:]
  /// Where the log first names a roll call; the order of these gives the numbers.
  private var mentions: [Position?] = []

  private var cells = AccountCells()
  private var held: [Int32: [VoteRollCall.Account]] = [:]
  private var accounts = HeldRollCalls<Int32>()
  private var titles = MotionTitles()
  private var tape = JSONTape()
  private var ballots = BallotReader()

  init(_ survey: AmendmentSurvey) { self.survey = survey }

  /// Folds the whole log up to a position.
  static func grid(of log: any EventLog, through: Position) async throws -> VoteGrid {
    let survey = try await AmendmentSurvey(of: log, through: through)
    var fold = try await log.fold(
      EventQuery(types: types), in: EventRange(through: through), into: VotesFold(survey)
    ) { fold, row, names in
      fold.add(row, names)
      return true
    }
    return fold.grid()
  }

  mutating func add(_ row: borrowing EventRow, _ names: any LogNames) {
    let kind = kind(ofType: row.type, names)
    var voter: Int32?
    var rollcall: Int32?
    if kind != .motion {
      for tag in row.tags {
        switch self.kind(ofTag: tag, names) {
        case .actor: voter = places[Int(tag)]
        case .rollcall:
          let place = places[Int(tag)]
          rollcall = place
          if mentions[Int(place)] == nil { mentions[Int(place)] = row.position }
        default: break
        }
      }
    }
    if kind == .correction { return }
    let isAmended = isAmended(row.position)
    let holds = !isAmended || survey.holds(row.position)
    // An account of a roll call that was taken back annuls it, where no other is left.
    guard holds || kind == .rollcall else { return }
    if kind == .vote, !isAmended {
      if let voter, let rollcall, let choice = ballots.choices(row) {
        cells.add(
          choice, ballots.special(row), actor: Int(voter), rollcall: Int(rollcall))
      }
      return
    }
    let fields = PayloadFields(
      survey.data(EventBody.data(row.body, &tape), at: row.position))
    switch kind {
    case .vote:
      guard let voter = fields.voter, let rollcall = fields.rollcall, let choice = fields.choice
      else { return }
      cells.add(
        choice, fields, actor: Int(place(ofActor: voter)),
        rollcall: Int(place(ofRollcall: rollcall)))
    case .rollcall:
      guard let rollcall = fields.rollcall else { return }
      let place = place(ofRollcall: rollcall)
      let time = survey.time(row.time, at: row.position)
      accounts.add(
        place,
        .init(bounds: time?.bounds, origin: fields.origin, isAnnulled: fields.isAnnulled),
        holds: holds)
      if holds {
        held[place, default: []].append((time, fields, EventBody.sources(on: tape)))
      }
    case .motion:
      if let motion = fields.motion {
        titles.add(fields.title, of: motion, by: EventBody.sources(on: tape))
      }
    default: break
    }
  }

  /// Positions ascend, and so do the facts that something was said about.
  private mutating func isAmended(_ position: Position) -> Bool {
    while nextAmended < survey.amended.count, survey.amended[nextAmended] < position {
      nextAmended += 1
    }
    return nextAmended < survey.amended.count && survey.amended[nextAmended] == position
  }

  // MARK: numbers

  private mutating func kind(ofType id: NameID, _ names: any LogNames) -> TypeKind {
    let index = Int(id)
    if index < typeKinds.count, typeKinds[index] != .unread { return typeKinds[index] }
    let kind: TypeKind =
      switch names.type(id).name {
      case "vote.cast": .vote
      case "rollcall.held": .rollcall
      case "motion.tabled": .motion
      case "fact.corrected": .correction
      default: .other
      }
    while typeKinds.count <= index { typeKinds.append(.unread) }
    typeKinds[index] = kind
    return kind
  }

  private mutating func kind(ofTag id: NameID, _ names: any LogNames) -> TagKind {
    let index = Int(id)
    if index < tagKinds.count, tagKinds[index] != .unread { return tagKinds[index] }
    while tagKinds.count <= index {
      tagKinds.append(.unread)
      places.append(-1)
    }
    let tag = names.tag(id)
    switch tag.kind {
    case "actor":
      tagKinds[index] = .actor
      places[index] = place(ofActor: String(tag.value))
    case "rollcall":
      tagKinds[index] = .rollcall
      places[index] = place(ofRollcall: String(tag.value))
    default: tagKinds[index] = .other
    }
    return tagKinds[index]
  }

  private mutating func place(ofActor id: String) -> Int32 {
    let id = survey.merges.current(id)
    if let place = actorPlaces[id] { return place }
    let place = Int32(actors.count)
    actors.append(id)
    actorPlaces[id] = place
    return place
  }

  private mutating func place(ofRollcall id: String) -> Int32 {
    if let place = rollcallPlaces[id] { return place }
    let place = Int32(rollcalls.count)
    rollcalls.append(id)
    rollcallPlaces[id] = place
    mentions.append(nil)
    return place
  }

  // MARK: the result

  private mutating func grid() -> VoteGrid {
    // Mostly they were met in this order; a roll call that a vote was corrected to was met early.
    let order = rollcalls.indices.filter { mentions[$0] != nil }
      .sorted { (mentions[$0] ?? .start, $0) < (mentions[$1] ?? .start, $1) }
    var grid = VoteGrid()
    grid.rollcalls = order.map { VoteRollCall(id: rollcalls[$0]) }
    for (number, place) in order.enumerated() {
      guard let accounts = held[Int32(place)] else { continue }
      grid.rollcalls[number].take(accounts, titles: titles, canonical: survey.merges.current)
    }
    cells.count(into: &grid, actors: actors, order: order) { accounts.isAnnulled(Int32($0)) }
    return grid
  }
}

/// What accounts of votes come to, by actor and roll call in the order in which they were met.
///
/// Of all accounts of a vote two things are kept: the choices that all of them allow, and those
/// that any of them names.
private struct AccountCells: Sendable {
  /// By actor and block: where its cells begin; -1 for none.
  private var starts: [[Int]] = []
  private var common: [UInt16] = []
  private var any: [UInt16] = []
  /// By cell, of the few votes whose accounts say how many votes they count.
  private var weights: [Int: Int] = [:]
  /// By cell: the casting votes.
  private var casting: [Int: (reading: VoteReading, weight: Int?)] = [:]

  private static let size = VoteGrid.blockSize

  /// `fields` are those of a vote that may say how it counts.
  mutating func add(_ choice: ChoiceSet, _ fields: PayloadFields?, actor: Int, rollcall: Int) {
    let index = start(actor, rollcall / Self.size) + rollcall % Self.size
    let weight = fields?.weight
    if fields?.isCasting == true {
      var vote = casting[index] ?? (VoteReading(), nil)
      vote.reading.add(choice)
      vote.weight = vote.weight ?? weight
      casting[index] = vote
      return
    }
    var reading = reading(index)
    reading.add(choice)
    common[index] = reading.common.rawValue
    any[index] = reading.any.rawValue
    if let weight, weights[index] == nil { weights[index] = weight }
  }

  private func reading(_ index: Int) -> VoteReading {
    VoteReading(
      common: ChoiceSet(rawValue: common[index]), any: ChoiceSet(rawValue: any[index]))
  }

  private mutating func start(_ actor: Int, _ block: Int) -> Int {
    while starts.count <= actor { starts.append([]) }
    while starts[actor].count <= block { starts[actor].append(-1) }
    if starts[actor][block] < 0 {
      starts[actor][block] = common.count
      common.append(contentsOf: repeatElement(0, count: Self.size))
      any.append(contentsOf: repeatElement(0, count: Self.size))
    }
    return starts[actor][block]
  }

  /// Fills the grid with actors, cells and counts; `order` says which roll call has which number.
  func count(
    into grid: inout VoteGrid, actors: [String], order: [Int], leavingOut: (Int) -> Bool
  ) {
    var numbers: [Int] = []
    for (number, place) in order.enumerated() where !leavingOut(place) {
      while numbers.count <= place { numbers.append(-1) }
      numbers[place] = number
    }
    let places = starts.indices.filter { actor in starts[actor].contains { $0 >= 0 } }
      .sorted { actors[$0].utf8Precedes(actors[$1]) }
    for place in places {
      var blocks: [Int: [UInt8]] = [:]
      for (block, start) in starts[place].enumerated() where start >= 0 {
        for offset in 0..<Self.size {
          let cast = casting.isEmpty ? nil : casting[start + offset]
          let hasOwn = any[start + offset] != 0
          if !hasOwn, cast == nil { continue }
          let reading = hasOwn ? reading(start + offset) : cast?.reading ?? VoteReading()
          let cell = VoteCell(reading)
          let place = block * Self.size + offset
          let number = place < numbers.count ? numbers[place] : -1
          if number < 0 { continue }
          grid.rollcalls[number].voters += 1
          if hasOwn { grid.rollcalls[number].count(reading, weight: weights[start + offset] ?? 1) }
          if let cast {
            grid.rollcalls[number].count(cast.reading, weight: cast.weight ?? 1, isCasting: true)
          }
          blocks[number / Self.size, default: [UInt8](repeating: 0, count: Self.size)][
            number % Self.size] = cell.rawValue
        }
      }
      if blocks.isEmpty { continue }
      grid.actors.append(actors[place])
      for (number, cells) in blocks.sorted(by: { $0.key < $1.key }) {
        grid.blocks.append(
          VoteGrid.Block(actor: grid.actors.count - 1, number: number, cells: cells))
      }
    }
  }
}
