import Yams

/// A part of a YAML document, and where it stands. Every scalar is its text: `no` is "no", never
/// false.
struct YAMLNode: Sendable {
  indirect enum Content: Sendable {
    case scalar(String)
    case list([YAMLNode])
    case object([(key: YAMLNode, value: YAMLNode)])
  }

  var content: Content
  var line: Int
  var column: Int

  /// Reads a document. Throws what is wrong with it as YAML, a key that stands twice included.
  init(parsing text: String, file: String) throws(Problems) {
    do {
      guard let node = try compose(yaml: text, .basic) else {
        throw Problem(
          .badMapping, "\(file) is empty", position: SourcePosition(file: file, line: 1, column: 1))
      }
      self.init(node)
    } catch let problem as Problem {
      throw Problems([problem])
    } catch let error as YamlError {
      throw Problems([Self.problem(error, file)])
    } catch {
      throw Problems([Problem(.badMapping, "\(file) cannot be read as YAML: \(error)")])
    }
  }

  private init(_ node: Node) {
    let mark = node.mark
    line = mark?.line ?? 1
    column = mark?.column ?? 1
    switch node {
    case .scalar(let scalar): content = .scalar(scalar.string)
    case .sequence(let sequence): content = .list(sequence.map(YAMLNode.init))
    case .mapping(let mapping):
      content = .object(mapping.map { (YAMLNode($0.key), YAMLNode($0.value)) })
    case .alias: content = .scalar("")
    }
  }

  private static func problem(_ error: YamlError, _ file: String) -> Problem {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      return Problem(
        .badMapping, "not YAML: \(problem)",
        position: SourcePosition(file: file, line: mark.line, column: mark.column))
    case .duplicatedKeysInMapping(let duplicates, let context):
      let mark = context.mark
      return Problem(
        .badMapping,
        "the key \(duplicates.map { "\"\($0)\"" }.joined(separator: ", ")) stands twice",
        position: SourcePosition(file: file, line: mark.line, column: mark.column),
        help: "keep one of them")
    default:
      return Problem(.badMapping, "\(file) cannot be read as YAML: \(error)")
    }
  }
}
