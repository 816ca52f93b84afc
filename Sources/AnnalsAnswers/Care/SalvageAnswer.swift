public import Annals
public import EventLog

/// `doctor --salvage`: how much was saved, and which fault ended it.
public struct SalvageAnswer: Answer {
  public let salvage: Salvage
  public let file: String

  public init(salvage: Salvage, file: String) {
    self.salvage = salvage
    self.file = file
  }

  public var json: JSON {
    .members([
      "schema": "annals.salvage.v2", "file": .string(file),
      "saved": .integer(salvage.saved.rawValue), "head": .integer(salvage.head.rawValue),
      "root": .string(salvage.root.hexDigits), "fault": .text(salvage.fault?.message),
      "said_anew": .positions(salvage.saidAnew),
    ])
  }
  public var records: [JSON] { [json] }
  public var sheet: Sheet {
    Sheet(
      columns: ["file", "saved", "head", "root", "fault"],
      rows: [
        [
          .string(file), .integer(salvage.saved.rawValue), .integer(salvage.head.rawValue),
          .string(salvage.root.hexDigits), .text(salvage.fault?.message),
        ]
      ])
  }
}
