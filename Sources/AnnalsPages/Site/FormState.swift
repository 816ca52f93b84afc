package import Annals
package import AnnalsAnswers
import EventLog

/// What was sent with a form, what is wrong with it, and what it would do.
package struct FormState: Sendable {
  /// By the name of the control.
  package var values: [String: [String]]
  private var problems: [(name: String?, problem: Problem)] = []
  /// What a check has found that the form would do.
  package var report: WriteReport?
  /// 200, or the status of the first problem.
  private(set) var status = 200

  package init(_ values: [String: [String]] = [:]) { self.values = values }

  /// The values that a form sent. Line breaks are as the record has them.
  package init(sent items: [QuestionReader.Item]) {
    values = [:]
    for (name, text) in items where !text.isEmpty {
      let text = text.replacing("\r\n", with: "\n")
      values[name, default: []].append(text)
    }
  }

  /// A value without the spaces around it; nil where nothing was written.
  package func value(_ name: String) -> String? {
    guard let text = values[name]?.first else { return nil }
    let trimmed = String(
      text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    return trimmed.isEmpty ? nil : trimmed
  }

  package var hasFaults: Bool { !problems.isEmpty }

  /// Takes what is wrong, each problem to the control that it is about. `names` are those of the
  /// controls, in their order.
  package mutating func take(_ failure: Failure, names: [String]) {
    let known = Set(names)
    let found = failure.problems.map { (name: Self.name(of: $0, among: known), problem: $0) }
    let order = Dictionary(names.enumerated().map { ($1, $0) }) { first, _ in first }
    problems = found.enumerated().sorted { a, b in
      let (first, second) = (
        a.element.name.flatMap { order[$0] }, b.element.name.flatMap { order[$0] }
      )
      return (first ?? -1, a.offset) < (second ?? -1, b.offset)
    }.map(\.element)
    status = Self.status(failure)
  }

  /// The page of a form is there, even where what a field names is not.
  static func status(_ failure: Failure) -> Int {
    let status = ProblemDocument(failure, face: .page).status
    return status == 404 ? 422 : status
  }

  func faults(of name: String) -> [Problem] {
    problems.filter { $0.name == name }.map(\.problem)
  }

  /// All problems in their order, with the control that each is about.
  var faults: [(name: String?, problem: Problem)] { problems }

  /// The control that a problem is about: `/data/about/topics/0` is `data.about.topics`.
  private static func name(of problem: Problem, among names: Set<String>) -> String? {
    guard let pointer = problem.pointer else { return nil }
    var parts =
      pointer.split(separator: "/").map(String.init) + [problem.missing].compactMap(\.self)
    if parts.first == "sources" { parts = [parts.contains("quote") ? "quote" : "source"] }
    while !parts.isEmpty {
      let name = parts.joined(separator: ".")
      if names.contains(name) { return name }
      parts.removeLast()
    }
    return nil
  }
}
