#if Serve
import EventLog
public import Logging

/// Writes each message of the server as one JSON object per line.
public struct JSONLogHandler: LogHandler {
  public var metadata: Logger.Metadata = [:]
  public var logLevel: Logger.Level = .info
  private let write: @Sendable ([UInt8]) -> Void

  public init(_ write: @escaping @Sendable ([UInt8]) -> Void) { self.write = write }

  public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  public func log(event: LogEvent) {
    var object: JSONObject = [
      "time": .string(Instant.now().description), "level": .string(event.level.rawValue),
      "message": .string("\(event.message)"),
    ]
    let all = metadata.merging(event.metadata ?? [:]) { $1 }
    for (key, value) in all.sorted(by: { $0.key < $1.key }) where !key.hasPrefix("hb.") {
      object[key] = .string("\(value)")
    }
    write(Array((JSONWriter.compact(.object(object)) + "\n").utf8))
  }
}
#endif
