import Foundation
import Testing

@testable import Annals

@Suite struct RuleReferenceTests {
  private static let file = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Documentation/rules.md")

  @Test func documentationIsUpToDate() throws {
    let page = RuleReference.markdown
    if ProcessInfo.processInfo.environment["ANNALS_REGENERATE"] == "1" {
      try Data(page.utf8).write(to: Self.file)
    }
    #expect(
      (try? String(contentsOf: Self.file, encoding: .utf8)) == page,
      """
      Documentation/rules.md does not follow from the code. Write it again with
      ANNALS_REGENERATE=1 swift test --filter RuleReferenceTests
      """)
  }
}
