import Foundation
import Testing

/// `annals report`: formats, files, templates, and that a report can be made again.
@Suite struct ReportCommandTests {
  @Test(arguments: ["md", "html", "svg", "json"])
  func the_command_that_a_report_names_makes_the_same_bytes(_ format: String) async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    try program.write("{{title}}\n{{#lines}}{{answer}}{{/lines}}\n{{command}}\n", to: "it's mine")
    let asked = [
      "Washington ukraine-integrity", "USA RUS ukraine-integrity --on today --known-by today",
      "USA ukraine-integrity --compare-known-by '#230' --possibly --title \"It's <b>\\$5 & \\\"more\\\"\"",
      "USA ukraine-integrity --exclude-type statement.made --exclude-source kremlin-praises-us"
        + " --strong-only",
    ]
    let templates = ["md", "html"].contains(format) ? ["", " --template \"it's mine\""] : [""]
    for question in asked {
      for template in templates {
        let first = try await program.shell(
          "annals report \(question)\(template) --format \(format)")
        #expect(first.status == 0, "\(question): \(first.errors)")
        let command = try command(in: first.output, format)
        // More is recorded meanwhile, and the terminal is another.
        _ = try await program.shell(
          "annals append stance.changed actor=USA topic=ukraine-integrity level=1 basis=declared"
            + " --on 2026-01-0\(Int.random(in: 1...9))")
        let again = try await program.shell(
          command, environment: ["COLUMNS": "40", "LANG": "de_DE.UTF-8", "TZ": "Asia/Tokyo"])
        #expect(again.status == 0, "\(command): \(again.errors)")
        let isSame = again.output == first.output
        #expect(isSame, "\(command)")
      }
    }
  }

  /// The command, as the report says it to people (or to programs).
  private func command(
    in report: String, _ format: String
  ) throws -> String {
    switch format {
    case "json":
      let object = try JSONSerialization.jsonObject(with: Data(report.utf8)) as? [String: Any]
      return object?["command"] as? String ?? ""
    default:
      let line = report.split(separator: "\n").last {
        $0.contains(format == "svg" ? "<metadata>" : "annals report ")
      }
      var text = String(line ?? "")
      text.replace(/^.*(?=annals report )/, with: "")
      text.replace(/<\/.*$/, with: "")
      for (entity, character) in [
        ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&"),
      ] where format != "md" {
        text = text.replacingOccurrences(of: entity, with: character)
      }
      return text
    }
  }

  @Test func files_are_written_whole_and_never_replaced_unasked() async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    let printed = try await program.run("report", "USA", "ukraine-integrity", "--format", "html")
    let written = try await program.run("report", "USA", "ukraine-integrity", "--out", "a.html")
    #expect(written.status == 0 && written.output.isEmpty)
    #expect(written.errors == "Wrote a.html (\(grouped(printed.output.utf8.count)) bytes)\n")
    #expect(try program.read("a.html") == printed.output)
    try program.write("mine", to: "b.csv")
    let refused = try await program.run("report", "USA", "ukraine-integrity", "--out", "b.csv")
    #expect(refused.status == 73 && refused.errors.contains("error[E1602]"))
    #expect(try program.read("b.csv") == "mine")
    let forced = try await program.run(
      "report", "USA", "ukraine-integrity", "--out", "b.csv", "--force", "-q")
    #expect(forced.status == 0 && forced.errors.isEmpty)
    #expect(try program.read("b.csv").hasPrefix("actor,"))
    let nowhere = try await program.run("report", "USA", "ukraine-integrity", "--out", "no/a.md")
    #expect(nowhere.status == 73)
    let names = try FileManager.default.contentsOfDirectory(atPath: program.folder.path)
    #expect(!names.contains { $0.hasSuffix(".part") })
  }

  private func grouped(_ count: Int) -> String {
    let text = String(count)
    return text.count > 3 ? "\(text.dropLast(3)),\(text.suffix(3))" : text
  }

  @Test func the_format_follows_the_option_the_name_or_is_markdown() async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    try program.write("{{title}}", to: "own.html")
    for (arguments, start) in [
      ("", "# United States"), ("--format svg", "<svg"), ("-o json", "{\n  \"schema\""),
      ("-o csv", "actor,"), ("--out a.svg", "<svg"), ("--out b.HTM", "<!doctype html>"),
      ("--out c.txt", "# United"), ("--template own.html --title '<b>'", "&lt;b&gt;"),
      ("--out d.html --format md", "# United"),
      ("--format json -o json", "{\n"),
    ] {
      let result = try await program.shell("annals report USA ukraine-integrity \(arguments)")
      #expect(result.status == 0, "\(arguments): \(result.errors)")
      let file = arguments.firstMatch(of: /--out (\S+)/)?.output.1
      let text = try file.map { try program.read(String($0)) } ?? result.output
      #expect(text.hasPrefix(start), "\(arguments)")
    }
    let json = try await program.shell("annals report USA ukraine-integrity --format json")
    let same = try await program.shell("annals -o json report USA ukraine-integrity")
    #expect(json.output == same.output)
  }

  @Test func a_template_can_be_replaced() async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    let builtIn = try await program.run("report", "--print-template", "html")
    #expect(builtIn.status == 0)
    try program.write(builtIn.output, to: "mine.html")
    let first = try await program.run("report", "USA", "ukraine-integrity", "--format", "html")
    let own = try await program.run(
      "report", "USA", "ukraine-integrity", "--format", "html", "--template", "mine.html")
    let isSame =
      own.output
      == first.output.replacing(" --format html", with: " --template mine.html --format html")
    #expect(isSame)
    try program.write("a\n {{#lines}}{{titel}}{{/lines}}", to: "bad.md")
    let bad = try await program.run(
      "report", "USA", "ukraine-integrity", "--template", "bad.md")
    #expect(bad.status == 78 && bad.output.isEmpty)
    #expect(bad.errors.hasPrefix("error[E1601]: bad.md:2:12: no name \"titel\" here\n"))
    #expect(bad.errors.contains("help: did you mean \"title\"?"))
  }

}

/// What a page is made of, and what each fault of the command line says.
@Suite(.sharedDemo) struct ReportPageTests {
  @Test func a_page_asks_for_nothing_and_is_small() async throws {
    let result = try await SharedDemo.program.run(
      "report", "USA", "RUS", "UKR", "ukraine-integrity", "--format", "html")
    #expect(result.output.utf8.count < 60_000)
    let forbidden = ["<script", "<link", "<img", "<iframe", "@import", "url(", "src=", "onload"]
    for text in forbidden { #expect(!result.output.contains(text), "\(text)") }
    #expect(result.output.components(separatedBy: "<h1").count == 2)
    let ids = result.output.matches(of: /\sid="([^"]+)"/).map(\.output.1)
    #expect(Set(ids).count == ids.count)
    for target in result.output.matches(of: /\shref="#([^"]+)"/) {
      #expect(ids.contains(target.output.1), "\(target.output.1)")
    }
  }

  @Test(
    arguments: [
      ("report", 64, "E1001"), ("report USA", 64, "E1001"),
      ("report ukraine-integrity", 64, "E1001"),
      ("report USA ukraine-integrity --format pdf", 64, "E1001"),
      ("report USA ukraine-integrity --format htlm", 64, "did you mean \"html\"?"),
      ("report USA ukraine-integrity -o tsv", 64, "E1001"),
      ("report USA ukraine-integrity -o json --format md", 64, "E1001"),
      ("report USA ukraine-integrity --format svg --template x", 66, "E1206"),
      ("report USA ukraine-integrity --template missing.md", 66, "E1206"),
      ("report --print-template svg", 64, "E1001"), ("report --print-template x", 64, "E1001"),
      ("report Atlantis ukraine-integrity", 4, "E1201"), ("report USA ukrane", 4, "E1202"),
      ("report USA ukraine-integrity --on soon", 64, "E1006"),
      ("report USA ukraine-integrity --compare-known-by soon", 64, "E1006"),
      ("report USA ukraine-integrity --exclude-type vote.cats", 64, "did you mean"),
      ("report USA ukraine-integrity --exclude-source nobody", 4, "E1208"),
    ] as [(String, Int32, String)])
  func every_fault_is_said(_ arguments: String, _ status: Int32, _ text: String) async throws {
    let result = try await SharedDemo.program.shell("annals \(arguments)")
    #expect(result.status == status, "\(result.errors)")
    #expect(result.errors.contains(text), "\(result.errors)")
    #expect(result.output.isEmpty)
  }
}
