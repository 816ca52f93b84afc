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
}
