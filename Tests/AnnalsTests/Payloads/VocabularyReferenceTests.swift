import EventLog
import Foundation
import Testing

@testable import Annals

@Suite struct VocabularyReferenceTests {
  private static let file = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Documentation/vocabulary.md")

  @Test func documentationIsUpToDate() throws {
    let page = VocabularyReference.markdown(.builtIn)
    if ProcessInfo.processInfo.environment["ANNALS_REGENERATE"] == "1" {
      try Data(page.utf8).write(to: Self.file)
    }
    let stored = try String(contentsOf: Self.file, encoding: .utf8)
    #expect(
      stored == page,
      """
      Documentation/vocabulary.md does not follow from Schema/. Write it again with
      ANNALS_REGENERATE=1 swift test --filter VocabularyReferenceTests
      """)
  }

  @Test func examplesAreLinesThatCanBeImported() throws {
    let page = VocabularyReference.markdown(.builtIn)
    let lines = page.split(separator: "\n").filter { $0.hasPrefix("{") }
    #expect(lines.count == Vocabulary.builtIn.types.count + 1)
    for line in lines {
      let event = try JSON(parsing: Array(line.utf8))
      #expect(try Vocabulary.builtIn.envelope.faults(in: event) == [])
      let type = try #require(event["type"]?.string.flatMap { Vocabulary.builtIn.definition($0) })
      #expect(try type.schema.faults(in: #require(event["data"])) == [])
    }
  }

  @Test func describesTypesOfOnesOwn() throws {
    let schema = """
      {
        "title": "Strike held", "description": "Workers went on strike.", "type": "object",
        "properties": {
          "union": {"type": "string", "format": "slug", "description": "Who called it."},
          "days": {"type": "integer", "minimum": 1, "description": "How long | it lasted."}
        },
        "required": ["union"], "anyOf": [{"required": ["days"]}, {"required": ["union", "days"]}],
        "examples": [{"union": "verdi", "days": 2}], "x-annals-tags": {"actor": ["union"]}
      }
      """
    let vocabulary = try Vocabulary.builtIn.adding([("strike.held.v2.json", Array(schema.utf8))])
    let page = VocabularyReference.markdown(vocabulary)
    let section = """
      ## strike.held

      **Strike held.** Workers went on strike. Version 2.

      | field | required | type | meaning |
      |---|---|---|---|
      | `union` | yes | slug | Who called it. |
      | `days` |  | integer from 1 | How long \\| it lasted. |

      Needs `days` or `union` with `days`.

      Found under: actor (`union`).

      ```json
      {"type":"strike.held","version":2,"data":{"union":"verdi","days":2}}
      ```

      """
    #expect(page.contains(section))
    #expect(page.contains("| [`strike.held`](#strikeheld) | Strike held |"))
  }
}
