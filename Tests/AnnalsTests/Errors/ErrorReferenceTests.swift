import Foundation
import Testing

@testable import Annals

@Suite struct ErrorReferenceTests {
  private static let file = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Documentation/errors.md")

  @Test func documentationIsUpToDate() throws {
    let page = ErrorReference.markdown
    if ProcessInfo.processInfo.environment["ANNALS_REGENERATE"] == "1" {
      try Data(page.utf8).write(to: Self.file)
    }
    #expect(
      (try? String(contentsOf: Self.file, encoding: .utf8)) == page,
      """
      Documentation/errors.md does not follow from the catalogue. Write it again with
      ANNALS_REGENERATE=1 swift test --filter ErrorReferenceTests
      """)
  }

  @Test func everyCodeHasAnEntryOfItsOwn() {
    let titles = ErrorCode.allCases.map(\.entry.title)
    #expect(Set(titles).count == titles.count)
    for code in ErrorCode.allCases {
      #expect(code.entry.code == code)
      #expect(code.entry.explanation != "" && code.entry.remedy != "")
    }
  }
}
