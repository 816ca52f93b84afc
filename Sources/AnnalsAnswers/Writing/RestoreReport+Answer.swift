public import Annals
public import EventLog

/// `import --exact`: whether a log came out as it was.
extension RestoreReport: Answer {
  public var json: JSON {
    .members([
      "schema": "annals.restore.v2", "dry_run": .bool(isDryRun), "restored": .whole(restored),
      "already_present": .whole(alreadyPresent), "erased": .whole(erased),
      "batches": .whole(batches), "seq": .integer(head.rawValue),
      "root": .string(root.hexDigits), "same": .bool(isSame),
    ])
  }

  public var records: [JSON] { [json] }

  public var sheet: Sheet {
    Sheet(
      columns: ["restored", "already_present", "erased", "batches", "seq", "root", "same"],
      rows: [
        [
          .whole(restored), .whole(alreadyPresent), .whole(erased), .whole(batches),
          .integer(head.rawValue), .string(root.hexDigits), .bool(isSame),
        ]
      ])
  }
}
