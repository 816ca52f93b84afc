import Crypto
import EventLog

extension Store {
  /// Appends the events that the rows of CSV files give, as a mapping says, and after them one
  /// `import.completed`.
  ///
  /// Files may be given in any order. `aliases` leads from names in the files to ids of actors;
  /// `limit` reads only so many rows of each file, and then nothing is said to be completed.
  public func append(
    _ files: [any EventInput], mapping: Mapping, aliases: [String: String] = [:],
    limit: Int? = nil, options: AppendOptions
  ) async throws -> WriteReport {
    let mapped = try await MappedInputs(
      files, mapping, store: self, aliases: aliases, limit: limit)
    async let digest = Self.sha256(mapped.inputs)
    var run = ImportRun(
      store: self, inputs: mapped.inputs, options: options, mapped: mapped,
      comparing: limit == nil ? [.votes, .tenures] : [])
    var report = try await run.perform()
    guard !options.dryRun else { return report }
    if limit == nil {
      let completed = try await complete(
        dataset: mapping.dataset, version: mapping.version, covers: mapping.covers, report,
        sha256: try await digest, options)
      report.isCompleted = completed
    }
    await updateViews(after: report, options)
    return report
  }

  /// Says that the data set was imported; false when nothing was appended and that was said before.
  func complete(
    dataset: String, version: String?, covers: String?, _ report: WriteReport, sha256: String,
    _ options: AppendOptions
  ) async throws -> Bool {
    if report.appended == 0 {
      guard report.alreadyPresent > 0 else { return false }
      let earlier = try await log.read(
        EventQuery(types: [ImportCompleted.type.name], tags: []), in: EventRange())
      let isSaid = earlier.contains { event in
        let fields = PayloadFields(EventBody(event.event.body).data)
        return fields.sha256 == sha256 && fields.dataset == dataset
      }
      if isSaid { return false }
    }
    var data: JSONObject = [
      "dataset": .string(dataset), "sha256": .string(sha256),
      "counts": .object([
        "rows": .integer(Int64(report.rows)), "appended": .integer(Int64(report.appended)),
        "present": .integer(Int64(report.alreadyPresent)),
        "rejected": .integer(Int64(report.rejected)),
      ]),
    ]
    if let version { data["version"] = .string(version) }
    var coverage: JSONObject = ["what": .string(covers ?? dataset)]
    if let first = report.dates.first { coverage["from"] = .string(first.text) }
    if let last = report.dates.last { coverage["to"] = .string(last.text) }
    data["coverage"] = .object(coverage)
    let line = JSONWriter.canonical(
      .object(["type": .string(ImportCompleted.type.name), "data": .object(data)]))
    var own = AppendOptions(recorder: options.recorder, note: options.note)
    own.updateViews = false
    return try await append(line, options: own).appended > 0
  }

  /// Over the files one after the other, in the order in which they are read.
  static func sha256(_ inputs: [any EventInput]) async throws -> String {
    var hash = SHA256()
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    for input in inputs {
      var offset = 0
      while true {
        let count = try buffer.withUnsafeMutableBytes { try input.read(into: $0, at: offset) }
        if count == 0 { break }
        buffer.withUnsafeBytes { hash.update(bufferPointer: .init(rebasing: $0[..<count])) }
        offset += count
      }
    }
    return hash.finalize().map { byte in
      let hex = String(byte, radix: 16)
      return hex.count == 1 ? "0" + hex : hex
    }.joined()
  }
}
