import Foundation
import Testing

/// Every input of the corpus is refused whole, with the right code at the right place.
@Suite(.sharedDemo) struct BadInputTests {
  @Test func the_corpus_has_no_name_twice() {
    #expect(Set(BadInput.all.map(\.name)).count == BadInput.all.count)
    #expect(BadInput.all.count >= 50)
  }

  @Test func each_is_refused_with_its_place_and_nothing_is_written() async throws {
    let program = try SharedDemo.program
    try program.write(BadInput.setting.joined(separator: "\n"), to: "setting.ndjson")
    let setting = try await program.run("import", "setting.ndjson")
    try #require(setting.status == 0, "\(setting.errors)")
    let before = try await program.run("export")
    // As many at a time as there are processors, or nearly.
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (index, input) in BadInput.all.enumerated() {
        if index >= 3 { try await group.next() }
        group.addTask { try await Self.check(input, file: "\(index).ndjson", program) }
      }
      try await group.waitForAll()
    }
    let after = try await program.run("export")
    #expect(after.output == before.output)
  }

  private static func check(_ input: BadInput, file: String, _ program: Program) async throws {
    try Data(input.bytes).write(to: program.folder.appendingPathComponent(file))
    let head = try await program.run("log", "-n", "1", "-o", "tsv")
    let told = try await program.run("import", file)
    #expect(told.status == input.status, "\(input.name): \(told.errors.prefix(2_000))")
    #expect(told.output.isEmpty, "\(input.name)")
    #expect(
      faults(in: told.errors, of: file) == input.faults,
      "\(input.name): \(told.errors.prefix(2_000))")

    let document = try await program.run("import", file, "-o", "json")
    #expect(document.status == input.status, "\(input.name)")
    #expect(try faults(inDocument: document.errors, of: file) == input.faults, "\(input.name)")
    let then = try await program.run("log", "-n", "1", "-o", "tsv")
    #expect(then.output == head.output, "\(input.name) left something in the log")
  }

  /// What is said for people: `error[CODE]: file:line:column: …`.
  private static func faults(in errors: String, of file: String) -> [BadInput.Fault] {
    errors.split(separator: "\n").compactMap { line in
      guard line.hasPrefix("error["), line.count > 14 else { return nil }
      let parts = line.dropFirst(14).split(separator: ":", maxSplits: 3)
      let code = String(line.dropFirst(6).prefix(5))
      guard parts.count == 4, parts[0] == file, let line = Int(parts[1]), let column = Int(parts[2])
      else { return BadInput.Fault(code: code, line: 0, column: 0) }
      return BadInput.Fault(code: code, line: line, column: column)
    }
  }

  /// What is said for programs: one problem of RFC 9457, with all faults.
  private static func faults(inDocument errors: String, of file: String) throws -> [BadInput.Fault]
  {
    let document =
      try JSONSerialization.jsonObject(with: Data(errors.utf8)) as? [String: Any] ?? [:]
    return (document["errors"] as? [[String: Any]] ?? []).map { error in
      let isHere = error["file"] as? String == file
      return BadInput.Fault(
        code: error["code"] as? String ?? "", line: isHere ? error["line"] as? Int ?? 0 : 0,
        column: error["column"] as? Int ?? 0)
    }
  }
}
