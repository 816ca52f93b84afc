#if Serve
import Annals
import AnnalsAnswers
import EventLog
import HTTPTypes
import ServiceLifecycle

/// Server-sent events: each event as it is appended. The log is the buffer: a client that was disconnected
/// continues after the last event that it received.
enum StreamRoute {
  private static let parameters = [
    Parameter(
      "after", .position,
      "Begin behind this event. The header Last-Event-ID does the same. Default: the head.",
      example: "300"),
    Parameter(
      "subject", .text, repeated: true, "Only events about this actor or topic.", example: "USA"),
    Parameter("type", .text, repeated: true, "Only events of this type.", example: "vote.cast"),
    Parameter(
      "until", .choice(["head"]), "End at the head, instead of waiting for more.", example: "head"),
  ]

  /// Without a position that can be read, a client would miss events and not know it.
  private static func position(_ lastEventID: String) throws -> Position {
    guard let number = Int64(lastEventID), number >= 0 else {
      throw Problem(.badRequest, "Last-Event-ID \(lastEventID) is no position")
    }
    return Position(number)
  }

  private enum Until: String, CaseIterable { case head }

  static var all: [Route] {
    [
      Route(
        .get, QuestionRoutes.base + "/stream",
        Operation(
          id: "get-stream",
          summary: "Events as they are appended: appended, stance-changed and projection.",
          parameters: parameters, offered: [.eventStream], failures: [404, 406])
      ) { call in
        _ = try call.type(offered: [.eventStream])
        var reader = QuestionReader(call.items, of: parameters, face: .http)
        let given = reader.position("after")
        let until = reader.choice("until", "end of a stream", among: Until.allCases)
        let (subjects, types) = (reader.texts("subject"), reader.texts("type"))
        try reader.finish()
        let last = try call.headers[.lastEventID].map(position)
        let head = try await call.store.log.head().position
        // A finite stream begins with the first event, an endless one with the next new event.
        let after = last ?? given ?? (until == nil ? head : .start)
        let about = try await call.store.eventQuery(subjects, types: types, through: head)
        let stream = EventStream(
          store: call.store, query: about.query, subjects: about.subjects, after: after,
          end: until == nil ? nil : head)
        guard let open = call.server.metrics.stream(limit: call.server.limits.streams) else {
          throw Problem(
            .tooManyRequests, "\(call.server.limits.streams) streams are open already")
        }
        return Reply(
          .stream { write in
            defer { withExtendedLifetime(open) {} }
            try await stream.write(write)
          }, .eventStream,
          headers: [.cacheControl: "no-cache", .xAccelBuffering: "no"])
      }
    ]
  }
}

/// One client of the stream.
private struct EventStream: Sendable {
  let store: Store
  let query: EventQuery
  /// Only changes of stance that are about all of them.
  let subjects: [Entity]
  let after: Position
  /// The last position of a finite stream.
  let end: Position?

  private static let pause = Duration.seconds(15)

  func write(_ write: (sending [UInt8]) async throws -> Void) async throws {
    try await write(Array("retry: 3000\n\n".utf8))
    var position = after
    var views: [String: Position] = [:]
    if let end {
      try await send(after: &position, through: end, write)
      return
    }
    for try await signal in signals(after: position).cancelOnGracefulShutdown() {
      guard let head = signal else {
        try await write(Array(": still here\n\n".utf8))
        continue
      }
      try await send(after: &position, through: head.position, write)
      try await send(&views, position, write)
    }
  }

  /// The head whenever it moves, and nil every 15 seconds: a write then shows whether the client is gone.
  private func signals(after position: Position) -> AsyncThrowingStream<LogHead?, any Error> {
    let (stream, continuation) = AsyncThrowingStream.makeStream(of: LogHead?.self)
    let log = store.log
    let work = Task {
      await withTaskGroup(of: Void.self) { tasks in
        tasks.addTask {
          do {
            for try await head in log.follow(after: position) { continuation.yield(head) }
            continuation.finish()
          } catch { continuation.finish(throwing: error) }
        }
        tasks.addTask {
          while (try? await Task.sleep(for: Self.pause)) != nil { continuation.yield(nil) }
        }
        await tasks.next()
        tasks.cancelAll()
      }
    }
    continuation.onTermination = { _ in work.cancel() }
    return stream
  }

  /// Sends the events up to a position, and the changes of stance that they made.
  private func send(
    after position: inout Position, through head: Position,
    _ write: (sending [UInt8]) async throws -> Void
  ) async throws {
    while position < head {
      let page = try await store.log.read(
        query, in: EventRange(after: position, through: head, limit: 200))
      let reached = page.count == 200 ? page.last?.position ?? head : head
      for event in page {
        try await write(
          Self.message(
            "appended", event.position, .object(Store.exportObject(event))))
      }
      if !page.isEmpty {
        let states = (from: KnownBy.position(position), to: KnownBy.position(reached))
        let changes = try await store.diff(knownBy: states).stances
        for change in changes
        where subjects.allSatisfy({ [change.actor.id, change.topic.id].contains($0.id) }) {
          try await write(Self.message("stance-changed", reached, change.json))
        }
      }
      position = reached
    }
  }

  /// Sends which views have moved, and how far each of them is.
  private func send(
    _ sent: inout [String: Position], _ position: Position,
    _ write: (sending [UInt8]) async throws -> Void
  ) async throws {
    for view in try await store.views() {
      let name = view.definition.name
      guard let place = view.position, sent.updateValue(place, forKey: name) != place else {
        continue
      }
      let json = JSON.members([
        "projection": .string(name), "seq": .integer(place.rawValue), "lag": .integer(view.lag),
      ])
      try await write(Self.message("projection", position, json))
    }
  }

  private static func message(_ name: String, _ position: Position, _ json: JSON) -> [UInt8] {
    Array(
      "id: \(position.rawValue)\nevent: \(name)\ndata: \(JSONWriter.compact(json))\n\n".utf8)
  }
}

extension HTTPField.Name {
  static let lastEventID = Self("Last-Event-ID")!
  static let xAccelBuffering = Self("X-Accel-Buffering")!
}
#endif
