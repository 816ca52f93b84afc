import Testing

/// Two copies of a key that sign different records are noticed where their checkpoints meet. A
/// checkpoint whose signature was not checked is reported as such.
@Suite struct TwoHistoriesTests {
  /// Two copies of the record and of its key, each gone on by itself: `a` and `b` are their
  /// checkpoints, of the same number of events.
  private func program() async throws -> Program {
    let program = try await demo()
    let append = "annals append statement.made speaker=USA kind=quote -q -s"
    let made = try await program.shell(
      """
      annals key new l --name e.org/l -q > l.pub; annals checkpoint --key l -q > start
      annals key new w --name w.org/w --cosigner -q > w.pub
      cp l m; cp l.signed m.signed; cp demo.annals other.annals
      \(append) demo.annals text=a; \(append) other.annals text=b
      annals checkpoint --key l -q -s demo.annals > a; annals checkpoint --key m -q -s other.annals > b
      """)
    #expect(made.status == 0, "\(made.errors)")
    return program
  }

  @Test func verify_notices_them() async throws {
    let program = try await program()
    defer { program.cleanUp() }
    let both = try await program.shell(
      "annals verify --fast --checkpoint a --checkpoint b --key \"$(cat l.pub)\" -s demo.annals")
    #expect(both.status == 1 && both.errors.contains("error[E1717]: a and b give two roots"))
    let one = try await program.shell(
      "annals verify --fast --checkpoint start --checkpoint a --key \"$(cat l.pub)\" -s demo.annals"
    )
    #expect(one.status == 0, "\(one.errors)")
  }

  @Test func a_cosigner_notices_them() async throws {
    let program = try await program()
    defer { program.cleanUp() }
    let cosign = "annals cosign --key w --log-key \"$(cat l.pub)\""
    #expect(try await program.shell("\(cosign) a -s demo.annals").status == 0)
    let refused = try await program.shell("\(cosign) b -s other.annals")
    #expect(refused.status == 1 && refused.errors.contains("error[E1717]"), "\(refused.errors)")
  }

  @Test func a_checkpoint_without_a_key_is_not_ok() async throws {
    let program = try await program()
    defer { program.cleanUp() }
    let verify = "annals verify --fast -s demo.annals --checkpoint a"
    let unsigned = try await program.shell("\(verify) -o json")
    #expect(unsigned.status == 0 && unsigned.output.contains(#""status": "signature not checked""#))
    let part = try #require(unsigned.output.split(separator: "\"part\": \"checkpoint\"").last)
    #expect(part.contains(#""ok": false"#) && !part.contains(#""ok": true"#))
    let signed = try await program.shell("\(verify) -o json --key \"$(cat l.pub)\"")
    #expect(signed.status == 0 && !signed.output.contains(#""ok": false"#))
  }
}
