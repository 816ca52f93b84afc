import Foundation
import Testing

/// `agreement`, `rollcalls` and `swings` as programs and people meet them.
@Suite struct AgreementCommandTests {
  private func object(_ program: Program, _ command: String) async throws -> [String: Any] {
    let result = try await program.shell("annals \(command) -o json")
    #expect(result.status == 0, "\(command): \(result.errors)")
    let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
    return try #require(object as? [String: Any])
  }

  @Test func thePairHasTheFieldsThatWerePromised() async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    let pair = try await object(program, "agreement USA RUS --every year")
    for key in [
      "schema", "a", "b", "period", "body", "n", "same", "half", "opposite", "absent",
      "agreement", "s", "identical", "kappa", "pi", "rule", "known_by", "coverage", "rows",
    ] { #expect(pair[key] != nil, "\(key)") }
    #expect(pair["rule"] as? String == "agreement/1" && pair["period"] is NSNull)
    #expect((pair["absent"] as? [String: Int])?.keys.sorted() == ["a", "b"])
    let rows = try #require(pair["rows"] as? [[String: Any]])
    #expect(rows.map { $0["period"] as? String } == ["2025"])
    #expect(rows[0]["n"] as? Int == pair["n"] as? Int)
    // What is undefined is null.
    let none = try await object(program, "agreement USA RUS --period 1950")
    #expect(none["n"] as? Int == 0 && none["agreement"] is NSNull && none["kappa"] is NSNull)
  }

  @Test func theStoredViewAndTheFoldAnswerAlike() async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    let questions = [
      "agreement USA RUS", "agreement RUS", "agreement --every year", "rollcalls", "swings",
    ]
    for question in questions {
      let now = try await program.shell("annals \(question) -o csv")
      #expect(now.status == 0, "\(question): \(now.errors)")
      // What bears on no vote leaves the stored rows those of then; a motion does not.
      for line in ["actor.named actor=USA", "motion.tabled motion=T/1 body=un-ga"] {
        let field = line.hasPrefix("actor") ? "name" : "title"
        let made = try await program.shell(
          "annals append \(line) \(field)=X\(question.utf8.count) --recorder t")
        #expect(made.status == 0, "\(made.errors)")
        let then = try await program.shell("annals \(question) -o csv --known-by=#306")
        #expect(then.output == now.output, "\(question), after \(line)")
      }
    }
    let check = try await program.shell("annals replay --check votes")
    #expect(check.status == 0 && check.output.contains("equals a fresh replay"))
  }

  @Test(arguments: [
    ("agreement USA Rusia", 4, "did you mean"), ("agreement USA RUS CHN", 64, "two actors"),
    ("agreement USA RUS --top 3", 64, "one actor"), ("agreement USA --facts", 64, "two actors"),
    ("agreement USA --top 0", 64, "at least one"),
    ("agreement USA RUS --every decade", 64, "year, session"),
    ("agreement USA RUS --min-n 3", 64, "--min-n"),
    ("agreement USA RUS --period 2022/..", 64, "beginning and end"),
    ("agreement USA RUS --period 20222", 64, "--period"),
    ("agreement USA RUS --topic ukraine-integrty", 4, "did you mean"),
    ("rollcalls --body un-gaa", 4, "no actor"), ("swings -n 0", 64, "at least one"),
    ("show USA ukraine-integrity --rule agreement/1", 64, "rules: latest/2"),
    ("rollcall A/RES/ES-11/77", 4, "no roll call"),
  ])
  func whatIsWrongIsSaid(_ command: String, _ status: Int, _ words: String) async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    let result = try await program.shell("annals \(command)")
    #expect(Int(result.status) == status, "\(command): \(result.output)\(result.errors)")
    #expect(result.errors.contains(words), "\(command): \(result.errors)")
  }
}
