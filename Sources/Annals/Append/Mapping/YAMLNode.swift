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
  /// How many lists and objects stand inside each other in it.
  let height: Int
  /// How many nodes it is made of, itself among them; those of an alias count each time.
  let size: Int

  init(content: Content, line: Int, column: Int) {
    self.content = content
    self.line = line
    self.column = column
    switch content {
    case .scalar: (height, size) = (0, 1)
    case .list(let nodes):
      height = 1 + (nodes.lazy.map(\.height).max() ?? 0)
      size = nodes.reduce(1) { $0 + $1.size }
    case .object(let members):
      height = 1 + (members.lazy.map(\.value.height).max() ?? 0)
      size = members.reduce(1) { $0 + 1 + $1.value.size }
    }
  }

  /// Reads a document. Throws where it stops being the YAML of a mapping.
  init(parsing text: String, file: String) throws(Problems) {
    var reader = YAMLReader(text)
    do throws(YAMLReader.Fault) {
      self = try reader.document()
    } catch {
      throw Problems([
        Problem(
          .badMapping, error.message,
          position: InputLocation(file: file, line: error.line, column: error.column))
      ])
    }
  }
}
