import EventLog

/// Who is who: ids, and which object belongs to which.
extension PopoloMaker {
  /// Gives every object that others refer to its id in the record.
  mutating func defineAll() {
    for organization in index.organizations { define(organization, .organization) }
    for person in index.persons { define(person, .person) }
    for part in index.voteEvents {
      let event = part.object
      if let motion = part.inside {
        motionOf[event] = motion
        if eventOf[motion] == nil { eventOf[motion] = event }
      }
      guard let id = voteEventID(event) else {
        missing(event, "the vote event has neither \"id\" nor \"identifier\"")
        continue
      }
      if define(id, .voteEvent, at: event) { voteEvents[id] = event }
    }
    // A motion that stands by itself counts before what its vote events repeat of it.
    for part in index.motions where part.inside == nil { defineMotion(part) }
    for part in index.motions {
      guard let event = part.inside else { continue }
      motionOf[event] = part.object
      eventOf[part.object] = event
      defineMotion(part)
    }
    noteFirstDays()
    for part in index.counts {
      guard let event = event(ofCount: part) else { continue }
      countsOf[event, default: []].append(part.object)
    }
  }

  private mutating func define(_ actor: PopoloNode, _ kind: PopoloIDs.Class) {
    let faultsBefore = faults.count
    guard let id = text(actor, "id", isID: true) else {
      if faults.count > faultsBefore { return }
      missing(actor, "the \(kind.noun) has no id", help: "others refer to it by its id")
      return
    }
    _ = define(id, kind, at: actor)
  }

  private mutating func defineMotion(_ part: PopoloIndex.Part) {
    guard let id = motionID(part.object, in: part.inside) else {
      missing(part.object, "the motion has neither \"id\" nor \"identifier\"")
      return
    }
    // The same motion may stand inside each of its vote events.
    if part.inside != nil, motionsByID[id] != nil {
      repeats.insert(part.object)
      return
    }
    if define(id, .motion, at: part.object) { motionsByID[id] = part.object }
  }

  private mutating func define(_ id: String, _ kind: PopoloIDs.Class, at node: PopoloNode) -> Bool {
    let at = files.member(node, "id") ?? files.member(node, "identifier") ?? node
    let refusal = ids.define(id, kind, at: at)
    if refusal != nil { repeats.insert(node) }
    switch refusal {
    case nil: return true
    case .unusable:
      fault(.badFormat, at, "no id can be made of \"\(id)\"", help: Self.idHelp)
      refuse(id)
    case .repeated(let first):
      fault(
        .alreadyDefined, at, "the \(kind.noun) \"\(id)\" stands there twice", first: first)
    case .collision(let other, let otherKind, let slug):
      fault(
        .alreadyDefined, at,
        "the \(kind.noun) \"\(id)\" and the \(otherKind.noun) \"\(other)\" would both be \(slug)",
        help: "give one of them another id")
      refuse(id)
    }
    return false
  }

  /// By motion, the first day on which there was a vote on it.
  private mutating func noteFirstDays() {
    for part in index.voteEvents {
      let named = text(part.object, "motion_id", isID: true).flatMap { motionsByID[$0] }
      guard let motion = motionOf[part.object] ?? named, let day = day(of: part.object) else {
        continue
      }
      if eventOf[motion] == nil { eventOf[motion] = part.object }
      guard let known = firstDay[motion] else {
        firstDay[motion] = day
        continue
      }
      if let a = try? EDTF(day), let b = try? EDTF(known), a.earliest < b.earliest {
        firstDay[motion] = day
      }
    }
  }

  private mutating func event(ofCount part: PopoloIndex.Part) -> PopoloNode? {
    if let event = part.inside { return event }
    guard let id = reference(part.object, "vote_event_id", "vote_event") else {
      missing(part.object, "the count does not say of which vote event it is", help: Self.eventHelp)
      return nil
    }
    if let event = voteEvents[id] { return event }
    fault(
      .unknownReference, files.member(part.object, "vote_event_id") ?? part.object,
      "no vote event \"\(id)\" is in the files", help: "name the file that holds it too",
      suggestion: voteEvent(near: id))
    return nil
  }

  // MARK: what is not used

  /// Counts the fields that nothing is made of.
  mutating func countUnused() {
    var counts: [String: Int] = [:]
    func count(_ objects: [PopoloNode], _ name: String, _ used: [StaticString]) {
      for object in objects {
        files.forEachMember(of: object, besides: used) { counts["\(name).\($0)", default: 0] += 1 }
      }
    }
    count(
      index.persons, "person",
      ["id", "name", "other_names", "identifiers", "sources", "memberships"])
    count(
      index.organizations, "organization",
      [
        "id", "name", "other_names", "identifiers", "sources", "memberships", "classification",
        "parent_id", "parent", "founding_date", "dissolution_date",
      ])
    count(
      index.memberships.map(\.object), "membership",
      [
        "id", "person_id", "person", "member_id", "member", "organization_id", "organization",
        "on_behalf_of_id",
        "on_behalf_of", "role", "label", "post_id", "start_date", "end_date", "sources",
        "legislative_period_id",
      ])
    count(
      index.motions.map(\.object), "motion",
      [
        "id", "identifier", "organization_id", "organization", "creator_id", "creator", "title",
        "name", "text", "date", "result", "vote_events", "sources",
      ])
    count(
      index.voteEvents.map(\.object), "vote_event",
      [
        "id", "identifier", "motion_id", "motion", "organization_id", "organization", "title",
        "name", "legislative_session_id", "legislative_session", "start_date", "end_date",
        "result", "counts", "votes", "sources",
      ])
    count(
      index.votes.map(\.object), "vote",
      [
        "id", "vote_event_id", "vote_event", "voter_id", "voter", "option", "pair_id", "pair",
        "role", "weight",
      ])
    count(
      index.counts.map(\.object), "count",
      ["vote_event_id", "vote_event", "option", "value", "group_id", "group"])
    for (name, number) in counts { leaveOut(name, number) }
  }
}
