/// What the catalogue says about an error code: `annals explain E1105`.
public struct ErrorEntry: Sendable {
  public let code: ErrorCode
  /// A few words, the same for every occurrence; `title` of an RFC 9457 problem.
  public let title: String
  /// What happened, and why it is an error.
  public let explanation: Help
  /// What to do about it.
  public let remedy: Help

  init(_ code: ErrorCode, _ title: String, _ explanation: Help, _ remedy: Help) {
    self.code = code
    self.title = title
    self.explanation = explanation
    self.remedy = remedy
  }
}

extension ErrorCode {
  /// The catalogue's entry for this code.
  public var entry: ErrorEntry {
    switch rawValue.prefix(3) {
    case "E10": callEntry
    case "E11": inputEntry
    case "E12", "E13": recordEntry
    case "E16": reportEntry
    case "E17": proofEntry
    case "E18": httpEntry
    default: storeEntry
    }
  }

  /// The code that a user has typed, in either case: `e1105`, `1105`.
  public init?(typed text: some StringProtocol) {
    let upper = text.uppercased()
    self.init(rawValue: upper.hasPrefix("E") ? upper : "E" + upper)
  }

  /// The exit code of the command line program.
  public var exitCode: Int32 {
    switch self {
    case .viewDiffers, .schemaDiffers, .notVerified, .badSignature, .unsigned, .quorumMissed,
      .proofFails,
      .historyDiffers,
      .checkpointDiffers, .recordTooShort, .twoHistories:
      1
    case .internal: 2
    case .idConflict, .headMoved, .secondVote, .alreadyDefined, .alreadyRetracted, .cosignedLater,
      .payloadErased, .circular, .notRestorable:
      3
    case .unknownActor, .unknownTopic, .unknownEvent, .unknownProjection, .unknownCode,
      .unknownRollcall, .unknownSource:
      4
    case .usage, .noStore, .severalStores, .nothingToImport, .badMoment, .badRequest,
      .contradictory:
      64
    case .inputMissing, .storeMissing, .fileRefused: 66
    case .storeExists, .outputExists: 73
    case .diskFull, .storeIO, .notPermitted, .readOnly, .commitUnknown, .storeReplaced: 74
    case .busy, .inputChanged: 75
    case .badConfiguration, .unsupportedKeyword, .badSchema, .schemaMissing, .badProjection,
      .implausibleClock,
      .badTemplate, .badMapping, .badPolicy:
      78
    default: 65
    }
  }

  /// The status of an HTTP answer.
  public var httpStatus: Int {
    switch self {
    case .usage, .badMoment, .nothingToImport, .notJSON, .notUTF8, .duplicateKey, .tooDeep: 400
    case .notPermitted, .readOnly: 403
    case .unknownActor, .unknownTopic, .unknownEvent, .unknownProjection, .unknownCode,
      .unknownRollcall, .unknownSource:
      404
    case .contradictory, .unknownReference, .unknownTarget, .emptyCorrection, .idConflict,
      .secondVote, .alreadyDefined, .alreadyRetracted,
      .payloadErased, .circular, .notRestorable, .viewDiffers, .schemaDiffers, .notVerified,
      .historyDiffers, .checkpointDiffers, .recordTooShort, .cosignedLater,
      .twoHistories:
      409
    case .headMoved: 412
    case .unauthorized: 401
    case .forbidden: 403
    case .noResource: 404
    case .methodNotAllowed: 405
    case .notAcceptable: 406
    case .bodyTooLarge: 413
    case .unsupportedMediaType: 415
    case .tooManyRequests: 429
    case .badRequest: 400
    case .tooLong: 413
    case .busy, .inputChanged: 503
    case .diskFull: 507
    case .noStore, .severalStores, .badConfiguration, .inputMissing, .fileRefused, .storeExists,
      .storeMissing, .notAStore, .tampered, .corrupt, .replicated, .implausibleClock, .newerFormat,
      .storeIO, .commitUnknown, .unsupportedKeyword,
      .badSchema, .schemaMissing, .poisonEvent, .badProjection, .badTemplate, .badMapping,
      .outputExists, .badPolicy, .signerMemory, .storeReplaced, .internal:
      500
    default: 422
    }
  }
}

// MARK: E10, the call

extension ErrorCode {
  private var callEntry: ErrorEntry {
    switch self {
    case .contradictory:
      ErrorEntry(
        self, "Parameters that do not go together",
        "Each parameter can be read, but together they ask for nothing: two of them exclude each other, "
          + "or one needs another that is missing.",
        "Leave out one of the parameters that the message names, or add the one that is missing.")
    case .noStore:
      ErrorEntry(
        self, "No store named",
        "The store was named neither by \(option: "store"), nor by ANNALS_STORE, nor in "
          + "annals.yaml, and the current folder holds no *.annals file.",
        "Create one with  \(command: "init un.annals")  or name one with  "
          + "\(option: "store", "FILE")")
    case .severalStores:
      ErrorEntry(
        self, "Several stores to choose from",
        "No store was named, and the current folder holds more than one *.annals file. The program "
          + "does not guess which record you mean.",
        "Name it:  \(option: "store", "FILE"), ANNALS_STORE=FILE, or  store: FILE  in annals.yaml")
    case .badConfiguration:
      ErrorEntry(
        self, "Bad configuration",
        "annals.yaml or a folder of schemas or projections cannot be read as it stands. "
          + "annals.yaml holds lines of KEY: VALUE with the keys store, recorder, schemas and "
          + "projections, comments, and nothing else.",
        "Mend the line that is shown. The options \(option: "store"), \(option: "recorder"), "
          + "\(option: "schemas") and \(option: "projections") say the same.")
    case .nothingToImport:
      ErrorEntry(
        self, "Nothing to import",
        "No file was given, and standard input is a terminal, so that no events would ever come.",
        "Give files, or pipe events into  \(command: "import -")")
    case .badMoment:
      ErrorEntry(
        self, "Not a moment",
        "\(option: "on") takes a day of the world, \(option: "known-by") a state of the record. "
          + "What was given is neither a date, nor an instant, nor (for \(option: "known-by")) a "
          + "position.",
        "Write 2022-03-02, 2022-03, 2022, today or yesterday; for \(option: "known-by") also #412 "
          + "or an instant such as 2022-03-02T14:00Z. See  \(command: "help time")")
    case .fileRefused:
      ErrorEntry(
        self, "File refused",
        "A file that the program reads whole (settings, a schema, a view, a mapping, a template, a "
          + "key, a checkpoint, a policy, a proof) is a pipe, a device or a folder, or has more "
          + "bytes than such a file may have: 64 KiB for annals.yaml, 4 MiB for a mapping, 16 MiB "
          + "for the memory of a key or a list of aliases, 32 MiB for a proof, 1 MiB for any "
          + "other. A pipe may never end, and a device may never stop.",
        "Name a regular file. Copy what a pipe holds into a file first. Data for  "
          + "\(command: "import")  may be of any size, and may come through standard input.")
    default:
      ErrorEntry(
        self, "Wrong usage",
        "The command line has a command, an option or a value that is not understood.",
        "See  \(command: "help COMMAND")  for its options and examples.")
    }
  }
}

// MARK: E11, the input

extension ErrorCode {
  private var inputEntry: ErrorEntry {
    switch self {
    case .notJSON:
      ErrorEntry(
        self, "Not JSON",
        "A line of the input is not one JSON value (RFC 8259). Comments, trailing commas, single "
          + "quotes and NaN are not JSON.",
        "Mend the line at the caret. One event per line; no line breaks inside an event.")
    case .notUTF8:
      ErrorEntry(
        self, "Not UTF-8",
        "The input has bytes that are not UTF-8 text. They are not replaced, because what was "
          + "recorded must be what was read.",
        "Find out in which encoding the file is, and convert it:  iconv -f WINDOWS-1250 -t UTF-8 "
          + "FILE"
      )
    case .unknownField:
      ErrorEntry(
        self, "Unknown field",
        "The event has a field that neither the envelope nor its type's schema knows. It is most "
          + "often misspelt; a field that were dropped in silence would be a lost fact.",
        "Compare with  \(command: "list types")  and  \(command: "help formats")")
    case .badDate:
      ErrorEntry(
        self, "Bad date",
        "A date is not of the supported subset of EDTF (ISO 8601-2). 03/02/2022 means two "
          + "different days in two countries and is never guessed.",
        "Write 2022-03-02, 2022-03, 2022, 2022-03-02~ (approximate), 2022-03/2022-05 or "
          + "[2022-03-02,2022-03-03] (one of). See  \(command: "help time")")
    case .unknownValue:
      ErrorEntry(
        self, "Value not allowed",
        "The field takes one of a few values, and this is none of them.",
        "Choose one of the values that the message lists. Keep the source's own spelling in the "
          + "field \"raw\" where the type has one.")
    case .wrongType:
      ErrorEntry(
        self, "Wrong type of value",
        "The field holds another kind of value than its schema says: a text where a number is "
          + "expected, or a single value where a list is.",
        "Write it as the message says. On the command line a list is written a,b,c")
    case .missingField:
      ErrorEntry(
        self, "Missing field",
        "The event lacks a field that its type requires.",
        "Add the field. What is not known is left out only where the schema allows it.")
    case .duplicateKey:
      ErrorEntry(
        self, "Key given twice",
        "One object has two members of the same name. Readers of JSON disagree on which one "
          + "counts.",
        "Keep one of them.")
    case .tooDeep:
      ErrorEntry(
        self, "Nested too deeply",
        "Objects and lists stand inside each other more deeply than any event needs.",
        "Flatten the event.")
    case .tooLong:
      ErrorEntry(
        self, "Too long",
        "The event, or a text in it, is larger than the limit.",
        "Keep long documents outside, and record their address and sha256 in source.captured.")
    case .outOfRange:
      ErrorEntry(
        self, "Out of range",
        "A number, or the length of a text or list, lies outside what the schema allows.",
        "Use a value within the bounds that the message names.")
    default: amendedInputEntry
    }
  }

  private var amendedInputEntry: ErrorEntry {
    switch self {
    case .unknownType:
      ErrorEntry(
        self, "Unknown event type",
        "The vocabulary has no event type (or no version of it) of this name.",
        "See  \(command: "list types").  Types of your own: a folder of JSON Schemas named with "
          + "\(option: "schemas")")
    case .unknownReference:
      ErrorEntry(
        self, "Reference to something unknown",
        "The event names an actor, topic, motion, roll call or source that no event before it has "
          + "defined. A reference to nothing would be a fact about nobody.",
        "Append the defining event first (actor.registered, topic.defined, motion.tabled, "
          + "rollcall.held, source.captured), or correct the spelling. See  "
          + "\(command: "list actors")")
    case .inexactNumber:
      ErrorEntry(
        self, "Number without one exact spelling",
        "Numbers in events are whole and within ±9007199254740991, because others read differently "
          + "in different programs and could not be proved later.",
        "Write the number as a text: \"0.771\"")
    case .unknownTarget:
      ErrorEntry(
        self, "Target not in the log",
        "A correction, retraction or dispute names an event that the log does not hold before it.",
        "Look the event up with  \(command: "log")  or  \(command: "search"), and name its "
          + "position or id.")
    case .badFormat:
      ErrorEntry(
        self, "Bad format",
        "A text does not have the form that its schema requires (an id, a language code, an "
          + "address, a checksum), or a list holds the same element twice.",
        "Write it as the message says.")
    case .emptyCorrection:
      ErrorEntry(
        self, "Correction without a change",
        "A correction must change at least one field, the date, its basis or the confidence.",
        "Name what changes:  \(command: "correct 17 --set choice=no --reason \"…\"")")
    case .reservedType:
      ErrorEntry(
        self, "Reserved event type",
        "Events of this type are written by the log itself, as part of what they record.",
        "Use the command that does it.")
    case .badTarget:
      ErrorEntry(
        self, "Target that cannot be meant",
        "The event named as target exists, but this kind of event cannot be about it: a settlement "
          + "needs a dispute, a correction a fact.",
        "See its chain with  \(command: "event SEQ")  and name the event that is meant.")
    default: tableEntry
    }
  }
}
