import Crypto
import EventLog
import Synchronization

/// The pages of a folder of files. It learns which pages are needed from the links to them.
package final class FileSite: Sendable {
  private struct State {
    var files: [Address: String] = [:]
    var waiting: [Address] = []
  }

  private let state = Mutex(State())
  /// Whether the site has a page.
  private let holds: @Sendable (Address) -> Bool

  /// A site without pages: the links of a single file are words alone.
  package convenience init() { self.init { _ in false } }

  init(holds: @escaping @Sendable (Address) -> Bool) { self.holds = holds }

  /// The path of a page within the folder, as it stands in a link; nil where the site has no such page.
  /// A page that is linked to will be written.
  func file(of address: Address) -> String? {
    state.withLock { state in
      if let known = state.files[address] { return known }
      guard holds(address) else { return nil }
      let file = Self.name(of: address)
      state.files[address] = file
      state.waiting.append(address)
      return file
    }
  }

  /// The next page to be written, with its path; nil when all that is linked to is written.
  func next() -> (address: Address, file: String)? {
    state.withLock { state in
      guard let address = state.waiting.popLast(), let file = state.files[address] else {
        return nil
      }
      return (address, file)
    }
  }

  /// `s/USA/ukraine-integrity.html`. An id that is no plain file name gets a hash in its place, so that
  /// two ids never share a file.
  private static func name(of address: Address) -> String {
    if address.path.isEmpty { return "index.html" }
    var parts = address.path.map(plain)
    for item in address.items { parts.append(plain(item.value)) }
    if parts[0] == "assets" { return parts.joined(separator: "/") }
    return parts.joined(separator: "/") + ".html"
  }

  private static func plain(_ id: String) -> String {
    let isPlain =
      !id.hasPrefix(".") && id.utf8.count <= 80
      && id.utf8.allSatisfy { byte in
        byte < 0x80
          && (Character(Unicode.Scalar(byte)).isLetter || (0x30...0x39).contains(byte)
            || [0x2D, 0x2E, 0x5F].contains(byte))
      }
    // File systems may not tell letters by their case.
    if isPlain, id.lowercased() == id || id.uppercased() == id { return id }
    let letters = id.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }.prefix(40)
    let hash = Array(SHA256.hash(data: Array(id.utf8)).prefix(5)).hexDigits
    return String(letters) + "-" + hash
  }
}
