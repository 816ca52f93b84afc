import EventLog

/// Motions, vote events with their counts, and votes.
extension PopoloMaker {
  // MARK: motions

  /// The id of a motion: its own, or that of the vote event that it stands in.
  mutating func motionID(_ object: PopoloNode, in owner: PopoloNode?) -> String? {
    if let id = text(object, "id", isID: true) ?? text(object, "identifier", isID: true) {
      return id
    }
    return owner.flatMap { voteEventID($0) }
  }

  mutating func motion(_ object: PopoloNode, in owner: PopoloNode?) -> JSONObject? {
    guard let id = motionID(object, in: owner), let slug = ids.defined(id, .motion) else {
      return nil
    }
    let faultsBefore = faults.count
    let organization =
      reference(object, "organization_id", "organization")
      ?? owner.flatMap { reference($0, "organization_id", "organization") }
      ?? eventOf[object].flatMap { reference($0, "organization_id", "organization") }
    if organization == nil {
      missing(
        object, "the motion \"\(id)\" has no organization_id, nor has its vote event",
        help: "it names the body before which the motion was put")
    }
    let at = files.member(object, "organization_id") ?? object
    let body = organization.flatMap { actor($0, [.organization], at: at) }
    let date = date(object, "date")
    let title = text(object, "title") ?? text(object, "name")
    let text = text(object, "text")
    guard faults.count == faultsBefore, let body else {
      refuse(id)
      return nil
    }
    var data: JSONObject = ["motion": .string(slug), "body": .string(body)]
    if let symbol = self.text(object, "identifier", isID: true) { data["symbol"] = .string(symbol) }
    let heading = title ?? text.map(Self.heading) ?? "Motion \(id)"
    data["title"] = .string(heading)
    if let text, heading != text { data["text"] = .string(text) }
    // It was put at the latest on the day of its first vote.
    let day = date == nil ? firstDay[object] : nil
    return event(
      "motion.tabled", on: date ?? day.map { "../" + $0 },
      basis: date == nil ? "derived" : "explicit", data: data,
      sources: citations(object, "motion/\(id)"))
  }

  /// The start of a long text.
  private static func heading(_ text: String) -> String {
    let line = text.prefix { $0 != "\n" && $0 != "\r\n" }
    if line.count == text.count, line.count <= 200 { return text }
    return line.count <= 200 && !line.isEmpty ? String(line) : line.prefix(199) + "…"
  }

  /// The motion of a vote event that names none: what it was about has the event's own id.
  mutating func motionOfEvent(_ object: PopoloNode) -> JSONObject? {
    guard let id = voteEventID(object), let slug = ids.defined(id, .voteEvent),
      motionOf[object] == nil, reference(object, "motion_id", "motion") == nil
    else { return nil }
    // What is missing is said of the roll call.
    guard let body = body(of: object) else { return nil }
    var data: JSONObject = ["motion": .string(slug), "body": .string(body)]
    let identifier = text(object, "identifier", isID: true)
    if let identifier { data["symbol"] = .string(identifier) }
    let title = text(object, "title") ?? text(object, "name") ?? identifier
    data["title"] = .string(title ?? "Vote \(id)")
    return event(
      "motion.tabled", on: day(of: object).map { "../" + $0 }, basis: "derived", data: data,
      sources: citations(object, "vote_event/\(id)"))
  }

  mutating func sponsorship(_ object: PopoloNode, in owner: PopoloNode?) -> JSONObject? {
    guard let id = motionID(object, in: owner), let motion = ids.defined(id, .motion),
      let creator = reference(object, "creator_id", "creator"),
      let actor = actor(
        creator, [.person, .organization], at: files.member(object, "creator_id") ?? object)
    else { return nil }
    return event(
      "sponsorship.declared", on: date(object, "date"),
      data: [
        "actor": .string(actor), "motion": .string(motion), "kind": "author", "answer": "joined",
      ],
      sources: citations(object, "motion/\(id)"))
  }

  // MARK: vote events

  mutating func voteEventID(_ object: PopoloNode) -> String? {
    text(object, "id", isID: true) ?? text(object, "identifier", isID: true)
  }

  /// The body that voted: named by the event, or by its motion.
  mutating func body(of event: PopoloNode) -> String? {
    var organization = reference(event, "organization_id", "organization")
    var at = files.member(event, "organization_id")
    if organization == nil, let motion = motion(of: event) {
      organization = reference(motion, "organization_id", "organization")
      at = files.member(motion, "organization_id")
    }
    return organization.flatMap { actor($0, [.organization], at: at ?? event) }
  }

  private mutating func motion(of event: PopoloNode) -> PopoloNode? {
    motionOf[event] ?? text(event, "motion_id", isID: true).flatMap { motionsByID[$0] }
  }

  /// The day on which a vote event began.
  mutating func day(of event: PopoloNode) -> String? { date(event, "start_date", dayOnly: true) }

  /// When a vote event was: from its start to its end where these are two days.
  private mutating func date(of event: PopoloNode) -> String? {
    guard let start = date(event, "start_date") else { return date(event, "end_date") }
    let first = day(of: event)
    let last = date(event, "end_date", dayOnly: true)
    guard let first, let last, first != last else { return start }
    return period(event, "start_date", "end_date")
  }

  mutating func rollcall(_ object: PopoloNode) -> JSONObject? {
    guard let id = voteEventID(object), let slug = ids.defined(id, .voteEvent) else { return nil }
    let faultsBefore = faults.count
    let body = body(of: object)
    if body == nil, faults.count == faultsBefore {
      missing(
        object, "the vote event \"\(id)\" has no organization_id, nor has its motion",
        help: "it names the body that voted")
    }
    let motion = motionSlug(of: object) ?? slug
    let on = date(of: object)
    let official = official(object)
    guard let official, let body, faults.count == faultsBefore else {
      refuse(id)
      return nil
    }
    var data: JSONObject = [
      "rollcall": .string(slug), "motion": .string(motion), "body": .string(body),
    ]
    if let session = session(of: object) { data["session"] = .string(session) }
    data["method"] = "recorded"
    if !official.isEmpty { data["official"] = .object(official) }
    data["result"] = .string(result(of: object))
    if on != nil { dates.add(on.flatMap { try? EDTF($0).validTime }) }
    return event(
      "rollcall.held", on: on, data: data, sources: citations(object, "vote_event/\(id)"))
  }

  /// The motion that a vote event names or stands in; nil where there is none.
  private mutating func motionSlug(of event: PopoloNode) -> String? {
    if let motion = motionOf[event] {
      return motionID(motion, in: event).flatMap { ids.defined($0, .motion) }
    }
    guard let id = text(event, "motion_id", isID: true) else { return nil }
    if let slug = ids.defined(id, .motion) ?? ids.slug(id, .motion) { return slug }
    fault(
      .badFormat, files.member(event, "motion_id") ?? event,
      "no id of a motion can be made of \"\(id)\"", help: Self.idHelp)
    return nil
  }

  /// The session as it is called, where the files hold it; its id otherwise.
  private mutating func session(of event: PopoloNode) -> String? {
    guard let id = reference(event, "legislative_session_id", "legislative_session") else {
      return nil
    }
    let own = files.member(event, "legislative_session").flatMap {
      files.kind($0) == .object ? $0 : nil
    }
    guard let session = own ?? index.events[id] else { return id }
    return text(session, "identifier", isID: true) ?? text(session, "name") ?? id
  }

  /// What the vote decided; the result of the motion where the vote event has none.
  private mutating func result(of event: PopoloNode) -> String {
    var written = text(event, "result")
    if written == nil, let motion = motion(of: event) { written = text(motion, "result") }
    guard let written else { return "unknown" }
    guard let result = PopoloWords.result(written) else {
      leaveOut("results that are neither adopted nor rejected (\"\(written)\")")
      return "unknown"
    }
    return result
  }

  /// The tally as the files give it: the counts of no group, or else those of all groups together. Nil
  /// where a count is of an unknown option.
  private mutating func official(_ event: PopoloNode) -> JSONObject? {
    var isKnown = true
    var whole: [String: Int64] = [:]
    var grouped: [String: Int64] = [:]
    var words: Set<String> = []
    for count in countsOf[event] ?? [] {
      guard let option = text(count, "option"), let at = files.member(count, "option"),
        let node = files.member(count, "value")
      else {
        missing(count, "a count has \"option\" and \"value\"")
        continue
      }
      guard let value = files.integer(node), value >= 0 else {
        fault(
          .wrongType, node,
          "\(files.wording(node)) is no number of votes")
        continue
      }
      guard let choices = PopoloWords.choices(option) else {
        unknown(option, at)
        isKnown = false
        continue
      }
      guard let choice = choices.first, choices.count == 1,
        ["yes", "no", "abstain", "absent"].contains(choice)
      else {
        leaveOut("counts of \"\(option)\"")
        continue
      }
      // Several words may stand for one choice: the excused and the absent are away, all of them.
      if reference(count, "group_id", "group") != nil {
        grouped[choice] = Self.sum(grouped[choice] ?? 0, value)
      } else if words.insert(PopoloWords.folded(option)).inserted {
        whole[choice] = Self.sum(whole[choice] ?? 0, value)
      } else {
        fault(.badFormat, at, "the votes of \"\(option)\" are counted twice")
      }
    }
    guard isKnown else { return nil }
    var official: JSONObject = [:]
    for choice in ["yes", "no", "abstain", "absent"] {
      if let value = whole[choice] ?? grouped[choice] { official[choice] = .integer(value) }
    }
    return official
  }

  private static func sum(_ a: Int64, _ b: Int64) -> Int64 {
    let sum = a.addingReportingOverflow(b)
    return sum.overflow ? .max : sum.partialValue
  }

  /// An option that is not known is told once, with how often it stands in the files.
  private mutating func unknown(_ option: String, _ at: PopoloNode) {
    if let first = unknownOptions[option] {
      repeated[first, default: 1] += 1
      return
    }
    unknownOptions[option] = at
    fault(
      .unknownValue, at, "option \"\(option)\" is not known",
      help: "an option is yes, no, abstain, absent, not voting, paired, or another word for one",
      suggestion: PopoloWords.option(near: option, &suggester))
  }

  // MARK: votes

  static let eventHelp: Help = "it stands in the vote event, or names it in \"vote_event_id\""

  /// The vote event that a vote stands in, or names.
  mutating func event(of part: PopoloIndex.Part) -> PopoloNode? {
    if let event = part.inside { return event }
    guard let id = reference(part.object, "vote_event_id", "vote_event") else {
      missing(part.object, "the vote does not say in which vote event", help: Self.eventHelp)
      return nil
    }
    guard let event = voteEvents[id] else {
      fault(
        .unknownReference, files.member(part.object, "vote_event_id") ?? part.object,
        "no vote event \"\(id)\" is in the files", help: "name the file that holds it too",
        suggestion: voteEvent(near: id))
      return nil
    }
    return event
  }

  mutating func writeVote(
    _ vote: PopoloNode, of event: PopoloNode, to line: inout [UInt8]
  ) -> Bool {
    let faultsBefore = faults.count
    let voter = reference(vote, "voter_id", "voter")
    let at = files.member(vote, "voter_id") ?? vote
    if voter == nil, faults.count == faultsBefore { missing(vote, "the vote has no voter_id") }
    let actor = voter.flatMap { self.actor($0, [.person, .organization], at: at) }
    let option = text(vote, "option")
    if option == nil, files.member(vote, "option").map({ files.kind($0) == .string }) ?? true {
      missing(vote, "the vote has no option")
    }
    var choices = option.flatMap { PopoloWords.choices($0) }
    if let option, choices == nil { unknown(option, files.member(vote, "option") ?? vote) }
    if hasPair(vote) { choices = choices.map(PopoloWords.paired) }
    var raw = option
    if let words = bothWays[vote] { (choices, raw) = (["both"], words) }
    let weight = weight(vote)
    let isTeller = isTeller(vote, option)
    guard faults.count == faultsBefore, let actor, let raw, let choices,
      isReady(for: event), let (_, _, head, tail) = lastEvent
    else { return false }
    line += head
    JSONWriter.appendString(actor.utf8, to: &line)
    line += ",\"choice\":".utf8
    if choices.count == 1 {
      JSONWriter.appendString(choices[0].utf8, to: &line)
    } else {
      line += JSONWriter.canonical(.array(choices.map { .string($0) }))
    }
    if choices != [raw] {
      line += ",\"raw\":".utf8
      JSONWriter.appendString(raw.utf8, to: &line)
    }
    if isTeller {
      line += ",\"teller\":true".utf8
    } else if let weight, weight != 1 {
      line += ",\"weight\":\(weight)".utf8
    }
    if isCasting(vote) { line += ",\"casting\":true".utf8 }
    line += tail
    return true
  }

  private func isCasting(_ vote: PopoloNode) -> Bool {
    guard let role = files.member(vote, "role"), files.kind(role) == .string else { return false }
    return PopoloWords.isCasting(files.string(role))
  }

  /// Whether a vote names the member with whom the voter is paired.
  private func hasPair(_ vote: PopoloNode) -> Bool {
    [files.member(vote, "pair_id"), files.member(vote, "pair")].contains { node in
      guard let node else { return false }
      return files.kind(node) != .string || !files.string(node).isEmpty
    }
  }

  /// How many votes a vote counts; nil where it does not say, or says no whole number.
  private mutating func weight(_ vote: PopoloNode) -> Int64? {
    guard let node = files.member(vote, "weight") else { return nil }
    if let weight = files.integer(node), weight >= 0 { return weight }
    leaveOut("vote.weight that is no whole number")
    return nil
  }

  private mutating func isTeller(_ vote: PopoloNode, _ option: String?) -> Bool {
    if let option, PopoloWords.isTeller(option) { return true }
    guard let role = text(vote, "role") else { return false }
    if PopoloWords.isTeller(role) { return true }
    if PopoloWords.isCasting(role) { return false }
    leaveOut("vote.role \"\(role)\"")
    return false
  }

  /// Finds the voters that voted for and against in one vote event, as may be done where members walk
  /// through lobbies: their votes become one.
  mutating func findBothWays() {
    var ofEvents: [PopoloNode: [Int]] = [:]
    for (index, part) in index.votes.enumerated() {
      guard let event = event(of: part) else { continue }
      ofEvents[event, default: []].append(index)
    }
    for votes in ofEvents.values {
      var ofVoters: [String: [(vote: PopoloNode, option: String)]] = [:]
      for vote in votes.map({ index.votes[$0].object }) {
        // A casting vote is a second vote, not the other lobby.
        guard !isCasting(vote), let voter = reference(vote, "voter_id", "voter"),
          let option = text(vote, "option"),
          let choices = PopoloWords.choices(option), choices == ["yes"] || choices == ["no"]
        else { continue }
        ofVoters[voter, default: []].append((vote, option))
      }
      for votes in ofVoters.values {
        let side = PopoloWords.choices(votes[0].option)
        guard let other = votes.first(where: { PopoloWords.choices($0.option) != side }) else {
          continue
        }
        bothWays[votes[0].vote] = "\(votes[0].option) and \(other.option)"
        repeats.formUnion(votes.dropFirst().map(\.vote))
      }
    }
  }

  /// Makes ready what all votes of a vote event have in common.
  private mutating func isReady(for event: PopoloNode) -> Bool {
    if lastEvent?.node == event { return true }
    guard let id = voteEventID(event), let rollcall = ids.defined(id, .voteEvent) else {
      return false
    }
    var head = Array("{\"type\":\"vote.cast\",".utf8)
    if let on = date(of: event) {
      head += "\"on\":".utf8
      JSONWriter.appendString(on.utf8, to: &head)
      head += ",\"basis\":\"explicit\",".utf8
    }
    head += "\"data\":{\"rollcall\":".utf8
    JSONWriter.appendString(rollcall.utf8, to: &head)
    head += ",\"voter\":".utf8
    var tail = Array("},\"sources\":".utf8)
    tail += JSONWriter.canonical(.array([citation("vote_event/\(id)")]))
    tail.append(UInt8(ascii: "}"))
    lastEvent = (event, rollcall, head, tail)
    return true
  }
}
