import EventLog
import Foundation
import Testing

@testable import Annals

/// What the pages in Documentation/ say about schemas and about the shipped record is so.
@Suite struct DocumentationTests {
  private static func page(_ name: String) throws -> String {
    let root = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    return try String(contentsOf: root.appending(path: "Documentation/\(name)"), encoding: .utf8)
  }

  /// Contents of the blocks of code in JSON.
  private static func examples(in page: String) -> [[UInt8]] {
    page.components(separatedBy: "```json\n").dropFirst().map {
      Array($0.components(separatedBy: "```")[0].utf8)
    }
  }

  /// Words in backquotes in the rows of the first table after `start`.
  private static func words(in page: String, after start: String) throws -> [String] {
    let rest = try #require(page.components(separatedBy: start).dropFirst().first)
    let rows = rest.split(separator: "\n").drop { !$0.hasPrefix("|") }.prefix { $0.hasPrefix("|") }
    return rows.flatMap { row in
      row.components(separatedBy: "`").enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
    }
  }

  @Test func theExampleOfAnOwnTypeWorks() throws {
    let examples = try Self.examples(in: Self.page("schemas.md"))
    try #require(examples.count == 2)
    let vocabulary = try Vocabulary.builtIn.adding([("strike.held.v1.json", examples[0])])
    let definition = try #require(vocabulary.definition("strike.held"))
    for example in definition.schema.examples {
      #expect(try definition.schema.faults(in: example) == [])
    }
    let line = try JSON(parsing: examples[1])
    #expect(try vocabulary.envelope.faults(in: line) == [])
    let data = try #require(line["data"])
    #expect(try definition.schema.faults(in: data) == [])
    let summary = vocabulary.summary(type: definition.type, data: data)
    #expect(summary == "verdi struck against fraport (warning), 2500 workers")
    #expect(try Self.page("schemas.md").contains("*\(summary)*"))
  }

  @Test func keywordsAndFormatsAreListed() throws {
    let page = try Self.page("schemas.md")
    let keywords = try Self.words(in: page, after: "## What a schema may say")
    #expect(keywords.sorted() == SchemaCompiler.keywords.sorted())
    let formats = try Self.words(in: page, after: "A `format` is always checked")
    #expect(formats.sorted() == JSONSchema.Formats.standard.names)
  }

  @Test func theWorkedExampleIsInTheShippedRecord() throws {
    let events = try ShippedRecord.files.flatMap { file in
      try file.bytes.split(separator: 0x0A).map { try JSON(parsing: Array($0)) }
    }
    let page = try Self.page("two-times.md")
    let rows = page.split(separator: "\n").filter { $0.hasPrefix("| #") }
    #expect(rows.count == 4)
    for row in rows {
      let cells = row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      let event = events[try #require(Int(cells[0].dropFirst())) - 1]
      #expect(event["type"]?.string == cells[1], "\(row)")
      #expect(event["on"]?.string == cells[2], "\(row)")
    }
    // Where each article starts and ends.
    var ends = [0]
    for file in ShippedRecord.files {
      ends.append(ends[ends.count - 1] + file.bytes.split(separator: 0x0A).count)
    }
    for article in 1...3 {
      #expect(page.contains("#\(ends[article] + 1) to #\(ends[article + 1])"))
    }
  }
}
