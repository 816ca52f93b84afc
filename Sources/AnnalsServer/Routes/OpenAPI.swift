#if Serve
import Annals
import AnnalsAnswers
import EventLog
import HTTPTypes

/// The description of the interface as OpenAPI 3.2, made from the routes.
enum OpenAPI {
  /// The description of all routes, made once.
  static let served = document(Route.all)

  static func document(_ routes: [Route]) -> JSON {
    var paths = JSONObject()
    for route in routes {
      var path: JSONObject = [:]
      if case .object(let begun)? = paths[route.path] { path = begun }
      path[route.method.rawValue.lowercased()] = operation(route)
      paths[route.path] = .object(path)
    }
    return .members([
      "openapi": "3.2.0",
      "info": .members([
        "title": "Annals",
        "version": "1",
        "description":
          "Every answer of the command line, over HTTP: as the world was on any day (on), and as the record stood at any moment (known_by). Dates may be written in more ways than the patterns here say: as in EDTF (ISO 8601-2). An append takes the header If-Match with the head that the client knows, in quotes.",
        "license": .members(["name": "Apache-2.0", "identifier": "Apache-2.0"]),
      ]),
      "servers": .array([.members(["url": "http://127.0.0.1:7464"])]),
      "security": .array([.object([:]), .members(["token": .array([])])]),
      "paths": .object(paths),
      "components": .members([
        "securitySchemes": .members([
          "token": .members([
            "type": "http", "scheme": "bearer",
            "description": "A token of the server's token file. Writing needs one.",
          ])
        ]),
        "schemas": .object(schemas(of: routes)),
        "responses": .members([
          "Problem": .members([
            "description": "What is wrong with the request, all of it.",
            "content": .members([
              ProblemDocument.mediaType: .members(["schema": reference("problem.v2")])
            ]),
          ])
        ]),
      ]),
    ])
  }

  /// Dates that exist. The server takes more: times, uncertain dates, and intervals.
  private enum DatePattern {
    static let date = "[0-9]{4}(-(0[1-9]|1[0-2])|-(\(days)))?"
    static let moment = "today|yesterday|\(date)"
    static let state = "today|yesterday|#[0-9]{1,18}|\(date)"

    private static let days =
      "(01|03|05|07|08|10|12)-(0[1-9]|[12][0-9]|3[01])|(04|06|09|11)-(0[1-9]|[12][0-9]|30)"
      + "|02-(0[1-9]|1[0-9]|2[0-8])"
  }

  // MARK: Operations

  private static func operation(_ route: Route) -> JSON {
    let operation = route.operation
    var object = JSONObject(members: [
      "operationId": .string(operation.id), "summary": .string(operation.summary),
      "description": .string(
        operation.summary
          + (route.scope == .read ? "" : " Needs a token with the scope \(route.scope.rawValue).")),
      "parameters": .array(
        pathParameters(route) + operation.parameters.map(parameter)
          + formatParameter(operation) + headerParameters(route)),
    ])
    if route.scope > .read { object["security"] = .array([.members(["token": .array([])])]) }
    if !operation.body.isEmpty {
      var content = JSONObject()
      for type in operation.body {
        content[type] = .members([bodyKey(type): bodySchema(type, route)])
      }
      object["requestBody"] = .members(["required": true, "content": .object(content)])
    }
    object["responses"] = .object(responses(route))
    return .object(object)
  }

  private static func pathParameters(_ route: Route) -> [JSON] {
    route.path.split(separator: "/").filter { $0.hasPrefix("{") }.map { segment in
      let name = String(segment.dropFirst().dropLast())
      var schema = JSONObject(members: ["type": "string", "minLength": 1, "maxLength": 100])
      if name == "event" {
        schema["pattern"] = "^(#?[1-9][0-9]{0,17}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$"
      }
      let (meaning, example) =
        switch name {
        case "event": ("The event, by its position or its id.", "249")
        case "folder": ("answers or events.", "answers")
        case "file": ("The name of a schema.", "show.v2.json")
        default: ("The name of a stored view.", "votes")
        }
      return .members([
        "name": .string(name), "in": "path", "required": true, "description": .string(meaning),
        "schema": .object(schema), "example": .string(example),
      ])
    }
  }

  private static func parameter(_ parameter: Parameter) -> JSON {
    var schema = parameter.kind.schema ?? textSchema(parameter.kind)
    if parameter.isRepeated {
      schema = JSONObject(members: [
        "type": "array", "items": .object(schema), "maxItems": .whole(Parameter.most / 2),
      ])
    }
    var object = JSONObject(members: [
      "name": .string(parameter.name), "in": "query", "required": .bool(parameter.isRequired),
      "description": .string(parameter.summary), "schema": .object(schema),
    ])
    if parameter.isRepeated { object["explode"] = true }
    if let example = example(parameter) { object["example"] = example }
    return .object(object)
  }

  private static func textSchema(_ kind: Parameter.Kind) -> JSONObject {
    switch kind {
    case .position:
      JSONObject(members: ["type": "string", "pattern": "^#?[0-9]{1,18}$", "maxLength": 19])
    case .moment: text(DatePattern.moment)
    case .moments: text("(\(DatePattern.moment))(\\.\\.(\(DatePattern.moment)))?")
    case .state: text(DatePattern.state)
    case .states: text("(\(DatePattern.state))(\\.\\.(\(DatePattern.state)))?")
    case .date: text(DatePattern.date)
    case .flag, .count, .choice, .text: text(nil)
    }
  }

  private static func text(_ pattern: String?) -> JSONObject {
    JSONObject(members: [
      "type": "string", "minLength": 1, "maxLength": .whole(Parameter.longest),
      "pattern": pattern.map { .string("^(\($0))$") },
    ])
  }

  private static func example(_ parameter: Parameter) -> JSON? {
    guard let text = parameter.example else { return nil }
    var value: JSON = .string(text)
    if case .count = parameter.kind { value = .whole(Int(text)) }
    return parameter.isRepeated ? .array([value]) : value
  }

  private static func formatParameter(_ operation: Operation) -> [JSON] {
    guard operation.offered.count > 1 else { return [] }
    let names = MediaType.named.filter { operation.offered.contains($0.type) }.map(\.name)
    return [
      .members([
        "name": "format", "in": "query", "required": false,
        "description": "The form of the answer, instead of the header Accept.",
        "schema": .members(["type": "string", "enum": .texts(names)]), "example": "json",
      ])
    ]
  }

  private static func headerParameters(_ route: Route) -> [JSON] {
    func header(_ name: String, _ meaning: String, _ pattern: String, _ example: String) -> JSON {
      .members([
        "name": .string(name), "in": "header", "required": false, "description": .string(meaning),
        "schema": .members(["type": "string", "pattern": .string(pattern), "maxLength": 100]),
        "example": .string(example),
      ])
    }
    if route.operation.id == "get-stream" {
      return [
        header("Last-Event-ID", "Go on behind this event.", "^[0-9]{1,18}$", "300")
      ]
    }
    return []
  }

  private static func responses(_ route: Route) -> JSONObject {
    let operation = route.operation
    var responses = JSONObject()
    responses["\(operation.success)"] = success(route)
    if operation.id == "post-mcp" {
      responses["202"] = .members(["description": "A notification was taken."])
    }
    if operation.success == 201 {
      var same = JSONObject(members: ["description": "Nothing new was appended."])
      same["content"] = .members(["application/json": .members(["schema": reference("receipt.v2")])]
      )
      responses["200"] = .object(same)
    }
    // A contradiction between parameters is 409.
    let several = operation.parameters.count > 1 ? [409] : []
    let failures = Set([400, 401, 403, 429, 500, 503] + several + operation.failures)
    for status in failures.sorted() {
      if operation.id == "post-mcp", [400, 404].contains(status) {
        responses["\(status)"] = .members([
          "description": "An error of JSON-RPC, or a problem with the request.",
          "content": .members([
            "application/json": .members(["schema": .members(["type": "object"])]),
            ProblemDocument.mediaType: .members(["schema": reference("problem.v2")]),
          ]),
        ])
        continue
      }
      responses["\(status)"] = .members(["$ref": "#/components/responses/Problem"])
    }
    return responses
  }

  private static func success(_ route: Route) -> JSON {
    let operation = route.operation
    var content = JSONObject()
    for type in operation.offered {
      switch type {
      case .json:
        let schemas = operation.schemas.map(reference)
        let schema: JSON =
          schemas.count == 1
          ? schemas[0]
          : schemas.isEmpty ? .object(["type": "object"]) : .members(["oneOf": .array(schemas)])
        content[type.rawValue] = .members(["schema": schema])
      case .ndjson, .jsonl, .eventStream:
        content[type.rawValue] = .members(["itemSchema": .members(["type": "object"])])
      case .cloudEvents:
        content[type.rawValue] = .members([
          "schema": .members([
            "type": "array", "maxItems": 1000, "items": .members(["type": "object"]),
          ])
        ])
      default: content[type.rawValue] = .members(["schema": .members(["type": "string"])])
      }
    }
    var object = JSONObject(members: ["description": .string(operation.summary)])
    object["content"] = .object(content)
    if operation.success == 201 {
      object["links"] = .members([
        "event": .members([
          "operationId": "get-event",
          "parameters": .members(["event": "$response.body#/events/0/seq"]),
        ])
      ])
      object["headers"] = .members([
        "Location": .members([
          "description": "The event, where one was appended.",
          "schema": .members(["type": "string"]),
        ])
      ])
    }
    return .object(object)
  }

  // MARK: Bodies

  private static func bodyKey(_ type: String) -> String {
    type == "application/x-ndjson" || type == "application/jsonl" ? "itemSchema" : "schema"
  }

  private static func bodySchema(_ type: String, _ route: Route) -> JSON {
    if route.operation.id.hasSuffix("corrections") || route.operation.id.hasSuffix("retractions") {
      let own: (String, JSON) =
        route.operation.id.hasSuffix("corrections")
        ? ("changes", .members(["type": "object", "minProperties": 1]))
        : ("with_dependents", .members(["type": "boolean"]))
      var properties = JSONObject(members: [
        "reason": .members(["type": "string", "minLength": 1, "maxLength": 10_000]),
        "sources": .members([
          "type": "array", "maxItems": 100, "items": .members(["type": "object"]),
        ]),
      ])
      properties[own.0] = own.1
      return .members([
        "type": "object", "additionalProperties": false, "properties": .object(properties),
        "required": .texts(own.0 == "changes" ? ["reason", "changes"] : ["reason"]),
      ])
    }
    if route.operation.id == "post-mcp" {
      return .members([
        "type": "object", "required": ["jsonrpc", "method"],
        "properties": .members([
          "jsonrpc": .members(["const": "2.0"]), "method": .members(["type": "string"]),
          "id": .members(["type": .texts(["string", "integer"])]),
          "params": .members(["type": "object"]),
        ]),
      ])
    }
    switch type {
    case "application/cloudevents-batch+json":
      return .members([
        "type": "array", "maxItems": 10_000, "items": .members(["type": "object"]),
      ])
    case "application/cloudevents+json": return .members(["type": "object"])
    default: return reference(event)
    }
  }

  // MARK: Schemas

  static func reference(_ name: String) -> JSON {
    .members(["$ref": .string("#/components/schemas/\(name)")])
  }

  /// The schemas of answers, with their parts beside them: references lead within this document.
  private static func schemas(of routes: [Route]) -> JSONObject {
    var schemas = eventSchemas()
    let names = Set(routes.flatMap(\.operation.schemas) + ["problem.v2", "receipt.v2"])
    for name in names.sorted() {
      guard let bytes = SchemaFiles.all["answers/\(name).json"],
        case .object(var schema)? = try? JSON(parsing: bytes)
      else { continue }
      if case .object(let parts)? = schema["$defs"] {
        for (part, value) in parts { schemas[part] = relocated(value) }
      }
      for member in ["$defs", "$schema", "$id"] { schema[member] = nil }
      schemas[name] = relocated(.object(schema))
    }
    return schemas
  }

  private static func relocated(_ json: JSON) -> JSON {
    switch json {
    case .object(let members):
      var object = JSONObject()
      for (name, value) in members {
        if name == "$ref", case .string(let text) = value {
          let part = text.split(separator: "/").last.map(String.init) ?? text
          object[name] = .string("#/components/schemas/\(part)")
        } else {
          object[name] = relocated(value)
        }
      }
      return .object(object)
    case .array(let elements): return .array(elements.map(relocated))
    default: return json
    }
  }
}
#endif
