import Testing

/// Where the store, the recorder and a user's own types come from.
@Suite struct SettingsTests {
  @Test func the_store_is_found() async throws {
    let program = try Program()
    defer { program.cleanUp() }
    let none = try await program.run("log")
    #expect(none.status == 64 && none.errors.contains("error[E1002]"))
    #expect(try await program.run("init", "a.annals").status == 0)
    #expect(try await program.run("doctor").output.contains("/a.annals"))
    #expect(try await program.run("init", "b.annals").status == 0)
    let two = try await program.run("log")
    #expect(two.status == 64)
    #expect(two.errors.contains("error[E1003]: 2 stores in this folder: a.annals, b.annals"))
    try program.write("store: [b.annals]\n", to: "annals.yaml")
    #expect(try await program.run("doctor").status == 78)
    try program.write(
      "# our store\n\nstore: b.annals  # the second\nrecorder: 'ana'\n", to: "annals.yaml")
    let configured = try await program.run("doctor")
    #expect(configured.output.contains("/b.annals") && configured.output.contains("ana\n"))
    let environment = ["ANNALS_STORE": "a.annals", "ANNALS_RECORDER": "ben"]
    let named = try await program.run("doctor", environment: environment)
    #expect(named.output.contains("/a.annals") && named.output.contains("ben\n"))
    let option = try await program.run("doctor", "-s", "b.annals", environment: environment)
    #expect(option.output.contains("/b.annals"))
  }

  @Test func a_user_adds_event_types() async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    let schema = """
      {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Strike held",
       "description": "Workers of a place went on strike.", "type": "object",
       "properties": {"place": {"type": "string", "description": "Where."},
         "who": {"type": "string", "format": "slug", "description": "Who."},
         "days": {"type": "integer", "minimum": 1, "description": "How long."}},
       "required": ["place"], "additionalProperties": false,
       "x-annals-tags": {"actor": ["who"]}, "x-annals-summary": "strike in {place}"}
      """
    _ = try await program.shell("mkdir own")
    try program.write(schema, to: "own/strike.held.v1.json")
    let made = try await program.run(
      "append", "strike.held", "place=Essen", "who=US", "days=3", "--schemas", "own")
    #expect(made.status == 0, "\(made.errors)")
    #expect(made.output.hasSuffix("\tstrike in Essen\n"))
    let log = try await program.run(
      "timeline", "USA", "--type", "strike.held", environment: ["ANNALS_SCHEMAS": "own"])
    #expect(log.output.contains("strike in Essen"))
    let types = try await program.run("list", "types", "--schemas", "own")
    #expect(types.output.contains("strike.held"))
    let unknown = try await program.run("append", "strike.held", "place=Essen")
    #expect(unknown.status == 64)
    try program.write(#"{"type": "object", "$ref": "x""#, to: "own/strike.held.v2.json")
    let broken = try await program.run("list", "types", "--schemas", "own")
    #expect(broken.status == 78)
    #expect(broken.errors.contains("strike.held.v2.json:1:"))
  }

  /// Commands, files and help mean the same version of a type.
  @Test func the_newest_version_of_a_type_is_meant_everywhere() async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    _ = try await program.shell("mkdir own")
    for (version, field) in [(1, "workers"), (2, "headcount")] {
      let schema = """
        {"type": "object", "title": "Strike", "description": "A strike.",
         "properties": {
           "place": {"type": "string", "description": "Where."},
           "\(field)": {"type": "integer", "description": "How many."}},
         "required": ["place"], "additionalProperties": false,
         "x-annals-summary": "strike[ of {\(field)}] in {place}"}
        """
      try program.write(schema, to: "own/strike.held.v\(version).json")
    }
    func annals(_ line: String) async throws -> Program.Outcome {
      try await program.shell("annals \(line) --schemas own")
    }
    #expect(try await annals("help strike.held").output.contains("headcount"))
    #expect(try await annals("help strike.held --version 1").output.contains("workers"))
    let newest = try await annals("append strike.held place=Essen headcount=3")
    #expect(newest.output.hasSuffix("\tstrike of 3 in Essen\n"), "\(newest.errors)")
    #expect(try await annals("append strike.held place=Essen workers=3").status == 64)
    let first = try await annals("append strike.held place=Bonn workers=4 --version 1")
    #expect(first.output.hasSuffix("\tstrike of 4 in Bonn\n"), "\(first.errors)")
    #expect(try await annals("append strike.held place=Bonn --version 3").status == 64)
    try program.write(
      #"{"type":"strike.held","data":{"place":"Kiel","headcount":5}}"#, to: "strikes.ndjson")
    let imported = try await annals("import strikes.ndjson")
    #expect(imported.output.hasSuffix("\tstrike of 5 in Kiel\n"), "\(imported.errors)")
  }

  @Test func doctor_tells_what_is_wrong_with_a_store() async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    let well = try await program.run("doctor")
    for part in ["annals", "sqlite", "fingerprint  ", "integrity", "head", "locale", "terminal"] {
      #expect(well.output.contains(part), "\(part)")
    }
    #expect(well.status == 0)
    try program.write("no database", to: "other.annals")
    let wrong = try await program.run("doctor", "-s", "other.annals")
    #expect(wrong.status == 65)
    #expect(wrong.output.contains("sqlite") && wrong.errors.contains("error[E1403]"))
  }
}
