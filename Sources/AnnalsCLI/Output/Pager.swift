#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Shows an answer that is longer than the screen: in `PAGER`, else in `less` where there is one.
enum Pager {
  /// False when there is no pager or it did not run: the answer is to be written plainly then.
  static func show(_ lines: [String]) -> Bool {
    guard let command = command() else { return false }
    // Colours through, straight off when it fits, nothing cleared afterwards; as git does.
    setenv("LESS", "FRX", 0)
    guard let stream = popen(command, "w") else { return false }
    // A reader who leaves before the end closes the pipe: nothing to complain about.
    signal(SIGPIPE, SIG_IGN)
    for line in lines where fputs(line + "\n", stream) < 0 { break }
    // The shell's way to say that there is no such program.
    let notFound: Int32 = 127 << 8
    return pclose(stream) != notFound
  }

  private static func command() -> String? {
    if let chosen = System.environment("PAGER") { return chosen == "cat" ? nil : chosen }
    return system("command -v less >/dev/null 2>&1") == 0 ? "less" : nil
  }
}
