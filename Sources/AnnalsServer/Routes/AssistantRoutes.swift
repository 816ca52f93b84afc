#if Serve
import Annals
import AnnalsAnswers
import EventLog
import HTTPTypes

/// `POST /mcp`: the tools for assistants.
enum AssistantRoutes {
  static var all: [Route] {
    [
      Route(
        .post, "/mcp",
        Operation(
          id: "post-mcp",
          summary: "The Model Context Protocol: one message of JSON-RPC 2.0. It only reads.",
          body: ["application/json"], failures: [404, 413, 415])
      ) { call in
        try call.refuseQuery()
        let name = call.headers[.contentType]?.split(separator: ";").first.map(String.init)
        guard name?.lowercased() == "application/json" else {
          throw Problem(.unsupportedMediaType, "an MCP message is application/json")
        }
        let body = try await call.body()
        guard let message = try? JSON(parsing: body) else {
          return .json(Assistant.parseError, status: .badRequest)
        }
        if let fault = fault(in: call.headers, message) {
          return .json(Assistant.error(.null, -32600, fault), status: .badRequest)
        }
        let host = call.server.gate.isReadingClosed ? nil : call.askedHost
        let assistant = Assistant(
          store: call.store, program: call.server.program,
          address: "http://\(host ?? "127.0.0.1")")
        let (reply, status) = await assistant.answer(message)
        guard let reply else { return Reply(.bytes([]), .text, status: .accepted) }
        return .json(reply, status: HTTPResponse.Status(code: status))
      }
    ]
  }

  /// A fault where the headers do not agree with the body. The headers repeat the method and the name for
  /// proxies.
  private static func fault(in headers: HTTPFields, _ message: JSON) -> String? {
    if let version = headers[.mcpProtocolVersion], !Assistant.versions.contains(version) {
      return "version \(version) is not spoken here; versions: "
        + Assistant.versions.joined(separator: ", ")
    }
    guard case .object(let request) = message else { return nil }
    if let method = headers[.mcpMethod], request["method"] != .string(method) {
      return "the header Mcp-Method and the message name two methods"
    }
    if let name = headers[.mcpName], case .object(let parameters)? = request["params"],
      let given = parameters["name"] ?? parameters["uri"], given != .string(name)
    {
      return "the header Mcp-Name and the message name two things"
    }
    return nil
  }
}

extension HTTPField.Name {
  static let mcpProtocolVersion = Self("MCP-Protocol-Version")!
  static let mcpMethod = Self("Mcp-Method")!
  static let mcpName = Self("Mcp-Name")!
}
#endif
