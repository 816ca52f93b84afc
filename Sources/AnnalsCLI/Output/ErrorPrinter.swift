import Annals
import AnnalsAnswers
import EventLog

/// Writes what went wrong to standard error, and knows the exit code that goes with it.
struct ErrorPrinter {
  let palette: Palette
  let isJSON: Bool

  func report(_ failure: Failure) {
    System.emit(Array(words(of: failure).utf8), to: System.standardError)
  }

  /// What `report` writes.
  func words(of failure: Failure) -> String {
    isJSON
      ? JSONWriter.pretty(ProblemDocument(failure, face: .commandLine).json) + "\n" : text(failure)
  }

  /// One shape for all: `error[CODE]: file:line:column: message`, the line with a caret, help.
  func text(_ failure: Failure) -> String {
    var lines: [String] = []
    var repeated: [Repeated] = []
    var places: [Repeated.Cause: Int] = [:]
    for problem in failure.problems {
      let place = places[Repeated.Cause(problem), default: repeated.count]
      if place == repeated.count {
        places[Repeated.Cause(problem)] = place
        repeated.append(Repeated(first: problem))
      }
      repeated[place].count += 1
      if repeated[place].count <= Self.mostAlike { lines += self.lines(problem) }
      repeated[place].last = problem
    }
    for cause in repeated where cause.count > Self.mostAlike { lines.append(line(cause)) }
    if failure.more > 0 {
      lines.append("… and \(failure.more.grouped) more error\(failure.more == 1 ? "" : "s")")
    }
    if let summary = failure.summary { lines.append(summary) }
    if let help = failure.help { lines.append("help: \(help.words(for: .commandLine))") }
    return lines.map { $0 + "\n" }.joined()
  }

  /// A fault that a tool makes once for each line of its file is shown so often, and then counted.
  private static let mostAlike = 5

  /// Problems with the same words about other places.
  private struct Repeated {
    struct Cause: Hashable {
      var code: ErrorCode
      var file: String?
      var message: String

      init(_ problem: Problem) {
        (code, file, message) = (problem.code, problem.position?.file, problem.message)
      }
    }

    var first: Problem
    var last: Problem
    var count = 0

    init(first: Problem) { (self.first, last) = (first, first) }
  }

  private func line(_ repeated: Repeated) -> String {
    let until = repeated.last.position.map { ", the last in line \($0.line.grouped)" } ?? ""
    return palette.error("error[\(repeated.first.code.rawValue)]") + ": "
      + palette.bold(repeated.first.message.printable)
      + ": \((repeated.count - Self.mostAlike).grouped) more\(until)"
  }

  private func lines(_ problem: Problem) -> [String] {
    var title = palette.error("error[\(problem.code.rawValue)]") + ": "
    if let position = problem.position {
      title +=
        [position.file?.printable, "\(position.line)", "\(position.column)"].compactMap(\.self)
        .joined(separator: ":") + ": "
    }
    title += palette.bold(problem.message.printable)
    let suggestion = problem.suggestion.map { "did you mean \"\($0.printable)\"?" }
    guard let excerpt = problem.excerpt else {
      let asks = suggestion.map { " — \($0)" } ?? ""
      return [title + asks] + helpLines(problem, indent: "")
    }
    let number = problem.position.map { String($0.line) } ?? ""
    let margin = String(repeating: " ", count: max(4, number.count))
    let marks = Self.marks(excerpt)
    return [
      title,
      margin.dropLast(number.count) + "\(number) | \(excerpt.text.printable)",
      "\(margin) | " + palette.error(marks) + (suggestion.map { " help: \($0)" } ?? ""),
    ] + helpLines(problem, indent: "\(margin) | ")
  }

  private func helpLines(_ problem: Problem, indent: String) -> [String] {
    guard let help = problem.help else { return [] }
    return help.words(for: .commandLine).split(separator: "\n").enumerated().map { index, line in
      indent + (index == 0 ? "help: " : "      ") + line.printable
    }
  }

  /// Carets under the faulty part. Counted in columns: wide characters take two.
  private static func marks(_ excerpt: Problem.Excerpt) -> String {
    let scalars = excerpt.text.unicodeScalars
    let before = String(String.UnicodeScalarView(scalars.prefix(excerpt.caret)))
    let marked = String(
      String.UnicodeScalarView(scalars.dropFirst(excerpt.caret).prefix(excerpt.length)))
    return String(repeating: " ", count: before.printable.displayWidth)
      + String(repeating: "^", count: max(1, marked.printable.displayWidth))
  }
}
