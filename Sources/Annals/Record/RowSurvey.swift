import EventLog

extension RecordReader {
  /// What was said about events, and the merges of actors, as rows.
  struct RowSurvey: Sendable {
    private(set) var names: (any LogNames)?
    /// By the position of an event: the amendments that name it, in log order.
    private(set) var amendments: [Position: [EventRow]] = [:]
    /// Merges, and corrections of such.
    private(set) var merges: [EventRow] = []
    /// Whether all merges are among the rows.
    var hasMerges = false
    private(set) var count = 0

    init() {}

    mutating func add(_ row: borrowing EventRow, _ names: any LogNames) {
      self.names = names
      count += 1
      let type = names.type(row.type).name
      let copy = copy row
      if type == "actor.merged"
        || names.id(of: Amendment.corrects("actor.merged")).map(row.tags.contains) == true
      {
        merges.append(copy)
      }
      if AmendmentState.kind(of: type) != nil {
        for target in Set(row.targets) { amendments[target, default: []].append(copy) }
      }
    }
  }
}

extension Tag {
  static func actor(_ id: String) -> Tag { Tag(kind: "actor", value: id) }
  static func topic(_ id: String) -> Tag { Tag(kind: "topic", value: id) }
  static func rollcall(_ id: String) -> Tag { Tag(kind: "rollcall", value: id) }
  static func motion(_ id: String) -> Tag { Tag(kind: "motion", value: id) }
}
