#if Serve
import Annals
import AnnalsAnswers
import EventLog
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore

/// What a route answers.
struct Reply: Sendable {
  enum Body: Sendable {
    case bytes([UInt8])
    /// Writes the parts one by one: for streams, and for bodies too long for the memory.
    case stream(@Sendable (_ write: (sending [UInt8]) async throws -> Void) async throws -> Void)
  }

  var status: HTTPResponse.Status = .ok
  var type: MediaType
  var headers: HTTPFields = [:]
  var body: Body

  init(
    _ body: Body, _ type: MediaType, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]
  ) {
    self.status = status
    self.type = type
    self.headers = headers
    self.body = body
  }

  /// One JSON object.
  static func json(
    _ json: JSON, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]
  ) -> Reply {
    Reply(
      .bytes(Array((JSONWriter.pretty(json) + "\n").utf8)), .json, status: status, headers: headers)
  }

  static func text(_ text: String, _ type: MediaType = .text) -> Reply {
    Reply(.bytes(Array(text.utf8)), type)
  }

  /// An answer in a media type that was negotiated.
  static func answer(_ answer: any Answer, as type: MediaType) -> Reply {
    let lines: [String]
    switch type {
    case .ndjson, .jsonl: lines = answer.records.map(JSONWriter.compact)
    case .csv: lines = answer.sheet.csv()
    case .tsv: lines = answer.sheet.tsv
    default: return Reply(.bytes(Array((JSONWriter.pretty(answer.json) + "\n").utf8)), type)
    }
    return Reply(.bytes(Array(lines.map { $0 + "\n" }.joined().utf8)), type)
  }

  /// The reply as the server sends it. Everything about safety that is the same for all stands here.
  func response(isHead: Bool) -> Response {
    var fields = headers
    fields[.contentType] = fields[.contentType] ?? type.header
    fields[.xContentTypeOptions] = "nosniff"
    fields[.referrerPolicy] = fields[.referrerPolicy] ?? "no-referrer"
    // A browser keeps these of the copy that it has, unless the answer that nothing changed has others.
    if status != .notModified {
      fields[.contentSecurityPolicy] =
        fields[.contentSecurityPolicy] ?? "default-src 'none'; frame-ancestors 'none'"
      fields[.crossOriginResourcePolicy] = fields[.crossOriginResourcePolicy] ?? "same-origin"
    }
    if fields[.cacheControl] == nil { fields[.cacheControl] = "no-store" }
    switch body {
    case .bytes(let bytes):
      fields[.contentLength] = "\(bytes.count)"
      if isHead || status == .notModified || status == .noContent {
        if status == .noContent || status == .notModified { fields[.contentLength] = nil }
        return Response(status: status, headers: fields)
      }
      return Response(
        status: status, headers: fields, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    case .stream(let write):
      if isHead { return Response(status: status, headers: fields) }
      return Response(
        status: status, headers: fields,
        body: ResponseBody { writer in
          nonisolated(unsafe) var inner = writer
          try await write { try await inner.write(ByteBuffer(bytes: $0)) }
          try await inner.finish(nil)
        })
    }
  }
}

extension HTTPField.Name {
  static let referrerPolicy = Self("Referrer-Policy")!
  static let crossOriginResourcePolicy = Self("Cross-Origin-Resource-Policy")!
}
#endif
