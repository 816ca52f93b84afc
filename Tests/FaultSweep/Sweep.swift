import CFaults
import EventLog
import Foundation
import SQLiteEventLog

/// Lets the k-th call within SQLite fail, for every k until nothing fails any more, while one thing
/// after the other is done to a log: SQLite's own method of testing for anomalies.
///
/// After each fault: what was acknowledged is stored, and nothing is by halves; the error is one that
/// a caller can act on; the same again succeeds, and the log verifies. `--every N` takes each N-th
/// call only; `--only WORK/MODE/K` takes one, `--only WORK` and `--only WORK/MODE` all of a kind.
@main
struct Sweep {
  private let folder: String
  private let path: String
  private var files: [String: Data] = [:]
  private var stored: [RecordedEvent] = []
  private var codes: [String: Int] = [:]
  private var faults = 0

  static func main() async throws {
    guard faults_install() == 0 else { fatalError("SQLite takes no layers") }
    var every: Int64 = 1
    var seed = UInt64.random(in: 0..<1_000_000)
    var only: [String]?
    var arguments = CommandLine.arguments.dropFirst()
    while let name = arguments.popFirst(), let value = arguments.popFirst() {
      switch name {
      case "--every": every = Int64(value) ?? 1
      case "--seed": seed = UInt64(value) ?? 0
      case "--only": only = value.split(separator: "/").map(String.init)
      default: fatalError("not understood: \(name)")
      }
    }
    say("seed \(seed), every \(every)")
    var sweep = try await Sweep()
    defer { try? FileManager.default.removeItem(atPath: sweep.folder) }
    let start = ContinuousClock.now
    try await sweep.checkSyncs()
    for work in Work.allCases where only == nil || only?[0] == work.rawValue {
      for mode in FaultMode.all where (only?.count ?? 0) < 2 || only?[1] == mode.name {
        if mode.altersWhatIsRead && !work.onlyReads { continue }
        let k = only.flatMap { $0.count > 2 ? Int64($0[2]) : nil }
        try await sweep.sweep(work, mode, every: k == nil ? every : 1, from: k, seed)
      }
    }
    for (code, count) in sweep.codes.sorted(by: { $0.key < $1.key }) { say("\(code)  \(count)") }
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    say("\(sweep.faults) faults in \(Int(seconds)) s")
    say("no anomaly")
  }

  /// Writes a line at once, so that it is there when the next trial ends the program.
  private static func say(_ line: String) {
    FileHandle.standardOutput.write(Data((line + "\n").utf8))
  }

  /// Makes the log that each trial starts from: with a write-ahead log, part of which stands in the
  /// file already.
  private init() async throws {
    let base = FileManager.default.isWritableFile(atPath: "/dev/shm") ? "/dev/shm" : "/tmp"
    folder = "\(base)/annals-faults-\(getpid())"
    path = folder + "/log"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let first = try await SQLiteEventLog.create(at: path)
    let events = (0..<Work.storedCount).map(Work.event)
    _ = try await first.append(Array(events[..<30]), recorder: "t", note: "n", if: nil)
    await first.close()
    let second = try await Self.open(path)
    _ = try await second.append(Array(events[30...]), recorder: "t", note: nil, if: nil)
    stored = try await second.read(.all, in: EventRange())
    for name in ["", "-wal", ".lock"] {
      files[path + name] = try Data(contentsOf: URL(fileURLWithPath: path + name))
    }
    await second.close()
  }

  static func open(
    _ path: String, mode: SQLiteEventLog.Mode = .readWrite
  ) async throws(EventLogError) -> SQLiteEventLog {
    var options = SQLiteEventLog.Options()
    options.busyTimeout = .milliseconds(20)
    return try await SQLiteEventLog.open(at: path, mode: mode, options: options)
  }

  /// An append is synced, also behind rows of a view, which are not: those can be folded again.
  private func checkSyncs() async throws {
    try restore(.append)
    let log = try await Self.open(path)
    let mode = FaultMode(name: "sync", mask: FAULT_SYNC, how: FAULT_ERROR, isPersistent: false)
    for (work, mustSync) in [(Work.project, false), (.append, true)] {
      mode.arm(.max)
      try await work.run(log, at: path, stored: stored)
      let syncs = FaultMode.disarm().calls
      try expect((syncs > 0) == mustSync, "\(work): \(syncs) syncs")
    }
    await log.close()
  }

  // MARK: One kind of work, one kind of fault

  private mutating func sweep(
    _ work: Work, _ mode: FaultMode, every: Int64, from first: Int64?, _ seed: UInt64
  ) async throws {
    var k = first ?? Int64(seed % UInt64(every)) + 1
    // Many allocations are alike; the first of them are looked at one by one by a long run only.
    let step = mode.isMemory ? every * every : every
    while true {
      let place = "\(work)/\(mode.name)/\(k)"
      do {
        let (calls, failed) = try await attempt(work, mode, k)
        if failed == 0 {
          Self.say("\(work) \(mode.name): \(calls) calls")
          return
        }
        faults += 1
      } catch {
        Self.say("ANOMALY at \(place): \((error as? Anomaly)?.message ?? "\(error)")")
        exit(1)
      }
      if first != nil { return }
      k += step
    }
  }

  private mutating func attempt(
    _ work: Work, _ mode: FaultMode, _ k: Int64
  ) async throws -> (calls: Int64, failed: Int64) {
    try restore(work)
    let log = [.create, .open].contains(work) ? nil : try await Self.open(path)
    // Other readers and a first append are there already in a log that is in use.
    if let log { _ = try await log.head() }
    mode.arm(k)
    var failure: (any Error)?
    do {
      try await work.run(log, at: path, stored: stored)
    } catch {
      failure = error
    }
    let counts = FaultMode.disarm()
    if let failure { try judge(failure, work, mode) }
    try await look(work, failure as? EventLogError)
    // The same once more, by who has seen the error.
    if failure != nil && (work != .create || !FileManager.default.fileExists(atPath: path)) {
      try await again(work, log)
    }
    await log?.close()
    try await checkAll(work)
    return counts
  }

  private func restore(_ work: Work) throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
      try FileManager.default.removeItem(atPath: folder + "/" + name)
    }
    if work == .create { return }
    for (path, bytes) in files { try bytes.write(to: URL(fileURLWithPath: path)) }
  }

  /// Whether an error says what to do: try again, free space, look at the disk.
  private mutating func judge(_ failure: any Error, _ work: Work, _ mode: FaultMode) throws {
    guard let error = failure as? EventLogError else { throw failure }
    codes["\(mode.name.split(separator: "-on")[0]) → \(error.code)", default: 0] += 1
    var allowed: Set<EventLogError.Code> =
      switch mode.how {
      case FAULT_FULL: [.full, .io, .commitUnknown, .busy, .notPermitted]
      case FAULT_BUSY: [.busy]
      case FAULT_HALF where mode.mask == FAULT_READ:
        [.io, .corrupt, .notALog, .tampered, .commitUnknown]
      default: [.io, .commitUnknown, .notPermitted, .busy, .full]
      }
    switch work {
    // What cannot be read is told of as such.
    case .verify: allowed.insert(.corrupt)
    // Where SQLite cannot ask for the size of the new file, it says that it is there already.
    case .backup: allowed.formUnion([.corrupt, .badStatement])
    // Where SQLite cannot look whether its schema is still that of the file, it goes by what it has,
    // and does not know of the new table.
    case .project: allowed.insert(.badStatement)
    default: break
    }
    try expect(allowed.contains(error.code), "\(error)")
  }

  /// What stands in the log behind the fault, as another reader sees it.
  private func look(_ work: Work, _ failure: EventLogError?) async throws {
    guard FileManager.default.fileExists(atPath: path) else {
      return try expect(work == .create && failure != nil, "the file is gone")
    }
    let reader = try await Self.open(path, mode: .readOnly)
    let ids = try await reader.read(.all, in: EventRange()).map(\.id)
    await reader.close()
    let before = work == .create ? [] : stored.map(\.id)
    let isStored = !work.added.isEmpty && ids == before + work.added.map(\.id)
    try expect(isStored || ids == before, "half stored: \(ids.count) events")
    if work.added.isEmpty { return }
    guard let failure else { return try expect(isStored, "acknowledged, and not there") }
    // Erasing goes on behind its commit.
    if work != .erase && failure.code != .commitUnknown {
      try expect(!isStored, "there, although the error says it is not: \(failure)")
    }
  }

  private func again(_ work: Work, _ log: SQLiteEventLog?) async throws {
    do {
      try await work.run(log, at: path, stored: stored)
    } catch {
      throw Anomaly(message: "fails once more: \(error)")
    }
  }

  /// What is left when everybody has closed the log.
  private func checkAll(_ work: Work) async throws {
    let log = try await Self.open(path)
    let events = try await log.read(.all, in: EventRange())
    let before = work == .create ? [] : stored
    try expect(events.map(\.id) == (before + []).map(\.id) + work.added.map(\.id), "other events")
    for (event, old) in zip(events, before) where event != old {
      try expect(work == .erase && event.isErased, "\(event.position) has changed")
    }
    for (event, new) in zip(events.dropFirst(before.count), work.added) {
      try expect(event.event.hasContent(of: new), "\(event.position) is another event")
    }
    let faults = try await log.verify(LogVerificationRequest()).faults
    try expect(faults == [], "does not verify: \(faults)")
    let damage = try await log.storageFaults()
    try expect(damage == [], "damaged: \(damage)")
    await log.close()
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    for name in names where work == .erase {
      let bytes = try Data(contentsOf: URL(fileURLWithPath: folder + "/" + name))
      try expect(
        bytes.range(of: Data(Work.secret.word.utf8)) == nil, "\(name) holds what was erased")
    }
    if work == .backup {
      let copy = try await Self.open(path + ".backup", mode: .readOnly)
      try expect(await copy.read(.all, in: EventRange()) == stored, "another backup")
      await copy.close()
    }
  }
}
