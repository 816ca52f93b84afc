#if Serve
import EventLog
import Foundation
import Testing

@Suite struct ServerStreamTests {
  @Test func a_stream_goes_on_where_it_stopped_and_tells_what_changed() async throws {
    let server = try await LocalServer()
    let all = try await server.get("/api/v1/stream?until=head&after=0")
    #expect(all.status == 200 && all.headers["content-type"] == "text/event-stream")
    #expect(all.headers["x-accel-buffering"] == "no")
    #expect(try await server.send("HEAD", "/api/v1/stream").status == 200)
    #expect(try await server.get("/metrics").body.contains("annals_sse_clients 0\n"))
    let ids = all.body.split(separator: "\n").filter { $0 == "event: appended" }
    #expect(ids.count == 306)
    #expect(all.body.contains("event: stance-changed"))
    let rest = try await server.get("/api/v1/stream?until=head", ["Last-Event-ID": "300"])
    #expect(rest.body.contains("id: 301\n") && !rest.body.contains("id: 300\n"))
    #expect(try await server.get("/api/v1/stream", ["Last-Event-ID": "x"]).status == 400)
    let some = try await server.get("/api/v1/stream?until=head&type=vote.cast&subject=USA")
    #expect(some.body.split(separator: "\n").filter { $0 == "event: appended" }.count >= 3)
    #expect(!some.body.contains("actor.registered"))
    #expect(await server.stop() == 0)
  }

  @Test func an_open_stream_is_told_what_another_program_appends_and_does_not_hold_up_the_end()
    async throws
  {
    let server = try await LocalServer()
    async let streamed = server.get("/api/v1/stream?after=306")
    for _ in 0..<600 {
      if try await server.get("/metrics").body.contains("annals_sse_clients 1\n") { break }
      try await Task.sleep(for: .milliseconds(100))
    }
    let appended = try await server.program.shell(
      "annals append actor.named actor=USA name=Columbia -s demo.annals")
    #expect(appended.status == 0)
    // Long enough for a busy machine: what another program appends is polled for.
    try await Task.sleep(for: .seconds(8))
    #expect(await server.stop() == 0)
    let text = try await streamed.body
    #expect(text.contains("id: 307\nevent: appended\n") && text.contains("Columbia"))
    #expect(text.contains("event: projection"))
  }

  @Test func watch_prints_what_is_appended() async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    let lines = try await program.shell(
      "annals watch USA --type vote.cast --until head -s demo.annals; "
        + "annals watch --until head --after 300 -o ndjson -s demo.annals | wc -l")
    #expect(lines.status == 0 && lines.lines.last == "6", "\(lines.output)\(lines.errors)")
    #expect(lines.lines.first?.contains("United States voted") == true)
    let live = try await program.shell(
      "annals watch --after 306 -s demo.annals > seen & watcher=$!; sleep 1; "
        + "annals append actor.named actor=USA name=Columbia -s demo.annals >&2; "
        + "for i in $(seq 60); do grep -q Columbia seen && break; sleep 1; done; "
        + "kill $watcher; cat seen")
    #expect(live.lines.count == 1 && live.output.hasPrefix("#307"), "\(live.output)\(live.errors)")
    let tried = try await program.shell("annals tail -s demo.annals")
    #expect(tried.status == 64 && tried.errors.contains("watch"))
    let follow = try await program.shell("annals log --follow -s demo.annals")
    #expect(follow.status == 64 && follow.errors.contains("annals watch"))
  }

  @Test func assistants_ask_over_http_and_over_a_pipe_and_never_write() async throws {
    let server = try await LocalServer()
    func ask(_ method: String, _ parameters: String = "{}") async throws -> LocalServer.Answer {
      try await server.post(
        "/mcp", #"{"jsonrpc":"2.0","id":7,"method":"\#(method)","params":\#(parameters)}"#,
        token: nil)
    }
    let found = try await ask("server/discover")
    #expect(found.status == 200 && found.body.contains("2026-07-28"))
    let list = try await ask("tools/list")
    let names = list.body.matches(of: /"name": "(\w+)",\n\s+"title"/).map { String($0.1) }
    #expect(
      names == [
        "find", "stance", "steps", "difference", "rollcall", "agreement", "event", "record",
      ])
    let stance = try await ask(
      "tools/call",
      #"{"name":"stance","arguments":{"actor":"USA","topic":"ukraine-integrity","on":"2025-03-01"}}"#
    )
    guard case .object(let result)? = stance.json["result"],
      case .object(let content)? = result["structuredContent"],
      case .object(let meta)? = result["_meta"], case .string(let url)? = meta["annals/url"]
    else {
      Issue.record("\(stance.body)")
      return
    }
    #expect(content["schema"] == "annals.show.v2" && result["isError"] == false)
    let path = try #require(url.firstRange(of: "/api/")).lowerBound
    let same = try await server.get(String(url[path...]))
    #expect(JSON.object(same.json) == .object(content), "\(url)")
    let wrong = try await ask("tools/call", #"{"name":"stance","arguments":{"actr":"USA"}}"#)
    #expect(wrong.body.contains("\"isError\": true") && wrong.body.contains("actr"))
    #expect(try await ask("tools/write").status == 404)
    let note = try await server.post(
      "/mcp", #"{"jsonrpc":"2.0","method":"notifications/initialized"}"#, token: nil)
    #expect(note.status == 202)
    let version = try await server.post(
      "/mcp", #"{"jsonrpc":"2.0","id":1,"method":"ping"}"#, token: nil,
      ["MCP-Protocol-Version": "1999-01-01"])
    #expect(version.status == 400)
    let evil = try await server.post(
      "/mcp", #"{"jsonrpc":"2.0","id":1,"method":"ping"}"#, token: nil,
      ["Origin": "https://evil.example"])
    #expect(evil.status == 403)
    let piped = try await server.program.shell(
      #"printf '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25"}}\n{"jsonrpc":"2.0","method":"notifications/initialized"}\nnonsense\n{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"record","arguments":{}}}\n' | annals mcp -s demo.annals"#
    )
    #expect(piped.status == 0 && piped.lines.count == 3, "\(piped.output)\(piped.errors)")
    #expect(piped.lines[1].contains("-32700") && piped.lines[2].contains("annals.health.v2"))
    #expect(await server.stop() == 0)
  }
}
#endif
