package import Annals
import EventLog

/// Finds everything that is wrong with a write at once, where some of it was found before the store
/// looked at it.
package enum WholeCheck {
  /// Writes, where nothing was found so far. Otherwise lets the store check the rest without writing,
  /// and throws both. What was found about a field stands in place of what the store says of it.
  package static func write(
    after problems: [Problem], _ options: AppendOptions,
    _ write: (AppendOptions) async throws -> WriteReport
  ) async throws -> WriteReport {
    if problems.isEmpty { return try await write(options) }
    var options = options
    options.dryRun = true
    do {
      _ = try await write(options)
    } catch let faults as Problems {
      let told = Set(problems.compactMap(\.pointer))
      let others = faults.problems.filter { $0.pointer.map { !told.contains($0) } ?? true }
      throw Problems(problems + others, more: faults.more)
    }
    throw Problems(problems)
  }
}

extension FactText {
  /// Appends the fact; throws everything that is wrong with it.
  package func append(to store: Store, _ options: AppendOptions) async throws -> WriteReport {
    var names = NamedFields(store)
    let (line, problems) = try await line(store, &names)
    return try await WholeCheck.write(after: problems, options) { options in
      try await store.append(Array(JSONWriter.compact(line).utf8), options: options)
    }
  }
}
