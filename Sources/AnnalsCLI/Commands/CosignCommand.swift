import Annals
import AnnalsAnswers
import ArgumentParser
import EventLog

/// `annals cosign`
struct CosignCommand: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "cosign",
    abstract: "Witness a checkpoint: your own copy of the record has the same events.",
    usage: "annals cosign CHECKPOINT --key FILE (--policy FILE | --log-key VKEY) [--out FILE]",
    discussion: """
      Checks the log's signature, then your copy against the checkpoint, and that it continues the \
      last one that you cosigned; then adds your signature with the time. Give the file back: \
      whoever checks a proof under it knows that the log has not shown you another history.

      Examples:
        annals cosign a.checkpoint --key bo.key --log-key example.org/un-record+…
        annals cosign a.checkpoint --key bo.key --policy trust.policy --out b.checkpoint
      """)

  @Argument(help: "The file with the checkpoint.", completion: .file())
  var checkpoint: String

  @Option(
    help: ArgumentHelp("Your private key, made with --cosigner.", valueName: "file"),
    completion: .file())
  var key: String

  @Option(
    help: ArgumentHelp("A policy that names the log's key.", valueName: "file"),
    completion: .file())
  var policy: String?

  @Option(help: ArgumentHelp("The log's verifier key.", valueName: "vkey"))
  var logKey: String?

  @Option(help: ArgumentHelp("The log's name. Default: that of --log-key.", valueName: "name"))
  var origin: String?

  @OptionGroup var output: OutOptions
  @OptionGroup var globals: GlobalOptions

  func run(_ session: Session) async throws {
    let trusted = try Trust.policy(
      file: policy, key: logKey, option: "--log-key", origin: origin, cosigners: [],
      session.terminal)
    try output.check()
    let note = try ProofInput.checkpoint(Session.contents(of: checkpoint), file: checkpoint)
    let signer = try SignerFile(key, session.terminal)
    let cosigned = try await session.withStore { store in
      try await store.cosign(
        note, file: checkpoint, policy: trusted, signer: signer, at: .now()
      ).note
    }
    try output.write(cosigned.bytes, session, as: CheckpointAnswer(cosigned, file: output.out))
  }
}

/// Whose signatures a command is to believe.
enum Trust {
  /// Either a policy file, or a log's key with the cosigners that are wanted.
  static func policy(
    file: String?, key: String?, option: String, origin: String?, cosigners: [String],
    _ terminal: Terminal
  ) throws -> WitnessPolicy {
    switch (file, key) {
    case (let file?, nil):
      guard origin == nil, cosigners.isEmpty else {
        throw Failure.usage("--origin and --cosigner go with \(option); a policy says both itself")
      }
      let policy = try ProofInput.policy(Session.contents(of: file), file: file)
      for passed in policy.passedOver {
        let name = passed.name.map { " " + String(decoding: $0, as: UTF8.self).printable } ?? ""
        terminal.note(
          "\(file): passed over the \(passed.name == nil ? "log" : "witness")\(name): "
            + passed.reason.printable)
      }
      return policy
    case (nil, let key?):
      return try ProofInput.policy(
        log: ProofInput.verifierKey(key, option: option), origin: origin,
        cosigners: cosigners.map { try ProofInput.verifierKey($0, option: "--cosigner") })
    default:
      throw Failure.usage(
        "whose signature counts is said by either --policy or \(option)",
        help: "\(option) takes what  annals key show  prints:  \(option) example.org/record+…")
    }
  }
}
