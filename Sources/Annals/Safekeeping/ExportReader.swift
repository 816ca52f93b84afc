import EventLog

/// Reads a whole export back, batch by batch: each event as it stood in the log.
struct ExportReader {
  let inputs: [any EventInput]
  let vocabulary: Vocabulary
  let progress: (@Sendable (ImportProgress) -> Void)?

  /// Problems that are told of, at most: one that is out of order makes all that follow so.
  private static let problemLimit = 20

  /// Hands out the batches in order. What comes after a problem is only read for more of them; stops
  /// at too many.
  func forEachBatch(
    phase: ImportProgress.Phase, problems: inout [Problem],
    _ body: ([RecordedEvent]) throws -> Void
  ) throws {
    var run = Run(inputs, vocabulary)
    while let batch = try run.nextBatch(&problems), problems.count < Self.problemLimit {
      if problems.isEmpty { try body(batch) }
      tell(run, phase)
    }
  }

  /// The same, for who waits for each batch to be written.
  func forEachBatch(
    phase: ImportProgress.Phase, problems: inout [Problem],
    _ body: ([RecordedEvent]) async throws -> Void
  ) async throws {
    var run = Run(inputs, vocabulary)
    while let batch = try run.nextBatch(&problems), problems.count < Self.problemLimit {
      if problems.isEmpty { try await body(batch) }
      tell(run, phase)
    }
  }

  private func tell(_ run: Run, _ phase: ImportProgress.Phase) {
    progress?(
      ImportProgress(
        phase: phase, bytes: run.offset, totalBytes: inputs.reduce(0) { $0 + $1.size },
        events: Int(run.last.rawValue)))
  }

  /// One going through the inputs.
  private struct Run {
    private let inputs: [any EventInput]
    private let vocabulary: Vocabulary
    private var lines: LineReader
    private var reader: EventReader
    private var index = 0
    private var bytesBefore = 0
    /// The first event of the batch after the one handed out last.
    private var next: RecordedEvent?
    private(set) var last = Position.start

    init(_ inputs: [any EventInput], _ vocabulary: Vocabulary) {
      self.inputs = inputs
      self.vocabulary = vocabulary
      lines = LineReader(inputs[0])
      reader = EventReader(vocabulary: vocabulary, input: inputs[0], isRestoring: true)
    }

    var offset: Int { bytesBefore + lines.offset }

    mutating func nextBatch(_ problems: inout [Problem]) throws -> [RecordedEvent]? {
      var batch = [next].compactMap(\.self)
      next = nil
      while problems.count < ExportReader.problemLimit {
        guard let event = try nextEvent(&problems) else { break }
        if let first = batch.first, first.batch != event.batch {
          next = event
          break
        }
        batch.append(event)
      }
      return batch.isEmpty ? nil : batch
    }

    /// The event of the next line that has one; nil at the end of the last input.
    private mutating func nextEvent(_ problems: inout [Problem]) throws -> RecordedEvent? {
      while problems.count < ExportReader.problemLimit {
        var found: [Problem] = []
        let (index, last, reader) = (self.index, last, self.reader)
        let read: RecordedEvent?? = try lines.next { bytes, line, offset in
          var reader = reader
          let place = InputPlace(input: index, offset: offset, length: bytes.count)
          guard let draft = reader.read(bytes, line: line, place: place, problems: &found) else {
            return nil
          }
          return ExportLine(reader.tape).event(
            draft, after: last, position: InputLocation(file: reader.file, line: line, column: 1),
            problems: &found)
        }
        problems += found
        switch read {
        case .some(.some(let event)):
          self.last = event.position
          return event
        case .some(.none): self.last = self.last.advanced(by: 1)
        case .none:
          guard self.index + 1 < inputs.count else { return nil }
          bytesBefore += inputs[self.index].size
          self.index += 1
          lines = LineReader(inputs[self.index])
          self.reader = EventReader(
            vocabulary: vocabulary, input: inputs[self.index], isRestoring: true)
        }
      }
      return nil
    }
  }
}

extension Store {
  /// The fields of an exported line that say where the event stood in its log.
  package static let placeFields = [
    "seq", "batch", "recorded", "recorder", "batchNote", "salt", "leaf", "erased", "tags",
  ]
}

/// What an export adds to an event, read from the line on the tape.
private struct ExportLine {
  private let members: JSONObject

  init(_ tape: borrowing JSONTape) {
    var members: JSONObject = [:]
    for name in Store.placeFields {
      if let node = tape.member(tape.root, named: name) { members[name] = tape.value(node) }
    }
    self.members = members
  }

  /// The event as it stood; nil, with what is wrong, when it cannot have stood so.
  func event(
    _ draft: EventReader.Draft, after last: Position, position: InputLocation,
    problems: inout [Problem]
  ) -> RecordedEvent? {
    func refuse(_ message: String) -> RecordedEvent? {
      problems.append(
        Problem(
          .notExported, message, position: position,
          help: "take the file as  \(command: "export")  wrote it"))
      return nil
    }
    guard let seq = members["seq"]?.integer, let first = members["batch"]?.integer,
      let recorded = members["recorded"]?.string.flatMap({ Instant($0) }),
      let recorder = members["recorder"]?.string
    else { return refuse("the line has no seq, batch, recorded and recorder, as exports have") }
    guard seq == last.rawValue + 1, first <= seq else {
      return refuse("#\(seq) stands where \(last.advanced(by: 1)) should")
    }
    guard let leaf = members["leaf"]?.string.flatMap({ [UInt8](hexDigits: $0) }), leaf.count == 32
    else { return refuse("the line has no leaf of 64 hex digits") }
    var event = RecordedEvent(
      position: Position(seq),
      batch: Batch(
        first: Position(first), recorded: recorded, recorder: recorder,
        note: members["batchNote"]?.string),
      event: draft.event, salt: [], leafHash: leaf)
    if let erased = members["erased"] {
      guard let by = erased["by"]?.integer, by > seq,
        let commitment = erased["commitment"]?.string.flatMap({ [UInt8](hexDigits: $0) }),
        commitment.count == CanonicalEvent.commitmentLength
      else { return refuse("what is said of the erased payload is not whole") }
      event.salt = [UInt8](repeating: 0, count: CanonicalEvent.saltLength)
      event.erasure = Erasure(commitment: commitment, by: Position(by))
    } else {
      guard let salt = members["salt"]?.string.flatMap({ [UInt8](hexDigits: $0) }),
        salt.count == CanonicalEvent.saltLength
      else { return refuse("the line has no salt of 32 hex digits") }
      event.salt = salt
      if event.type.name == "fact.corrected", let tags = members["tags"]?.array {
        let read = tags.compactMap { $0.string.flatMap { Tag($0) } }
        guard read.count == tags.count else { return refuse("the tags of #\(seq) are none") }
        event.event.tags = read
      }
    }
    guard draft.hasOwnID, event.computedLeafHash == leaf else {
      return refuse("#\(seq) does not match its leaf: one of the two was altered")
    }
    return event
  }
}
