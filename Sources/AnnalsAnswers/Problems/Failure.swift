package import Annals
package import EventLog

/// Why a question has no answer: all problems, and the exit code of the program.
package struct Failure: Error {
  package var problems: [Problem]
  /// How many more there are, which are not kept.
  package var more = 0
  /// "3 of 4,120 events are wrong; nothing was appended."
  package var summary: String?
  package var help: Help?
  package var exitCode: Int32

  package init(
    _ problems: [Problem], more: Int = 0, summary: String? = nil, help: Help? = nil,
    exitCode: Int32? = nil
  ) {
    self.problems = problems
    self.more = more
    self.summary = summary
    self.help = help
    // Whatever is wrong in an input, the input is bad data: even an id that the log has already.
    // Settings and schemas are files too, with codes of their own.
    let isInInput = problems.contains {
      $0.position?.file != nil && ["E11", "E12", "E13"].contains($0.code.rawValue.prefix(3))
    }
    self.exitCode =
      exitCode ?? (isInInput ? ErrorCode.notJSON.exitCode : problems.first?.code.exitCode)
      ?? ErrorCode.internal.exitCode
  }

  /// What any error means for the user. Nothing is lost: an error that nobody foresaw is a bug of
  /// the program, and says how to report it.
  package init(_ error: any Error) {
    switch error {
    case _ where Self.isCancellation(error): self = .interrupted(nil)
    case let failure as Failure: self = failure
    case let problem as Problem: self.init([problem])
    case let problems as Problems:
      self.init(problems.problems, more: problems.more, summary: Self.summary(problems))
    case let error as EventLogError: self.init([Problem(error)])
    default:
      let message = "unexpected error: \(error)"
      self.init([
        Problem(
          .internal, message,
          help: "this is a bug of annals: please report it with the output of  "
            + "\(command: "doctor")")
      ])
    }
  }

  /// The command line itself is wrong.
  package static func usage(_ message: String, help: Help? = nil, suggestion: String? = nil)
    -> Failure
  {
    Failure([Problem(.usage, message, help: help, suggestion: suggestion)])
  }

  /// Whether an error says that the task was cancelled: the log has an error of its own for that.
  package static func isCancellation(_ error: any Error) -> Bool {
    error is CancellationError || (error as? EventLogError)?.code == .cancelled
  }

  /// Ctrl-C: no error, but no answer either.
  package static func interrupted(_ head: Position?) -> Failure {
    let stands = head.map { ": the record stands at \($0)" } ?? ""
    return Failure([], summary: "interrupted" + stands, exitCode: 130)
  }

  /// How much of an input was wrong; nil where a summary would say nothing new.
  private static func summary(_ problems: Problems) -> String? {
    guard let total = problems.total, total > 1 else { return nil }
    let places = problems.problems.map { "\($0.position?.file ?? ""):\($0.position?.line ?? 0)" }
    let wrong = problems.wrong ?? Set(places).count
    let verb = wrong == 1 ? "is" : "are"
    return "\(wrong.grouped) of \(total.grouped) events \(verb) wrong; nothing was appended."
  }
}

extension Problem {
  /// What the log refused or could not do, in the words of the catalogue.
  package init(_ error: EventLogError) {
    let code: ErrorCode =
      switch error.code {
      case .conflict: .headMoved
      case .idConflict: .idConflict
      case .unknownTarget: .unknownTarget
      case .outOfRange: .unknownEvent
      case .invalidEvent: .tooLong
      case .busy: .busy
      case .full: .diskFull
      case .io: .storeIO
      case .commitUnknown: .commitUnknown
      case .notALog: .notAStore
      case .tampered: .tampered
      case .corrupt: .corrupt
      case .replicated: .replicated
      case .newerFormat: .newerFormat
      case .notFound: .storeMissing
      case .exists: .storeExists
      case .notPermitted: .notPermitted
      case .readOnly: .readOnly
      case .implausibleClock: .implausibleClock
      case .replaced: .storeReplaced
      case .projectionMoved: .busy
      case .tableTaken: .badProjection
      case .badStatement, .closed, .cancelled: .internal
      }
    self.init(code, Self.sentence(error.message), help: Self.help(code))
  }

  /// Messages of problems have no full stop.
  private static func sentence(_ message: String) -> String {
    message.hasSuffix(".") ? String(message.dropLast()) : message
  }

  private static func help(_ code: ErrorCode) -> Help? {
    switch code {
    case .implausibleClock:
      "set the clock; if it is right, say so:  \(option: "accept-clock")  "
        + "(the log keeps the time for good)"
    case .storeMissing: "create it with  \(command: "init FILE")"
    case .tampered, .corrupt, .replicated, .commitUnknown, .notAStore:
      "\(command: "explain \(code.rawValue)")"
    case .badProjection:
      "a view that no file describes any more goes with  \(command: "replay --forget NAME")"
    default: nil
    }
  }
}
