import Foundation
import Testing

/// `annals verify`: its options, what it prints, and how it ends.
@Suite struct VerifyCommandTests {
  private struct Verified: Decodable {
    struct Part: Decodable {
      struct Fault: Decodable {
        var seq: Int?
        var message: String
        var expected: String?
        var found: String?
      }
      var part: String
      var ok: Bool
      var faults: [Fault]
      var faultCount: Int
    }
    var verified: Bool
    var seq: Int
    var root: String
    var hashedFrom: Int
    var firstFault: Int?
    var parts: [Part]

    func part(_ name: String) -> Part? { parts.first { $0.part == name } }
  }

  /// What `verify` answers, whether or not the record verifies.
  private func verify(
    _ program: Program, _ arguments: String = "", status: Int32 = 0
  ) async throws -> Verified {
    let told = try await program.shell("annals verify \(arguments) -o json")
    #expect(told.status == status, "\(arguments): \(told.errors)")
    return try JSONDecoder.ofAnswers.decode(Verified.self, from: Data(told.output.utf8))
  }

  @Test func a_whole_record() async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    let all = try await verify(program)
    #expect(all.verified && all.seq == 306 && all.hashedFrom == 1 && all.firstFault == nil)
    #expect(
      all.parts.map(\.part) == ["file", "events", "tree", "batches", "index", "derived", "views"])
    #expect(all.parts.allSatisfy { $0.ok && $0.faults.isEmpty && $0.faultCount == 0 })
    let fast = try await verify(program, "--fast")
    #expect(fast.parts.map(\.part) == ["events", "tree", "batches", "index"])
    #expect(fast.root == all.root)
    let from = try await verify(program, "--from 300")
    #expect(from.hashedFrom == 300 && from.root == all.root)
    let plain = try await program.run("verify")
    #expect(plain.lines[0] == "verified  306 events, root \(all.root)" && plain.errors.isEmpty)
    for format in ["ndjson", "csv", "tsv"] {
      let told = try await program.run("verify", "-o", format)
      #expect(told.status == 0 && told.lines.count == 7 + (format == "ndjson" ? 0 : 1))
    }
    for (arguments, status, code) in [
      ("--from 3 --new", 64, "E1001"), ("--key x", 64, "E1001"), ("--policy p", 64, "E1001"),
      ("--from x", 64, "E1001"), ("--checkpoint none", 66, "E1206"),
      ("--checkpoint demo.annals", 65, "E1702"), ("-s none.annals", 66, "E1402"),
    ] as [(String, Int32, String)] {
      let told = try await program.shell("annals verify \(arguments)")
      #expect(told.status == status, "\(arguments): \(told.errors)")
      #expect(told.errors.contains("error[\(code)]"), "\(arguments): \(told.errors)")
    }
  }

  /// SQL, the part of the record that is wrong then, and the first event concerned.
  @Test(
    arguments: [
      ("UPDATE event SET salt = zeroblob(16) WHERE seq = 200", "events", 200),
      ("UPDATE event SET leaf = zeroblob(32) WHERE seq = 306", "events", 306),
      ("UPDATE tree SET hash = zeroblob(32)", "tree", 1),
      ("INSERT INTO batch VALUES (13, 1, 1, NULL)", "batches", 13),
      ("DELETE FROM tag WHERE seq = 40", "index", 40),
      ("INSERT INTO erased VALUES (30, 31)", "erasures", 30),
    ])
  func a_change_is_named(_ sql: String, _ part: String, _ seq: Int) async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    try program.alter("demo.annals", sql)
    let found = try await verify(program, status: 1)
    #expect(!found.verified)
    #expect(found.part(part)?.ok == false && found.part(part)?.faults.first?.seq == seq)
    #expect(found.firstFault == seq)
    let plain = try await program.run("verify", "--fast")
    #expect(plain.status == 1 && plain.output.hasPrefix("NOT VERIFIED  306 events"))
    #expect(plain.errors.contains("error[E1413]"))
    #expect(plain.errors.contains("the first fault is at #\(seq)"), "\(plain.errors)")
  }

  @Test func an_altered_view_is_named() async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    _ = try await program.run("replay")
    try program.alter(
      "demo.annals", "UPDATE stance_step SET label = 'x'")
    let found = try await verify(program, status: 1)
    #expect(found.part("views")?.ok == false)
    #expect(found.parts.filter { !$0.ok }.count == 1)
    #expect(try await verify(program, "--fast").verified)
    _ = try await program.run("replay")
    #expect(try await verify(program).verified)
  }

  @Test func checkpoints_show_what_the_file_alone_cannot() async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    let key = try await program.run("key", "new", "k.key", "--name", "example.org/un").lines[0]
    let other = try await program.run("key", "new", "o.key", "--name", "example.org/un").lines[0]
    _ = try await program.shell("annals checkpoint --key k.key --out old")
    _ = try await program.shell(
      "annals append statement.made speaker=Peskov kind=quote text=later; "
        + "annals checkpoint --key k.key --out new")
    let both = try await verify(program, "--checkpoint old --checkpoint new --key \(key)")
    #expect(both.parts.filter { $0.part == "checkpoint" }.count == 2)
    let unchecked = try await program.run("verify", "--checkpoint", "old")
    #expect(unchecked.status == 0 && unchecked.errors.contains("signatures are not checked"))
    let foreign = try await program.shell("annals verify --checkpoint old --key \(other)")
    #expect(foreign.status == 1 && foreign.errors.contains("error[E1706]"), "\(foreign.errors)")
    // The same events, recorded anew: the file is whole, and another history.
    _ = try await program.shell(
      "annals export > e; annals init fake.annals -q; annals import e -s fake.annals")
    #expect(try await verify(program, "-s fake.annals").verified)
    let fake = try await verify(program, "-s fake.annals --checkpoint old --key \(key)", status: 1)
    let fault = fake.part("checkpoint")?.faults.first
    #expect(fault?.expected != nil && fault?.expected != fault?.found)
    // Cut short.
    _ = try await program.shell(
      "annals init short.annals -q; head -306 e | annals import - --exact -s short.annals")
    let arguments = "-s short.annals --key \(key) --checkpoint"
    #expect(try await verify(program, "\(arguments) old").verified)
    #expect(try await verify(program, "\(arguments) new", status: 1).firstFault == 307)
  }

  @Test func only_what_is_new_since_the_last_time() async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    let first = try await program.run("verify", "--new")
    #expect(first.status == 66 && first.errors.contains("nothing was verified before"))
    #expect(try await verify(program).verified)
    let none = try await verify(program, "--new")
    #expect(none.hashedFrom == 307 && none.part("checkpoint")?.ok == true)
    _ = try await program.shell("annals append statement.made speaker=Peskov kind=quote text=a")
    #expect(try await verify(program, "--new").hashedFrom == 307)
    #expect(try await verify(program, "--new").hashedFrom == 308)
    // A verification from somewhere in the middle is not remembered.
    let head = try program.read("demo.annals.verified")
    _ = try await program.shell("annals append statement.made speaker=Peskov kind=quote text=b")
    _ = try await verify(program, "--from 100")
    #expect(try program.read("demo.annals.verified") == head)
    // Nor is one that has failed.
    _ = try await program.shell(
      "cp demo.annals.verified bad.annals.verified; cp demo.annals bad.annals")
    try program.alter("bad.annals", "UPDATE event SET salt = zeroblob(16) WHERE seq = 308")
    #expect(try await verify(program, "--new -s bad.annals", status: 1).firstFault == 308)
    #expect(try program.read("bad.annals.verified") == head)
  }

  /// What lies below the head that is remembered no longer leads to it.
  @Test func history_below_the_remembered_head() async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    #expect(try await verify(program).verified)
    _ = try await program.shell(
      "annals export > e; annals init fake.annals -q; annals import e -s fake.annals; "
        + "cp demo.annals.verified fake.annals.verified")
    let fake = try await verify(program, "--new -s fake.annals", status: 1)
    #expect(fake.part("checkpoint")?.ok == false)
    _ = try await program.shell(
      "annals init short.annals -q; head -300 e | annals import - --exact -s short.annals; "
        + "cp demo.annals.verified short.annals.verified")
    #expect(try await verify(program, "--new -s short.annals", status: 1).firstFault == 301)
    _ = try await program.shell(
      "cp demo.annals tree.annals; cp demo.annals.verified tree.annals.verified")
    try program.alter("tree.annals", "UPDATE tree SET hash = zeroblob(32)")
    #expect(try await verify(program, "--new -s tree.annals", status: 1).verified == false)
    try program.write("verified\n3\nnonsense\n", to: "demo.annals.verified")
    let damaged = try await program.run("verify", "--new", "-s", "demo.annals")
    #expect(damaged.status == 65 && damaged.errors.hasPrefix("error[E"), "\(damaged.errors)")
  }
}
