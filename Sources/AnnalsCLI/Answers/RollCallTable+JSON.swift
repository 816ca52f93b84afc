import Annals
import EventLog

extension RollCallTable {
  var json: JSON {
    .members([
      "schema": "annals.rollcall.v1", "rollcall": .string(answer.rollcall),
      "motion": .text(answer.motion?.id), "motionTitle": .text(answer.motion?.name),
      "body": .text(answer.body?.id), "bodyName": .text(answer.body?.name),
      "session": .text(answer.session), "on": .text(answer.on), "result": .text(answer.result),
      "knownBy": answer.knownBy.json,
      "official": .keyed(answer.official.map { ($0.choice, .whole($0.votes)) }),
      "counted": .keyed(answer.counted.map { ($0.choice, .whole($0.low)) }),
      "range": .keyed(
        answer.counted.filter { $0.low != $0.high }
          .map { ($0.choice, .array([.whole($0.low), .whole($0.high)])) }),
      "difference": answer.bloc == nil ? Self.json(answer.differences) : nil,
      "contested": .array(answer.contested.map(JSON.string)),
      "accounts": .array(answer.accounts.map(Self.json)),
      "open": .array(
        answer.open.map { open in
          .members([
            "choices": .array(open.choices.map(JSON.string)), "count": .whole(open.count),
          ])
        }),
      "bloc": answer.bloc.map(Self.json),
      "blocs": answer.bloc == nil ? .array(answer.blocs.map(Self.json)) : nil,
      "sinceLast": .array(answer.sinceLast.map(Self.json)),
      "votes": .array(records),
      "members": .members([
        "stated": .whole(answer.members.stated), "listed": .whole(answer.members.listed),
        "recorded": .whole(answer.members.recorded),
        "ineligible": .whole(answer.members.ineligible),
        "unrecorded": .whole(answer.members.unrecorded),
      ]),
      "unrecorded": .array(answer.unrecorded.map { .string($0.id) }),
      "conflicts": .array(answer.conflicts.map(Self.conflictJSON)),
      "coverage": .members([
        "imports": .array(answer.coverage.imports.map(Self.json)),
        "notes": .array(answer.coverage.notes.map(JSON.string)),
      ]),
    ])
  }

  private static func json(_ differences: [RollCallAnswer.Difference]) -> JSON {
    .keyed(
      differences.map { difference in
        let (low, high) = (difference.low, difference.high)
        return (
          difference.choice, low == high ? .whole(low) : .array([.whole(low), .whole(high)])
        )
      })
  }

  private static func json(_ account: RollCallAnswer.Account) -> JSON {
    let tally = account.tally
    return .members([
      "seq": .integer(tally.position.rawValue), "on": .text(tally.on),
      "official": .keyed(
        Tally.choices.compactMap { choice in tally.votes(choice).map { (choice, .whole($0)) } }),
      "difference": json(account.differences), "result": .text(tally.result),
      "disputed": .bool(account.entry.fact.isDisputed),
      "sources": .array(account.entry.fact.sources.map(\.json)),
    ])
  }

  private static func json(_ bloc: RollCallAnswer.Bloc) -> JSON {
    .members([
      "group": .string(bloc.group.id), "groupName": .string(bloc.group.name),
      "members": .whole(bloc.members), "majority": .text(bloc.majority),
      "majorityCount": .whole(bloc.majorityCount), "broke": .array(bloc.broke.map(json)),
      "mayHaveBroken": .array(bloc.mayHaveBroken.map(json)),
      "possibleMembers": .array(bloc.possibleMembers.map { .string($0.id) }),
    ])
  }

  private static func json(_ step: RollCallAnswer.SinceLast) -> JSON {
    .members([
      "topic": .string(step.topic.id), "previous": .string(step.previous),
      "previousOn": .text(step.previousOn), "mirrored": .bool(step.isMirrored),
      "both": .whole(step.both),
      "changes": .array(
        step.changes.map { change in
          .members([
            "voter": .string(change.voter.id), "name": .string(change.voter.name),
            "before": .string(change.before), "after": .string(change.after),
            "seqBefore": .whole(change.beforePosition?.rawValue),
            "seq": .integer(change.afterPosition.rawValue),
          ])
        }),
    ])
  }

  private static func json(_ entry: RollCallAnswer.CoveringImport) -> JSON {
    .members([
      "dataset": .string(entry.dataset), "version": entry.version.map(JSON.string),
      "what": .string(entry.what), "from": .text(entry.from), "to": .text(entry.to),
      "seq": .integer(entry.position.rawValue),
    ])
  }

  private static func json(_ vote: RollCallAnswer.CountedVote) -> JSON {
    let choices = vote.choices.map(JSON.string)
    return .members([
      "voter": .string(vote.voter.id), "name": .string(vote.voter.name),
      "choice": choices.count == 1 ? choices[0] : .array(choices),
      "seq": .integer(vote.main.position.rawValue), "source": .text(vote.main.source),
      "veto": vote.isVeto ? true : nil, "conflict": vote.isConflict ? true : nil,
      "disputed": vote.main.isDisputed ? true : nil,
      "corrected": vote.main.current == vote.main.position
        ? nil : .integer(vote.main.current.rawValue),
      "accounts": vote.accounts.isEmpty
        ? nil : .array(vote.accounts.map { .integer($0.fact.position.rawValue) }),
    ])
  }

  private static func conflictJSON(_ vote: RollCallAnswer.CountedVote) -> JSON {
    .members([
      "voter": .string(vote.voter.id), "accounts": .array(vote.accounts.map(\.accountJSON)),
    ])
  }

  var records: [JSON] { answer.votes.map(Self.json) }
}

extension TimelineEntry {
  /// One account of a vote among several.
  var accountJSON: JSON {
    guard case .object(var object) = evidenceJSON else { return .null }
    if case .object(let payload) = fact.data {
      for field in ["voter", "choice"] { object[field] = payload[field] }
    }
    object["disputed"] = .bool(fact.isDisputed)
    return .object(object)
  }
}

extension JSON {
  /// An object of computed members.
  static func keyed(_ members: [(String, JSON)]) -> JSON {
    var object = JSONObject()
    for (key, value) in members { object[key] = value }
    return .object(object)
  }
}
