#if Serve
import EventLog
import Foundation
import Testing

@Suite struct ServerWritingTests {
  @Test func a_broken_body_and_a_long_one_without_a_token_are_the_fault_of_the_client() async throws
  {
    let server = try await LocalServer()
    let broken = try await server.raw(
      "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        + "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\nzz\r\n")
    #expect(broken.status == 400 && broken.body.contains("E1809"), "\(broken.body)")
    let spaces = String(repeating: " ", count: 300_000)
    #expect(try await server.post("/mcp", spaces, token: nil).status == 413)
    let line = #"{"type":"actor.named","data":{"actor":"USA","name":"Columbia"}}"#
    #expect(try await server.post("/api/v1/events?dry_run=true", line + spaces).status == 200)
    #expect(await server.stop() == 0)
  }

  private static let name = #"{"type":"actor.named","data":{"actor":"USA","name":"Columbia"}}"#

  @Test func events_come_in_every_form_and_the_holder_of_the_token_is_the_recorder() async throws {
    let server = try await LocalServer()
    let one = try await server.post("/api/v1/events", Self.name)
    #expect(one.status == 201 && one.json["appended"] == 1, "\(one.body)")
    let again = try await server.post("/api/v1/events", Self.name)
    #expect(again.status == 200 && again.json["already_present"] == 1)
    let lines = (1...3).map { #"{"type":"actor.named","data":{"actor":"RUS","name":"R\#($0)"}}"# }
    let several = try await server.post(
      "/api/v1/events", lines.joined(separator: "\n"), type: "application/x-ndjson")
    #expect(several.status == 201 && several.json["appended"] == 3)
    let event = try await server.get("/api/v1/events/307")
    #expect(event.json["recorder"] == "Ana Sousa")
    // A CloudEvent comes back as it went out.
    let batch = try await server.get(
      "/api/v1/events?after=306&reverse=true", ["Accept": "application/cloudevents-batch+json"])
    #expect(batch.headers["content-type"] == "application/cloudevents-batch+json")
    #expect(batch.body.contains("\"sequence\": \"00000000000000000307\""))
    let back = try await server.post(
      "/api/v1/events", batch.body, type: "application/cloudevents-batch+json")
    #expect(back.status == 200 && back.json["already_present"] == 4, "\(back.body)")
    let foreign = """
      {"specversion":"1.0","id":"42","source":"https://elsewhere.example/","subject":"USA",
       "type":"org.annals.actor.named.v1","time":"2025-02-24T12:00:00.123456Z",
       "data":{"data":{"actor":"USA","name":"Amerika"}}}
      """
    for expected in [201, 200] {
      let told = try await server.post(
        "/api/v1/events", foreign, type: "application/cloudevents+json")
      #expect(told.status == expected, "\(told.body)")
    }
    let correction = try await server.post(
      "/api/v1/events/307/corrections",
      #"{"reason":"A slip.","changes":{"name":"Columbia, the gem"}}"#)
    #expect(correction.status == 201, "\(correction.body)")
    let retraction = try await server.post(
      "/api/v1/events/308/retractions", #"{"reason":"Nobody says that."}"#)
    #expect(retraction.status == 201, "\(retraction.body)")
    let verified = try await server.post(
      "/api/v1/verifications", "", token: LocalServer.adminsToken)
    #expect(verified.json["verified"] == true)
    #expect(await server.stop() == 0)
  }

  @Test func nothing_is_written_without_the_right_token_from_the_right_place() async throws {
    let server = try await LocalServer()
    let head = { try await server.get("/api/v1/head").json["seq"] }
    let cases: [(String?, [String: String], Int)] = [
      (nil, [:], 401), ("reader-0123456789abcdef", [:], 403), ("ana-0123456789abcdeg", [:], 401),
      (LocalServer.anasToken, ["Origin": "https://evil.example"], 403),
      (LocalServer.anasToken, ["Sec-Fetch-Site": "cross-site"], 403),
      (LocalServer.anasToken, ["Host": "evil.example"], 403),
      (LocalServer.anasToken, ["If-Match": "\"305\""], 412),
      (LocalServer.anasToken, ["If-Match": "x"], 400),
    ]
    for (token, headers, status) in cases {
      let told = try await server.post("/api/v1/events", Self.name, token: token, headers)
      #expect(told.status == status, "\(headers): \(told.body)")
    }
    let bodies: [(String, String, Int)] = [
      (Self.name, "text/plain", 415), ("{", "application/json", 400),
      ("[]", "application/json", 422), ("", "application/x-ndjson", 400),
      (Self.name + "\n{\"type\":\"nonsense\"}", "application/x-ndjson", 422),
      (#"{"specversion":"1.0"}"#, "application/cloudevents+json", 422),
    ]
    for (body, type, status) in bodies {
      let told = try await server.post("/api/v1/events", body, type: type)
      #expect(told.status == status, "\(body): \(told.status) \(told.body)")
      #expect(!told.codes.isEmpty)
    }
    let dry = try await server.post("/api/v1/events?dry_run=true", Self.name)
    #expect(dry.status == 200 && dry.json["dry_run"] == true)
    let long = try await server.post(
      "/api/v1/events", String(repeating: " ", count: 9 << 20), type: "application/x-ndjson")
    #expect(long.status == 413)
    #expect(try await head() == 306)
    let matching = try await server.post(
      "/api/v1/events", Self.name, ["If-Match": "\"306\""])
    #expect(matching.status == 201)
    let me = try await server.get("/token", ["Authorization": "Bearer \(LocalServer.anasToken)"])
    #expect(me.json["name"] == "Ana Sousa" && me.json["scope"] == "append")
    #expect(await server.stop() == 0)
    // No token stands in what the server wrote about itself.
  }

  @Test func what_was_acknowledged_is_there_after_the_server_was_killed() async throws {
    let server = try await LocalServer()
    var acknowledged: [String] = []
    for number in 1...40 {
      let told = try await server.post(
        "/api/v1/events",
        #"{"type":"actor.named","data":{"actor":"USA","name":"Name \#(number)"}}"#)
      #expect(told.status == 201)
      acknowledged.append("Name \(number)")
    }
    await server.kill()
    let told = try await server.program.shell("annals export -s demo.annals")
    for name in acknowledged { #expect(told.output.contains("\"\(name)\"")) }
    let verified = try await server.program.shell("annals verify -s demo.annals")
    #expect(verified.status == 0)
    server.program.cleanUp()
  }

  @Test func a_token_file_that_others_may_read_is_refused() async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    try program.write(LocalServer.tokens, to: "tokens.txt")
    let open = try await program.shell(
      "chmod 644 tokens.txt; annals serve -s demo.annals --port 0 --tokens tokens.txt")
    #expect(open.status == 78 && open.errors.contains("other users may read"))
    try program.write("append short Ana\nwrite 0123456789abcdef Ana\nread x\n", to: "tokens.txt")
    let wrong = try await program.shell(
      "chmod 600 tokens.txt; annals serve -s demo.annals --port 0 --tokens tokens.txt")
    #expect(wrong.status == 78)
    for line in 1...3 { #expect(wrong.errors.contains("tokens.txt:\(line):1"), "\(wrong.errors)") }
    #expect(!wrong.errors.contains("0123456789abcdef"))
  }
}
#endif
