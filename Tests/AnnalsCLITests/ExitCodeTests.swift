import Testing

/// The table of `annals help exit-codes`, one case at a time.
@Suite struct ExitCodeTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var arguments: String
    var status: Int32
    var code: String
    var testDescription: String { arguments }

    init(_ arguments: String, _ status: Int32, _ code: String) {
      (self.arguments, self.status, self.code) = (arguments, status, code)
    }
  }

  static let cases = [
    Case("show Atlantis ukraine-integrity", 4, "E1201"),
    Case("show USA ukrane-integrity", 4, "E1202"),
    Case("event 99999", 4, "E1203"),
    Case("retract 99999 --reason x", 4, "E1203"),
    Case("replay positons", 4, "E1204"),
    Case("explain E9999", 4, "E1205"),
    Case("rollcall un-ga/ES-11/99", 4, "E1207"),
    Case("rollcall un-ga/ES-11/7 --known-by=#3", 4, "E1207"),
    Case("rollcall un-ga/ES-11/7 --bloc Atlantis", 4, "E1201"),
    Case("actor Atlantis", 4, "E1201"),
    Case("actor USA --known-by=#1", 4, "E1201"),
    Case("source kremlin-praises", 4, "E1208"),
    Case("source https://example.org", 4, "E1208"),
    Case("show USA ukraine-integrity --on 03/02/2022", 64, "E1006"),
    Case("show USA ukraine-integrity --known-by soon", 64, "E1006"),
    Case("actor USA --on 03/02/2022", 64, "E1006"),
    Case("rollcall un-ga/ES-11/7 --known-by soon", 64, "E1006"),
    Case("source kremlin-praises-us --known-by soon", 64, "E1006"),
    Case("show USA", 64, "E1001"),
    Case("correct 249 --set choice=yes", 64, "E1001"),
    Case("correct 249 --reason x", 64, "E1001"),
    Case("retract 249", 64, "E1001"),
    Case("event xyz", 64, "E1001"),
    Case("log -n 0", 64, "E1001"),
    Case("export -o csv", 64, "E1001"),
    Case("list planets", 64, "E1001"),
    Case("append vote.cats", 64, "E1001"),
    Case("append vote.cast rollcall=un-ga/ES-11/7 voter=FRA choice=maybe", 64, "E1105"),
    Case("append vote.cast rollcall=un-ga/ES-11/7 voter=FRA", 64, "E1107"),
    Case("append vote.cast rollcall=un-ga/ES-11/7 voter=FRA choice=yes --on 1/2/3", 64, "E1104"),
    Case("append vote.cast rollcall=un-ga/ES-11/7 voter=USA choice=yes", 3, "E1303"),
    Case(
      "append vote.cast rollcall=un-ga/ES-11/7 voter=FRA choice=yes --expect 1", 3, "E1302"),
    Case("import missing.ndjson", 66, "E1206"),
    Case("show USA ukraine-integrity -s missing.annals", 66, "E1402"),
    Case("import bad.ndjson", 65, "E1101"),
    Case("show USA ukraine-integrity -s bad.ndjson", 65, "E1403"),
    Case("init demo.annals", 73, "E1401"),
    Case("import good.ndjson --rejects good.ndjson", 73, "E1401"),
    Case("init no/such/folder.annals", 66, "E1402"),
    Case("list types --schemas nowhere", 78, "E1004"),
  ]

  @Test func every_failure_has_its_exit_code() async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    try program.write("{\"type\": oops}\n", to: "bad.ndjson")
    try program.write("", to: "good.ndjson")
    for item in Self.cases {
      let result = try await program.shell("annals \(item.arguments)", environment: Self.store)
      #expect(result.status == item.status, "\(item.arguments): \(result.errors)")
      #expect(result.errors.contains("error[\(item.code)]"), "\(item.arguments): \(result.errors)")
      #expect(result.output.isEmpty, "\(item.arguments)")
    }
  }

  private static let store = ["ANNALS_STORE": "demo.annals"]

  @Test func an_answer_that_knows_nothing_is_no_failure() async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    let result = try await program.run("show", "USA", "ukraine-integrity", "--known-by", "2001")
    #expect(result.status == 0)
    #expect(result.output.contains("no data"))
  }

  @Test func bad_settings_are_told_with_their_place() async throws {
    let program = try Program()
    defer { program.cleanUp() }
    try program.write("store: un.annals\nrecordr: ana\n  nested: 1\n", to: "annals.yaml")
    let result = try await program.run("log")
    #expect(result.status == 78)
    #expect(result.errors.contains("error[E1004]: annals.yaml:2:1: unknown key \"recordr\""))
    #expect(result.errors.contains("did you mean \"recorder\"?"))
    #expect(result.errors.contains("annals.yaml:3:1: indented lines have no meaning here"))
  }

  @Test func every_code_of_the_catalogue_is_explained() async throws {
    let program = try Program()
    defer { program.cleanUp() }
    let list = try await program.run("explain", "-o", "tsv")
    let codes = list.lines.dropFirst().map { String($0.prefix(5)) }
    #expect(codes.count > 50)
    for code in codes {
      let entry = try await program.run("explain", code)
      #expect(entry.status == 0 && entry.output.contains("What to do:"), "\(code)")
    }
  }

  @Test func an_unreadable_reader_ends_it_silently() async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    let result = try await program.shell(
      "(annals export; echo \"status $?\" >&2) | head -n 1 >/dev/null")
    #expect(result.errors == "status 141\n" || result.errors == "status 0\n")
  }
}
