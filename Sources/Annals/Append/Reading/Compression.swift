/// Formats of compressed files, recognised by their first bytes. An import does not decompress files.
enum Compression: String, CaseIterable {
  case gzip, xz, zstd, bzip2, zip

  private var mark: [UInt8] {
    switch self {
    case .gzip: [0x1F, 0x8B]
    case .xz: [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]
    case .zstd: [0x28, 0xB5, 0x2F, 0xFD]
    case .bzip2: [0x42, 0x5A, 0x68]
    case .zip: [0x50, 0x4B, 0x03, 0x04]
    }
  }

  /// The command that writes what is in such a file to standard output.
  private var command: String { self == .zip ? "unzip -p" : "\(rawValue) -dc" }

  /// Why an input cannot be read; nil where it is not compressed.
  static func problem(_ input: any EventInput) throws -> Problem? {
    var start = [UInt8](repeating: 0, count: 6)
    let count = try start.withUnsafeMutableBytes { try input.read(into: $0, at: 0) }
    let known = allCases.first { start[..<count].starts(with: $0.mark) }
    guard let known, let name = input.name else { return nil }
    return Problem(
      .notJSON, "the file is compressed with \(known.rawValue)",
      position: InputLocation(file: name, line: 1, column: 1),
      help: "decompress it:  \(known.command) \(name == "-" ? "FILE" : name) | "
        + "\(command: "import -")")
  }
}
