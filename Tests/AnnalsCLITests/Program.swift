import Foundation

/// The real program, run as a user runs it.
struct Program {
  struct Outcome: Sendable {
    /// Exit code; 128 + the signal when one ended it.
    var status: Int32
    var output: String
    var errors: String

    var lines: [String] { output.split(separator: "\n").map(String.init) }
  }

  /// The built binary: `ANNALS_BINARY`, or `annals` beside the test bundle.
  static let path: String = {
    if let given = ProcessInfo.processInfo.environment["ANNALS_BINARY"] { return given }
    let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }
    let test = bundle?.bundleURL ?? URL(fileURLWithPath: CommandLine.arguments[0])
    return test.deletingLastPathComponent().appendingPathComponent("annals").path
  }()

  /// The folder in which it runs; its own for each instance, so that tests do not meet.
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("annals-cli-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  /// Removes the folder.
  func cleanUp() { try? FileManager.default.removeItem(at: folder) }

  /// Writes a file, and makes the folders on its path.
  func write(_ text: String, to name: String) throws {
    let file = folder.appendingPathComponent(name)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }

  func read(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: folder.appendingPathComponent(name)), as: UTF8.self)
  }

  /// Runs `annals` with these arguments.
  func run(
    _ arguments: String..., input: String = "", environment: [String: String] = [:]
  ) async throws -> Outcome {
    try await launch(Self.path, arguments, input, environment)
  }

  /// Runs `annals` and presses Ctrl-C after some seconds.
  func interrupt(after seconds: Double, _ arguments: String...) async throws -> Outcome {
    try await launch(Self.path, arguments, "", [:], interruptAfter: seconds)
  }

  /// For a line in `sh`: makes of `id 17` the id of that event.
  static let idOf =
    #"id() { annals event $1 -o json | sed -n 's/^ *"id": *"\([^"]*\)".*/\1/p' | head -1; };"#

  /// Runs a line in `sh`, in which `annals` is the program.
  func shell(_ line: String, environment: [String: String] = [:]) async throws -> Outcome {
    try await launch(
      "/bin/sh", ["-c", "annals() { '\(Self.path)' \"$@\"; }; " + line], "", environment)
  }

  /// Runs `annals` on a terminal of the given width; both streams come out as one.
  func terminal(
    _ arguments: String, columns: Int = 100, environment: [String: String] = [:]
  ) async throws -> Outcome {
    let line = "stty cols \(columns) rows 50; '\(Self.path)' \(arguments)"
    var environment = environment
    environment["TERM"] = environment["TERM"] ?? "xterm-256color"
    return try await launch(
      "/usr/bin/script", ["-qefc", line, "/dev/null"], "", environment)
  }

  /// `script` of util-linux makes a terminal; without it those tests are passed over.
  static let hasTerminal = FileManager.default.isExecutableFile(atPath: "/usr/bin/script")

  private func launch(
    _ executable: String, _ arguments: [String], _ input: String,
    _ environment: [String: String], interruptAfter seconds: Double? = nil
  ) async throws -> Outcome {
    // Nothing of the tester's own settings may leak in.
    var settings = [
      "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": folder.path, "LOGNAME": "tester",
      "LANG": "C.UTF-8", "PAGER": "cat",
    ]
    settings.merge(environment) { $1 }
    // Files, not pipes: whatever is written fits, and nothing has to be read meanwhile.
    let id = UUID().uuidString
    let files = ["in", "out", "err"].map { folder.appendingPathComponent(".\(id).\($0)") }
    try Data(input.utf8).write(to: files[0])
    let process = try ChildProcess(
      executable, arguments, in: folder.path, environment: settings, input: files[0].path,
      output: files[1].path, errors: files[2].path)
    async let status = process.wait()
    if let seconds {
      try await Task.sleep(for: .seconds(seconds))
      process.interrupt()
    }
    let outcome = await status
    let texts = try files.dropFirst().map {
      String(decoding: try Data(contentsOf: $0), as: UTF8.self)
    }
    for file in files { try FileManager.default.removeItem(at: file) }
    // Whatever a test asks, the answer is as its schema promises.
    AnswerSchemas.check(texts[0])
    AnswerSchemas.check(texts[1])
    return Outcome(status: outcome, output: texts[0], errors: texts[1])
  }
}

/// A program whose folder holds the shipped record as `demo.annals`.
func demo() async throws -> Program {
  let program = try Program()
  try FileManager.default.copyItem(
    at: try await Demo.made.value, to: program.folder.appendingPathComponent("demo.annals"))
  return program
}

/// The shipped record, loaded once for all tests.
private enum Demo {
  static let made = Task {
    let program = try Program()
    let made = try await program.run("init", "demo.annals", "--demo")
    guard made.status == 0 else { throw Failed(outcome: made) }
    return program.folder.appendingPathComponent("demo.annals")
  }
}

private struct Failed: Error {
  var outcome: Program.Outcome
}
