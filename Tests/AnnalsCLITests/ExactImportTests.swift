import Foundation
import Testing

/// `annals import --exact`: a record comes out of its export as it was, or not at all.
@Suite struct ExactImportTests {
  /// A demo record with more batches, some of it erased, and its export in `whole`.
  private func record() async throws -> Program {
    let program = try await demo()
    try program.write(
      #"{"type":"statement.made","data":{"speaker":"dmitry-peskov","kind":"quote","text":"one"}}"#,
      to: "one.ndjson")
    for command in [
      "import one.ndjson --note 'a remark'",
      "correct 249 --set choice=abstain --reason 'wrong row'", "erase 250 --reason law",
      "append statement.made speaker=Peskov kind=quote text=two --recorder ben",
    ] {
      let told = try await program.shell("annals \(command)")
      try #require(told.status == 0, "\(command): \(told.errors)")
    }
    _ = try await program.shell("annals export > whole && annals init copy.annals")
    return program
  }

  private struct Restored: Decodable {
    var restored: Int
    var alreadyPresent: Int
    var erased: Int
    var batches: Int
    var seq: Int
    var root: String
    var same: Bool
    var dryRun: Bool
  }

  private struct Verified: Decodable {
    var root: String
    var seq: Int
  }

  @Test func everything_comes_out_as_it_was() async throws {
    let program = try await record()
    defer { program.cleanUp() }
    let key = try await program.run("key", "new", "k.key", "--name", "example.org/un").lines[0]
    _ = try await program.shell("annals checkpoint --key k.key --out head -s demo.annals")
    let dry: Restored = try await program.ask("import whole --exact -s copy.annals --dry-run")
    #expect(dry.dryRun && dry.restored == 310 && dry.erased == 1 && dry.batches == 5)
    #expect(try await program.run("export", "-s", "copy.annals").output.isEmpty)

    let told: Restored = try await program.ask("import whole --exact -s copy.annals")
    let original: Verified = try await program.ask("verify -s demo.annals")
    #expect(told.same && told.root == original.root && told.seq == 310 && told.restored == 310)
    let isSame = try await program.shell("annals export -s copy.annals | cmp - whole").status == 0
    #expect(isSame)
    let held = try await program.shell(
      "annals verify --checkpoint head --key \(key) -s copy.annals")
    #expect(held.status == 0 && held.output.contains("1 payload erased"), "\(held.errors)")
    for question in [
      "show USA ukraine-integrity", "log --limit 400", "event 250", "event 307", "health",
      "timeline USA --known-by '#307'",
    ] {
      let answers = try await program.shell(
        "annals \(question) -o json -s demo.annals > a; annals \(question) -o json "
          + "-s copy.annals > b; cmp a b")
      #expect(answers.status == 0, "\(question): \(answers.output)")
    }
    // It goes on like any other; the two have parted then.
    let again: Restored = try await program.ask("import whole --exact -s copy.annals")
    #expect(again.restored == 0 && again.alreadyPresent == 310 && again.same)
    _ = try await program.shell(
      "annals append statement.made speaker=Peskov kind=quote text=three -s copy.annals")
    let apart = try await program.run("import", "whole", "--exact", "-s", "copy.annals")
    #expect(apart.status == 3 && apart.errors.contains("error[E1414]"), "\(apart.errors)")
  }

  @Test(
    arguments: [
      // Altered: a payload, a salt, an instant, an id, a commitment, a leaf, a recorder.
      (#"sed '253s/"choice":"no"/"choice":"yes"/'"#, "E1125"),
      (#"sed '9s/"salt":"./"salt":"x/'"#, "E1125"),
      (#"sed '9s/"salt":"[0-9a-f]*"/"salt":"00000000000000000000000000000000"/'"#, "E1125"),
      (#"sed '307s/"recorded":"2/"recorded":"1/'"#, "E1125"),
      (#"sed '1s/"id":"......../"id":"00000000/'"#, "E1125"),
      (#"sed '250s/"commitment":"[0-9a-f]*"/"commitment":"'$(printf '%064d' 0)'"/'"#, "E1125"),
      (#"sed '5s/"leaf":"[0-9a-f]*"/"leaf":"'$(printf '%064d' 0)'"/'"#, "E1125"),
      // Which event erased it: another, none, one that is not there, one that was cut off with the
      // last line but one.
      (#"sed 's/"by":309/"by":310/'"#, "E1125"), (#"sed 's/"by":309/"by":307/'"#, "E1125"),
      (#"sed 's/"by":309/"by":900/'"#, "E1125"), ("head -308", "E1125"),
      (#"sed 's/"tags":."actor:USA"/"tags":["actor"/'"#, "E1125"),
      (#"sed 's/"recorder":"ben"/"recorder":"eve"/'"#, "E1125"),
      (#"sed 's/"batchNote":"a remark"/"batchNote":"none"/'"#, "E1125"),
      // Left out, twice, out of order, cut off within a line, without what an export adds.
      ("sed 300d", "E1125"), ("sed 1d", "E1125"), ("sed 5p", "E1125"), ("tac", "E1125"),
      ("head -c -20", "E1101"), (#"sed '3s/,"seq":3//'"#, "E1125"),
    ])
  func nothing_of_an_altered_export_is_taken(_ edit: String, _ code: String) async throws {
    let program = try await record()
    defer { program.cleanUp() }
    let changed = try await program.shell("\(edit) whole > bad; cmp -s bad whole")
    #expect(changed.status == 1, "the edit changes nothing")
    let told = try await program.run("import", "bad", "--exact", "-s", "copy.annals")
    #expect(told.status == 65 && told.errors.contains("error[\(code)]"), "\(told.errors)")
    #expect(!told.errors.contains("cannot have stood"), "\(told.errors)")
    #expect(try await program.run("export", "-s", "copy.annals").output.isEmpty)
  }

  /// What a correction is filed under enters no hash: that it follows from the fact is looked at when
  /// all is restored, also where a dispute brings in other facts.
  @Test(arguments: [
    #"sed 's/"tags":."actor:USA"/"tags":["actor:RUS"/'"#,
    #"sed '308s/"tags":.[^]]*./"tags":[]/'"#,
  ])
  func another_filing_of_a_correction_is_said(_ edit: String) async throws {
    let program = try await record()
    defer { program.cleanUp() }
    let made = try await program.shell(
      "\(Program.idOf) printf '{\"type\":\"fact.disputed\",\"reason\":\"doubt\",\"data\":{},\"target\":[\"%s\",\"%s\"]}' "
        + "$(id 249) $(id 251) | annals import - && annals export > whole && "
        + "\(edit) whole > bad; cmp -s whole bad",
      environment: ["ANNALS_STORE": "demo.annals"])
    #expect(made.status == 1, "the edit changes nothing: \(made.errors)")
    let taken = try await program.run("import", "bad", "--exact", "-s", "copy.annals")
    #expect(taken.status == 3 && taken.output.contains("NOT THE SAME"), "\(taken.errors)")
    #expect(taken.errors.contains("error[E1414]") && taken.errors.contains("#308"))
    let found = try await program.run("verify", "-s", "copy.annals")
    #expect(found.status == 1 && found.errors.contains("#308"), "\(found.errors)")
  }

  @Test func what_was_interrupted_goes_on() async throws {
    let program = try await record()
    defer { program.cleanUp() }
    _ = try await program.shell("head -309 whole | annals import - --exact -s copy.annals")
    let rest: Restored = try await program.ask("import whole --exact -s copy.annals")
    #expect(rest.restored == 1 && rest.alreadyPresent == 309 && rest.same)
    // Not into the middle of a batch, nor into another record.
    _ = try await program.shell(
      "annals init part.annals; head -100 whole | annals import - --exact -s part.annals")
    let part = try await program.run("import", "whole", "--exact", "-s", "part.annals")
    #expect(part.errors.contains("error[E1414]") && part.errors.contains("#1 to #306"))
    let other = try await program.shell(
      "annals init other.annals --demo; annals import whole --exact -s other.annals")
    #expect(other.errors.contains("error[E1414]"), "\(other.errors)")
    for store in ["part", "other"] {
      let verified = try await program.run("verify", "-s", "\(store).annals")
      #expect(verified.status == 0, "\(verified.errors)")
    }
    for arguments in ["--map un-votes", "--note x", "--rejects r", "--from csv"] {
      let told = try await program.shell("annals import whole --exact \(arguments) -s copy.annals")
      #expect(told.status == 64 && told.errors.contains("--exact takes a whole export"))
    }
  }
}
