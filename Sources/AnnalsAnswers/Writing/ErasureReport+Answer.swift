public import Annals
public import EventLog

/// `erase`: what was erased, and what still names it.
extension ErasureReport: Answer {
  public var json: JSON {
    .members([
      "schema": "annals.erase.v2", "dry_run": .bool(isDryRun), "by": .whole(by?.rawValue),
      "ground": .string(ground), "erased": .positions(erased),
      "already_erased": .positions(alreadyErased), "mentions": .positions(mentions),
      "dependents": .whole(dependents),
    ])
  }

  public var records: [JSON] { [json] }

  public var sheet: Sheet {
    Sheet(
      columns: ["seq", "already_erased", "by", "ground", "dry_run"],
      rows: erased.map {
        [
          .integer($0.rawValue), .bool(alreadyErased.contains($0)), .whole(by?.rawValue),
          .string(ground), .bool(isDryRun),
        ]
      })
  }
}
