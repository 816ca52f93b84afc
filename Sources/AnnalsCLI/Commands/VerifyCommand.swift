import Annals
import AnnalsAnswers
import ArgumentParser
import EventLog

/// `annals verify`
struct VerifyCommand: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Hold all of the record against what it follows from.",
    usage:
      "annals verify [--checkpoint FILE [--policy FILE | --key VKEY]]… [--from SEQ | --new] [--forget] [OPTIONS]",
    discussion: """
      Hashes every event anew and holds it against its stored hash, the Merkle tree, the index, the \
      list of erased payloads, and the views; checks every page of the file. Exit code 1 when \
      anything differs: the first fault is named, with what was expected and found.

      Without --policy or --key, a checkpoint is compared with the record, and its signature is not \
      checked: its status is "signature not checked" and not "ok", and the exit code is that of the rest. \
      Two checkpoints of one log that cannot both be of one history are an error (E1717).

      Whoever can write to the file could build all of it anew. Only a checkpoint that was kept \
      elsewhere shows that: --checkpoint, with whose signatures count (--policy or --key).

      The head that was verified is kept beside the store, in STORE.verified. The record must \
      contain it the next time: an older copy in the place of the store is found by that, and \
      STORE.verified stays as it is. If you went back to a copy on purpose, add --forget. --new \
      hashes only what came after that head, and checks that the stored tree still leads to it. \
      Events that were hashed before are not read again: verify all of it from time to time.

      Examples:
        annals verify
        annals verify --checkpoint 2026-11.checkpoint --key example.org/un-record+…
        annals verify --new --fast
        annals verify --from 900000 -o json
      """)

  @Option(
    help: ArgumentHelp(
      "A checkpoint that the record must contain. May be given several times.", valueName: "file"),
    completion: .file())
  var checkpoint: [String] = []

  @Option(
    help: ArgumentHelp("Whose signatures the checkpoints need: a policy.", valueName: "file"),
    completion: .file())
  var policy: String?

  @Option(help: ArgumentHelp("The log's verifier key, which must have signed.", valueName: "vkey"))
  var key: String?

  @Option(help: ArgumentHelp("The log's name. Default: that of --key.", valueName: "name"))
  var origin: String?

  @Option(help: ArgumentHelp("Hash only events from this position on.", valueName: "seq"))
  var from: String?

  @Flag(help: "Hash only events behind the head that was verified last.")
  var new = false

  @Flag(help: "Do not compare with the head that was verified last; keep the one found now.")
  var forget = false

  @Flag(help: "Only hashes, tree and index: not the file's pages, derived tags and dates, views.")
  var fast = false

  @OptionGroup var globals: GlobalOptions

  func run(_ session: Session) async throws {
    if from != nil && new { throw Failure.usage("--from and --new exclude each other") }
    if forget && new { throw Failure.usage("--forget and --new exclude each other") }
    if (policy != nil || key != nil) && checkpoint.isEmpty {
      throw Failure.usage(
        "--policy and --key are about checkpoints", help: "name one:  --checkpoint FILE")
    }
    var options = VerifyOptions()
    options.isFast = fast
    options.checkpoints = try checkpoints(session)
    let memory = VerifiedHead(store: try session.storePath())
    var damaged: Problem?
    if !forget, !new {
      do {
        if let last = try memory.readIfPresent() {
          options.checkpoints.insert(
            .init(name: memory.path, checkpoint: last, isSigned: nil), at: 0)
        }
      } catch let problem as Problem {
        damaged = problem
      }
    }
    if let from {
      options.after = try Value.position(from, of: "--from").advanced(by: -1)
    } else if new {
      let last = try memory.read()
      options.after = Position(last.size)
      options.checkpoints.insert(
        .init(name: memory.path, checkpoint: last, isSigned: nil), at: 0)
    }
    var found = try await session.withStore(views: !fast, checksEnd: false) { [options] store in
      try await Progress.during("Verifying …", on: session.terminal) { progress in
        var options = options
        if from != nil, options.after > .start {
          let head = try await store.log.head().position
          if options.after >= head {
            throw Failure.usage("--from is past the end: the record ends at \(head)")
          }
        }
        options.progress = { done, all in
          progress.update("Verifying  \(all > 0 ? done * 100 / all : 100)%  \(done.grouped) events")
        }
        return try await store.verify(options)
      }
    }
    // The memory is worth a line where it was asked for, or does not fit.
    if !new {
      found.parts.removeAll {
        $0.scope.hasPrefix(memory.path + ": ") && $0.faults.isEmpty
      }
    }
    session.print(VerificationAnswer(found: found, after: options.after))
    if from == nil, found.holds, damaged == nil { memory.write(found) }
    if !found.isClean { throw Self.failure(found) }
    if let damaged { throw damaged }
  }

  /// What is read from the files, each with a signature that counts where it is said whose do.
  private func checkpoints(
    _ session: Session
  ) throws -> [VerifyOptions.KnownHead] {
    let trusted =
      policy == nil && key == nil
      ? nil
      : try Trust.policy(
        file: policy, key: key, option: "--key", origin: origin, cosigners: [],
        session.terminal)
    let heads: [VerifyOptions.KnownHead] = try checkpoint.map { file in
      let note = try ProofInput.checkpoint(Session.contents(of: file), file: file)
      guard let trusted else {
        session.terminal.note(
          "\(file): its signatures are not checked; say whose count with --policy or --key")
        return .init(
          name: file, checkpoint: try ProofInput.contents(of: note, file: file), isSigned: false)
      }
      let verdict = try ProofInput.verdict(on: note, file: file, policy: trusted)
      guard verdict.isQuorumMet else {
        throw Problem(
          .quorumMissed, "\(file): the policy asks for \(trusted.requirement)",
          help: "take a checkpoint that more witnesses have cosigned")
      }
      return .init(name: file, checkpoint: verdict.checkpoint, isSigned: true)
    }
    try ProofInput.checkThatOneHistory(heads)
    return heads
  }

  private static func failure(_ found: Verification) -> Failure {
    let problems = found.parts.flatMap { part in
      part.faults.map { fault in
        var message = fault.message
        if let expected = fault.expected, let what = fault.found {
          message += ": expected \(expected), found \(what)"
        }
        return Problem(fault.code, message)
      }
    }
    let first = found.first?.position.map { "; the first fault is at \($0)" } ?? ""
    let code = found.holds ? problems.first?.code : .notVerified
    return Failure(
      problems,
      summary: found.holds ? "The record itself verifies." : "The record does not verify\(first).",
      help: code.map { "annals explain \($0.rawValue)" }, exitCode: ErrorCode.notVerified.exitCode)
  }
}
