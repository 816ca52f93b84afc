import Foundation
import Testing

/// `annals key`, `checkpoint`, `cosign`, `prove`, `check-proof`, as people and scripts meet them.
@Suite struct ProofCommandTests {
  /// A demo record with a log's key, a cosigner's key, and both verifier keys.
  private func signers() async throws -> (program: Program, log: String, bo: String) {
    let program = try await demo()
    let log = try await program.run("key", "new", "log.key", "--name", "example.org/un")
    let bo = try await program.run("key", "new", "bo.key", "--name", "bo.example/w", "--cosigner")
    #expect(log.status == 0 && bo.status == 0 && log.errors.contains("Wrote log.key"))
    return (program, log.lines[0], bo.lines[0])
  }

  @Test func keys_are_private_and_never_replaced() async throws {
    let (program, log, _) = try await signers()
    defer { program.cleanUp() }
    #expect(log.hasPrefix("example.org/un+"))
    for name in ["log.key", "log.key.signed"] {
      let path = program.folder.appendingPathComponent(name).path
      let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
      #expect(mode == 0o600)
    }
    #expect(try await program.run("key", "show", "log.key").output == log + "\n")
    let before = try program.read("log.key")
    let again = try await program.run("key", "new", "log.key", "--name", "x")
    #expect(again.status == 73 && again.errors.contains("error[E1602]"))
    #expect(try program.read("log.key") == before)
    let nowhere = try await program.run("key", "new", "no/such.key", "--name", "x")
    #expect(nowhere.status == 73 && nowhere.errors.contains("error[E1409]"))
    try program.write("", to: "lost.key.signed")
    let orphan = try await program.run("key", "new", "lost.key", "--name", "x")
    #expect(orphan.status == 73 && orphan.errors.contains("lost.key.signed"))
    for (arguments, status, code) in [
      ("key new k", 64, "E1001"), ("key new k --name 'a b'", 65, "E1701"),
      ("key old k --name a", 64, "E1001"), ("key show log.key --name a", 64, "E1001"),
      ("key show missing.key", 66, "E1206"), ("key show demo.annals", 65, "E1701"),
      ("checkpoint --key missing.key", 66, "E1206"), ("checkpoint --key bo.key", 65, "E1701"),
    ] as [(String, Int32, String)] {
      let result = try await program.shell("annals \(arguments)")
      #expect(result.status == status, "\(arguments): \(result.errors)")
      #expect(result.errors.contains("error[\(code)]") && result.output.isEmpty, "\(arguments)")
    }
  }

  @Test func a_key_that_others_can_read_is_said() async throws {
    let (program, _, _) = try await signers()
    defer { program.cleanUp() }
    let before = try await program.run("checkpoint", "--key", "log.key")
    #expect(before.status == 0 && before.errors.isEmpty)
    _ = try await program.shell("chmod 640 log.key")
    let after = try await program.run("checkpoint", "--key", "log.key")
    #expect(after.status == 0 && after.errors.contains("chmod 600 log.key"), "\(after.errors)")
  }

  @Test func from_a_checkpoint_to_a_proof_that_is_checked_without_the_record() async throws {
    let (program, log, bo) = try await signers()
    defer { program.cleanUp() }
    for command in [
      "annals checkpoint --key log.key --out a.checkpoint",
      "annals cosign a.checkpoint --key bo.key --log-key \(log) --out b.checkpoint",
      "annals prove 249 --checkpoint b.checkpoint --out vote.tlog-proof && rm demo.annals",
    ] {
      let result = try await program.shell(command)
      #expect(result.status == 0 && result.output.isEmpty, "\(command): \(result.errors)")
    }
    #expect(try program.read("vote.tlog-proof").contains(program.read("b.checkpoint")))
    let check = "annals check-proof vote.tlog-proof --key \(log) --cosigner \(bo)"
    let plain = try await program.shell(check)
    #expect(plain.status == 0 && plain.output.contains("#249  USA voted no on un-ga/ES-11/7"))
    for part in [
      "type           vote.cast.v1", "on             2025-02-24", "data.choice    no",
      "recorded       20", "Proved: it stands at #249 of the 306 events of example.org/un",
      "signed by    example.org/un (", "cosigned by  bo.example/w, 20",
      "policy       met: all of [bo.example/w]",
    ] {
      #expect(plain.output.contains(part), "\(part)")
    }
    let json =
      try JSONSerialization.jsonObject(
        with: Data(try await program.shell(check + " -o json").output.utf8)) as? [String: Any]
    #expect(json?["seq"] as? Int == 249 && json?["met"] as? Bool == true)
    #expect((json?["signed_by"] as? [String]) == [log])
    #expect(
      ((json?["body"] as? [String: Any])?["data"] as? [String: Any])?["voter"] as? String == "USA")
    #expect(try await program.shell(check + " -o csv").lines.count == 2)
    try program.write(
      "log \(log)\nwitness bo \(bo)\nwitness eve \(try await other(program))\n"
        + "group both all bo eve\nquorum both\n", to: "strict.policy")
    let strict = try await program.run(
      "check-proof", "vote.tlog-proof", "--policy", "strict.policy")
    #expect(strict.status == 1 && strict.output.contains("NOT MET: all of [bo, eve]"))
    #expect(
      strict.errors.contains("error[E1707]") && strict.errors.contains("only bo has cosigned"))
  }

  /// The verifier key of one more cosigner.
  private func other(_ program: Program) async throws -> String {
    try await program.run("key", "new", "eve.key", "--name", "eve.example/w", "--cosigner").lines[0]
  }

  @Test func what_does_not_hold_ends_with_1() async throws {
    let (program, log, bo) = try await signers()
    defer { program.cleanUp() }
    _ = try await program.shell(
      "annals prove 249 --key log.key > good && annals checkpoint --key log.key > head")
    let good = try program.read("good")
    let line = try #require(good.split(separator: "\n").first { $0.hasPrefix("extra ") })
    let data = try #require(Data(base64Encoded: String(line.dropFirst(6))))
    let other = String(decoding: data, as: UTF8.self)
      .replacing(#""choice":"no""#, with: #""choice":"yes""#)
    let encoded = Data(other.utf8).base64EncodedString()
    try program.write(good.replacing(line, with: "extra \(encoded)"), to: "payload")
    try program.write(good.replacing("\n306\n", with: "\n305\n"), to: "size")
    try program.write(good.replacing("index 248", with: "index 247"), to: "index")
    try program.write(good.replacing("index 248", with: "index x"), to: "form")
    let last = try #require(good.split(separator: "\n").last)
    let letter = last.dropLast(10).last == "A" ? "B" : "A"
    try program.write(
      good.replacing(last, with: last.dropLast(11) + letter + last.suffix(10)), to: "signature")
    try program.write("log \(log)\nquorum nobody\n", to: "bad.policy")
    for (arguments, status, code) in [
      ("good --key \(log)", 0, ""), ("payload --key \(log)", 1, "E1708"),
      ("size --key \(log)", 1, "E1705"), ("index --key \(log)", 1, "E1708"),
      ("signature --key \(log)", 1, "E1705"), ("good --key \(bo)", 1, "E1706"),
      ("good --key \(log) --origin example.org/de", 1, "E1706"),
      ("good --key \(log) --cosigner \(bo)", 1, "E1707"),
      ("form --key \(log)", 65, "E1703"), ("head --key \(log)", 65, "E1703"),
      ("good --key nonsense", 65, "E1701"), ("good", 64, "E1001"),
      ("good --policy bad.policy", 78, "E1704"), ("good --policy missing", 66, "E1206"),
      ("good --policy bad.policy --key \(log)", 64, "E1001"),
      ("good --policy bad.policy --cosigner \(bo)", 64, "E1001"),
      ("missing --key \(log)", 66, "E1206"),
    ] as [(String, Int32, String)] {
      let result = try await program.shell("annals check-proof \(arguments)")
      #expect(result.status == status, "\(arguments): \(result.errors)")
      #expect(code.isEmpty || result.errors.contains("error[\(code)]"), "\(result.errors)")
    }
    let policy = try await program.shell("annals check-proof good --policy bad.policy")
    #expect(policy.errors.contains("bad.policy:2:1: "))
  }

  @Test func a_restored_older_copy_is_not_signed() async throws {
    let (program, log, _) = try await signers()
    defer { program.cleanUp() }
    let append = "annals append stance.changed actor=USA topic=ukraine-integrity basis=declared"
    let result = try await program.shell(
      """
      cp demo.annals older.annals
      \(append) level=1 --on 2026-01-02 -s demo.annals &&
      annals checkpoint --key log.key -s demo.annals --out new.checkpoint
      """)
    #expect(result.status == 0, "\(result.errors)")
    let before = try program.read("log.key.signed")
    for command in ["", "\(append) level=2 --on 2026-01-03 -s older.annals >/dev/null;"] {
      let refused = try await program.shell(
        "\(command) annals checkpoint --key log.key -s older.annals")
      #expect(refused.status == 1 && refused.output.isEmpty)
      #expect(refused.errors.contains("error[E1709]") && refused.errors.contains("#307"))
      #expect(refused.errors.contains("older copy was put back"))
    }
    for (file, status, code) in [("demo", 0, ""), ("older", 1, "E1710")]
      as [(String, Int32, String)]
    {
      let cosigned = try await program.shell(
        "annals cosign new.checkpoint --key bo.key --log-key \(log) -s \(file).annals")
      #expect(cosigned.status == status, "\(cosigned.errors)")
      #expect(code.isEmpty || cosigned.errors.contains("error[\(code)]"))
    }
    // By way of a link the key remembers the same.
    let linked = try await program.shell(
      "mkdir x && ln -s ../log.key x/k && annals checkpoint --key x/k -s older.annals")
    #expect(linked.status == 1 && linked.errors.contains("error[E1709]"), "\(linked.errors)")
    #expect(try program.read("log.key.signed") == before)
    _ = try await program.shell("rm log.key.signed")
    let lost = try await program.run("checkpoint", "--key", "log.key", "-s", "demo.annals")
    #expect(lost.status == 65 && lost.errors.contains("error[E1712]"))
    try program.write(before.replacing("\n307\n", with: "\n306\n"), to: "log.key.signed")
    let damaged = try await program.run("checkpoint", "--key", "log.key", "-s", "demo.annals")
    #expect(damaged.status != 0 && damaged.output.isEmpty)
  }

  @Test func signers_at_the_same_time_sign_one_history() async throws {
    let (program, log, _) = try await signers()
    defer { program.cleanUp() }
    let result = try await program.shell(
      """
      for n in 1 2 3 4 5 6; do
        annals checkpoint --key log.key -q --out $n.checkpoint &
        annals append stance.changed actor=USA topic=ukraine-integrity basis=declared \
          level=1 --on 2026-01-0$n >/dev/null
      done
      wait
      for n in 1 2 3 4 5 6; do sed -n 2p $n.checkpoint; done
      sed -n 4p log.key.signed
      """)
    let sizes = result.lines.compactMap { Int($0) }
    #expect(sizes.count == 7 && result.errors.isEmpty, "\(result.errors)")
    #expect(sizes.last == sizes.dropLast().max())
    let check = try await program.shell(
      "for n in 1 2 3 4 5 6; do annals prove 1 --checkpoint $n.checkpoint > p && "
        + "annals check-proof p --key \(log) >/dev/null || exit 1; done")
    #expect(check.status == 0, "\(check.errors)")
  }

  @Test func a_signer_does_not_wait_for_ever() async throws {
    let (program, log, _) = try await signers()
    defer { program.cleanUp() }
    let before = try program.read("log.key.signed")
    // The test itself is the process that holds the key.
    let holder = try FileHandle(
      forReadingFrom: program.folder.appendingPathComponent("log.key"))
    try #require(flock(holder.fileDescriptor, LOCK_EX | LOCK_NB) == 0)
    async let checkpoint = program.run("checkpoint", "--key", "log.key")
    async let proof = program.run("prove", "1", "--key", "log.key")
    for refused in try await [checkpoint, proof] {
      #expect(refused.status == 75 && refused.output.isEmpty, "\(refused.errors)")
      #expect(
        refused.errors.contains(
          "error[E1407]: another process has held the key log.key for over 10 seconds; "
            + "nothing was signed"), "\(refused.errors)")
    }
    #expect(try program.read("log.key.signed") == before)
    // A signer that waits goes on when the key is free.
    async let waiting = program.run("checkpoint", "--key", "log.key")
    try await Task.sleep(for: .seconds(1))
    // Programs that were started meanwhile may have inherited the file: closing it is not enough.
    flock(holder.fileDescriptor, LOCK_UN)
    let signed = try await waiting
    #expect(signed.status == 0, "\(signed.errors)")
    #expect(signed.output.contains(log.prefix { $0 != "+" }))
  }

  @Test func files_are_replaced_only_on_demand() async throws {
    let (program, _, _) = try await signers()
    defer { program.cleanUp() }
    _ = try await program.run("checkpoint", "--key", "log.key", "--out", "a")
    let again = try await program.run("checkpoint", "--key", "log.key", "--out", "a")
    #expect(again.status == 73 && again.errors.contains("error[E1602]"))
    let forced = try await program.run("checkpoint", "--key", "log.key", "--out", "a", "--force")
    #expect(forced.status == 0)
    for format in ["json", "ndjson", "csv", "tsv"] {
      for command in [
        "checkpoint --key log.key", "prove 1 --key log.key", "prove 1 --checkpoint a",
        "key show log.key",
      ] {
        let result = try await program.shell("annals \(command) -o \(format)")
        #expect(result.status == 0 && result.lines.count > (format == "ndjson" ? 0 : 1))
      }
    }
    for (arguments, status, code) in [
      ("prove 999 --key log.key", 4, "E1203"), ("prove 1", 64, "E1001"),
      ("prove 1 --key log.key --checkpoint a", 64, "E1001"),
      ("prove 1 --checkpoint log.key", 65, "E1702"),
      ("cosign log.key --key bo.key --log-key x", 65, "E1701"),
      ("cosign a --key bo.key", 64, "E1001"),
    ] as [(String, Int32, String)] {
      let result = try await program.shell("annals \(arguments)")
      #expect(result.status == status, "\(arguments): \(result.errors)")
      #expect(result.errors.contains("error[\(code)]"), "\(arguments): \(result.errors)")
    }
    let late = try await program.shell(
      "annals append stance.changed actor=USA topic=ukraine-integrity basis=declared level=1 "
        + "--on 2026-01-02 && annals prove 307 --checkpoint a")
    #expect(late.status == 65 && late.errors.contains("error[E1714]"))
  }
}
