#if Serve
import EventLog
import Foundation
import Testing

@Suite struct OpenAPITests {
  private static let file = DocumentationTests.root.appendingPathComponent(
    "Documentation/openapi.json")

  /// `ANNALS_REGENERATE=1` writes the file.
  @Test func the_file_is_what_the_server_serves_and_keeps_the_rules_of_the_interface() async throws
  {
    let server = try await LocalServer()
    let served = try await server.get("/openapi.json")
    if ProcessInfo.processInfo.environment["ANNALS_REGENERATE"] == "1" {
      try Data(served.body.utf8).write(to: Self.file)
    }
    #expect(try String(contentsOf: Self.file, encoding: .utf8) == served.body)
    guard case .object(let paths)? = served.json["paths"] else {
      Issue.record("no paths")
      return
    }
    var ids: Set<String> = []
    for (path, value) in paths {
      #expect(
        path == "/" || path.wholeMatch(of: /(\/([a-z0-9-]+(\.[a-z]+)?|\{[a-z]+\}))+/) != nil,
        "\(path)")
      guard case .object(let methods) = value else { continue }
      var documented: Set<String> = ["OPTIONS"]
      for (method, operation) in methods {
        guard case .object(let operation) = operation else { continue }
        documented.insert(method.uppercased())
        if method == "get" { documented.insert("HEAD") }
        guard case .string(let id)? = operation["operationId"] else {
          Issue.record("\(path): no operation id")
          continue
        }
        #expect(ids.insert(id).inserted, "\(id) twice")
        #expect(operation["description"] != nil, "\(id)")
        guard case .object(let responses)? = operation["responses"] else { continue }
        for status in ["400", "401", "429", "500"] {
          #expect(responses[status] != nil, "\(id): \(status)")
        }
        #expect(responses["200"] != nil || responses["201"] != nil, "\(id)")
        checkParameters(operation, id)
      }
      // OPTIONS lists exactly the documented methods.
      let concrete = path.replacing(/\{[a-z]+\}/, with: "1")
      let options = try await server.send("OPTIONS", concrete)
      #expect(
        Set((options.headers["allow"] ?? "").components(separatedBy: ", ")) == documented,
        "\(path)")
    }
    #expect(ids.count > 30)
    #expect(await server.stop() == 0)
  }

  /// Texts have a limit, numbers have bounds, lists have a longest length; each has an example or needs
  /// none.
  private func checkParameters(_ operation: JSONObject, _ id: String) {
    guard case .array(let parameters)? = operation["parameters"] else { return }
    for case .object(let parameter) in parameters {
      guard case .string(let name)? = parameter["name"],
        case .object(var schema)? = parameter["schema"]
      else { continue }
      #expect(parameter["description"] != nil, "\(id): \(name)")
      if schema["type"] == "array" {
        #expect(schema["maxItems"] != nil, "\(id): \(name)")
        if case .object(let items)? = schema["items"] { schema = items }
      }
      switch schema["type"] {
      case "string":
        #expect(schema["maxLength"] != nil || schema["enum"] != nil, "\(id): \(name)")
      case "integer":
        #expect(schema["minimum"] != nil && schema["maximum"] != nil, "\(id): \(name)")
      default: #expect(schema["type"] == "boolean", "\(id): \(name)")
      }
    }
  }
}
#endif
