import Annals
import AnnalsAnswers
import EventLog

/// The answer of the explorer, as a sentence.
struct StanceSentence {
  let actor: String
  let steps: [StanceStep]
  /// The day asked about, counted from 1970-01-01.
  let day: Int64
  /// Whether that day is today.
  let isToday: Bool

  /// Steps of one level that follow each other without a gap.
  struct Run {
    var level: Level
    var from: Int64
    var to: Int64?
    var first: StanceStep
  }

  /// The run that holds on a day; nil where nothing does.
  static func run(of steps: [StanceStep], on day: Int64) -> Run? {
    runs(of: steps, through: day).last { ($0.to ?? .max) >= day }
  }

  /// The runs up to a day.
  private static func runs(of steps: [StanceStep], through day: Int64) -> [Run] {
    var runs: [Run] = []
    for step in steps where step.from <= day {
      if let last = runs.last, last.level == step.level,
        last.to.map({ $0 + 1 == step.from }) ?? false
      {
        runs[runs.count - 1].to = step.to
      } else {
        runs.append(Run(level: step.level, from: step.from, to: step.to, first: step))
      }
    }
    return runs
  }

  /// The step that holds on a day; nil where none does.
  static func step(of steps: [StanceStep], on day: Int64) -> StanceStep? {
    steps.last { $0.from <= day && ($0.to ?? .max) >= day }
  }

  /// The sentence behind its opening: "United States ▼ opposes this, since …".
  var rest: HTML {
    var runs = Self.runs(of: steps, through: day)
    guard let now = runs.popLast() else {
      guard let first = steps.first else {
        return "nothing on record says where \(actor) stands on this."
      }
      return """
        nothing on record says where \(actor) stood. The first fact counts from \
        \(Words.day(first.from)).
        """
    }
    guard now.to.map({ $0 >= day }) ?? true else {
      let words = LevelWords(now.level)
      return """
        nothing is recorded of \(actor) that still holds. Until \(Words.day(now.to ?? day)) it \
        \(words.mark(words.verb(isPast: true))) this.
        """
    }
    let words = LevelWords(now.level)
    var text: HTML = "\(actor) \(words.mark(words.verb(isPast: !isToday))) this, "
    text +=
      now.from == .min ? "since an unknown day" : "since \(about(now.first))\(Words.day(now.from))"
    text += ", when \(StepWords(now.first).did(as: actor))."
    return text + before(runs, now)
  }

  private func before(_ runs: [Run], _ now: Run) -> HTML {
    guard let last = runs.last else { return .none }
    let verb = LevelWords(last.level).verb(isPast: true)
    if let end = last.to, end + 1 < now.from {
      return " Before that nothing is recorded; until \(Words.day(end)) it \(verb) it."
    }
    guard let earlier = runs.dropLast().last, last.from != .min else {
      return last.from == .min
        ? " Before that it \(verb) it." : " Before that it \(verb) it from \(Words.day(last.from))."
    }
    let days = Words.count(Int(now.from - last.from), "day")
    let past = LevelWords(earlier.level).verb(isPast: true)
    return earlier.from == .min
      ? " Before that it \(verb) it for \(days), and \(past) it earlier."
      : " Before that it \(verb) it for \(days), and \(past) it from \(Words.day(earlier.from))."
  }

  /// "about " where the date of the fact is longer than a day.
  private func about(_ step: StanceStep) -> HTML {
    guard let time = step.evidence.time?.text else { return .none }
    let isExact = time.utf8.count >= 10 && !time.contains { "~?%/.[{".contains($0) }
    return isExact ? .none : "about "
  }
}
