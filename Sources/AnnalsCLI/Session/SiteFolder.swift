import Annals
import AnnalsAnswers

/// The folder of a publication. A list in it names the files that the program has written: a later
/// publication removes those that it does not write again, and leaves all other files alone.
struct SiteFolder {
  private static let list = "annals-site.txt"

  private let path: String
  private var earlier: Set<String> = []
  private var written: Set<String> = []
  private var descriptor: Int32?

  init(_ path: String) { self.path = path }

  /// How many files have been written.
  var count: Int { written.count }

  /// Creates the folder if it does not exist. Throws if the folder holds files, but no list of an earlier
  /// publication.
  mutating func open() throws {
    guard !path.isEmpty else { throw Failure.usage("the folder has no name") }
    let names = System.names(in: path) ?? []
    if names.contains(Self.list) {
      let text = String(decoding: try Session.contents(of: "\(path)/\(Self.list)"), as: UTF8.self)
      earlier = Set(text.split(separator: "\n").map(String.init))
    } else if !names.isEmpty {
      throw Problem(
        .outputExists, "\(path) holds files that annals publish has not written",
        help: "name an empty folder, or one that is not there yet")
    }
    try Self.makeFolder(path)
    if earlier.isEmpty { try writeList([]) }
    do {
      descriptor = try System.open("\(path)/\(Self.list)", System.appending)
    } catch {
      throw Self.unwritten("\(path)/\(Self.list)", error)
    }
  }

  /// Writes a file of the site. The list names it before it is there: a publication that is cut off
  /// leaves no file that a later one does not know.
  mutating func write(_ bytes: [UInt8], to file: String) throws {
    if let descriptor, written.insert(file).inserted {
      do {
        try System.write(Array("\(file)\n".utf8), to: descriptor)
      } catch {
        throw Self.unwritten("\(path)/\(Self.list)", error)
      }
    }
    var parent = path
    for part in file.split(separator: "/").dropLast() {
      parent += "/" + part
      try Self.makeFolder(parent)
    }
    try OutputFile.write(bytes, to: "\(path)/\(file)", replacing: true)
  }

  /// Removes what earlier publications wrote and this one did not.
  mutating func close() throws {
    if let descriptor { System.closeFile(descriptor) }
    descriptor = nil
    for file in earlier.subtracting(written) where Self.isWithin(file) {
      System.remove("\(path)/\(file)")
    }
    try writeList(written)
  }

  private func writeList(_ files: Set<String>) throws {
    let text = files.sorted().map { $0 + "\n" }.joined()
    try OutputFile.write(Array(text.utf8), to: "\(path)/\(Self.list)", replacing: true)
  }

  /// Whether a line of the list names a file below the folder: the list may have been edited.
  private static func isWithin(_ file: String) -> Bool {
    !file.hasPrefix("/") && !file.split(separator: "/").contains("..")
  }

  private static func makeFolder(_ path: String) throws {
    do {
      try System.createFolder(path)
    } catch {
      throw unwritten(path, error)
    }
  }

  private static func unwritten(_ path: String, _ reason: SystemError) -> Problem {
    Problem(.storeIO, "cannot write \(path): \(reason.text)")
  }
}
