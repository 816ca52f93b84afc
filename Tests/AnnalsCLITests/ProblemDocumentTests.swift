import Annals
import AnnalsAnswers
import EventLog
import Testing

/// The texts of a document are in the words of the face that shows it.
@Suite struct ProblemDocumentTests {
  private static let page = Face(
    name: "pages", command: { "the page \($0)" }, option: { name, _ in "the field \(name)" })

  @Test func a_help_is_in_the_words_of_the_face() {
    let failure = Failure([
      Problem(.badMoment, "no day", help: "see \(command: "help time"), or leave \(option: "on")")
    ])
    let here = JSONWriter.pretty(ProblemDocument(failure, face: Self.page).json)
    #expect(here.contains("\"help\": \"see the page help time, or leave the field on\""))
    let there = JSONWriter.pretty(ProblemDocument(failure, face: .commandLine).json)
    #expect(there.contains("\"help\": \"see annals help time, or leave --on\""))
  }

  @Test func an_entry_of_the_catalogue_is_in_the_words_of_the_face() {
    let answer = ErrorAnswer(entry: ErrorCode.noStore.entry, face: Self.page)
    let text = JSONWriter.pretty(answer.json)
    #expect(text.contains("\"The store was named neither by the field store, nor by ANNALS_STORE"))
    #expect(text.contains("\"Create one with  the page init un.annals  or name one with"))
  }

  @Test func the_formula_of_a_rule_is_in_the_words_of_the_face() {
    let answer = RulesAnswer(rules: [.latest2], face: Self.page)
    #expect(JSONWriter.pretty(answer.json).contains("(with the field possibly: may have happened)"))
  }
}
