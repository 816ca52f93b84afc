import Annals
import AnnalsAnswers
import EventLog

/// What the script needs to show other moments without asking the server. The sentences are made here,
/// by the code that makes the page: the script chooses among them.
extension ExplorerPage {
  /// How many characters of sentences go into the page.
  private static let longest = 16_000

  var data: HTML {
    var pool = TextPool()
    var states: [JSON] = []
    let head = explorer.head
    var omitted = explorer.revisions.omitted
    // The newest states first, so that the oldest are left out where there is no room for all.
    for revision in explorer.revisions.revisions.reversed() {
      if pool.length > Self.longest {
        omitted += 1
        continue
      }
      let state = revision.knownBy
      states.append(
        .members([
          "k": .integer(state.position.rawValue), "t": .text(state.recorded.map(Words.time)),
          "w": .string(
            StepWords(revision.cause).short
              + (revision.sourceChanges.isEmpty ? "" : " · source changed")),
          "s": line(revision.steps, &pool),
        ]))
    }
    var without: JSONObject = [:]
    for part in explorer.withouts {
      // The words become a part of the sentence, which is markup.
      let words: HTML = "\(part.words)"
      without[part.key] = .members(["w": .string(words.markup), "s": line(part.steps, &pool)])
    }
    let json = JSON.members([
      "head": .integer(head.rawValue), "shown": .integer(known.position.rawValue),
      "base": .string(base), "frozen": .bool(explorer.question.isFrozen),
      "day": .string(Words.isoDay(explorer.day)),
      "today": .string(Words.isoDay(explorer.today)),
      "last": .string(Words.isoDay(explorer.lastDay)),
      "cut": .bool(omitted > 0),
      "none": .string(
        StanceSentence(actor: actor.name, steps: [], day: 0, isToday: false).rest.markup),
      "states": .array(states.reversed()), "without": .object(without),
      "labels": .texts((-2...2).map { Level($0).label }),
      "scale": Self.knots(trueScale), "even": Self.knots(evenScale), "text": .texts(pool.texts),
    ])
    // The texts of the record cannot end this block: `HTML.script` writes every "<" as an escape.
    return HTML.script(json)
  }

  private static func knots(_ scale: any DayScale) -> JSON {
    .array(
      scale.knots.map { knot in
        .array([.string(Words.isoDay(knot.day)), .string(Figure.number(knot.x).markup)])
      })
  }

  /// A line: for each stretch of days the first day, the sentence, what it rests on, and the step to
  /// draw, where there is one.
  private func line(_ steps: [StanceStep], _ pool: inout TextPool) -> JSON {
    var parts: [JSON] = []
    func add(_ from: Int64, _ step: StanceStep?, today: Bool, _ pool: inout TextPool) {
      let sentence = StanceSentence(actor: actor.name, steps: steps, day: from, isToday: today).rest
      var members: JSONObject = [:]
      members["f"] = from == .min ? .null : .string(Words.isoDay(from))
      members["p"] = .whole(pool.number(of: sentence.markup))
      if let step {
        let words = StepWords(step)
        members["e"] = .integer(step.evidence.position.rawValue)
        members["to"] = .text(step.to.map(Words.isoDay))
        members["lo"] = .whole(step.level.low)
        members["hi"] = .whole(step.level.high)
        members["m"] = .string(words.shape)
        members["h"] = .bool(step.evidence.confidence != "asserted")
        members["r"] = .whole(pool.number(of: "Rests on \(step.restsOn)."))
        members["a"] = .whole(pool.number(of: words.short))
      }
      parts.append(.object(members))
    }
    var end: Int64?
    for step in steps {
      if let end, end + 1 < step.from { add(end + 1, nil, today: false, &pool) }
      add(step.from, step, today: false, &pool)
      end = step.to ?? .max
    }
    if let end, end < explorer.lastDay { add(end + 1, nil, today: false, &pool) }
    let today = StanceSentence(
      actor: actor.name, steps: steps, day: explorer.today, isToday: true
    ).rest
    let none = steps.first.map { first in
      StanceSentence(actor: actor.name, steps: steps, day: first.from &- 1, isToday: false).rest
    }
    return .members([
      "now": .whole(pool.number(of: today.markup)),
      "none": .whole(none.map { pool.number(of: $0.markup) }), "parts": .array(parts),
    ])
  }
}

/// Texts that occur more than once, each kept once.
private struct TextPool {
  private(set) var texts: [String] = []
  private var numbers: [String: Int] = [:]
  private(set) var length = 0

  mutating func number(of text: String) -> Int {
    if let known = numbers[text] { return known }
    numbers[text] = texts.count
    texts.append(text)
    length += text.utf8.count
    return texts.count - 1
  }
}

extension HTML {
  /// Data for the script, in which no tag can begin or end.
  static func script(_ json: JSON) -> HTML {
    HTML(data: JSONWriter.compact(json).replacing("<", with: "\\u003c"))
  }
}
