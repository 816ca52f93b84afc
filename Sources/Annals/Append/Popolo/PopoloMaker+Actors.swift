import EventLog

/// Persons and organisations, their names, and what they belong to.
extension PopoloMaker {
  mutating func actor(_ object: PopoloNode, _ kind: PopoloFact.Kind) -> JSONObject? {
    let type: PopoloIDs.Class = kind == .person ? .person : .organization
    guard let id = text(object, "id", isID: true), let slug = ids.defined(id, type) else {
      return nil
    }
    let faultsBefore = faults.count
    let name = text(object, "name")
    let classification = kind == .organization ? text(object, "classification") : nil
    if name == nil, faults.count == faultsBefore {
      missing(object, "the \(type.noun) \"\(id)\" has no name")
    }
    guard let name, faults.count == faultsBefore else {
      refuse(id)
      return nil
    }
    return event(
      "actor.registered", on: nil,
      data: [
        "actor": .string(slug),
        "kind": .string(kind == .person ? "person" : PopoloWords.kind(classification)),
        "name": .string(name),
      ], sources: citations(object, "\(type.rawValue)/\(id)"))
  }

  /// The slug of an actor's own object.
  private mutating func slug(of object: PopoloNode) -> String? {
    guard let id = text(object, "id", isID: true) else { return nil }
    return isPerson(object) ? ids.defined(id, .person) : ids.defined(id, .organization)
  }

  private func isPerson(_ object: PopoloNode) -> Bool { personNodes.contains(object) }

  /// The actor that an id names. What the files do not hold may be in the record.
  mutating func actor(_ id: String, _ kinds: [PopoloIDs.Class], at node: PopoloNode) -> String? {
    for kind in kinds {
      if let slug = ids.defined(id, kind) { return slug }
    }
    guard let slug = ids.slug(id, kinds[0]) else {
      fault(.badFormat, node, "no id of an actor can be made of \"\(id)\"", help: Self.idHelp)
      return nil
    }
    return slug
  }

  static let idHelp: Help =
    "an id has at most \(TextForm.slugLimit) characters, and a letter or digit among them"

  mutating func otherName(_ part: PopoloNode, of owner: PopoloNode) -> JSONObject? {
    guard let actor = slug(of: owner) else { return nil }
    guard files.kind(part) == .object else {
      fault(
        .wrongType, part,
        "\(files.wording(part)) is no object with a name")
      return nil
    }
    guard let name = text(part, "name") else {
      leaveOut("other names without a name")
      return nil
    }
    if name == text(owner, "name") { return nil }
    var data: JSONObject = ["actor": .string(actor), "name": .string(name)]
    if var language = text(part, "lang") ?? text(part, "language") {
      if language.withUTF8(TextForm.isLanguage) { data["language"] = .string(language) }
    }
    if let period = period(part, "start_date", "end_date") { data["period"] = .string(period) }
    return event("actor.named", on: nil, data: data, sources: citations(owner, locator(owner)))
  }

  mutating func identifier(_ part: PopoloNode, of owner: PopoloNode) -> JSONObject? {
    guard let actor = slug(of: owner) else { return nil }
    guard files.kind(part) == .object else {
      fault(
        .wrongType, part,
        "\(files.wording(part)) is no object with scheme and identifier")
      return nil
    }
    guard let value = text(part, "identifier", isID: true), let scheme = text(part, "scheme") else {
      leaveOut("identifiers without a scheme")
      return nil
    }
    return identified(actor, scheme, value, owner)
  }

  /// The id in the files, where the record has another one.
  mutating func popoloID(_ object: PopoloNode) -> JSONObject? {
    guard let actor = slug(of: object), let id = text(object, "id", isID: true), id != actor else {
      return nil
    }
    return identified(actor, "popolo", id, object)
  }

  private func identified(
    _ actor: String, _ scheme: String, _ value: String, _ owner: PopoloNode
  ) -> JSONObject {
    event(
      "actor.identified", on: nil,
      data: ["actor": .string(actor), "scheme": .string(scheme), "value": .string(value)],
      sources: citations(owner, locator(owner)))
  }

  /// Where in the data set an object of an actor stands.
  private func locator(_ object: PopoloNode) -> String? {
    files.member(object, "id").map {
      "\(isPerson(object) ? "person" : "organization")/\(files.string($0))"
    }
  }

  // MARK: what actors belong to

  /// An organisation inside another one.
  mutating func parent(_ object: PopoloNode) -> JSONObject? {
    guard let actor = slug(of: object), let id = reference(object, "parent_id", "parent"),
      let group = self.actor(id, [.organization], at: files.member(object, "parent_id") ?? object)
    else { return nil }
    let faultsBefore = faults.count
    guard let period = period(object, "founding_date", "dissolution_date") else {
      if faults.count == faultsBefore { leaveOut("parents of organizations without any date") }
      return nil
    }
    return event(
      "membership.held", on: nil,
      data: ["actor": .string(actor), "group": .string(group), "period": .string(period)],
      sources: citations(object, locator(object)))
  }

  /// A membership says up to three things: who belonged to what, to which party or faction, and in
  /// which office.
  mutating func membership(
    _ object: PopoloNode, in owner: PopoloNode?, _ kind: PopoloFact.Kind
  ) -> JSONObject? {
    let post = text(object, "post_id", isID: true).flatMap { index.posts[$0] }
    let ownID = owner.flatMap { files.member($0, "id") }.map { files.string($0) }
    let isOwnerPerson = owner.map { isPerson($0) } ?? false
    let person =
      reference(object, "person_id", "person") ?? reference(object, "member_id", "member")
      ?? (isOwnerPerson ? ownID : nil)
    var organization = reference(object, "organization_id", "organization")
    if organization == nil, let post {
      organization = reference(post, "organization_id", "organization")
    }
    if organization == nil, !isOwnerPerson { organization = ownID }
    guard let person else {
      missing(object, "the membership has no person_id")
      return nil
    }
    let at = files.member(object, "person_id") ?? files.member(object, "member_id") ?? object
    guard let actor = self.actor(person, [.person, .organization], at: at) else { return nil }
    let faction = kind == .faction ? reference(object, "on_behalf_of_id", "on_behalf_of") : nil
    let other = kind == .faction ? faction : organization
    guard let other else {
      if kind == .membership { missing(object, "the membership has no organization_id") }
      return nil
    }
    let title = kind == .role ? office(object, post) : nil
    if kind == .role, title == nil { return nil }
    let place = files.member(object, kind == .faction ? "on_behalf_of_id" : "organization_id")
    guard let group = self.actor(other, [.organization, .person], at: place ?? object) else {
      return nil
    }
    let faultsBefore = faults.count
    guard let period = tenure(object) else {
      if kind == .membership, faults.count == faultsBefore {
        leaveOut("memberships without any date")
      }
      return nil
    }
    let sources = citations(object, text(object, "id", isID: true).map { "membership/\($0)" })
    if let title {
      return event(
        "role.held", on: nil,
        data: [
          "person": .string(actor), "organisation": .string(group), "title": .string(title),
          "speaksFor": false, "period": .string(period),
        ], sources: sources)
    }
    return event(
      "membership.held", on: nil,
      data: ["actor": .string(actor), "group": .string(group), "period": .string(period)],
      sources: sources)
  }

  /// The title of an office; nil for a plain membership.
  private mutating func office(_ object: PopoloNode, _ post: PopoloNode?) -> String? {
    if let role = text(object, "role") {
      return PopoloWords.folded(role) == "member" ? nil : role
    }
    if let label = text(object, "label") { return label }
    guard let post else { return nil }
    return text(post, "role") ?? text(post, "label")
  }

  /// The dates of a membership. Where it has no beginning or no end of its own, it begins or ends with
  /// the term that it names.
  private mutating func tenure(_ object: PopoloNode) -> String? {
    let faultsBefore = faults.count
    let own = period(object, "start_date", "end_date")
    guard faults.count == faultsBefore,
      let term = text(object, "legislative_period_id", isID: true).flatMap({ index.events[$0] })
    else { return own }
    let first = date(object, "start_date", dayOnly: true) ?? date(term, "start_date", dayOnly: true)
    let last = date(object, "end_date", dayOnly: true) ?? date(term, "end_date", dayOnly: true)
    guard first != nil || last != nil else { return own }
    let text = "\(first ?? "")/\(last ?? "..")"
    return (try? EDTF(text)) == nil ? own : text
  }
}
