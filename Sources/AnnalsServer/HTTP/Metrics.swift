import EventLog
import Synchronization

/// Counts what the server does, and writes it in the text format of Prometheus.
final class Metrics: Sendable {
  private struct Counts {
    var requests: [String: Int] = [:]
    var appended = 0
    var rejected: [String: Int] = [:]
    /// Requests by how long they took; the last for all that took longer.
    var durations = [Int](repeating: 0, count: Metrics.bounds.count + 1)
    var seconds = 0.0
    var active = 0
    var streams = 0
  }

  private static let bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]
  private let counts = Mutex(Counts())

  /// True where the request may be worked on; it must then be ended.
  func begin(limit: Int) -> Bool {
    counts.withLock {
      guard $0.active < limit else { return false }
      $0.active += 1
      return true
    }
  }

  /// A request that waits for its body does not count as work: a client may send the body slowly.
  func awaitBody() { counts.withLock { $0.active -= 1 } }

  /// True where the request may be worked on now. It must be ended in any case.
  func haveBody(limit: Int) -> Bool {
    counts.withLock {
      $0.active += 1
      return $0.active <= limit
    }
  }

  func end(method: String, status: Int, seconds: Double) {
    counts.withLock {
      $0.active -= 1
      // A client can invent methods. All unknown methods share one line.
      let known = ["GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH"]
      let name = known.contains(method) ? method : "other"
      $0.requests["method=\"\(name)\",status=\"\(status)\"", default: 0] += 1
      $0.durations[Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count] += 1
      $0.seconds += seconds
    }
  }

  /// Counts a stream while the result exists; nil if `limit` streams are open.
  func stream(limit: Int) -> OpenStream? {
    counts.withLock {
      guard $0.streams < limit else { return nil }
      $0.streams += 1
      return OpenStream(self)
    }
  }

  /// The last owner ends the stream. The server may drop an answer before it writes the first byte.
  final class OpenStream: Sendable {
    private let metrics: Metrics

    fileprivate init(_ metrics: Metrics) { self.metrics = metrics }

    deinit { metrics.counts.withLock { $0.streams -= 1 } }
  }

  func appended(_ count: Int) { counts.withLock { $0.appended += count } }

  func rejected(_ code: String) { counts.withLock { $0.rejected[code, default: 0] += 1 } }

  /// All of it, with the position of the log and of the views.
  func text(head: Position, views: [(name: String, position: Position?, lag: Int64)]) -> String {
    let counts = counts.withLock { $0 }
    var lines: [String] = []
    func metric(_ name: String, _ kind: String, _ help: String, _ samples: [(String, String)]) {
      lines += ["# HELP \(name) \(help)", "# TYPE \(name) \(kind)"]
      lines += samples.map { labels, value in
        "\(name)\(labels.isEmpty ? "" : "{\(labels)}") \(value)"
      }
    }
    metric(
      "annals_log_position", "gauge", "Position of the last event.", [("", "\(head.rawValue)")])
    metric(
      "annals_projection_position", "gauge", "Position up to which a view was folded.",
      views.map { ("projection=\"\($0.name)\"", "\($0.position?.rawValue ?? 0)") })
    metric(
      "annals_projection_lag_events", "gauge", "Events that a view is behind the log.",
      views.map { ("projection=\"\($0.name)\"", "\($0.lag)") })
    metric(
      "annals_events_appended_total", "counter", "Events appended over HTTP.",
      [("", "\(counts.appended)")])
    metric(
      "annals_requests_rejected_total", "counter",
      "Requests that ended with an error, by its code.",
      counts.rejected.sorted { $0.key < $1.key }.map { ("code=\"\($0.key)\"", "\($0.value)") })
    metric(
      "annals_sse_clients", "gauge", "Open event streams.", [("", "\(counts.streams)")])
    metric(
      "http_server_active_requests", "gauge", "Requests being worked on.",
      [("", "\(counts.active)")])
    metric(
      "http_server_requests_total", "counter", "Requests answered.",
      counts.requests.sorted { $0.key < $1.key }.map { ($0.key, "\($0.value)") })
    let name = "http_server_request_duration_seconds"
    lines += ["# HELP \(name) Time to answer a request.", "# TYPE \(name) histogram"]
    var sum = 0
    for (index, count) in counts.durations.enumerated() {
      sum += count
      let bound = index < Self.bounds.count ? "\(Self.bounds[index])" : "+Inf"
      lines.append("\(name)_bucket{le=\"\(bound)\"} \(sum)")
    }
    lines += ["\(name)_sum \(counts.seconds)", "\(name)_count \(sum)"]
    return lines.joined(separator: "\n") + "\n"
  }
}
