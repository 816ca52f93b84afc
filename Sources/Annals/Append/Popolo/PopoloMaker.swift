import EventLog

/// Finds the facts in a data set, in the order in which the record can take them, and writes each
/// as a line of the import format.
///
/// A fact is written anew whenever its line is asked for: a data set of millions of votes is not
/// kept a second time.
struct PopoloMaker: Sendable {
  let files: PopoloFiles
  let index: PopoloIndex
  /// What the facts rest on.
  let source: Source
  var ids: PopoloIDs
  private(set) var faults: [PopoloFault] = []
  private var seen: Set<PopoloFault> = []
  var suggester = Suggester()
  /// Options that are not known, by where they first stand; and how often those stand in the files
  /// that stand there more than once.
  var unknownOptions: [String: PopoloNode] = [:]
  var repeated: [PopoloNode: Int] = [:]
  /// What has no place in the record, and how often.
  private(set) var leftOut: [String: Int]
  /// Ids of objects that are refused: who names them is not wrong on that account.
  private(set) var refusedIDs: Set<String> = []
  var dates = DateSpan()
  let personNodes: Set<PopoloNode>
  /// Objects under an id that another object has: nothing is made of them.
  var repeats: Set<PopoloNode> = []
  /// Votes of voters that voted both for and against, with the words for it.
  var bothWays: [PopoloNode: String] = [:]
  /// By their ids.
  var voteEvents: [String: PopoloNode] = [:]
  var motionsByID: [String: PopoloNode] = [:]
  /// By vote event: the motion that it stands in or that stands in it, and its counts.
  var motionOf: [PopoloNode: PopoloNode] = [:]
  var eventOf: [PopoloNode: PopoloNode] = [:]
  var countsOf: [PopoloNode: [PopoloNode]] = [:]
  /// By motion: the day of its first vote event.
  var firstDay: [PopoloNode: String] = [:]
  /// The vote event that was asked for last: its votes mostly stand side by side.
  var lastEvent: (node: PopoloNode, rollcall: String, head: [UInt8], tail: [UInt8])?

  /// The source that the files are.
  struct Source: Sendable {
    var id: String
    var title: String
    var sha256: String
  }

  init(_ index: PopoloIndex, source: Source, prefix: String?) {
    self.index = index
    files = index.files
    personNodes = Set(index.persons)
    self.source = source
    ids = PopoloIDs(prefix: prefix)
    leftOut = index.leftOut
    faults = index.faults
  }

  /// All facts without a fault; what is wrong with the others is in `faults` afterwards.
  mutating func facts() -> [PopoloFact] {
    defineAll()
    findBothWays()
    var facts = [PopoloFact(kind: .source)]
    var line: [UInt8] = []
    func add(_ fact: PopoloFact, _ maker: inout PopoloMaker) {
      let before = maker.faults.count
      line.removeAll(keepingCapacity: true)
      if maker.write(fact, to: &line), maker.faults.count == before { facts.append(fact) }
    }
    for fact in candidates() { add(fact, &self) }
    for part in index.votes {
      guard let event = event(of: part) else { continue }
      add(PopoloFact(kind: .vote, at: part.object, owner: event), &self)
    }
    countUnused()
    return facts
  }

  /// Everything but the votes: definitions before what refers to them.
  private func candidates() -> [PopoloFact] {
    var facts: [PopoloFact] = []
    let actors: [(PopoloFact.Kind, [PopoloNode])] = [
      (.organization, index.organizations), (.person, index.persons),
    ]
    for (kind, objects) in actors {
      facts += objects.map { PopoloFact(kind: kind, at: $0) }
    }
    for object in index.organizations + index.persons {
      facts.append(PopoloFact(kind: .popoloID, at: object))
      for name in files.elements(files.member(object, "other_names")) {
        facts.append(PopoloFact(kind: .otherName, at: name, owner: object))
      }
      for identifier in files.elements(files.member(object, "identifiers")) {
        facts.append(PopoloFact(kind: .identifier, at: identifier, owner: object))
      }
    }
    facts += index.organizations.map { PopoloFact(kind: .parent, at: $0) }
    for part in index.memberships {
      for kind in [PopoloFact.Kind.membership, .faction, .role] {
        facts.append(PopoloFact(kind: kind, at: part.object, owner: part.inside))
      }
    }
    for part in index.motions {
      facts.append(PopoloFact(kind: .motion, at: part.object, owner: part.inside))
      facts.append(PopoloFact(kind: .sponsorship, at: part.object, owner: part.inside))
    }
    for part in index.voteEvents {
      facts.append(PopoloFact(kind: .motionOfEvent, at: part.object))
      facts.append(PopoloFact(kind: .rollcall, at: part.object))
    }
    return facts
  }

  /// Appends the line of a fact; false where there is nothing to be said.
  mutating func write(_ fact: PopoloFact, to line: inout [UInt8]) -> Bool {
    guard let at = fact.at else {
      append(
        event("source.captured", on: nil, data: sourceData, sources: [citation(nil)]), to: &line)
      return true
    }
    if repeats.contains(at) || fact.owner.map(repeats.contains) ?? false { return false }
    if fact.kind == .vote, let event = fact.owner { return writeVote(at, of: event, to: &line) }
    let event: JSONObject? =
      switch fact.kind {
      case .person, .organization: actor(at, fact.kind)
      case .otherName: fact.owner.flatMap { otherName(at, of: $0) }
      case .identifier: fact.owner.flatMap { identifier(at, of: $0) }
      case .popoloID: popoloID(at)
      case .parent: parent(at)
      case .membership, .faction, .role: membership(at, in: fact.owner, fact.kind)
      case .motion: motion(at, in: fact.owner)
      case .motionOfEvent: motionOfEvent(at)
      case .sponsorship: sponsorship(at, in: fact.owner)
      case .rollcall: rollcall(at)
      case .source, .vote: nil
      }
    guard let event else { return false }
    append(event, to: &line)
    return true
  }

  private var sourceData: JSONObject {
    [
      "source": .string(source.id), "title": .string(source.title),
      "sha256": .string(source.sha256),
    ]
  }

  private func append(_ event: JSONObject, to line: inout [UInt8]) {
    line.append(contentsOf: JSONWriter.compact(.object(event)).utf8)
  }

  // MARK: parts of an event

  /// An event of the import format.
  func event(
    _ type: String, on: String?, basis: String = "explicit", data: JSONObject, sources: [JSON]
  ) -> JSONObject {
    var event: JSONObject = ["type": .string(type)]
    if let on {
      event["on"] = .string(on)
      event["basis"] = .string(basis)
    }
    event["data"] = .object(data)
    event["sources"] = .array(sources)
    return event
  }

  /// The data set as a source, with the object in it.
  func citation(_ locator: String?) -> JSON {
    var citation: JSONObject = ["source": .string(source.id)]
    if let locator { citation["locator"] = .string(locator) }
    return .object(citation)
  }

  /// The data set, and the web pages that an object names as its own sources.
  func citations(_ object: PopoloNode, _ locator: String?) -> [JSON] {
    var all = [citation(locator)]
    var seen: Set<String> = []
    for source in files.elements(files.member(object, "sources")) {
      guard files.kind(source) == .object, let url = files.member(source, "url") else { continue }
      var text = files.string(url)
      guard text.withUTF8(TextForm.isWebAddress) else { continue }
      if seen.insert(text).inserted { all.append(.object(["source": .string(text)])) }
    }
    return all
  }

  // MARK: values

  /// A text; nil where there is none, or an empty one. Ids may be numbers.
  mutating func text(_ object: PopoloNode, _ key: StaticString, isID: Bool = false) -> String? {
    guard let value = files.member(object, key) else { return nil }
    switch files.kind(value) {
    case .string:
      let text = files.string(value)
      return text.isEmpty ? nil : text
    case .number where isID && (files.integer(value) != nil || Self.isWhole(files.string(value))):
      return files.string(value)
    default:
      fault(
        .wrongType, value,
        "\(key) is \(files.wording(value)), not a text" + (isID ? " or a whole number" : ""))
      return nil
    }
  }

  /// Whether a number is written with digits alone: then its digits are the id, however many.
  private static func isWhole(_ number: String) -> Bool {
    number.utf8.allSatisfy { $0 &- UInt8(ascii: "0") <= 9 }
  }

  /// The id that an object refers to: by an id, or by holding the object.
  mutating func reference(
    _ object: PopoloNode, _ key: StaticString, _ embedded: StaticString
  ) -> String? {
    if let id = text(object, key, isID: true) { return id }
    guard let other = files.member(object, embedded), files.kind(other) == .object else {
      return nil
    }
    return text(other, "id", isID: true)
  }

  /// A date, as exact as it is written. A time counts only with its zone: without one it leaves
  /// open which second is meant, and the day stays.
  mutating func date(_ object: PopoloNode, _ key: StaticString, dayOnly: Bool = false) -> String? {
    guard let written = text(object, key), let value = files.member(object, key) else { return nil }
    let bytes = Array(written.utf8)
    let hasTime = bytes.count > 10 && (bytes[10] == 0x54 || bytes[10] == 0x20)
    if hasTime, !dayOnly, Self.hasZone(bytes), (try? EDTF(written)) != nil { return written }
    let text = hasTime ? String(decoding: bytes[..<10], as: UTF8.self) : written
    do {
      _ = try EDTF(text)
      return text
    } catch {
      fault(.badDate, value, error.message, help: error.help, suggestion: error.suggestion)
      return nil
    }
  }

  private static func hasZone(_ bytes: [UInt8]) -> Bool {
    bytes.last == UInt8(ascii: "Z")
      || bytes.dropFirst(16).contains { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }
  }

  /// From one date to another: without a last day it lasts, without a first one that is not known.
  /// Nil where there is neither.
  mutating func period(
    _ object: PopoloNode, _ start: StaticString, _ end: StaticString
  ) -> String? {
    let first = date(object, start, dayOnly: true)
    let last = date(object, end, dayOnly: true)
    guard first != nil || last != nil else { return nil }
    let text = "\(first ?? "")/\(last ?? "..")"
    do {
      _ = try EDTF(text)
      return text
    } catch {
      let at = files.member(object, end) ?? files.member(object, start) ?? object
      fault(.badDate, at, error.message, help: error.help, suggestion: error.suggestion)
      return nil
    }
  }

  // MARK: faults and remainders

  /// The faults, each with how often it was found.
  var countedFaults: [PopoloFault] {
    faults.map { fault in
      var fault = fault
      if let count = repeated[fault.at] { fault.message += " (\(count) times)" }
      return fault
    }
  }

  mutating func fault(
    _ code: ErrorCode, _ at: PopoloNode, _ message: String, help: Help? = nil,
    suggestion: String? = nil, first: PopoloNode? = nil
  ) {
    let fault = PopoloFault(
      code: code, at: at, message: message, help: help, suggestion: suggestion, first: first)
    if seen.insert(fault).inserted { faults.append(fault) }
  }

  /// The id of a vote event that may have been meant.
  mutating func voteEvent(near id: String) -> String? {
    suggester.nearest(to: id, among: suggester.isSpent ? [] : voteEvents.keys.sorted())
  }

  mutating func missing(_ object: PopoloNode, _ what: String, help: Help? = nil) {
    fault(.missingField, object, what, help: help)
  }

  mutating func refuse(_ id: String) { refusedIDs.insert(id) }

  mutating func leaveOut(_ what: String, _ count: Int = 1) { leftOut[what, default: 0] += count }
}
