import Annals
public import AnnalsAnswers
public import EventLog

/// `publish`: what was written.
public struct PublicationAnswer: Answer {
  public let folder: String
  public let summary: Publication.Summary

  public init(folder: String, summary: Publication.Summary) {
    self.folder = folder
    self.summary = summary
  }

  public var json: JSON {
    .members([
      "schema": "annals.publish.v1", "folder": .string(folder), "pages": .whole(summary.pages),
      "files": .whole(summary.files), "known_by": .integer(summary.knownBy.position.rawValue),
    ])
  }

  public var records: [JSON] { [json] }

  public var sheet: Sheet {
    Sheet(
      columns: ["folder", "pages", "files", "known_by"],
      rows: [
        [
          .string(folder), .whole(summary.pages), .whole(summary.files),
          .integer(summary.knownBy.position.rawValue),
        ]
      ])
  }
}
