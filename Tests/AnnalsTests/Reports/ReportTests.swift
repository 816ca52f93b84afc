import EventLog
import Foundation
import Testing

@testable import Annals

/// Reports over a small record, through the store as a library user meets them.
@Suite struct ReportTests {
  @Test func markdownOfATinyRecord() async throws {
    try await withTinyStore { store in
      let text = try await store.report(Self.question).written(as: .md, by: "annals 0")
      #expect(
        Self.timeless(text)
          == """
          # Aland on peace

          > Peace \\| quiet \\<should\\> last.

          Aland opposes since 2024-03-01; before that: supports (2023-01-02 to 2024-02-29).

          True on 2025-01-01; known by #6 (recorded INSTANT).

          ## Aland

          | from | to | stance | event | what | recorded |
          |---|---|---|---|---|---|
          | 2023-01-02 | 2024-02-29 | supports | #4 | Aland took position 2 on peace (declared) | DAY by ana, N days after the day |
          | 2024-03-01 | — | opposes | #5 | Aland took position -2 on peace (declared) | DAY by ana, N days after the day |

          ### 2023-01-02 to 2024-02-29: supports

          Rests on a single declared change.

          - **#4** 2023-01-02: Aland took position 2 on peace (declared)[^1]

          ### since 2024-03-01: opposes

          Rests on a single declared change.

          - **#5** 2024-03-01: Aland took position -2 on peace (declared) *(corrected by #6)* *No source;* recorded DAY by ana, N days after the day. Note: \\*not\\* sure

          ### What became of #5

          - #5 Aland took position -2 on peace (declared)
          - #6 corrected #5: level -2 — misread (DAY by ana)

          ### How sure this is

          - Used: 2 facts with a direction, 2023-01-02 to 2024-03-01
          - Coverage: nothing is known to be missing
          - thin #4: supports from 2023-01-02 rests on a single declared change
          - thin #5: opposes from 2024-03-01 rests on a single declared change
          - unsourced #5: names no source
          - corrected #5: corrected by #6

          ## The rule

          **latest/2**

          FORMULA

          ## Sources

          [^1]: A \\[good\\] paper, Press & Co (paper:p. 3), <https://example.org/a_b?c=1&d=2>. “\\_so\\_” #4 recorded DAY by ana, N days after the day.

          ---

          Made by annals 0 from events #1–#6 of the record (last recorded INSTANT), rule latest/2. To make this report again, byte for byte:

              annals report ALA peace --on 2025-01-01 --known-by '#6' --rule latest/2 --format md

          """.replacingOccurrences(of: "Press & Co", with: "Press &amp; Co"))
    }
  }

  @Test(arguments: ReportFormat.allCases)
  func theSameBytesWhateverIsAppendedLater(_ format: ReportFormat) async throws {
    try await withTinyStore { store in
      var question = Self.question
      question.comparedTo = .position(Position(5))
      let first = try await store.report(question)
      let text = try first.written(as: format, by: "annals 0")
      #expect(try await store.report(question).written(as: format, by: "annals 0") == text)
      let more = """
        {"type":"stance.changed","on":"2024-06-01","data":{"actor":"ALA","topic":"peace","level":1,"basis":"declared"}}
        {"type":"actor.named","data":{"actor":"ALA","name":"Atlantis"}}
        {"type":"source.captured","data":{"source":"paper","title":"Renamed"},"sources":[{"source":"paper"}]}
        """
      _ = try await store.append(Array(more.utf8), options: Self.options)
      _ = try await store.retract(
        .position(Position(4)), reason: "wrong", options: Self.options)
      question.knownBy = .position(first.knownBy.position)
      #expect(try await store.report(question).written(as: format, by: "annals 0") == text)
      question.knownBy = nil
      #expect(try await store.report(question).written(as: format, by: "annals 0") != text)
    }
  }

  @Test func whatWasBelievedBefore() async throws {
    try await withTinyStore { store in
      var question = Self.question
      question.comparedTo = .position(Position(5))
      let line = try await store.report(question).lines[0]
      #expect(line.audit.steps.map(\.level.low) == [2, -2])
      #expect(line.earlier?.map(\.level.low) == [2, 0])
      question.comparedTo = .position(Position(1))
      // The record knew neither actor nor topic then.
      let before = try await store.report(question).lines[0].earlier
      #expect(before?.isEmpty == true)
    }
  }

  @Test func anActorNamedTwiceHasOneLine() async throws {
    try await withTinyStore { store in
      var question = Self.question
      question.actors = ["ALA", "Aland", "ala"]
      let report = try await store.report(question)
      #expect(report.lines.count == 1)
      question.actors = []
      let nobody = question
      await #expect(throws: Problem.self) { try await store.report(nobody) }
    }
  }

  @Test func jsonAndCSV() async throws {
    try await withTinyStore { store in
      let report = try await store.report(Self.question)
      let json = try JSON(parsing: Array(report.written(as: .json, by: "annals 0").utf8))
      #expect(json["schema"]?.string == "annals.report.v2")
      #expect(json["command"]?.string == report.command(as: .json))
      let lines = json["lines"]?.array ?? []
      let steps = lines[0]["steps"]?.array ?? []
      #expect(steps.map { $0["stance"]?["label"]?.string } == ["supports", "opposes"])
      #expect(steps[1]["evidence"]?.array?[0]["corrected_by"]?.integer == 6)
      #expect(json["sources"]?.array?.map { $0["publisher"]?.string } == ["Press & Co"])
      let rows = try report.written(as: .csv, by: "annals 0").split(separator: "\n")
      #expect(rows.count == 3)
      let starts = [
        "actor,actor_name,topic,on,known_by,rule,from,to,",
        "ALA,Aland,peace,2025-01-01,6,latest/2,2023-01-02,2024-02-29,2,2,supports,,4,",
      ]
      for (row, start) in zip(rows, starts) { #expect(row.hasPrefix(start)) }
    }
  }

  @Test func onlyWebAddressesBecomeLinks() {
    #expect(Escaping.link("https://example.org/a?b=1") != nil)
    #expect(Escaping.link("HTTP://example.org") != nil)
    for address in [
      "javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//example.org",
      "example.org",
      "https://example.org/a b", "https://example.org/\"onload=", "https://example.org/>x",
      "https://example.org/\u{202E}x",
    ] {
      #expect(Escaping.link(address) == nil, "\(address)")
    }
  }

  @Test func aUsersTextIsNeverMarkup() throws {
    let hostile = "<b>&\"'*_`[x](y)|\u{7}\u{202E}\u{FFFE}~~$#"
    let page = Escaping.markup.text(hostile)
    #expect(page.hasPrefix("&lt;b&gt;&amp;&quot;&#39;"))
    #expect(!page.unicodeScalars.contains { $0 == "\u{7}" || $0 == "\u{202E}" || $0 == "\u{FFFE}" })
    #expect(
      Escaping.markdown.text(hostile)
        == "\\<b\\>&amp;\"'\\*\\_\\`\\[x\\](y)\\|\u{FFFD}\u{FFFD}\u{FFFD}\\~\\~\\$#")
    // What only a line's start would make a heading or a list.
    #expect(Escaping.markdown.text("# a\nb") == "\\# a b")
    #expect(Escaping.markdown.text("1. a") == "1\\. a")
    #expect(Escaping.markdown.text("- a") == "\\- a")
    #expect(Escaping.markdown.text("#12 a_b -2") == "#12 a_b -2")
  }

  @Test func wordsAreQuotedForAShell() {
    #expect(ShellCommand("show", ["USA", "#306"]).text == "annals show USA '#306'")
    #expect(ShellCommand("show", ["it's $HOME"]).text == "annals show 'it'\\''s $HOME'")
    #expect(ShellCommand("show", ["", "-x"], options: ["-q"]).text == "annals show -q -- '' -x")
  }

  // MARK: The record

  static let question: ReportQuestion = {
    guard let on = try? Moment.on("2025-01-01", now: Instant(microseconds: 0)) else {
      preconditionFailure("a plain date")
    }
    return ReportQuestion(actors: ["Aland"], topic: "peace", on: on)
  }()

  static let options = AppendOptions(recorder: "ana")

  /// An actor with a stance that is corrected.
  func withTinyStore(_ body: (Store) async throws -> Void) async throws {
    let record = """
      {"type":"source.captured","data":{"source":"paper","title":"A [good] paper","publisher":"Press & Co","url":"https://example.org/a_b?c=1&d=2"},"sources":[{"source":"paper"}]}
      {"type":"actor.registered","data":{"actor":"ALA","kind":"state","name":"Aland"}}
      {"type":"topic.defined","data":{"topic":"peace","proposition":"Peace | quiet <should> last."}}
      {"type":"stance.changed","on":"2023-01-02","data":{"actor":"ALA","topic":"peace","level":2,"basis":"declared"},"sources":[{"source":"paper","locator":"p. 3","quote":"_so_"}]}
      {"id":"00000000-0000-8000-8000-000000000005","type":"stance.changed","on":"2024-03-01","data":{"actor":"ALA","topic":"peace","level":0,"basis":"declared"},"note":"*not* sure"}
      """
    let correction = """
      {"type":"fact.corrected","target":"00000000-0000-8000-8000-000000000005","reason":"misread","data":{"level":-2}}
      """
    try await withStore { store in
      _ = try await store.append(Array(record.utf8), options: Self.options)
      _ = try await store.append(Array(correction.utf8), options: Self.options)
      try await body(store)
    }
  }

  /// The text without what the clock gave to the record.
  static func timeless(_ text: String) -> String {
    var text = text
    text.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/, with: "INSTANT")
    text.replace(/\d{4}-\d\d-\d\d by ana/, with: "DAY by ana")
    text.replace(/\d+ days after/, with: "N days after")
    text.replace(/(\*\*latest\/2\*\*\n\n)Evidence on an actor[\s\S]*is not 0\./) {
      "\($0.1)FORMULA"
    }
    return text
  }
}
