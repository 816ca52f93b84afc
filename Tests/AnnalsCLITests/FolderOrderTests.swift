import Foundation
import Testing

/// The folders of each target use one another in one direction, and libraries do not speak as the
/// command line: `Scripts/folder-order` says where they do.
@Suite(.enabled(if: Program.hasPython, "needs Python 3")) struct FolderOrderTests {
  @Test func folders_use_only_those_below_them() async throws {
    let program = try Program()
    defer { program.cleanUp() }
    let found = try await program.shell("'\(Self.script)'")
    #expect(found.status == 0, "\(found.output)\(found.errors)")
  }

  /// A checkout with two folders, the lower of which is to hold a file.
  private func checked(_ lower: String) async throws -> Program.Outcome {
    let program = try Program()
    defer { program.cleanUp() }
    try program.write("Demo\n  Low\n  High\n", to: "Scripts/folders.txt")
    try program.write(
      """
      public struct Tower {
        var storeys = 3
        enum Roof { case flat }
      }

      extension Int { func rounded(toStoreys storeys: Int) -> Int { self } }
      """, to: "Sources/Demo/High/Tower.swift")
    try program.write(lower, to: "Sources/Demo/Low/Ground.swift")
    return try await program.shell("'\(Self.script)' --root .")
  }

  @Test(arguments: [
    ("let tower: Tower? = nil", "Tower"), ("func f(a: A) { print(a.storeys) }", "storeys"),
    ("let text = \"\\(Tower())\"", "Tower"), ("let size = 7.rounded(toStoreys: 2)", "rounded"),
    ("extension Tower {\n  func f() -> Roof { .flat }\n}", "Roof"),
  ])
  func a_use_of_a_higher_folder_is_named(_ text: String, _ name: String) async throws {
    let found = try await checked(text)
    #expect(found.status == 1)
    #expect(found.output.contains(": Low uses \(name) of the higher folder High\n"))
    #expect(found.output.hasPrefix("Sources/Demo/Low/Ground.swift:"))
  }

  @Test(arguments: [
    "// Tower", "/* /* Tower */ Tower */ let one = 1", "let text = \"Tower, (Tower)\"",
    "let text = #\"\\(Tower)\"#", "let text = \"\"\"\n  Tower\n  \"\"\"",
    "struct Hut {\n  var storeys = 1\n}\nfunc f(hut: Hut) { print(hut.storeys) }",
    "func f<Tower>(_ tower: Tower) {}", "let half = 2.5.rounded()",
  ])
  func what_is_no_use_of_it_is_not(_ text: String) async throws {
    let found = try await checked(text)
    #expect(found.status == 0, "\(found.output)\(found.errors)")
  }

  @Test(arguments: [
    ("let voter = data[\"voter\"]?.string", 1), ("data[\"voter\"] = .string(id)", 0),
    ("let voter = fields.voter  // data[\"voter\"]", 0),
  ])
  func payloads_are_read_by_typed_names(_ text: String, _ faults: Int) async throws {
    let found = try await checked("func f() {\n  \(text)\n}")
    #expect(found.status == faults, "\(found.output)\(found.errors)")
    #expect(found.output.contains(":2: reads the field of a payload") == (faults > 0))
  }

  @Test(arguments: [
    ("let help = \"annals paint shows it\"", 1), ("let help = \"see  annals help\"", 1),
    ("let help = \"annals \\(name)\"", 1), ("let help = \"annals \" + name", 1),
    ("let help = \"\"\"\n  The file; `annals\n  paint` opens it.\n  \"\"\"", 2),
    ("let help: Help = \"\\(command: \"paint\") shows it\"", 0),
    ("let name = \"annals painted, and the annals of 1911\"", 0),
    ("let one = 1  // annals paint", 0),
  ])
  func libraries_do_not_name_commands(_ text: String, _ line: Int) async throws {
    let program = try Program()
    defer { program.cleanUp() }
    try program.write("Shed\n  .\nTool\n  .\n", to: "Scripts/folders.txt")
    try program.write(text, to: "Sources/Shed/Shed.swift")
    try program.write(
      "let paint = Command(commandName: \"paint\", usage: \"annals paint\")",
      to: "Sources/Tool/Tool.swift")
    let found = try await program.shell("'\(Self.script)' --root .")
    let fault = "Sources/Shed/Shed.swift:\(line): names a command as the command line writes it\n"
    #expect(found.output == (line > 0 ? fault : ""))
    #expect(found.status == (line > 0 ? 1 : 0))
  }

  private static let script = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Scripts/folder-order").path
}
