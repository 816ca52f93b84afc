import Testing

/// The pages in a real browser; see Scripts/browser-test. It passes itself over where there is none.
@Suite(.enabled(if: Program.hasPython, "needs Python 3"))
struct BrowserTests {
  @Test func readers_and_editors_can_do_their_work_in_a_browser() async throws {
    try await runScript("browser-test", "--short")
  }
}
