import Annals

/// The forms in which an answer is sent.
enum MediaType: String, CaseIterable, Sendable {
  case json = "application/json"
  case ndjson = "application/x-ndjson"
  case jsonl = "application/jsonl"
  case csv = "text/csv"
  case tsv = "text/tab-separated-values"
  case cloudEvents = "application/cloudevents-batch+json"
  case eventStream = "text/event-stream"
  case text = "text/plain"
  case html = "text/html"
  case markdown = "text/markdown"
  case svg = "image/svg+xml"
  case atom = "application/atom+xml"
  case css = "text/css"
  case script = "text/javascript"

  /// Short names, for the parameter `format`.
  static let named: [(name: String, type: MediaType)] = [
    ("json", .json), ("ndjson", .ndjson), ("jsonl", .jsonl), ("csv", .csv), ("tsv", .tsv),
    ("cloudevents", .cloudEvents), ("md", .markdown), ("html", .html), ("svg", .svg),
  ]

  /// With the character set, as a header has it.
  var header: String {
    switch self {
    case .csv, .text, .html, .tsv, .markdown, .css, .script: rawValue + "; charset=utf-8"
    default: rawValue
    }
  }

  /// The media type that a request accepts most, of those that are offered; the first of these where
  /// it accepts several alike. Throws `.notAcceptable` where it accepts none.
  static func negotiated(_ accept: String?, offered: [MediaType]) throws(Problem) -> MediaType {
    guard let accept, !accept.allSatisfy({ $0 == " " }) else { return offered[0] }
    let ranges = accept.split(separator: ",").map(AcceptRange.init)
    var best: (type: MediaType, quality: Double)?
    for type in offered {
      // The most exact range decides.
      let fitting = ranges.filter { $0.fits(type.rawValue) }.max { $0.exactness < $1.exactness }
      guard let quality = fitting?.quality, quality > best?.quality ?? 0 else { continue }
      best = (type, quality)
    }
    guard let best else {
      throw Problem(
        .notAcceptable, "none of \(accept) can be sent",
        help: "accept one of \(offered.map(\.rawValue).joined(separator: ", "))")
    }
    return best.type
  }

  /// One part of the header Accept: `text/*;q=0.8`.
  private struct AcceptRange {
    let type: String
    let quality: Double

    init(_ text: Substring) {
      let parts = text.split(separator: ";").map { part in
        String(part.filter { $0 != " " && $0 != "\t" }).lowercased()
      }
      type = parts.first ?? ""
      let q = parts.dropFirst().first { $0.hasPrefix("q=") }
      quality = q.map { min(1, max(0, Double($0.dropFirst(2)) ?? 0)) } ?? 1
    }

    /// 2 for a type, 1 for a family, 0 for anything.
    var exactness: Int { type == "*/*" ? 0 : type.hasSuffix("/*") ? 1 : 2 }

    func fits(_ other: String) -> Bool {
      switch exactness {
      case 0: true
      case 1: other.hasPrefix(type.dropLast())
      default: other == type
      }
    }
  }
}
