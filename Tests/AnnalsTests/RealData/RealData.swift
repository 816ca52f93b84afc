import Foundation

/// Real roll calls for tests, which are no part of the repository: in the folder that
/// `ANNALS_TEST_DATA` names, or beside the checkout. Tests that want them are skipped without.
enum RealData {
  static let folder: String? = {
    let checkout = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let named = ProcessInfo.processInfo.environment["ANNALS_TEST_DATA"]
    let path = named ?? checkout.appendingPathComponent("../shared/data").standardized.path
    return FileManager.default.fileExists(atPath: path + "/un-votes") ? path : nil
  }()

  /// The rows of a CSV file by column; `.xz` files are unpacked.
  static func rows(_ name: String) throws -> [[String: String]] {
    guard let folder else { return [] }
    let path = "\(folder)/\(name)"
    let bytes =
      name.hasSuffix(".xz")
      ? try unpacked(path) : try Data(contentsOf: URL(fileURLWithPath: path))
    var records = parse(bytes)
    guard !records.isEmpty else { return [] }
    let columns = records.removeFirst()
    return records.map { Dictionary(uniqueKeysWithValues: zip(columns, $0)) }
  }

  /// The rows of an `.xz` file whose lines match a pattern of grep: of a million, a few.
  static func rows(_ name: String, matching pattern: String) throws -> [[String: String]] {
    guard let folder else { return [] }
    let path = "\(folder)/\(name)"
    let command = "xz -dc '\(path)' | head -1; xz -dc '\(path)' | grep -E '\(pattern)'"
    var records = parse(try output(of: command))
    guard !records.isEmpty else { return [] }
    let columns = records.removeFirst()
    return records.map { Dictionary(uniqueKeysWithValues: zip(columns, $0)) }
  }

  private static func unpacked(_ path: String) throws -> Data {
    try output(of: "xz -dc '\(path)'")
  }

  private static func output(of command: String) throws -> Data {
    guard let pipe = popen(command, "r") else { throw POSIXError(.EIO) }
    defer { pclose(pipe) }
    var data = Data()
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&buffer, 1, buffer.count, pipe)
      if count == 0 { return data }
      data.append(contentsOf: buffer[..<count])
    }
  }

  /// RFC 4180.
  private static func parse(_ bytes: Data) -> [[String]] {
    var records: [[String]] = []
    var record: [String] = []
    var field: [UInt8] = []
    var isQuoted = false
    var wasQuote = false
    func text() -> String { String(decoding: field, as: UTF8.self) }
    for byte in bytes {
      if wasQuote {
        wasQuote = false
        if byte == UInt8(ascii: "\"") {
          field.append(byte)
          continue
        }
        isQuoted = false
      }
      switch byte {
      case UInt8(ascii: "\""):
        if isQuoted { wasQuote = true } else { isQuoted = true }
      case UInt8(ascii: ",") where !isQuoted, UInt8(ascii: "\n") where !isQuoted:
        record.append(text())
        field = []
        if byte == UInt8(ascii: "\n") {
          records.append(record)
          record = []
        }
      case UInt8(ascii: "\r") where !isQuoted:
        break
      default:
        field.append(byte)
      }
    }
    if !field.isEmpty || !record.isEmpty { records.append(record + [text()]) }
    return records
  }
}
