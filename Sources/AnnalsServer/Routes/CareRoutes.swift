#if Serve
import Annals
import AnnalsAnswers
import EventLog
import HTTPTypes

/// The state of the log and of the server.
enum CareRoutes {
  private static let base = QuestionRoutes.base

  static var all: [Route] {
    [
      head, proof, verification, rebuild, token, schema, healthz, readyz, metrics, openAPI,
      page("/docs", "get-docs"), llms,
    ]
  }

  private static var head: Route {
    Route(
      .get, base + "/head",
      Operation(
        id: "get-head", summary: "The last position of the log, and the root hash of its tree.",
        schemas: ["head.v2"])
    ) { call in
      try call.refuseQuery()
      let head = try await call.store.log.head()
      let root = try await call.store.log.root(ofSize: head.position.rawValue)
      return .json(
        .members([
          "schema": "annals.head.v2", "seq": .integer(head.position.rawValue),
          "recorded": .text(head.recorded?.description), "root": .string(root.hexDigits),
        ]))
    }
  }

  /// The hashes that lead from an event to the root; the same as in a proof file, without a signature.
  private static var proof: Route {
    let size = Parameter(
      "size", .position, "Prove it in the tree over so many events. Default: all.", example: "306")
    return Route(
      .get, base + "/proofs/{event}",
      Operation(
        id: "get-proof", summary: "The hashes that lead from an event to the root of the tree.",
        parameters: [size], schemas: ["inclusion.v2"], failures: [404])
    ) { call in
      var reader = QuestionReader(call.items, of: [size], face: .http)
      let asked = reader.position("size")
      try reader.finish()
      let reference = try Value.event(call.variables[0])
      let log = call.store.log
      let event = try await call.store.event(reference, knownBy: nil).event
      let head = try await log.head().position
      let size = asked ?? head
      guard size <= head, event.position <= size else {
        throw Problem(
          .unknownEvent, "\(event.position) is not in the tree over \(size.rawValue) events")
      }
      let path = try await log.inclusionProof(of: event.position, size: size.rawValue)
      let root = try await log.root(ofSize: size.rawValue)
      return .json(
        .members([
          "schema": "annals.inclusion.v2", "seq": .integer(event.position.rawValue),
          "id": .string(event.id.description), "leaf_hash": .string(event.leafHash.hexDigits),
          "size": .integer(size.rawValue), "root": .string(root.hexDigits),
          "path": .texts(path.map(\.hexDigits)),
        ]))
    }
  }

  private static var verification: Route {
    Route(
      .post, base + "/verifications", scope: .admin,
      Operation(
        id: "create-verification", summary: "Recompute hashes, tree, index and views, and compare.",
        schemas: ["verify.v2"])
    ) { call in
      try call.refuseQuery()
      let found = try await call.store.verify()
      return .json(VerificationAnswer(found: found, after: .start).json)
    }
  }

  private static var rebuild: Route {
    Route(
      .post, base + "/projections/{name}/rebuilds", scope: .admin,
      Operation(
        id: "create-rebuild", summary: "Rebuild a stored view from the log.",
        schemas: ["replay.v2"], failures: [404])
    ) { call in
      try call.refuseQuery()
      return .json(
        ReplayAnswer(reports: try await call.store.replay([call.variables[0]])).json)
    }
  }

  private static var token: Route {
    Route(
      .get, "/token",
      Operation(
        id: "get-token", summary: "Whose token the request has, and what it allows.",
        schemas: ["token.v2"])
    ) { call in
      try call.refuseQuery()
      guard let holder = call.holder else {
        throw Problem(.unauthorized, "the request has no token")
      }
      return .json(
        .members([
          "schema": "annals.token.v2", "name": .string(holder.name),
          "scope": .string(holder.scope.rawValue),
        ]))
    }
  }

  /// A JSON Schema: `/schemas/answers/show.v2.json`.
  private static var schema: Route {
    Route(
      .get, "/schemas/{folder}/{file}",
      Operation(
        id: "get-schema", summary: "A JSON Schema, of an answer or of an event type.",
        failures: [404])
    ) { call in
      try call.refuseQuery()
      let path = call.variables.joined(separator: "/")
      guard path.hasSuffix(".json"), let bytes = SchemaFiles.all[path] else {
        throw Problem(.noResource, "there is no schema \(path)")
      }
      return Reply(.bytes(bytes), .json, headers: [.cacheControl: "public, max-age=3600"])
    }
  }

  private static var healthz: Route {
    Route(
      .get, "/healthz",
      Operation(id: "get-healthz", summary: "The process answers.", offered: [.text])
    ) { call in
      try call.refuseQuery()
      return .text("ok\n")
    }
  }

  private static var readyz: Route {
    Route(
      .get, "/readyz",
      Operation(id: "get-readyz", summary: "The store can be read.", offered: [.text])
    ) { call in
      try call.refuseQuery()
      return .text("ready at \(try await call.store.log.head().position)\n")
    }
  }

  private static var metrics: Route {
    Route(
      .get, "/metrics",
      Operation(
        id: "get-metrics", summary: "Figures in the text format of Prometheus.", offered: [.text])
    ) { call in
      try call.refuseQuery()
      let views = try await call.store.views().map {
        (name: $0.definition.name, position: $0.position, lag: $0.lag)
      }
      let text = call.server.metrics.text(
        head: try await call.store.log.head().position, views: views)
      var reply = Reply.text(text)
      reply.headers[.contentType] = "text/plain; version=0.0.4; charset=utf-8"
      return reply
    }
  }

  private static var openAPI: Route {
    Route(
      .get, "/openapi.json",
      Operation(id: "get-openapi", summary: "This interface, as OpenAPI 3.2.")
    ) { call in
      try call.refuseQuery()
      return .json(OpenAPI.served)
    }
  }

  private static func page(_ path: String, _ id: String) -> Route {
    Route(
      .get, path,
      Operation(id: id, summary: "This interface, for people.", offered: [.html])
    ) { call in
      try call.refuseQuery()
      var reply = Reply.text(DocsPage.served, .html)
      reply.headers[.contentSecurityPolicy] =
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
      return reply
    }
  }

  private static var llms: Route {
    Route(
      .get, "/llms.txt",
      Operation(id: "get-llms", summary: "This server, for assistants.", offered: [.text])
    ) { call in
      try call.refuseQuery()
      return .text(DocsPage.assistants(Route.all))
    }
  }
}

extension Call {
  /// Throws for a parameter where none is taken.
  func refuseQuery() throws {
    try QuestionReader(target.query, of: [], face: .http).finish()
  }
}
#endif
