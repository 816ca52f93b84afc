import Annals
import Testing

@Suite struct HelpTests {
  private static let web = Face(
    name: "HTTP",
    command: { words in
      let path = words.split(separator: " ").prefix { !$0.hasPrefix("--") }
      return "GET /v1/" + path.joined(separator: "/")
    },
    option: { name, value in
      name.replacing("-", with: "_") + (value.map { "=\($0)" } ?? "")
    })

  @Test func a_literal_reads_the_same_on_every_face() {
    let help: Help = "write 2022-03-02"
    #expect(help.words(for: .commandLine) == "write 2022-03-02")
    #expect(help.words(for: Self.web) == "write 2022-03-02")
    #expect(help == Help("write 2022-03-02"))
  }

  @Test func each_face_writes_commands_in_its_own_words() {
    let kind = "actor"
    let help: Help = "see  \(command: "list \(kind)s"), all \(3) of them"
    #expect(help.words(for: .commandLine) == "see  annals list actors, all 3 of them")
    #expect(help.words(for: Self.web) == "see  GET /v1/list/actors, all 3 of them")
  }

  @Test func each_face_writes_options_in_its_own_words() {
    let help: Help = "add \(option: "known-by"), or \(option: "known-by", "#\(40)")"
    #expect(help.words(for: .commandLine) == "add --known-by, or --known-by #40")
    #expect(help.words(for: Self.web) == "add known_by, or known_by=#40")
  }

  @Test func equal_words_make_equal_helps_however_they_were_put_together() {
    let name = "b"
    let whole: Help = "a b c \(command: "log") d"
    #expect("a \(name)" + " c \(command: "log")" + " d" == whole)
    #expect("\(Help("a b")) \("c \(command: "log")" as Help) d" == whole)
    #expect(Set([whole, "a b c \(command: "log") d"]).count == 1)
  }

  @Test(arguments: ErrorCode.allCases)
  func the_catalogue_speaks_as_the_face_that_shows_it(_ code: ErrorCode) {
    for help in [code.entry.explanation, code.entry.remedy] {
      let words = help.words(for: Self.web)
      #expect(!words.contains(#/(^|[^.])annals [a-z]|--[a-z]/#), "\(words)")
    }
  }

  @Test func a_command_is_not_the_text_that_one_face_writes_for_it() {
    let help: Help = "\(command: "log")"
    #expect(help != "annals log")
    #expect(help != "\(option: "log")")
    #expect(help != "\(command: "list")")
    #expect(help != "")
  }
}
