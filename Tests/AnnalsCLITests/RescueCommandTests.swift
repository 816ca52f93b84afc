import Foundation
import Testing

/// `annals backup`, and `annals doctor --salvage`: copies that are whole, or none.
@Suite struct RescueCommandTests {
  private struct Backup: Decodable {
    var seq: Int
    var root: String
    var bytes: Int
  }

  private struct Verified: Decodable {
    var verified: Bool
    var seq: Int
    var root: String
  }

  private struct Salvaged: Decodable {
    var saved: Int
    var head: Int
    var root: String
    var fault: String?
    var saidAnew: [Int]
  }

  private func names(in program: Program) throws -> Set<String> {
    Set(
      try FileManager.default.contentsOfDirectory(atPath: program.folder.path)
        .filter { !$0.hasPrefix(".") && !$0.hasPrefix("demo.annals") })
  }

  @Test func a_backup_is_the_record_as_it_stood() async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    let backup: Backup = try await program.ask("backup copy.backup")
    let verified: Verified = try await program.ask("verify -s demo.annals")
    #expect(backup.root == verified.root && backup.seq == 306)
    let size =
      try FileManager.default.attributesOfItem(
        atPath: program.folder.appendingPathComponent("copy.backup").path)[.size] as? Int
    #expect(size == backup.bytes)
    #expect(try names(in: program) == ["copy.backup"])
    let before = try Data(contentsOf: program.folder.appendingPathComponent("copy.backup"))
    let again = try await program.run("backup", "copy.backup")
    #expect(again.status == 73 && again.errors.contains("error[E1401]"), "\(again.errors)")
    #expect(try Data(contentsOf: program.folder.appendingPathComponent("copy.backup")) == before)
    let nowhere = try await program.run("backup", "no/such/copy.annals")
    #expect(nowhere.status != 0 && nowhere.errors.hasPrefix("error[E"), "\(nowhere.errors)")
    // What was recorded since is in the record alone.
    _ = try await program.shell(
      "annals append statement.made speaker=Peskov kind=quote text=later -s demo.annals")
    let old: Verified = try await program.ask("verify -s copy.backup")
    #expect(old.verified && old.seq == 306 && old.root == backup.root)
  }

  /// Each of them is one state of the log, while events come in.
  @Test func backups_while_others_write() async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    let told = try await program.shell(
      """
      (n=0; while [ ! -e stop ]; do
        annals append statement.made speaker=Peskov kind=quote text=t$n -s demo.annals || exit 1
        n=$((n+1))
      done) > receipts &
      for i in 1 2 3 4 5; do annals backup $i.backup -s demo.annals -q || echo failed; done
      touch stop; wait
      for i in 1 2 3 4 5; do annals verify -s $i.backup > /dev/null || echo bad $i; done
      annals export -s demo.annals > now
      for i in 1 2 3 4 5; do
        annals export -s $i.backup > then; cmp -s -n $(wc -c < then) then now || echo not the beginning $i
      done
      """)
    #expect(told.output.split(separator: "\n").allSatisfy { $0.contains("verified, root") })
    #expect(told.errors.isEmpty, "\(told.errors)")
    let verified: Verified = try await program.ask("verify -s demo.annals")
    #expect(verified.seq == 306 + (try program.read("receipts")).split(separator: "\n").count)
  }

  @Test func a_damaged_record_is_not_backed_up_as_if_it_were_whole() async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    for (sql, word) in [
      ("UPDATE event SET salt = zeroblob(16) WHERE seq = 200", "#200"),
      ("DELETE FROM tag WHERE seq = 40", "index"),
      ("UPDATE tree SET hash = zeroblob(32)", "tree"),
    ] {
      _ = try await program.shell("rm -f bad.annals*; cp demo.annals bad.annals")
      try program.alter("bad.annals", sql)
      let told = try await program.run("backup", "new.backup", "-s", "bad.annals")
      #expect(told.status == 65 && told.errors.contains("error[E1405]"), "\(sql): \(told.errors)")
      #expect(told.errors.contains(word), "\(told.errors)")
      #expect(try names(in: program).filter { $0.contains("backup") } == [])
    }
  }

  @Test func what_stands_before_the_damage_is_saved() async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    _ = try await program.shell("annals export > whole; cp demo.annals bad.annals")
    // Many faults behind the first, and an index without entries.
    try program.alter(
      "bad.annals",
      "UPDATE event SET salt = zeroblob(16) WHERE seq = 200;"
        + "UPDATE event SET body = x'00' WHERE seq > 210; DELETE FROM tag")
    let bad = try await program.run("verify", "-s", "bad.annals")
    #expect(bad.status == 1, "\(bad.errors)")
    let told: Salvaged = try await program.ask("doctor --salvage new.annals -s bad.annals")
    #expect(told.saved == 199 && told.head == 306 && told.saidAnew == [])
    #expect(told.fault?.contains("#200") == true)
    let new: Verified = try await program.ask("verify -s new.annals")
    #expect(new.seq == 199 && new.root == told.root)
    let isSame =
      try await program.shell(
        "annals export -s new.annals > saved; head -199 whole | cmp - saved"
      ).status == 0
    #expect(isSame)
    // The rest comes from the export; the old file is as it was.
    _ = try await program.shell(
      "annals init all.annals -q; annals import whole --exact -s all.annals")
    let again = try await program.run("doctor", "--salvage", "new.annals", "-s", "bad.annals")
    #expect(again.status == 73 && again.errors.contains("error[E1401]"))
    let still = try await program.run("verify", "-s", "bad.annals")
    #expect(still.status == 1 && still.output == bad.output)
  }

  /// Each page in turn: only what stands on it and behind it is kept back, and nothing by pages of
  /// the index, the tree, the list of erased payloads and the views.
  @Test func a_damaged_page_keeps_no_more_back_than_it_must() async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    let whole = try Data(contentsOf: program.folder.appendingPathComponent("demo.annals"))
    let pages = try program.ask(
      "demo.annals",
      sql: """
        SELECT pageno || ' ' || name || ' ' || pagetype || ' ' || ncell FROM dbstat ORDER BY path
        """)
    #expect(pages.count > 30)
    var before = 0
    for page in pages.map({ $0.split(separator: " ") }) {
      let (number, kind) = (try #require(Int(page[0])), page[1...2].joined(separator: " "))
      var saved: Int? = 306
      switch kind {
      case "event leaf":
        saved = before
        before += try #require(Int(page[3]))
      case "event internal", "batch leaf": saved = 0
      // Without the names and the schema nobody can say what an event is.
      case "name leaf", "shape leaf", "sqlite_schema internal", "sqlite_schema leaf": saved = nil
      default: break
      }
      var bytes = whole
      bytes[(number - 1) * 8192 + (number == 1 ? 100 : 0)] ^= 8
      try bytes.write(to: program.folder.appendingPathComponent("bad.annals"))
      let verified = try await program.run("verify", "-s", "bad.annals")
      #expect([1, 65].contains(verified.status), "\(page): \(verified.errors)")
      let told = try await program.shell(
        "annals doctor --salvage new.annals -s bad.annals -o json; rm -f bad.annals* new.annals*")
      if let saved {
        #expect(told.output.contains(#""saved": \#(saved),"#), "\(page): \(told)")
      } else {
        #expect(told.errors.contains("E1405"), "\(page): \(told)")
      }
    }
    #expect(before == 306)
  }

  @Test func a_record_without_its_guards_can_be_saved() async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    try program.alter(
      "demo.annals", "UPDATE event SET salt = zeroblob(16) WHERE seq = 306", keepsGuardsAway: true)
    let refused = try await program.run("verify")
    #expect(refused.status == 65 && refused.errors.contains("error[E1404]"), "\(refused.errors)")
    let told: Salvaged = try await program.ask("doctor --salvage new.annals -s demo.annals")
    #expect(told.saved == 305 && told.head == 306)
    let new: Verified = try await program.ask("verify -s new.annals")
    #expect(new.verified && new.seq == 305)
  }

  /// Each event in a batch of its own, one of which cannot even be read.
  @Test func a_payload_that_cannot_be_read_keeps_nothing_back_that_stands_before_it() async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    _ = try await program.shell(
      "for i in 1 2 3; do annals append statement.made speaker=Peskov kind=quote text=$i; done")
    try program.alter("demo.annals", "UPDATE event SET body = x'00' WHERE seq = 308")
    let told: Salvaged = try await program.ask("doctor --salvage new.annals -s demo.annals")
    #expect(told.saved == 307 && told.head == 309 && told.fault?.contains("308") == true)
  }

  /// The payload is gone, and the event that said so is not among what could be saved.
  @Test func an_erasure_whose_event_was_lost_is_said_anew() async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    _ = try await program.shell("annals erase 249 --reason law")
    try program.alter("demo.annals", "UPDATE event SET salt = zeroblob(16) WHERE seq = 270")
    let told: Salvaged = try await program.ask("doctor --salvage new.annals -s demo.annals")
    #expect(told.saved == 269 && told.head == 307 && told.saidAnew == [249])
    let new: Verified = try await program.ask("verify -s new.annals")
    #expect(new.verified && new.seq == 270)
    let event = try await program.run("event", "249", "-s", "new.annals")
    #expect(event.output.hasPrefix("#249  payload erased, see #270"))
  }
}
