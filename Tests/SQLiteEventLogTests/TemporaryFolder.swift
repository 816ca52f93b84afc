import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A folder that is gone with its last use.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    var template = Array("/tmp/annals-test-XXXXXX".utf8CString)
    let made = try #require(mkdtemp(&template))
    // The real path: /tmp is a symbolic link on macOS.
    let real = try #require(realpath(made, nil))
    path = String(cString: real)
    free(real)
  }

  deinit {
    guard let folder = opendir(path) else { return }
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      unlink(path + "/" + name)
    }
    closedir(folder)
    rmdir(path)
  }

  func path(_ name: String) -> String { path + "/" + name }

  /// The names of the files in it.
  var names: Set<String> {
    get throws {
      let list = try #require(opendir(path))
      defer { closedir(list) }
      var names: Set<String> = []
      while let entry = readdir(list) {
        names.insert(
          withUnsafeBytes(of: entry.pointee.d_name) {
            String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
          })
      }
      return names.subtracting([".", ".."])
    }
  }

  static func write(_ bytes: [UInt8], to path: String) throws {
    let file = try #require(fopen(path, "w"))
    fwrite(bytes, 1, bytes.count, file)
    fclose(file)
  }

  /// The first megabyte of a file.
  static func read(_ path: String) throws -> [UInt8] {
    let file = try #require(fopen(path, "r"))
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    let count = fread(&bytes, 1, bytes.count, file)
    return Array(bytes[..<count])
  }
}
