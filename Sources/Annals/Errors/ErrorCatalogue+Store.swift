// MARK: E12 and E13, the record

extension ErrorCode {
  var recordEntry: ErrorEntry {
    switch self {
    case .unknownActor:
      ErrorEntry(
        self, "No such actor",
        "No actor of the record has this id or name at the position that was asked about.",
        "See  \(command: "list actors").  Any known name will do: US, Washington, \"the United "
          + "States\". Add one with  \(command: "append actor.named actor=USA name=…")")
    case .unknownTopic:
      ErrorEntry(
        self, "No such topic",
        "No topic of the record has this id or name at the position that was asked about.",
        "See  \(command: "list topics")")
    case .unknownEvent:
      ErrorEntry(
        self, "No such event",
        "The log has no event at this position or with this id.",
        "Positions run from #1 to the head, which  \(command: "doctor")  shows.")
    case .unknownProjection:
      ErrorEntry(
        self, "No such projection",
        "No stored view has this name.",
        "See  \(command: "replay --list")")
    case .unknownCode:
      ErrorEntry(
        self, "No such error code",
        "The catalogue has no entry for this code.",
        "\(command: "explain")  without a code lists all of them.")
    case .inputMissing:
      ErrorEntry(
        self, "Input file missing",
        "A file that was named as input does not exist or cannot be read.",
        "Check the path. Use - for standard input.")
    case .unknownRollcall:
      ErrorEntry(
        self, "No such roll call",
        "No roll call of the record has this id at the position that was asked about.",
        "See  \(command: "list rollcalls").  An id may be written in any case: UN-GA/es-11/7")
    case .unknownSource:
      ErrorEntry(
        self, "No such source",
        "No source of this id had been captured at the position that was asked about. A web "
          + "address that events cite directly has no versions to show.",
        "See  \(command: "list sources")")
    case .inputChanged:
      ErrorEntry(
        self, "Input file was written to",
        "Another program wrote to the file while it was read. What was read may be half of the old "
          + "content and half of the new one, so nothing was imported.",
        "Import the file again when it is complete.")
    case .idConflict:
      ErrorEntry(
        self, "Same id, other content",
        "An event with this id is stored already, and says something else. The log never changes "
          + "what it holds.",
        "To change what is recorded:  \(command: "correct SEQ --set FIELD=VALUE --reason \"…\"")")
    case .headMoved:
      ErrorEntry(
        self, "The record has moved on",
        "The append had to happen while the head was at a given position (\(option: "expect")). "
          + "The head is at another one: events were appended since, or the record is shorter than "
          + "expected, because an older copy was put in its place. Nothing was written.",
        "Look at new events with  \(command: "log"), and append again with the new position. If "
          + "the record is shorter, find out why before you append:  "
          + "\(command: "verify --checkpoint FILE")")
    case .secondVote:
      ErrorEntry(
        self, "Second vote in one roll call",
        "The record holds a different vote of this voter in this roll call. The two votes cite the "
          + "same source, or one of them cites no source. A voter has one vote in a roll call, so "
          + "one of the two is wrong. A vote that cites another source is kept beside the first, and so is "
          + "the casting vote of a presiding officer who voted as a member too.",
        "Correct the first (\(command: "correct SEQ …")), name the source of the second, or mark the "
          + "casting vote with casting=true.")
    case .alreadyRetracted:
      ErrorEntry(
        self, "Retracted already",
        "The event has been withdrawn before, and that retraction holds. A second one would say "
          + "nothing.",
        "\(command: "event SEQ") shows which event withdrew it; retracting that one restores it.")
    case .alreadyDefined:
      ErrorEntry(
        self, "Defined already",
        "An actor, topic, motion, roll call or source of this id has been defined before, in other "
          + "words: a motion or a roll call in another body, or by the same source on another day "
          + "or in another session. Or its id differs from another one only in upper and lower "
          + "case. Or an actor was merged into another one before.",
        "Correct the first definition, or choose another id.")
    case .payloadErased:
      ErrorEntry(
        self, "Payload erased",
        "The payload of this event was erased by law. Its place in the log and its hash are still "
          + "there; what it said is not, and can neither be amended nor recorded from an export.",
        "\(command: "event SEQ")  shows by which event, and on what ground. A whole record is "
          + "restored from its export, erased payloads included, with  "
          + "\(command: "import FILE --exact")")
    case .circular:
      ErrorEntry(
        self, "Leads back to itself",
        "The event says of an actor that it is merged into itself, succeeds itself or is a member "
          + "of itself, or of a topic or a motion that it is its own parent. Or the event closes a "
          + "circle: a chain of merges or parents would lead back to its first id, and its ids "
          + "would have no meaning. A retraction or a settlement after which an earlier fact would "
          + "hold again is judged by that fact.",
        "Name two different ids. If the earlier event in the chain is wrong, retract it first.")
    default: preconditionFailure("no entry for \(rawValue)")
    }
  }
}

// MARK: E14 to E19, the store, schemas, views

extension ErrorCode {
  var storeEntry: ErrorEntry {
    switch self {
    case .storeExists:
      ErrorEntry(
        self, "File exists",
        "The store was to be created where a file stands already. Nothing is ever overwritten.",
        "Choose another name, or append to the store that is there.")
    case .storeMissing:
      ErrorEntry(
        self, "Store missing",
        "There is no file at the path of the store.",
        "Check \(option: "store"), ANNALS_STORE and annals.yaml, or create it with  "
          + "\(command: "init FILE")")
    case .notAStore:
      ErrorEntry(
        self, "Not a store",
        "The file is not a record of Annals: another SQLite database, or no database at all.",
        "Check the path. A store is made by  \(command: "init")  and by nothing else.")
    case .tampered:
      ErrorEntry(
        self, "Store altered from outside",
        "The tables, triggers or views of the store are not the ones that Annals made. The file "
          + "was changed with another tool, and what it says cannot be relied on. Or a copy was "
          + "put in the place of the store while STORE-wal, the write-ahead log of the earlier "
          + "file, stayed beside it; the message names STORE-wal then.",
        "Where the message names STORE-wal, move STORE-wal and STORE-shm to another folder. "
          + "Otherwise go back to a copy that is whole, and do not append to this one.")
    case .corrupt:
      ErrorEntry(
        self, "Store damaged",
        "The file has been damaged: by the disk, by copying it while it was in use, or by cutting "
          + "it short.",
        "Keep the file as it is, and go back to a backup; or save what can be read and still "
          + "verifies:  \(command: "doctor --salvage NEW.annals")")
    case .replicated:
      ErrorEntry(
        self, "A replicator uses the store",
        "A program that replicates SQLite files, such as Litestream, has added its own tables to "
          + "the store. What is recorded was not changed by that. Such a program moves the "
          + "write-ahead log into the file without the lock of Annals, and can lose events by "
          + "that.",
        "Stop the replicator, remove its tables (sqlite3 STORE \"DROP TABLE NAME\"), and verify "
          + "the store. For copies of a store in use, run  \(command: "backup FILE")  as often as "
          + "you need them, and let the other program copy these backups.")
    case .implausibleClock:
      ErrorEntry(
        self, "Implausible clock",
        "The computer's clock is more than a day before the last recorded event, or more than a "
          + "year after it. The record keeps the time of each batch for good, and these times only "
          + "rise: after one batch with a time far ahead, no later batch can have its true time. "
          + "Nothing was written.",
        "Compare the clock with the right time, and set it. If the clock is right, because the "
          + "record rested for years or an earlier clock was wrong, add  "
          + "\(option: "accept-clock").  \(command: "doctor")  lists jumps of the recorded times.")
    case .newerFormat:
      ErrorEntry(
        self, "Store of a newer version",
        "The store was written by a newer version of Annals, in a format this one does not know.",
        "Install the newer version.")
    case .busy:
      ErrorEntry(
        self, "Store busy",
        "Another process has held the store or the signing key for too long. Nothing was written.",
        "Try again. A process that hangs shows in  lsof FILE")
    case .diskFull:
      ErrorEntry(
        self, "Disk full",
        "There is no room for the batch. Nothing of it was written; reading still works.",
        "Make room and run the command again.")
    case .storeIO:
      ErrorEntry(
        self, "Reading or writing failed",
        "The operating system reported an error for the store or for the output.",
        "Check the disk and the file's permissions; the message quotes the system's own reason.")
    case .notPermitted:
      ErrorEntry(
        self, "Not permitted",
        "The file or its folder may not be read or written by this user.",
        "Check the permissions of the file and of its folder (which holds the -wal and .lock "
          + "files)."
      )
    case .readOnly:
      ErrorEntry(
        self, "Opened for reading only",
        "The store was opened for reading, and something was to be written.",
        "Open it for writing, or write to a copy.")
    case .commitUnknown:
      ErrorEntry(
        self, "Unclear whether it was written",
        "The commit failed in such a way that it may or may not be stored.",
        "Run the same command again: events with the same ids are stored once.")
    case .notVerified:
      ErrorEntry(
        self, "The record does not verify",
        "A part of the record contradicts the rest: an event does not match its hash, the tree or "
          + "the index does not match the events, or the record does not match a checkpoint. The "
          + "store was changed with another tool, or it is damaged.",
        "Keep the file as it is, and append nothing to it. Compare with a backup; or save what "
          + "still verifies, up to the first fault:  \(command: "doctor --salvage NEW.annals")")
    case .notRestorable:
      ErrorEntry(
        self, "Not the beginning of this record",
        "An export is restored as it was into an empty store, or goes on where an interrupted "
          + "restore of the same export has stopped. This store holds something else.",
        "Create an empty store (\(command: "init FILE")), or import without \(option: "exact"): "
          + "the events then get positions, instants and hashes of their own.")
    case .storeReplaced:
      ErrorEntry(
        self, "Store replaced while open",
        "A file of the store (the store itself, its -wal, -shm or .lock) was removed, replaced by "
          + "another file, or given a second name while a program had it open. Nothing more is "
          + "acknowledged: what the program appends now may go to a file that has no name.",
        "Run the command again: events with the same ids are stored once. Replace a store only "
          + "when no program has it open; see Documentation/safekeeping.md")
    default: viewEntry
    }
  }

  private var viewEntry: ErrorEntry {
    switch self {
    case .unsupportedKeyword:
      ErrorEntry(
        self, "Schema keyword not supported",
        "A schema uses a keyword of JSON Schema that the validator does not implement. Ignoring it "
          + "would let wrong events in.",
        "Say it with the keywords that the message lists.")
    case .badSchema:
      ErrorEntry(
        self, "Bad schema",
        "A file in the folder of schemas is not a schema for an event type, or its name is taken.",
        "Name it TYPE.vN.json, for example strike.held.v1.json, and mend what is shown.")
    case .schemaMissing:
      ErrorEntry(
        self, "Schema missing",
        "The store holds events of a type whose schema was not given this time.",
        "Name the folder with \(option: "schemas"), ANNALS_SCHEMAS, or  schemas: FOLDER  in "
          + "annals.yaml")
    case .poisonEvent:
      ErrorEntry(
        self, "View stopped at an event",
        "A stored view could not take in an event, and stands before it. Nothing was skipped; the "
          + "log itself is whole, and appends go on.",
        "See the event with  \(command: "event SEQ")  and the reason with  "
          + "\(command: "replay --list"). For a view of your own mend its file, which builds it "
          + "anew; otherwise  \(command: "replay NAME")")
    case .viewDiffers:
      ErrorEntry(
        self, "View differs from the log",
        "A stored view is not what a fresh replay of the log gives.",
        "Rebuild it with  \(command: "replay NAME")")
    case .badProjection:
      ErrorEntry(
        self, "Bad projection",
        "A file in the folder of projections is not one as Documentation/projections.md has it: a "
          + "comment, a parameter or the SQL is wrong, or a name is taken.",
        "Mend what is shown. Nothing was run. Tables that are still those of a view whose file was "
          + "renamed or removed go with  \(command: "replay --forget NAME")")
    case .badMapping:
      ErrorEntry(
        self, "Bad mapping",
        "The mapping that was named with \(option: "map") is not one as Documentation/importing.md "
          + "has it: it is no YAML, a key is not known, or it speaks of a column, table, event "
          + "type or field that does not exist.",
        "Mend what is shown. See  \(command: "help mapping")")
    case .schemaDiffers:
      ErrorEntry(
        self, "Schema does not fit what is stored",
        "Events of a type of your own have other tags than the schema of that type gives now. "
          + "Either the schema was edited after they were recorded, or the tags in the store were "
          + "altered. What the events say is covered by their hashes, and verifies.",
        "Bring the schema back, and give a changed one the next version: TYPE.v2.json. If the "
          + "schema was not edited, compare the store with a backup.")
    case .internal:
      ErrorEntry(
        self, "Internal error",
        "The program met a state that should not exist. This is a bug.",
        "Please report it with the command, the message and the output of  \(command: "doctor")")
    default: preconditionFailure("no entry for \(rawValue)")
    }
  }
}
