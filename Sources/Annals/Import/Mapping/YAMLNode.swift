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

  init(content: Content, line: Int, column: Int) {
    self.content = content
    self.line = line
    self.column = column
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
          position: SourcePosition(file: file, line: error.line, column: error.column))
      ])
    }
  }
}
