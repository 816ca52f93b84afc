import Foundation
import Testing

/// Every input of the corpus is refused whole, with the right code at the right place.
@Suite(.sharedDemo, .serialized) struct BadInputTests {
  @Test func there_are_many_and_none_twice() {
    let names = BadInput.all.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(names.count >= 50)
  }

  @Test func each_is_refused_with_code_and_place() async throws {
    let program = try await prepared()
    let before = try await program.run("export")
    try await each(BadInput.all, at: program) { input, file in
      let told = try await program.run("import", file)
      #expect(told.status == 65, "\(input.name): \(told.errors.prefix(1_000))")
      #expect(told.output.isEmpty, "\(input.name)")
      let found = Self.faults(in: told.errors).map(\.fault)
      #expect(found == input.faults, "\(input.name): \(told.errors.prefix(1_000))")
    }
    try await expectUnchanged(program, before)
  }

  @Test func the_problem_document_lists_the_same() async throws {
    let program = try await prepared()
    let before = try await program.run("export")
    try await each(BadInput.related, at: program) { input, file in
      let told = try await program.run("import", file, "-o", "json")
      #expect(told.status == 65, "\(input.name)")
      let found = try Self.faults(inDocument: told.errors).map(\.fault)
      #expect(found == input.faults, "\(input.name)")
    }
    try await expectUnchanged(program, before)
  }

  @Test func the_faults_of_many_files_are_told_at_once() async throws {
    let program = try await prepared()
    let before = try await program.run("export")
    let files = try BadInput.plain.enumerated().map { index, input in
      try Self.write(input, to: "all-\(index).ndjson", in: program)
    }
    let expected = zip(files, BadInput.plain).flatMap { file, input in
      input.faults.map { Told(file: file, fault: $0) }
    }
    let list = files.joined(separator: " ")
    let told = try await program.shell("annals import \(list)")
    #expect(told.status == 65)
    #expect(Self.faults(in: told.errors) == expected)
    let document = try await program.shell("annals import \(list) -o json")
    #expect(document.status == 65)
    #expect(try Self.faults(inDocument: document.errors) == expected)
    try await expectUnchanged(program, before)
  }

  // MARK: the store

  /// The store of the suite, with what the inputs are in conflict with; appended once.
  private func prepared() async throws -> Program {
    let program = try SharedDemo.program
    try program.write(BadInput.setting.joined(separator: "\n"), to: "setting.ndjson")
    let setting = try await program.run("import", "setting.ndjson")
    try #require(setting.status == 0, "\(setting.errors)")
    return program
  }

  private func expectUnchanged(_ program: Program, _ before: Program.Outcome) async throws {
    let after = try await program.run("export")
    let isSame = after.output == before.output
    let added = after.lines.dropFirst(before.lines.count).prefix(3).joined(separator: "\n")
    #expect(isSame, "was written: \(added)")
  }

  /// Tries inputs, two at a time.
  private func each(
    _ inputs: [BadInput], at program: Program,
    _ body: @escaping @Sendable (BadInput, _ file: String) async throws -> Void
  ) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (index, input) in inputs.enumerated() {
        if index >= 2 { try await group.next() }
        let file = try Self.write(input, to: "\(index).ndjson", in: program)
        group.addTask { try await body(input, file) }
      }
      try await group.waitForAll()
    }
  }

  private static func write(
    _ input: BadInput, to name: String, in program: Program
  ) throws -> String {
    try Data(input.bytes).write(to: program.folder.appendingPathComponent(name))
    return name
  }

  // MARK: what was told

  private struct Told: Equatable {
    var file: String
    var fault: BadInput.Fault
  }

  /// For people: `error[CODE]: file:line:column: …`. What has no place stands at 0:0.
  private static func faults(in errors: String) -> [Told] {
    errors.split(separator: "\n").compactMap { line in
      guard let match = line.prefixMatch(of: /error\[(E\d+)\]: (?:(\S+?):(\d+):(\d+): )?/) else {
        return nil
      }
      let (_, code, file, line, column) = match.output
      return Told(
        file: file.map(String.init) ?? "",
        fault: BadInput.Fault(
          code: String(code), line: line.flatMap { Int($0) } ?? 0,
          column: column.flatMap { Int($0) } ?? 0))
    }
  }

  /// For programs: one problem of RFC 9457, with all faults.
  private static func faults(inDocument errors: String) throws -> [Told] {
    let document =
      errors.isEmpty
      ? [:] : try JSONSerialization.jsonObject(with: Data(errors.utf8)) as? [String: Any] ?? [:]
    return (document["errors"] as? [[String: Any]] ?? []).map { error in
      Told(
        file: error["file"] as? String ?? "",
        fault: BadInput.Fault(
          code: error["code"] as? String ?? "", line: error["line"] as? Int ?? 0,
          column: error["column"] as? Int ?? 0))
    }
  }
}
