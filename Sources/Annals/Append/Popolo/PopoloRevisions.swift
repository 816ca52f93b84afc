import Crypto
import EventLog

/// Memberships and offices that an earlier export of the same source has recorded already: what a later
/// one says of them corrects the record, and does not stand beside it.
///
/// A membership is the same under the same id; without an id, for the same actor in the same group (and
/// office) from the same day on.
struct PopoloRevisions {
  /// The events to be appended.
  private(set) var facts: [PopoloFact] = []
  /// What corrects recorded events, as lines of the import format, each with what it comes from.
  private(set) var corrections: [UInt8] = []
  private(set) var correcting: [PopoloFact] = []
  /// How many facts the record has already, though it was told them in other words.
  private(set) var presentCount = 0
  /// Memberships that go on by these files, and of which the record knows the end.
  private(set) var endedCount = 0
  /// Recorded memberships and offices that these files do not give any more, though they speak of the
  /// same time and of the same group.
  private var missing: [Fact] = []

  /// A membership or an office as an event of the import format has it.
  fileprivate struct Entry {
    var type: String
    var data: JSON
    var sources: JSON
    var locator: String?

    var fields: PayloadFields { PayloadFields(data) }

    /// What it is about, but for the time.
    var subject: [String?] {
      [type, fields.actor, fields.group, fields.person, fields.organisation, fields.title]
    }
    var group: String? { fields.group ?? fields.organisation }
    var start: Substring? { fields.periodText?.split(separator: "/").first }
    var isOpen: Bool { fields.periodText?.hasSuffix("/..") ?? false }
  }

  private struct Recorded {
    var fact: Fact
    var entry: Entry
    var isTaken = false
  }

  static let types = ["membership.held", "role.held"]
  private static let kinds: Set<PopoloFact.Kind> = [.parent, .membership, .faction, .role]

  init(_ all: [PopoloFact], _ maker: PopoloMaker, _ store: Store) async throws {
    let source = maker.source.id
    var recorded = try await store.facts(
      Self.types, underAnyOf: [Tag(kind: "source", value: source)], through: Position(.max)
    ).filter(\.holds).map { fact in
      let locator = fact.sources.first { $0.source == source }?.locator
      return Recorded(
        fact: fact,
        entry: Entry(type: fact.type, data: fact.data, sources: .null, locator: locator))
    }
    guard !recorded.isEmpty else {
      facts = all
      return
    }
    var maker = maker
    var entries: [Int: Entry] = [:]
    for (index, fact) in all.enumerated() where Self.kinds.contains(fact.kind) {
      entries[index] = Self.entry(fact, &maker)
    }
    let places = Dictionary(grouping: recorded.indices) { recorded[$0].entry.subject }
    let byLocator = Dictionary(grouping: recorded.indices.filter { recorded[$0].entry.hasID }) {
      [recorded[$0].entry.type, recorded[$0].entry.locator]
    }
    /// The first of these that no other fact of the files speaks of.
    func take(_ candidates: [Int]?, where fits: (Entry) -> Bool) -> Int? {
      guard
        let index = candidates?.first(where: { !recorded[$0].isTaken && fits(recorded[$0].entry) })
      else { return nil }
      recorded[index].isTaken = true
      return index
    }
    // What is recorded word for word is taken first, then what is about the same, and what is left
    // under an id last.
    var matches: [Int: Int] = [:]
    let order = entries.keys.sorted()
    for index in order {
      guard let entry = entries[index] else { continue }
      matches[index] = take(places[entry.subject]) { $0.data == entry.data }
    }
    for index in order where matches[index] == nil {
      guard let entry = entries[index] else { continue }
      matches[index] = take(places[entry.subject]) {
        entry.hasID || $0.hasID ? $0.locator == entry.locator : $0.start == entry.start
      }
    }
    for index in order where matches[index] == nil {
      guard let entry = entries[index], entry.hasID else { continue }
      matches[index] = take(byLocator[[entry.type, entry.locator]]) { _ in true }
    }
    let starts = entries.values.compactMap { $0.fields.period?.startMin }
    // A group of which the files give no member any more is in them all the same.
    let organisations = all.filter { $0.kind == .organization }
      .compactMap { Self.entry($0, &maker)?.fields.actor }
    let groups = Set(entries.values.map(\.group) + organisations)
    missing = recorded.filter { known in
      !known.isTaken && groups.contains(known.entry.group)
        && known.fact.tenure.map { tenure in
          starts.contains { $0 < tenure.endMax } || tenure.endMax == .max
        } ?? true
    }.map(\.fact)
    for (index, fact) in all.enumerated() {
      guard let match = matches[index], let entry = entries[index] else {
        facts.append(fact)
        continue
      }
      let known = recorded[match]
      if known.entry.data == entry.data {
        presentCount += 1
      } else if entry.isOpen, !known.entry.isOpen, entry.subject == known.entry.subject,
        entry.start == known.entry.start
      {
        endedCount += 1
      } else {
        corrections += try await Self.correction(of: known, to: entry, store)
        correcting.append(fact)
      }
    }
  }

  /// Says which memberships are missing in the files: nothing is retracted for it.
  func vanished(_ source: String, _ vocabulary: Vocabulary) -> Remark? {
    EarlierRelease.remark(
      missing, EarlierRelease.tenureNouns, "", "that this one does not give, in the same groups",
      source, vocabulary)
  }

  private static func entry(_ fact: PopoloFact, _ maker: inout PopoloMaker) -> Entry? {
    var line: [UInt8] = []
    guard maker.write(fact, to: &line), let event = try? JSON(parsing: line),
      let type = event["type"]?.string, let data = event["data"], let sources = event["sources"]
    else { return nil }
    let own = sources.array?.first { $0["source"]?.string == maker.source.id }
    return Entry(type: type, data: data, sources: sources, locator: own?["locator"]?.string)
  }

  private static func correction(
    of known: Recorded, to entry: Entry, _ store: Store
  ) async throws -> [UInt8] {
    var changes: JSONObject = [:]
    for (field, value) in entry.data.object ?? [:] where known.fact.data[field] != value {
      changes[field] = value
    }
    return try await store.amendmentLines(
      [
        "type": "fact.corrected", "reason": "a later export of the same source says so",
        "data": .object(changes), "sources": entry.sources,
      ], of: known.fact.root)
  }
}

extension PopoloRevisions.Entry {
  /// True when the data set gives the membership an id.
  fileprivate var hasID: Bool { locator?.hasPrefix("membership/") ?? false }
}
