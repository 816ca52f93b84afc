/// One event that a data set gives, before it is written as a line of the import format.
struct PopoloFact: Sendable {
  var kind: Kind
  /// The object, or the part of one, that says so; nil of the source itself.
  var at: PopoloNode?
  /// The object that it belongs to: the person of a name, the vote event of a vote.
  var owner: PopoloNode?

  enum Kind: UInt8, Sendable {
    case source
    case person, organization, otherName, identifier, popoloID, parent
    case membership, faction, role
    case motion, motionOfEvent, sponsorship
    case rollcall, vote
  }

  /// The fields of the object that a field of the event comes from, the likeliest first.
  func fields(of pointer: String) -> [String] {
    let field = pointer.split(separator: "/").first { $0 != "data" }.map(String.init) ?? ""
    if field == "sources" { return ["sources"] }
    switch (kind, field) {
    case (.person, "actor"), (.organization, "actor"), (.popoloID, _): return ["id"]
    case (.organization, "kind"): return ["classification"]
    case (.parent, "group"): return ["parent_id"]
    case (.parent, "period"): return ["founding_date", "dissolution_date"]
    case (.parent, "actor"): return ["id"]
    case (.otherName, "language"): return ["lang", "language"]
    case (.otherName, "period"), (.membership, "period"), (.faction, "period"), (.role, "period"):
      return ["start_date", "end_date"]
    case (.identifier, "value"): return ["identifier"]
    case (.membership, "actor"), (.faction, "actor"), (.role, "person"):
      return ["person_id", "person", "member_id", "member"]
    case (.membership, "group"), (.role, "organisation"):
      return ["organization_id", "organization", "post_id"]
    case (.faction, "group"): return ["on_behalf_of_id", "on_behalf_of"]
    case (.role, "title"): return ["role", "label"]
    case (.motion, "motion"), (.sponsorship, "motion"): return ["id"]
    case (.sponsorship, "actor"): return ["creator_id", "creator"]
    case (.motion, "symbol"): return ["identifier"]
    case (.motion, "title"): return ["title", "name", "text"]
    case (.motion, "on"): return ["date"]
    case (.motion, "body"), (.rollcall, "body"), (.motionOfEvent, "body"):
      return ["organization_id", "organization"]
    case (.rollcall, "rollcall"), (.motionOfEvent, "motion"): return ["id", "identifier"]
    case (.rollcall, "motion"): return ["motion_id", "motion"]
    case (.rollcall, "official"): return ["counts"]
    case (.rollcall, "session"): return ["legislative_session_id", "legislative_session"]
    case (.rollcall, "on"), (.motionOfEvent, "on"): return ["start_date"]
    case (.vote, "voter"): return ["voter_id", "voter"]
    case (.vote, "rollcall"): return ["vote_event_id", "vote_event"]
    case (.vote, "choice"), (.vote, "raw"): return ["option"]
    case (.vote, "teller"): return ["role", "option"]
    default: return [field]
    }
  }
}
