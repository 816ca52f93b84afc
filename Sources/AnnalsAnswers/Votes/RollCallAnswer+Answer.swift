public import Annals
public import EventLog

/// `rollcall`: official and counted tallies side by side, and every vote.
extension RollCallAnswer: Answer {
  public var json: JSON {
    .members([
      "schema": "annals.rollcall.v2", "rollcall": .string(rollcall), "known_by": knownBy.json,
      "motion": .text(motion?.id), "motion_title": .text(motion?.name), "body": .text(body?.id),
      "body_name": .text(body?.name), "session": .text(session), "on": .text(on),
      "result": .text(result),
      "official": .keyed(official.map { ($0.choice, .whole($0.votes)) }),
      "counted": counted.json, "range": counted.rangeJSON,
      "difference": bloc == nil ? differences.json : .null,
      "without_casting_votes": .texts(differences.filter(\.leavesOutCasting).map(\.choice)),
      "contested": .texts(contested), "accounts": .array(accounts.map(Self.json)),
      "open": .array(
        open.map { open in
          .members(["choices": .texts(open.choices), "count": .whole(open.count)])
        }),
      "meant": .array(meant.map(Self.json)),
      "counted_as_meant": meant.isEmpty ? .null : countedAsMeant.json,
      "bloc": bloc.map(Self.json) ?? .null,
      "blocs": bloc == nil ? .array(blocs.map(Self.json)) : .null,
      "links": .array(
        links.map { link in
          .members([
            "topic": .string(link.topic.id),
            "supporting": .string(link.supportingYes ? "yes" : "no"),
            "strength": .string(link.isStrong ? "strong" : "informative"),
            "seq": .integer(link.position.rawValue), "rationale": .text(link.rationale),
          ])
        }),
      "since_last": .array(sinceLast.map(Self.json)), "votes": .array(records),
      "members": .members([
        "stated": .whole(members.stated), "listed": .whole(members.listed),
        "recorded": .whole(members.recorded), "ineligible": .whole(members.ineligible),
        "unrecorded": .whole(members.unrecorded),
      ]),
      "unrecorded": .texts(unrecorded.map(\.id)),
      "conflicts": .array(conflicts.map(Self.conflictJSON)),
      "coverage": .members([
        "imports": .array(coverage.imports.map(Self.json)), "notes": .texts(coverage.notes),
      ]),
    ])
  }

  private static func json(_ account: RollCallAnswer.Account) -> JSON {
    let tally = account.tally
    return .members([
      "seq": .integer(tally.position.rawValue), "on": .text(tally.on),
      "official": .keyed(
        Tally.choices.compactMap { choice in tally.votes(choice).map { (choice, .whole($0)) } }),
      "difference": account.differences.json, "result": .text(tally.result),
      "disputed": .bool(account.entry.fact.isDisputed),
      "sources": .array(account.entry.fact.sources.map(\.json)),
    ])
  }

  private static func json(_ meant: RollCallAnswer.MeantVote) -> JSON {
    .members([
      "voter": .string(meant.voter.id), "voter_name": .string(meant.voter.name),
      "choice": .string(meant.choice), "cast": .texts(meant.cast),
      "seq": .integer(meant.entry.fact.position.rawValue),
      "sources": .array(meant.entry.fact.sources.map(\.json)),
    ])
  }

  private static func json(_ bloc: RollCallAnswer.Bloc) -> JSON {
    .members([
      "group": .string(bloc.group.id), "group_name": .string(bloc.group.name),
      "members": .whole(bloc.members), "majority": .text(bloc.majority),
      "majority_count": .whole(bloc.majorityCount), "broke": .array(bloc.broke.map(json)),
      "may_have_broken": .array(bloc.mayHaveBroken.map(json)),
      "possible_members": .texts(bloc.possibleMembers.map(\.id)),
      "without_seat": .texts(bloc.withoutSeat.map(\.id)),
    ])
  }

  private static func json(_ step: RollCallAnswer.SinceLast) -> JSON {
    .members([
      "topic": .string(step.topic.id), "previous": .string(step.previous),
      "previous_on": .text(step.previousOn), "mirrored": .bool(step.isMirrored),
      "both": .whole(step.both),
      "changes": .array(
        step.changes.map { change in
          .members([
            "voter": .string(change.voter.id), "voter_name": .string(change.voter.name),
            "choice_before": .string(change.before), "choice_after": .string(change.after),
            "seq_before": .whole(change.beforePosition?.rawValue),
            "seq": .integer(change.afterPosition.rawValue),
          ])
        }),
    ])
  }

  private static func json(_ entry: RollCallAnswer.CoveringImport) -> JSON {
    .members([
      "dataset": .string(entry.dataset), "version": .text(entry.version),
      "what": .string(entry.what), "from": .text(entry.from), "to": .text(entry.to),
      "seq": .integer(entry.position.rawValue),
    ])
  }

  private static func json(_ vote: RollCallAnswer.CountedVote) -> JSON {
    .members([
      "voter": .string(vote.voter.id), "voter_name": .string(vote.voter.name),
      "choices": .texts(vote.choices), "seq": .integer(vote.main.position.rawValue),
      "source": .text(vote.main.source), "veto": .bool(vote.isVeto),
      "teller": .bool(vote.isTeller),
      "casting": .bool(vote.isCasting), "weight": .whole(vote.weight),
      "conflict": .bool(vote.isConflict), "disputed": .bool(vote.main.isDisputed),
      "corrected_by": vote.main.current == vote.main.position
        ? .null : .integer(vote.main.current.rawValue),
      "accounts": .positions(vote.accounts.map(\.fact.position)),
    ])
  }

  private static func conflictJSON(_ vote: RollCallAnswer.CountedVote) -> JSON {
    .members([
      "voter": .string(vote.voter.id), "accounts": .array(vote.accounts.map(\.accountJSON)),
    ])
  }

  public var records: [JSON] { votes.map(Self.json) }

  public var sheet: Sheet {
    Sheet(
      columns: ["rollcall", "voter", "name", "choice", "seq", "source", "conflict", "casting"],
      rows: votes.map { vote in
        [
          .string(rollcall), .string(vote.voter.id), .string(vote.voter.name),
          .string(vote.choices.joined(separator: "|")), .integer(vote.main.position.rawValue),
          .text(vote.main.source), .bool(vote.isConflict), .bool(vote.isCasting),
        ]
      })
  }
}
