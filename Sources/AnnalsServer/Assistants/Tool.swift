import Annals
import AnnalsAnswers
import EventLog

/// A question as a tool for assistants. None of them writes.
struct Tool: Sendable {
  let name: String
  let question: Question
  /// Advice for assistants, beside the summary of the question.
  let hint: String

  static let all = [
    Tool(
      name: "find", question: .find,
      hint: "Begin here: the other tools take ids or names of actors and ids of topics."),
    Tool(
      name: "stance", question: .stance,
      hint: "The stance follows from the evidence by the rule. \"coverage\" says what is missing."),
    Tool(
      name: "steps", question: .audit,
      hint:
        "One step for each change, with the event that made it, and remarks for a careful reader."),
    Tool(
      name: "difference", question: .difference,
      hint:
        "A range of \"on\" tells what the world changed; a range of \"known_by\" what was corrected."
    ),
    Tool(
      name: "rollcall", question: .rollcall,
      hint:
        "\"unrecorded\" lists members of whose vote nothing is recorded; they need not have been absent."
    ),
    Tool(
      name: "agreement", question: .agreement,
      hint: "n is the number of roll calls behind a figure. Fewer than ten say little."),
    Tool(name: "event", question: .event, hint: "One fact, with sources and corrections."),
    Tool(
      name: "record", question: .health,
      hint: "How reliable the record is: late, thin, unsourced and contradicted facts."),
  ]

  /// How long a result may be, in bytes.
  static let longest = 100_000

  /// The tool, as `tools/list` tells it.
  var json: JSON {
    var output: JSON? = nil
    if question.schemas.count == 1,
      let bytes = SchemaFiles.all["answers/\(question.schemas[0]).json"],
      case .object(var schema)? = try? JSON(parsing: bytes)
    {
      schema["$id"] = nil
      output = .object(schema)
    }
    return .members([
      "name": .string(name), "title": .string(question.summary),
      "description": .string("\(question.summary) \(hint)"),
      "inputSchema": inputSchema, "outputSchema": output,
      "annotations": .members([
        "readOnlyHint": true, "destructiveHint": false, "idempotentHint": true,
        "openWorldHint": false,
      ]),
    ])
  }

  private var inputSchema: JSON {
    var properties = JSONObject()
    for parameter in question.parameters {
      var schema = parameter.kind.schema ?? ["type": "string"]
      if parameter.isRepeated {
        schema = JSONObject(members: ["type": "array", "items": .object(schema)])
      }
      schema["description"] = .string(parameter.summary)
      properties[parameter.name] = .object(schema)
    }
    return .members([
      "type": "object", "properties": .object(properties),
      "required": .texts(question.parameters.filter(\.isRequired).map(\.name)),
      "additionalProperties": false,
    ])
  }

  /// The arguments as parameters of the question. Throws for a value that is no parameter's.
  static func items(_ arguments: JSONObject) throws(Problem) -> [QuestionReader.Item] {
    func text(_ value: JSON, _ name: String) throws(Problem) -> String {
      switch value {
      case .string(let text): return text
      case .integer(let number): return "\(number)"
      case .bool(let truth): return truth ? "true" : "false"
      default:
        throw Problem(.wrongType, "\(name) is neither a text, a number nor true or false")
      }
    }
    var items: [QuestionReader.Item] = []
    for (name, value) in arguments {
      switch value {
      case .array(let elements):
        for element in elements { items.append((name: name, text: try text(element, name))) }
      case .null: continue
      default: items.append((name: name, text: try text(value, name)))
      }
    }
    return items
  }
}
