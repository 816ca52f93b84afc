import Annals
import AnnalsAnswers
import ArgumentParser
import EventLog

/// `annals check-proof`
struct CheckProofCommand: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "check-proof",
    abstract: "Check a proof of one event, and say what it proves. Needs no store.",
    usage: "annals check-proof FILE (--policy FILE | --key VKEY [--cosigner VKEY]…)",
    discussion: """
      Checks that the payload is the one that was recorded, that the event leads to the root of the \
      checkpoint, and who signed that. Exit code 1 when anything does not hold, or the policy is not \
      met: with --key that each --cosigner has cosigned.

      Examples:
        annals check-proof vote.tlog-proof --key example.org/un-record+…
        annals check-proof vote.tlog-proof --key example.org/un-record+… \\
          --cosigner bo.example/witness+…
        annals check-proof vote.tlog-proof --policy trust.policy -o json
      """)

  @Argument(help: "The proof.", completion: .file(extensions: ["tlog-proof"]))
  var file: String

  @Option(
    help: ArgumentHelp(
      "Whose signatures are wanted: see Documentation/proofs.md.", valueName: "file"),
    completion: .file())
  var policy: String?

  @Option(help: ArgumentHelp("The log's verifier key.", valueName: "vkey"))
  var key: String?

  @Option(
    help: ArgumentHelp(
      "The verifier key of somebody who must have cosigned. May be given several times.",
      valueName: "vkey"))
  var cosigner: [String] = []

  @Option(help: ArgumentHelp("The log's name. Default: that of --key.", valueName: "name"))
  var origin: String?

  @OptionGroup var globals: GlobalOptions

  func run(_ session: Session) async throws {
    let trusted = try Trust.policy(
      file: policy, key: key, option: "--key", origin: origin, cosigners: cosigner,
      session.terminal)
    let proof = try ProofInput.proof(Session.contents(of: file, limit: FileLimit.proof), file: file)
    let event = try ProvenEvent(
      proof, name: file, policy: trusted, vocabulary: session.vocabulary())
    session.print(ProvenEventAnswer(event: event, policy: trusted))
    guard event.verdict.isQuorumMet else {
      throw Problem(
        .quorumMissed,
        "\(file): the policy asks for \(trusted.requirement), and "
          + ProvenEventAnswer.cosigners(event.verdict),
        help: "ask for a proof under a checkpoint that more witnesses have cosigned")
    }
  }
}
