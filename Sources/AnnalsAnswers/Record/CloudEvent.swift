package import Annals
import Crypto
package import EventLog

/// Events as CloudEvents 1.0, in the JSON format.
///
/// The members of the import format that CloudEvents has no attribute for stand in `data`, so that an
/// event comes back as it went out. `recordedtime` and `sequence` are documented extensions.
package enum CloudEvent {
  package static let typePrefix = "org.annals."

  /// An event of the log. `source` names the log.
  package static func json(_ event: RecordedEvent, source: String) -> JSON {
    var native = Store.exportObject(event)
    var object = JSONObject(members: [
      "specversion": "1.0", "id": native["id"], "source": .string(source),
      "type": .string("\(typePrefix)\(event.type.name).v\(event.type.version)"),
    ])
    // CloudEvents take an instant only; a date of less precision is in data.on alone.
    if let text = event.event.time?.text, text.contains("T"), text.contains("Z") {
      object["time"] = .string(text)
    }
    object["recordedtime"] = .string(event.batch.recorded.description)
    let digits = "\(event.position.rawValue)"
    object["sequence"] = .string(String(repeating: "0", count: 20 - digits.count) + digits)
    object["dataschema"] = .string(
      "https://annals.example/schemas/events/\(event.type.name).v\(event.type.version).json")
    object["datacontenttype"] = "application/json"
    // An undated event has `on: null`. Some libraries add the current time to an event without a time,
    // and the null tells that the added time is not the date of the fact.
    var data: JSONObject = ["on": native["on"] ?? .null]
    for name in ["id", "type", "version", "seq", "recorded", "batch"] { native[name] = nil }
    for (name, value) in native { data[name] = value }
    object["data"] = .object(data)
    return .object(object)
  }

  /// The line of the import format that a CloudEvent stands for. Throws what is wrong with it; the
  /// pointer begins with `pointer`.
  package static func line(_ json: JSON, at pointer: String = "") throws(Problem) -> JSON {
    guard case .object(let event) = json else {
      throw Problem(.wrongType, "a CloudEvent is an object", pointer: pointer)
    }
    func text(_ name: String) throws(Problem) -> String {
      guard let value = event[name] else {
        throw Problem(.missingField, "\(name) is missing", pointer: pointer)
      }
      guard case .string(let text) = value, !text.isEmpty else {
        throw Problem(.wrongType, "\(name) is not a text", pointer: "\(pointer)/\(name)")
      }
      return text
    }
    guard try text("specversion") == "1.0" else {
      throw Problem(
        .unknownValue, "specversion is not \"1.0\"", pointer: "\(pointer)/specversion")
    }
    let (id, source, type) = (try text("id"), try text("source"), try text("type"))
    guard type.hasPrefix(typePrefix), let dot = type.lastIndex(of: "."),
      type[type.index(after: dot)...].first == "v",
      let version = Int64(type[type.index(dot, offsetBy: 2)...])
    else {
      throw Problem(
        .unknownType, "type \"\(type)\" is not one of this record",
        pointer: "\(pointer)/type", help: "such as \(typePrefix)vote.cast.v1")
    }
    guard event["data_base64"] == nil, case .object(let data)? = event["data"] else {
      throw Problem(.wrongType, "data is not a JSON object", pointer: "\(pointer)/data")
    }
    var line = data
    line["recorder"] = nil
    line["type"] = .string(
      String(type[type.index(type.startIndex, offsetBy: typePrefix.count)..<dot]))
    line["version"] = .integer(version)
    line["id"] = .string(eventID(id, source))
    if line["on"] == .null {
      line["on"] = nil
    } else if line["on"] == nil, case .string(let time)? = event["time"] {
      line["on"] = .string(wholeSeconds(time))
    }
    return .object(line)
  }

  /// The time without a fraction of a second, which no date of an event has.
  private static func wholeSeconds(_ time: String) -> String {
    guard let dot = time.firstIndex(of: ".") else { return time }
    return String(time[..<dot] + time[dot...].dropFirst().drop { $0.isNumber })
  }

  /// A UUID stays as it is. Any other id is hashed together with the source, because both together
  /// identify a CloudEvent.
  private static func eventID(_ id: String, _ source: String) -> String {
    if EventID(id) != nil { return id }
    var bytes = Array(SHA256.hash(data: Array("\(source)\n\(id)".utf8)).prefix(16))
    bytes[6] = bytes[6] & 0x0F | 0x80
    bytes[8] = bytes[8] & 0x3F | 0x80
    let digits = Array(bytes.hexDigits)
    let parts = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }
    return parts.joined(separator: "-")
  }
}
