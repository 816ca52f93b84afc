import Annals
import AnnalsAnswers
import ArgumentParser
import EventLog

/// `annals checkpoint`
struct CheckpointCommand: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "checkpoint",
    abstract: "Sign the head of the record, so that no change to it goes unnoticed later.",
    usage: "annals checkpoint --key FILE [--origin NAME] [--out FILE]",
    discussion: """
      Four short lines to give to somebody else: whoever has them can tell later that nothing they \
      cover was changed, removed or put in another order. The record is held against what the key \
      has signed before first; a key never signs two histories.

      Examples:
        annals checkpoint --key log.key --out 2026-11.checkpoint
        annals checkpoint --key log.key -o json
        annals verify --checkpoint 2026-11.checkpoint --key example.org/un-record+…
      """)

  @Option(
    help: ArgumentHelp("The log's private key; see annals key.", valueName: "file"),
    completion: .file())
  var key: String

  @Option(help: ArgumentHelp("The log's name. Default: the key's.", valueName: "name"))
  var origin: String?

  @OptionGroup var output: OutOptions
  @OptionGroup var globals: GlobalOptions

  func run(_ session: Session) async throws {
    try output.check()
    let signer = try SignerFile(key, session.terminal)
    let note = try await session.withStore { store in
      try await store.checkpoint(signedBy: signer, origin: origin)
    }
    try output.write(note.bytes, session, as: CheckpointAnswer(note, file: output.out))
  }
}

/// A signed checkpoint.
extension CheckpointAnswer: Layout {
  func lines(on terminal: Terminal) -> [String] { text.split(separator: "\n").map(String.init) }
}
