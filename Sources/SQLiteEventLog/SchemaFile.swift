import CSchema
import EventLog

/// A file of Schema/, compiled in.
enum SchemaFile {
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
