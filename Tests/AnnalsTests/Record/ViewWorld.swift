import Annals
import EventLog
import Foundation
import Testing

/// Small records for the tests of views: lines with ids of their own, so that later ones can name
/// them.
enum ViewWorld {
  /// The id of the line that a test calls by a number.
  static func id(_ number: Int) -> String {
    let digits = String(number)
    return "00000000-0000-8000-8000-" + String(repeating: "0", count: 12 - digits.count) + digits
  }

  static func line(
    _ type: String, id number: Int? = nil, on: String? = nil, source: String? = nil,
    relation: String? = nil, target: Int? = nil, _ data: String = "{}"
  ) -> String {
    var parts = [#""type":"\#(type)""#, #""data":\#(data)"#]
    if let number { parts.append(#""id":"\#(id(number))""#) }
    if let on { parts.append(#""on":"\#(on)""#) }
    if let source {
      let relation = relation.map { #","relation":"\#($0)""# } ?? ""
      parts.append(#""sources":[{"source":"\#(source)"\#(relation)}]"#)
    }
    if let target { parts.append(#""target":"\#(id(target))","reason":"r""#) }
    return "{\(parts.joined(separator: ","))}"
  }

  static func actor(_ id: String, _ kind: String = "state") -> String {
    line("actor.registered", #"{"actor":"\#(id)","kind":"\#(kind)","name":"Name of \#(id)"}"#)
  }

  static func vote(
    _ voter: String, _ choice: String, id: Int? = nil, source: String? = nil
  ) -> String {
    let choices = choice.split(separator: "|").map { "\"\($0)\"" }
    let value = choices.count == 1 ? choices[0] : "[\(choices.joined(separator: ","))]"
    return line(
      "vote.cast", id: id, source: source,
      #"{"rollcall":"un/R/1","voter":"\#(voter)","choice":\#(value)}"#)
  }

  static func held(
    on: String? = "2025-02-24", source: String? = nil, _ more: String = ""
  ) -> String {
    line(
      "rollcall.held", on: on, source: source,
      #"{"rollcall":"un/R/1","motion":"m","body":"un","method":"recorded","result":"adopted""#
        + more + "}")
  }

  static func member(_ actor: String, of group: String, _ period: String) -> String {
    line(
      "membership.held", #"{"actor":"\#(actor)","group":"\#(group)","period":"\#(period)"}"#)
  }

  /// Two sources, a body, a bloc, six states, a motion with a roll call.
  static let base: [String] =
    [
      line("source.captured", #"{"source":"s1","title":"First"}"#),
      line("source.captured", #"{"source":"s2","title":"Second"}"#),
      actor("un", "body"), actor("bloc", "bloc"),
    ] + ["AAA", "BBB", "CCC", "DDD", "EEE", "FFF"].map { actor($0) } + [
      line("motion.tabled", #"{"motion":"m","body":"un","title":"The motion"}"#)
    ]
}

extension Store {
  /// Appends lines as one batch; returns the position of the head. What is recorded is passed over.
  @discardableResult
  func add(_ lines: [String]) async throws -> Position {
    var options = AppendOptions(recorder: "test")
    options.updateViews = false
    options.reportsChanges = false
    _ = try await append(Array(lines.joined(separator: "\n").utf8), options: options)
    return try await log.head().position
  }
}

/// Runs `body` and returns the code of the first problem that it throws.
func problemCode(_ body: () async throws -> Void) async -> ErrorCode? {
  do {
    try await body()
    return nil
  } catch let problems as Problems {
    return problems.problems.first?.code
  } catch {
    return nil
  }
}
