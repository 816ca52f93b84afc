import Testing

@testable import Annals

/// The part of YAML that mappings are written in.
@Suite struct YAMLReaderTests {
  /// The document as JSON, for comparison.
  private func read(_ text: String) throws -> String {
    var reader = YAMLReader(text)
    return Self.json(try reader.document())
  }

  private static func json(_ node: YAMLNode) -> String {
    switch node.content {
    case .scalar(let text): return "'\(text)'"
    case .list(let nodes): return "[" + nodes.map(json).joined(separator: " ") + "]"
    case .object(let members):
      return "{" + members.map { "\(json($0.key)):\(json($0.value))" }.joined(separator: " ") + "}"
    }
  }

  @Test(arguments: [
    ("a: no\nb: \"yes\" # said\n", "{'a':'no' 'b':'yes'}"),
    ("a:\n  - x y\n  - {b: 1, c: [d, \"e, f\"]}\n", "{'a':['x y' {'b':'1' 'c':['d' 'e, f']}]}"),
    ("a:\n- b: 1\n  c: 2\n- d\n", "{'a':[{'b':'1' 'c':'2'} 'd']}"),
    ("a: &x\n  \"k{n}: \": v\nb: *x\n", "{'a':{'k{n}: ':'v'} 'b':{'k{n}: ':'v'}}"),
    ("a: [b,\n    c]\nd:\ne: 'it''s'\n", "{'a':['b' 'c'] 'd':'' 'e':'it's'}"),
    ("# one\n\na: x#y\nurl: https://x.org\n", "{'a':'x#y' 'url':'https://x.org'}"),
  ])
  func documentsAreRead(_ text: String, _ expected: String) throws {
    #expect(try read(text) == expected)
  }

  @Test(arguments: [
    ("a: 1\na: 2\n", 2, 1), ("a: [", 1, 4), ("a:\n  b: 1\n   c: 2\n", 3, 4), ("a: b: c\n", 1, 5),
    ("a:\n\tb: 1\n", 2, 1), ("x: 1\n- y\n", 2, 1), ("a: \"x\n", 1, 4), ("a: *no\n", 1, 4),
    ("a: {b: 1, b: 2}\n", 1, 11), ("a: {b 1}\n", 1, 8), ("a:\n  - \n", 2, 3), ("a: |\n  b\n", 1, 4),
    ("a: !x y\n", 1, 4), ("---\na: 1\n", 1, 1), ("", 1, 1),
  ])
  func whatIsNotUnderstoodIsRefusedAtItsPlace(_ text: String, _ line: Int, _ column: Int) {
    var reader = YAMLReader(text)
    do throws(YAMLReader.Fault) {
      _ = try reader.document()
      Issue.record("it was taken: \(text)")
    } catch {
      #expect(error.line == line && error.column == column, "\(error)")
    }
  }
}
