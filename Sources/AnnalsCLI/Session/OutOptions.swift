import AnnalsAnswers
import ArgumentParser

/// Where a file that a command makes is put.
struct OutOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Write to this file instead of standard output.", valueName: "file"),
    completion: .file())
  var out: String?

  @Flag(help: "Let --out replace a file that is there.")
  var force = false

  /// Throws where the file stands already and is not to be replaced.
  func check() throws {
    if let out, !force { try OutputFile.check(out) }
  }

  /// Writes the file, or to standard output.
  func write(
    _ bytes: [UInt8], _ session: Session, content: Terminal.Content = .text
  ) throws {
    guard let out else { return session.terminal.emit(bytes, content) }
    try OutputFile.write(bytes, to: out, replacing: force)
    session.terminal.note("Wrote \(out) (\(bytes.count.grouped) bytes)")
  }

  /// The same of a file that is also an answer: where one is asked for in another form, that stands
  /// on standard output.
  func write(_ bytes: [UInt8], _ session: Session, as answer: some Layout) throws {
    if out != nil || session.format == nil { try write(bytes, session) }
    if session.format != nil { session.print(answer) }
  }
}
