import Annals
import AnnalsAnswers
import ArgumentParser
import EventLog

/// `annals prove`
struct ProveCommand: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "prove",
    abstract: "A file that proves one event to anybody, without the record.",
    usage: "annals prove EVENT (--checkpoint FILE | --key FILE) [--out FILE]",
    discussion: """
      The file holds the event with its payload, a few hashes, and a signed checkpoint: annals \
      check-proof and Scripts/verifier/annals_verify.py check it, and need nothing else but the \
      log's verifier key. Take a checkpoint that others have cosigned where there is one. An event \
      whose payload was erased is proved without it.

      Examples:
        annals prove 249 --checkpoint 2026-11.bo.checkpoint --out vote.tlog-proof
        annals prove 249 --key log.key > vote.tlog-proof
      """)

  @Argument(help: "The event, by position (17 or #17) or id.")
  var event: String

  @Option(
    help: ArgumentHelp("A checkpoint of this record that covers the event.", valueName: "file"),
    completion: .file())
  var checkpoint: String?

  @Option(
    help: ArgumentHelp("The log's private key, to sign the head of the record.", valueName: "file"),
    completion: .file())
  var key: String?

  @Option(help: ArgumentHelp("With --key: the log's name. Default: the key's.", valueName: "name"))
  var origin: String?

  @OptionGroup var output: OutOptions
  @OptionGroup var globals: GlobalOptions

  func run(_ session: Session) async throws {
    let reference = try Value.event(event)
    guard (checkpoint == nil) != (key == nil), key != nil || origin == nil else {
      throw Failure.usage(
        "a proof stands under either --checkpoint or a head that --key signs now",
        help: "annals prove \(event) --checkpoint FILE")
    }
    try output.check()
    let given = try checkpoint.map { try ProofInput.checkpoint(Session.contents(of: $0), file: $0) }
    let signer = try key.map { try SignerFile($0, session.terminal) }
    let proof = try await session.withStore { store in
      if let signer {
        // Not even a head is signed for an event that is not there.
        _ = try await store.event(reference)
        let note = try await store.checkpoint(signedBy: signer, origin: origin)
        return try await store.prove(reference, under: note, file: "the checkpoint")
      }
      guard let given, let checkpoint else { throw Failure.usage("no checkpoint") }
      return try await store.prove(reference, under: given, file: checkpoint)
    }
    try output.write(proof.bytes, session, as: ProofAnswer(proof, file: output.out))
  }
}

/// A proof that was made.
extension ProofAnswer: Layout {
  func lines(on terminal: Terminal) -> [String] { text.split(separator: "\n").map(String.init) }
}
