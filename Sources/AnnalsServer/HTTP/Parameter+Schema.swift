#if Serve
import AnnalsAnswers
import EventLog

extension Parameter.Kind {
  /// The JSON Schema of a value that is a flag, a number, or one of some words; nil for a value that is a
  /// text.
  var schema: JSONObject? {
    switch self {
    case .flag: ["type": "boolean"]
    case .count(let least, let limit):
      JSONObject(members: [
        "type": "integer", "minimum": .whole(least), "maximum": .whole(limit),
      ])
    case .choice(let words): JSONObject(members: ["type": "string", "enum": .texts(words)])
    default: nil
    }
  }
}
#endif
