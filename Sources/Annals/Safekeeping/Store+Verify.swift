public import EventLog

/// How a record is to be verified.
public struct VerifyOptions: Sendable {
  /// Events up to here are not hashed anew.
  public var after = Position.start
  /// Only hashes, tree and index: not the file's pages, nor what is derived from the events.
  public var isFast = false
  /// A head that the record must contain.
  public struct KnownHead: Sendable {
    /// What it is called: the name of its file.
    public var name: String
    public var checkpoint: Checkpoint
    /// Whether a signature under it was checked; nil for one that needs none.
    public var isSigned: Bool?

    public init(name: String, checkpoint: Checkpoint, isSigned: Bool?) {
      self.name = name
      self.checkpoint = checkpoint
      self.isSigned = isSigned
    }
  }

  /// Heads that the record must contain.
  public var checkpoints: [KnownHead] = []
  /// Told from time to time how many events are done, and of how many.
  public var progress: (@Sendable (_ done: Int64, _ of: Int64) -> Void)?

  public init() {}
}

/// What was verified, and what does not hold.
public struct Verification: Sendable {
  /// One thing that was looked at.
  public struct Part: Sendable {
    public enum Name: String, Sendable {
      case file, events, tree, batches, index, erasures, derived, schemas, views, checkpoint
    }

    public var name: Name
    /// What was looked at: "283 hashed anew".
    public var scope: String
    /// What is wrong; empty when all is as it should be.
    public var faults: [Fault] = []
    /// How many faults there are, where not all of them are listed.
    public var faultCount = 0
    /// True for a checkpoint whose signature was not checked: anyone may have written it.
    public var isUnsigned = false
  }

  public struct Fault: Sendable {
    /// The first event concerned; nil where it is not known which.
    public var position: Position?
    public var message: String
    public var expected: String?
    public var found: String?
    /// `.notVerified` for a fault of the record. Others are faults of what is made from it, or of files
    /// of the user's own: a view that stopped or differs, a schema that does not fit.
    public var code = ErrorCode.notVerified
  }

  public var head: LogHead
  /// Root over all events, as it follows from them; empty where they could not be read to the end.
  public var root: [UInt8]
  public var parts: [Part] = []
  /// Whether the file may still hold traces of erased payloads; see `LogVerification`.
  public var isPurgeDue = false

  /// True when the record itself is as it should be.
  public var holds: Bool {
    parts.allSatisfy { $0.faults.allSatisfy { $0.code != .notVerified } }
  }

  /// True when views and schemas are as they should be, too.
  public var isClean: Bool { parts.allSatisfy(\.faults.isEmpty) }

  /// The fault of the first event concerned, else any.
  public var first: Fault? {
    let faults = parts.flatMap(\.faults)
    return faults.filter { $0.position != nil }.min { $0.position! < $1.position! } ?? faults.first
  }
}

extension Store {
  /// Holds all of the record against what it follows from: see `Verification.Part.Name`.
  public func verify(_ options: VerifyOptions = VerifyOptions()) async throws -> Verification {
    async let storage = options.isFast ? [] : storageFaults()
    let log = try await self.log.verify(
      LogVerificationRequest(after: options.after, progress: options.progress))
    var result = Verification(head: log.head, root: log.root)
    if !options.isFast {
      result.parts.append(
        Verification.Part(
          .file, "every page and index of the file",
          try await storage.map { Verification.Fault(nil, $0) }))
    }
    result.parts += Self.parts(of: log)
    result.isPurgeDue = log.isPurgeDue
    if !options.isFast, log.faults.allSatisfy({ $0.kind != .unreadable }) {
      do {
        try await addDerived(options, &result)
      } catch let error as EventLogError where error.code == .corrupt && !result.holds {
        // That the index or the like cannot be read has been told of.
      }
    }
    for known in options.checkpoints {
      var part = try await part(known.name, known.checkpoint, log)
      part.isUnsigned = known.isSigned == false
      result.parts.append(part)
    }
    return result
  }

  /// Faults of the file. Damage that keeps the check from being made is one of them; an error of the
  /// system is not.
  private func storageFaults() async throws(EventLogError) -> [String] {
    do throws(EventLogError) {
      return try await log.storageFaults()
    } catch  where [.corrupt, .tampered, .notALog].contains(error.code) {
      return [error.message]
    }
  }

  private static func parts(of log: LogVerification) -> [Verification.Part] {
    func part(
      _ name: Verification.Part.Name, _ scope: String, _ kinds: [LogVerification.Fault.Kind]
    ) -> Verification.Part {
      let faults = log.faults.filter { kinds.contains($0.kind) }.map { fault in
        let position = fault.positions.lowerBound
        return Verification.Fault(
          position > .start ? position : nil, fault.message, fault.expected, fault.found)
      }
      var part = Verification.Part(name, scope, faults)
      part.faultCount = kinds.reduce(0) { $0 + (log.faultCounts[$1] ?? 0) }
      return part
    }
    var parts = [
      part(.events, "\(log.rehashed) hashed anew", [.unreadable, .hash]),
      part(.tree, "hashes of \(log.head.position.rawValue) events", [.tree]),
      part(.batches, "places and instants", [.batch]),
      part(.index, "types, tags and targets", [.index]),
    ]
    if log.erased > 0 || log.faults.contains(where: { $0.kind == .erasure }) {
      parts.append(
        part(
          .erasures, "\(log.erased) \(log.erased == 1 ? "payload" : "payloads") erased", [.erasure])
      )
    }
    return parts
  }

  private func addDerived(_ options: VerifyOptions, _ result: inout Verification) async throws {
    let through = result.head.position
    let derived = try await checkDerived(
      after: min(options.after, through), through: through, progress: options.progress)
    let unknown =
      derived.unknownTypes.isEmpty
      ? "" : "; not those of \(derived.unknownTypes.keys.sorted().joined(separator: ", "))"
    func part(
      _ name: Verification.Part.Name, _ scope: String, _ faults: DerivedCheck.Faults,
      _ code: ErrorCode
    ) -> Verification.Part {
      var part = Verification.Part(
        name, scope,
        faults.first.map {
          Verification.Fault($0.position, $0.message, $0.expected, $0.found, code: code)
        })
      part.faultCount = faults.count
      return part
    }
    result.parts.append(
      part(.derived, "tags and dates of events\(unknown)", derived.faults, .notVerified))
    if derived.schemaFaults.count > 0 {
      result.parts.append(
        part(.schemas, "tags by schemas of your own", derived.schemaFaults, .schemaDiffers))
    }
    // Views of a record that is not whole differ for that reason.
    guard result.holds else { return }
    // A view that was never run has no rows to compare.
    let views = try await check().filter { $0.position != nil }
    let strays = try await strayRegistrations()
    result.parts.append(
      Verification.Part(
        .views, views.isEmpty ? "none stored" : views.map(\.name).joined(separator: ", "),
        views.flatMap(Self.faults(of:))
          + strays.map {
            Verification.Fault(
              nil, "the tables of \($0.view) are registered as tables of \($0.name)",
              code: .viewDiffers)
          }))
  }

  private static func faults(of view: CheckReport) -> [Verification.Fault] {
    let differences = view.differences.map {
      Verification.Fault(
        nil, "\(view.name) is not what the log gives: \($0)", code: .viewDiffers)
    }
    guard let failure = view.failure else { return differences }
    return differences + [
      Verification.Fault(
        failure.position, "\(view.name) has stopped at \(failure.position): \(failure.reason)",
        code: .poisonEvent)
    ]
  }

  /// Whether the record contains what a checkpoint covers.
  private func part(
    _ name: String, _ checkpoint: Checkpoint, _ log: LogVerification
  ) async throws -> Verification.Part {
    let scope = "\(name): \(checkpoint.size) events of \(checkpoint.origin)"
    guard checkpoint.size <= log.head.position.rawValue else {
      return Verification.Part(
        .checkpoint, scope,
        [
          Verification.Fault(
            log.head.position.advanced(by: 1),
            "\(name) covers \(Position(checkpoint.size)), and the record ends at \(log.head.position)"
          )
        ])
    }
    let root: [UInt8]
    do throws(EventLogError) {
      root = try await self.log.root(ofSize: checkpoint.size)
    } catch {
      guard error.code == .corrupt else { throw error }
      let what = "the first \(checkpoint.size) events cannot all be read: \(error.message)"
      return Verification.Part(.checkpoint, scope, [Verification.Fault(nil, what)])
    }
    if root == checkpoint.root { return Verification.Part(.checkpoint, scope, []) }
    return Verification.Part(
      .checkpoint, scope,
      [
        Verification.Fault(
          nil, "the first \(checkpoint.size) events are not those that \(name) covers",
          checkpoint.root.hexDigits, root.hexDigits)
      ])
  }
}

extension Verification.Part {
  init(_ name: Name, _ scope: String, _ faults: [Verification.Fault]) {
    self.name = name
    self.scope = scope
    self.faults = faults
    faultCount = faults.count
  }
}

extension Verification.Fault {
  init(
    _ position: Position?, _ message: String, _ expected: String? = nil, _ found: String? = nil,
    code: ErrorCode = .notVerified
  ) {
    self.position = position
    self.message = message.hasSuffix(".") ? String(message.dropLast()) : message
    self.expected = expected
    self.found = found
    self.code = code
  }
}
