import Annals
import AnnalsAnswers
import ArgumentParser
import EventLog

/// Completion of what a store holds. Must answer within a keystroke: reads tags only, and answers
/// with nothing when there is no store, or anything else is wrong.
extension CompletionKind {
  static let actors = custom { arguments, _, prefix async in
    await StoreWords.values(["actor"], arguments, prefix)
  }

  static let topics = custom { arguments, _, prefix async in
    await StoreWords.values(["topic"], arguments, prefix)
  }

  static let subjects = custom { arguments, _, prefix async in
    await StoreWords.values(["actor", "topic"], arguments, prefix)
  }

  static let sources = custom { arguments, _, prefix async in
    await StoreWords.values(["source"], arguments, prefix)
  }

  static let rollcalls = custom { arguments, _, prefix async in
    await StoreWords.values(["rollcall"], arguments, prefix)
  }

  static let eventTypes = custom { _, _, prefix in
    Vocabulary.builtIn.types.map(\.type.name).filter { $0.hasPrefix(prefix) }
  }

  /// `FIELD=`, and behind it the values to choose from, or what the record holds.
  static let fields = custom { arguments, _, prefix async in
    await StoreWords.fields(arguments, prefix)
  }
}

/// Words of the store for completion.
private enum StoreWords {
  static func values(_ kinds: [String], _ arguments: [String], _ prefix: String) async -> [String] {
    var words: [String] = []
    try? await withStore(arguments) { store in
      for kind in kinds {
        for tag in try await store.log.tags(kind: kind) where tag.value.hasPrefix(prefix) {
          words.append(String(tag.value))
        }
      }
    }
    return words.sorted()
  }

  static func fields(_ arguments: [String], _ prefix: String) async -> [String] {
    let types = arguments.lazy.compactMap { Vocabulary.builtIn.definition($0) }
    guard let definition = types.first else { return [] }
    let shape = FieldShape(definition)
    guard let equals = prefix.firstIndex(of: "=") else {
      return shape.fields.map { $0.name + "=" }.filter { $0.hasPrefix(prefix) }
    }
    let name = prefix[..<equals]
    let path = name.split(separator: ".")
    let typed = String(prefix[prefix.index(after: equals)...])
    var choices = shape.field(path)?.enumValues.filter { $0.hasPrefix(typed) } ?? []
    if let kind = shape.tagKind(at: path.map(String.init)) {
      choices += await values([kind], arguments, typed)
    }
    return choices.map { "\(name)=\($0)" }
  }

  private static func withStore(
    _ arguments: [String], _ body: (Store) async throws -> Void
  ) async throws {
    let path = try StoreLocator.path(
      option: Hoisting.value(of: ["-s", "--store"], in: arguments), project: ProjectFile.load())
    try await StoreAccess.open(path, writing: false, vocabulary: .builtIn, projections: [], body)
  }
}
