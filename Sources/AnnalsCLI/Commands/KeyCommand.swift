import Annals
import AnnalsAnswers
import ArgumentParser
import EventLog

/// `annals key`
struct KeyCommand: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "key",
    abstract: "Make a key to sign the record with, or show the public half of one.",
    usage: "annals key new FILE --name NAME [--cosigner] | annals key show FILE",
    discussion: """
      Prints the verifier key, by which others check the signatures: give it to them. The file \
      itself is private; with it goes FILE.signed, which says what the key has signed last. A log \
      and each cosigner have keys of their own. NAME should be an address that nobody else uses; it \
      names the log in its checkpoints.

      Examples:
        annals key new log.key --name example.org/un-record
        annals key new bo.key --name bo.example/witness --cosigner
        annals key show log.key
      """)

  enum Action: String, CaseIterable { case new, show }

  @Argument(
    help: "new or show.", completion: .list(Action.allCases.map(\.rawValue)), transform: Self.action
  )
  var action: Action

  @Argument(help: "The file of the private key.", completion: .file())
  var file: String

  @Option(help: ArgumentHelp("For new: the key's name.", valueName: "name"))
  var name: String?

  @Flag(help: "For new: a key to cosign others' checkpoints with.")
  var cosigner = false

  @OptionGroup var globals: GlobalOptions

  func run(_ session: Session) async throws {
    switch action {
    case .show:
      guard name == nil, !cosigner else {
        throw Failure.usage("--name and --cosigner are for  annals key new")
      }
      let key = try ProofInput.signerKey(Session.contents(of: file), file: file)
      session.print(KeyAnswer(file: file, key: key.verifier))
    case .new:
      guard let name else {
        throw Failure.usage(
          "a new key needs a name", help: "annals key new \(file) --name example.org/record")
      }
      let key = try ProofInput.newKey(name: name, isCosigner: cosigner)
      try SignerFile.create(key, at: file)
      session.print(KeyAnswer(file: file, key: key.verifier))
      session.terminal.note("Wrote \(file) (private: nobody else may read it) and \(file).signed")
    }
  }

  private static func action(_ text: String) throws -> Action {
    if let action = Action(rawValue: text) { return action }
    throw ValidationError("annals key does new or show, not \"\(text)\".")
  }
}

/// The public half of a key.
extension KeyAnswer: Layout {
  func lines(on terminal: Terminal) -> [String] { [key.text] }
}
