import Foundation
import Testing

@testable import Annals

/// What is compiled in is what stands in the folders.
@Suite struct SchemaFilesTests {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  @Test func theManifestListsEveryFile() throws {
    var expected: Set<String> = []
    for (folder, prefix) in [
      ("Schema", ""), ("Events", "Events/"), ("Templates", "Templates/"),
    ] {
      let url = Self.root.appendingPathComponent(folder)
      let files = FileManager.default.enumerator(atPath: url.path)
      while let file = files?.nextObject() as? String {
        let isData = [".sql", ".json", ".ndjson", ".html", ".md", ".yaml", ".css", ".js"].contains {
          file.hasSuffix($0)
        }
        if isData { expected.insert(prefix + file) }
      }
    }
    #expect(Set(SchemaFiles.all.keys) == expected)
  }

  @Test func whatIsCompiledInEqualsTheFiles() throws {
    for (name, bytes) in SchemaFiles.all {
      let isBeside = name.hasPrefix("Events/") || name.hasPrefix("Templates/")
      let path = isBeside ? name : "Schema/" + name
      let file = try Data(contentsOf: Self.root.appendingPathComponent(path))
      #expect(Array(file) == bytes, "\(name)")
    }
  }
}
