import EventLog

extension Mapping {
  /// The mappings that come with the program, by name.
  public static var shippedNames: [String] {
    SchemaFiles.all.keys.filter { $0.hasPrefix("mappings/") && $0.hasSuffix(".yaml") }
      .map { String($0.dropFirst("mappings/".count).dropLast(".yaml".count)) }
      .filter { !$0.contains("/") }.sorted()
  }

  /// The text of one of them; nil when there is none of this name.
  public static func shippedText(_ name: String) -> String? {
    SchemaFiles.all["mappings/\(name).yaml"].map { String(decoding: $0, as: UTF8.self) }
  }

  /// Reads a mapping of the user's own, or a shipped one. Throws everything that is wrong with it.
  public init(
    parsing text: String, file: String, vocabulary: Vocabulary = .builtIn
  ) throws(Problems) {
    self = try MappingReader.read(text, file: file, vocabulary: vocabulary) { name in
      Mapping.shippedText("parts/\(name)")
    }
  }

  /// A mapping that comes with the program. Throws `.badMapping` with those that there are.
  public init(shipped name: String, vocabulary: Vocabulary = .builtIn) throws(Problems) {
    guard let text = Mapping.shippedText(name) else {
      throw Problems([
        Problem(
          .badMapping, "there is no mapping \"\(name)\"",
          help:
            "shipped are \(Mapping.shippedNames.joined(separator: ", ")); a file of your own is "
            + "named with its ending, votes.yaml",
          suggestion: Suggestion.nearest(to: name, among: Mapping.shippedNames))
      ])
    }
    try self.init(parsing: text, file: "\(name).yaml", vocabulary: vocabulary)
  }
}
