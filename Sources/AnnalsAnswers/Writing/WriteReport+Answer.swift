public import Annals
public import EventLog

/// What a write did, or would do: `append`, `import`, `correct`, `retract`.
extension WriteReport: Answer {
  public var json: JSON {
    .members([
      "schema": "annals.receipt.v2", "dry_run": .bool(isDryRun), "appended": .whole(appended),
      "already_present": .whole(alreadyPresent), "rejected": .whole(rejected),
      "rows": .whole(rows),
      "skipped": .array(
        skipped.map { .members(["reason": .string($0.reason), "rows": .whole($0.rows)]) }),
      "positions": positions.map {
        .members([
          "from": .integer($0.lowerBound.rawValue), "to": .integer($0.upperBound.rawValue),
        ])
      } ?? .null,
      "second_accounts": .members([
        "agreeing": .whole(secondAccounts.agreeing),
        "contradicting": .whole(secondAccounts.contradicting),
      ]),
      "dependents": .whole(dependents), "events": .array(records),
      "changes": .array(changes.map(\.json)), "remarks": .array(remarks.listed.map(\.json)),
      "more_remarks": .whole(remarks.more),
    ])
  }

  public var records: [JSON] {
    receipts.map { receipt in
      .members([
        "seq": .integer(receipt.position.rawValue), "id": .string(receipt.id.description),
        "type": .string(receipt.type), "new": .bool(receipt.isNew),
        "summary": .string(receipt.summary),
      ])
    }
  }

  public var sheet: Sheet {
    Sheet(
      columns: ["seq", "id", "type", "new", "summary"],
      rows: receipts.map { receipt in
        [
          .integer(receipt.position.rawValue), .string(receipt.id.description),
          .string(receipt.type), .bool(receipt.isNew), .string(receipt.summary),
        ]
      })
  }
}
