import Crypto
import EventLog

/// How a data set in Popolo is taken in.
public struct PopoloOptions: Sendable {
  /// Id of the source that all facts name; made from the file's name and content when nil.
  public var source: String?
  /// Stands before the ids of all actors, motions and roll calls.
  public var prefix: String?

  public init(source: String? = nil, prefix: String? = nil) {
    self.source = source
    self.prefix = prefix
  }
}

extension Store {
  /// Appends what files in Popolo JSON say, several files as one data set, and after it one
  /// `import.completed`.
  ///
  /// Everything is checked before anything is written. Throws `Problems` with all that is wrong,
  /// each at its place in the files.
  public func append(
    popolo inputs: [any EventInput], _ popolo: PopoloOptions = PopoloOptions(),
    options: AppendOptions
  ) async throws -> WriteReport {
    try Self.check(popolo)
    let inputs = inputs.sorted { ($0.name ?? "") < ($1.name ?? "") }
    let digest = try await Self.sha256(inputs)
    let index = PopoloIndex(try PopoloFiles(inputs))
    var maker = PopoloMaker(
      index, source: Self.source(inputs, popolo.source, digest), prefix: popolo.prefix)
    let facts = try await withoutKnownActors(maker.facts(), maker)
    let revisions = try await PopoloRevisions(facts, maker, self)
    let lines = PopoloLines(revisions.facts, maker)
    let corrections = MemoryInput(revisions.corrections, name: PopoloLines.corrections)
    var options = options
    // One wrong fact keeps all out, but the others are checked too.
    if !maker.faults.isEmpty {
      options.dryRun = true
      options.reportsChanges = false
    }
    var report = WriteReport()
    var faults = maker.countedFaults
    do {
      var run = ImportRun(
        store: self, inputs: [lines, corrections], options: options, comparing: .votes)
      report = try await run.perform()
    } catch let problems as Problems {
      let placed = problems.problems.compactMap {
        maker.fault(of: $0, in: lines.facts, revisions.correcting)
      }
      // What is about no fact (a busy store, a full disk) stays as it is.
      guard problems.problems.allSatisfy({ $0.position != nil }) else { throw problems }
      faults += placed
    }
    guard faults.isEmpty else { throw Problems(PopoloPlaces.problems(faults, in: maker.files)) }
    if let remark = revisions.vanished(maker.source.id, vocabulary) {
      report.remarks.add { remark }
    }
    report.rows = index.count
    report.alreadyPresent += revisions.presentCount
    if revisions.endedCount > 0 {
      maker.leaveOut("memberships of which the record knows the end", revisions.endedCount)
    }
    report.skipped = maker.leftOut.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    report.dates = maker.dates
    guard !options.dryRun else { return report }
    report.isCompleted = try await complete(
      dataset: maker.source.id, version: nil, covers: maker.source.title, report, sha256: digest,
      options)
    await updateViews(after: report, options)
    return report
  }

  private static func check(_ popolo: PopoloOptions) throws {
    for (text, what) in [(popolo.source, "source"), (popolo.prefix, "prefix")] {
      guard var text, !text.withUTF8(TextForm.isSlug) else { continue }
      throw Problems([
        Problem(
          .badFormat, "the \(what) \"\(text)\" is no id",
          help: "an id has ASCII letters, digits and . _ / -, with a letter or digit first",
          suggestion: Slug.probable(from: text))
      ])
    }
  }

  /// The source that the files are: under its own id, or one from the file's name and content.
  private static func source(
    _ inputs: [any EventInput], _ id: String?, _ digest: String
  ) -> PopoloMaker.Source {
    let names = inputs.map { input in
      input.name.flatMap { $0.split(separator: "/").last.map(String.init) } ?? "-"
    }
    let stem = names.count == 1 ? names[0].prefix { $0 != "." } : ""
    let made = ["popolo", Slug.probable(from: String(stem)), String(digest.prefix(8))]
      .compactMap(\.self).joined(separator: "-")
    // Under an id of its own the same data set stays the same, whatever its files are called.
    let title = "Popolo data set \(id ?? names.joined(separator: ", "))"
    return PopoloMaker.Source(id: id ?? made, title: title, sha256: digest)
  }

  /// Leaves out registrations of actors that the record has under the same id and name from
  /// another source: they are the same actor.
  private func withoutKnownActors(
    _ facts: [PopoloFact], _ maker: PopoloMaker
  ) async throws -> [PopoloFact] {
    let known = Set(try await log.tags(kind: "actor").map { String($0.value) })
    guard !known.isEmpty else { return facts }
    var maker = maker
    var left: Set<Int> = []
    for (index, fact) in facts.enumerated() where fact.kind == .person || fact.kind == .organization
    {
      var line: [UInt8] = []
      var ignored: [Problem] = []
      guard maker.write(fact, to: &line) else { continue }
      var reader = EventReader(vocabulary: vocabulary, input: MemoryInput(line), isChecked: true)
      let place = InputPlace(input: 0, offset: 0, length: line.count)
      let draft = line.withUnsafeBufferPointer {
        reader.read($0, line: 1, place: place, problems: &ignored)
      }
      guard let event = draft?.event else { continue }
      let fields = PayloadFields(EventBody(event.body).data)
      guard let actor = fields.actor, let name = fields.name, known.contains(actor),
        try await log.positions(of: [event.id]).first == .some(nil)
      else { continue }
      if let same = try? await resolveActor(name), same.id == actor { left.insert(index) }
    }
    return facts.enumerated().filter { !left.contains($0.offset) }.map(\.element)
  }
}

extension PopoloMaker {
  /// What a check has found in a line, as a fault of the object that the line comes from; nil where
  /// it only follows from another fault.
  func fault(
    of problem: Problem, in facts: [PopoloFact], _ corrections: [PopoloFact]
  ) -> PopoloFault? {
    let facts = problem.position?.file == PopoloLines.corrections ? corrections : facts
    guard let line = problem.position?.line, facts.indices.contains(line - 1),
      let object = facts[line - 1].at
    else { return nil }
    let fact = facts[line - 1]
    var at = object
    if let pointer = problem.pointer {
      let places = [object, fact.owner].compactMap(\.self)
      at =
        places.lazy.flatMap { place in
          fact.fields(of: pointer).lazy.compactMap { files.member(place, named: $0) }
        }.first ?? object
    }
    if problem.code == .unknownReference, isRefused(problem.pointer, at, fact) { return nil }
    return PopoloFault(
      code: problem.code, at: at, message: problem.message, help: problem.help,
      suggestion: problem.suggestion)
  }

  /// Whether a fact refers to an object that is refused for a fault of its own.
  private func isRefused(_ pointer: String?, _ at: PopoloNode, _ fact: PopoloFact) -> Bool {
    var named = [at]
    // What stands inside another object does not name it.
    if pointer == "/data/rollcall" { named += [fact.owner].compactMap(\.self) }
    if pointer == "/data/motion" { named += [fact.at.flatMap { motionOf[$0] }].compactMap(\.self) }
    return named.contains { node in
      let ids = [node] + ["id", "identifier"].compactMap { files.member(node, named: $0) }
      return ids.contains { files.kind($0) != .object && refusedIDs.contains(files.string($0)) }
    }
  }
}
