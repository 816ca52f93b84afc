import CSchema
import EventLog

/// A file of Schema/, compiled in.
enum SchemaFile {
  /// The files that make a log, in the order of their formats: the first makes format 1, each later
  /// one the next out of the one before.
  private static let formats = [
    "sqlite/0001_log.sql", "sqlite/0002_shapes.sql", "sqlite/0003_tree.sql",
  ]

  /// The newest format of a log.
  static var newestFormat: Int64 { Int64(formats.count) }

  /// What makes a log of one format out of one of another; 0 is an empty database.
  static func log(from old: Int64 = 0, to format: Int64 = newestFormat) -> String {
    formats[Int(old)..<Int(format)].map(text).joined(separator: "\n")
  }

  /// The text of a file, by its path from Schema/.
  static func text(_ name: String) -> String {
    for file in UnsafeBufferPointer(start: annals_schema_files, count: annals_schema_file_count)
    where String(cString: file.name) == name {
      let bytes = UnsafeBufferPointer(start: file.bytes, count: file.length)
      return String(decoding: bytes, as: UTF8.self)
    }
    preconditionFailure("Schema/\(name) is not listed in schema.c")
  }
}
