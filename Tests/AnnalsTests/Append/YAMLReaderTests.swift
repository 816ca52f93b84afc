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

  private func fault(_ text: String) -> YAMLReader.Fault? {
    var reader = YAMLReader(text)
    do throws(YAMLReader.Fault) {
      _ = try reader.document()
      return nil
    } catch {
      return error
    }
  }

  @Test(arguments: [
    "a: " + String(repeating: "[", count: 70) + String(repeating: "]", count: 70),
    "a: " + String(repeating: "{a: ", count: 70) + String(repeating: "}", count: 70),
    "a:\n  " + String(repeating: "- ", count: 5000) + "x\n",
    (0..<70).map { String(repeating: " ", count: $0) + "a:\n" }.joined(),
    // Each alias goes one level further than the one before it.
    "a0: &a0 {k: x}\n" + (1..<80).map { "a\($0): &a\($0) {k: *a\($0 - 1)}\n" }.joined(),
  ])
  func nestingHasALimit(_ text: String) {
    let found = fault(text)
    #expect(found?.message.contains("more than 64 deep") == true, "\(String(describing: found))")
    #expect((found?.line ?? 0) > 0 && (found?.column ?? 0) > 0)
  }

  @Test func nestingUpToTheLimitIsRead() {
    #expect(
      fault("a: " + String(repeating: "[", count: 60) + String(repeating: "]", count: 60)) == nil)
  }

  @Test func aliasesCountForAllThatTheyStandFor() {
    let first = "a0: &a0 {k: x}\n"
    let rest = (1..<8).map { level in
      let members = (0..<10).map { "k\($0): *a\(level - 1)" }.joined(separator: ", ")
      return "a\(level): &a\(level) {\(members)}\n"
    }
    #expect(fault(first + rest.prefix(4).joined()) == nil)
    let found = fault(first + rest.joined())
    #expect(found?.message.contains("more than 200000") == true)
    #expect(found?.line == 5)
    let long = "a: [" + String(repeating: "x, ", count: 210_000) + "]"
    #expect(fault(long)?.message.contains("more than 200000") == true)
  }

  @Test(arguments: [
    "a: \"{b}\"\n      b: \"{a}\"", "a: \"{a}\"",
    // Each value is made of the one before it, twice.
    "a: \"{who}\"\n      a1: \"{a}{a}\"\n"
      + (2..<30).map { "      a\($0): \"{a\($0 - 1)}{a\($0 - 1)}\"" }.joined(separator: "\n"),
    // A chain that is too long.
    "a: \"{who}\"\n      a1: \"{a}\"\n"
      + (2..<60).map { "      a\($0): \"{a\($0 - 1)}\"" }.joined(separator: "\n"),
  ])
  func valuesOfAMappingAreMadeOfColumns(_ values: String) {
    let text =
      "mapping: m\nfiles:\n  f:\n    columns: [who]\n    values:\n      " + values + "\n"
    do {
      _ = try Mapping(parsing: text, file: "m.yaml")
      Issue.record("it was taken")
    } catch {
      #expect(error.problems.map(\.code) == [.badMapping], "\(error)")
      #expect(error.problems.first?.message.contains("made of itself") == true, "\(error)")
    }
  }
}
