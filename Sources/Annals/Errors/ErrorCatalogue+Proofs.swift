// MARK: E17, proofs

extension ErrorCode {
  var proofEntry: ErrorEntry {
    switch self {
    case .badKey:
      ErrorEntry(
        self, "Not a key of this kind",
        "A key is not of its form, or of a kind that cannot be used here. A verifier key is "
          + "NAME+ID+BASE64, a private key PRIVATE+KEY+NAME+ID+BASE64 (c2sp.org/signed-note). Logs "
          + "sign with keys of type 1, cosigners with keys of type 4.",
        "Copy the key again, all of it. \(command: "key show FILE")  prints the verifier key of a "
          + "private one; \(command: "key new FILE --name NAME")  makes a log's key, with "
          + "\(option: "cosigner") a cosigner's."
      )
    case .badCheckpoint:
      ErrorEntry(
        self, "Not a checkpoint",
        "The file is not a signed checkpoint (c2sp.org/tlog-checkpoint): origin, size and root on "
          + "three lines, an empty line, and signature lines that start with a long dash. Often a "
          + "program on its way has changed line ends or dashes.",
        "Ask for the file again, as an attachment.")
    case .badProof:
      ErrorEntry(
        self, "Not a proof file",
        "The file is not a proof (c2sp.org/tlog-proof), or not one of an event: its extra data is "
          + "canonical JSON with the event's header and payload.",
        "Ask for the file again, as an attachment. \(command: "prove")  makes such files.")
    case .badPolicy:
      ErrorEntry(
        self, "Bad policy",
        "The policy file is not one as c2sp.org/tlog-policy has it: lines log, witness, group and "
          + "one line quorum, each name defined above where it is used, each line ended.",
        "Mend the line that is shown. See Documentation/proofs.md")
    case .badSignature:
      ErrorEntry(
        self, "Signature does not hold",
        "A signature is said to be of a key that you know, and is not one of this text: the text "
          + "or the signature was changed.",
        "Trust nothing of it. Ask for the file again, and find out where it was changed.")
    case .unsigned:
      ErrorEntry(
        self, "Not signed by the log",
        "None of the keys that you named has signed, or not the log's own, or the checkpoint is of "
          + "another log. Signatures of others prove nothing to you.",
        "Check the keys, and the name of the log (origin), which is that of its key unless you say "
          + "otherwise with \(option: "origin").")
    case .quorumMissed:
      ErrorEntry(
        self, "Policy not met",
        "The log has signed, and all signatures that are there hold, but not as many witnesses "
          + "have cosigned as the policy asks for. The log could show others another history.",
        "Ask for a proof under a checkpoint that more witnesses have cosigned.")
    default: heldAgainstEntry
    }
  }

  /// What was signed, held against something else.
  private var heldAgainstEntry: ErrorEntry {
    switch self {
    case .proofFails:
      ErrorEntry(
        self, "Proof does not hold",
        "The payload is not the one that the event's header is bound to, or the header does not "
          + "lead to the root that was signed. What the file shows does not stand in the log.",
        "Trust nothing of it. Whoever has the record can make a proof that holds, if the event is "
          + "there:  \(command: "prove EVENT")")
    case .historyDiffers:
      ErrorEntry(
        self, "Not the history that was signed",
        "The key has signed a head that is no part of this record: the record is shorter, or has "
          + "other events at these positions. Signing would give proof of two histories, and cost "
          + "the key its worth. Most often an older copy was put back after a failure; else events "
          + "were changed or removed.",
        "Find the copy that was signed (\(command: "verify --checkpoint FILE")  says of each "
          + "whether it is the one), go on with it, and import into it what was recorded since. If "
          + "it is lost for good, say so to those who hold checkpoints, and go on under a new key.")
    case .checkpointDiffers:
      ErrorEntry(
        self, "Checkpoint of another history",
        "The events that the checkpoint covers have another root in this record: at least one of "
          + "them differs, on one of the two sides. If the log's signature holds, this is "
          + "evidence.",
        "Keep the checkpoint and the record as they are. \(command: "verify")  shows whether this "
          + "record is whole in itself; then compare the events with the other side's:  "
          + "\(command: "export")")
    case .recordTooShort:
      ErrorEntry(
        self, "Record shorter than the checkpoint",
        "The checkpoint covers events that this copy of the record does not have: it is older, or "
          + "its end was cut off.",
        "Get a copy that is as new as the checkpoint.")
    case .signerMemory:
      ErrorEntry(
        self, "Memory of a key missing or damaged",
        "Beside a private key FILE stands FILE.signed with the last checkpoint that it has signed "
          + "for each log. Without it the key could sign a second history and not know.",
        "Bring FILE.signed back from where the key came from. If it is lost, make a new key, and "
          + "tell those who check its signatures.")
    case .cosignedLater:
      ErrorEntry(
        self, "Cosigned a later one already",
        "A cosignature says that no larger head of the log has been seen, and this key has "
          + "cosigned a larger one.",
        "Ask for a checkpoint of the record as it is now.")
    case .notCovered:
      ErrorEntry(
        self, "Event after the checkpoint",
        "The event was recorded after the checkpoint was signed, so that it proves nothing of it.",
        "Sign the record as it is now:  \(command: "checkpoint --key FILE")")
    case .twoHistories:
      ErrorEntry(
        self, "Two histories of one log",
        "Two checkpoints of one log give different roots for the same number of events. They "
          + "cannot both be of one record. If the log's key has signed both, it has signed two "
          + "histories: a copy of the key is in use elsewhere, with a memory (FILE.signed) of its "
          + "own, or the log shows different records to different readers.",
        "Check both signatures:  "
          + "\(command: "verify --checkpoint ONE --checkpoint OTHER --key VKEY").  Keep both "
          + "files: together they are proof. Sign nothing more with the key, find its copies, and "
          + "go on under a new key.")
    default: preconditionFailure("no entry for \(rawValue)")
    }
  }
}
