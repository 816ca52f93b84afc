import Foundation
import Testing

/// Every command that the README and the documentation show is run, and prints what they say.
///
/// A page is one session: its `console` blocks run in order in a folder of their own, in which a
/// block that names a file after its language (`sql views/a.sql`) is put first. What differs
/// from run to run (instants, delays) is compared by form. `ANNALS_REGENERATE=1` writes what the
/// program prints into the pages instead.
@Suite struct DocumentationTests {
  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static let pages: [String] = {
    let folder = root.appendingPathComponent("Documentation").path
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return ["README.md"]
      + names.filter { $0.hasSuffix(".md") }.sorted().map { "Documentation/\($0)" }
  }()

  @Test(arguments: pages) func everyCommandPrintsWhatThePageSays(_ page: String) async throws {
    let url = Self.root.appendingPathComponent(page)
    let text = try String(contentsOf: url, encoding: .utf8)
    let program = try Program()
    defer { program.cleanUp() }
    var result: [String] = []
    var block: [String]?
    var file: (path: String, lines: [String])?
    for line in text.components(separatedBy: "\n") {
      if let lines = block, line == "```" {
        result += try await run(lines, in: program, page) + [line]
        block = nil
      } else if let (path, lines) = file, line == "```" {
        try program.write((lines + [""]).joined(separator: "\n"), to: path)
        file = nil
        result.append(line)
      } else if block != nil {
        block?.append(line)
      } else {
        result.append(line)
        file?.lines.append(line)
        if line == "```console" { block = [] }
        if let match = line.wholeMatch(of: /```[a-z]+ (\S+)/) { file = (String(match.1), []) }
      }
    }
    if ProcessInfo.processInfo.environment["ANNALS_REGENERATE"] == "1" {
      try result.joined(separator: "\n").write(to: url, atomically: true, encoding: .utf8)
    }
  }

  /// Runs the commands of a block (the lines that start with `$ `), compares what follows each, and
  /// returns the block as it should be.
  private func run(
    _ lines: [String], in program: Program, _ page: String
  ) async throws -> [String] {
    var result: [String] = []
    var index = 0
    while index < lines.count {
      var command = [lines[index]]
      index += 1
      while command.last?.hasSuffix("\\") == true, index < lines.count {
        command.append(lines[index])
        index += 1
      }
      let expected = Array(lines[index...].prefix { !$0.hasPrefix("$ ") })
      index += expected.count
      let shell = command.joined(separator: "\n").dropFirst(2)
      let outcome = try await program.shell(
        "exec 2>&1; \(shell)", environment: ["ANNALS_RECORDER": "ana"])
      let printed = outcome.output.split(separator: "\n", omittingEmptySubsequences: false)
        .map { String($0) }
      let actual = printed.last == "" ? Array(printed.dropLast()) : printed
      if ProcessInfo.processInfo.environment["ANNALS_REGENERATE"] != "1" {
        #expect(
          expected.map(Self.form) == actual.map(Self.form), "\(page): \(command[0])")
      }
      result += command + actual
    }
    return result
  }

  /// A line with whatever changes from run to run replaced by its name.
  private static func form(_ line: String) -> String {
    var text = line
    text.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/, with: "INSTANT")
    text.replace(/\(\d{4}-\d\d-\d\d\)/, with: "(DAY)")
    // In a history: when somebody recorded it.
    text.replace(#/(└ \#\d+\s+)\d{4}-\d\d-\d\d /#) { "\($0.1)DAY " }
    text.replace(/\(\+\d+ d\)/, with: "(DELAY)")
    text.replace(/recorded \d+ days/, with: "recorded N days")
    text.replace(/"delay_days": \d+/, with: "\"delay_days\": N")
    text.replace(/[0-9a-f]{64}/, with: "HASH")
    // Keys, signatures and roots are in base 64.
    text.replace(/\+[0-9a-f]{8}\+[A-Za-z0-9+\/]{44}/, with: "+KEY")
    text.replace(/[A-Za-z0-9+\/]{88,}={0,2}/, with: "SIGNATURE")
    text.replace(/^[A-Za-z0-9+\/]{43}=$/, with: "ROOT")
    text.replace(/\([0-9a-f]{8}\)/, with: "(KEY)")
    text.replace(/\([\d,]+ bytes\)/, with: "(BYTES)")
    text.replace(/\s\s[0-9a-f]{8}\s\s/, with: "  HASH  ")
    // Columns are as wide as what stands in them.
    text.replace(/\s{2,}/, with: "  ")
    return text
  }
}
