/// E112x: tables, read with a mapping.
extension ErrorCode {
  var tableEntry: ErrorEntry {
    switch self {
    case .badCSV:
      ErrorEntry(
        self, "Not CSV",
        "A row is not CSV as RFC 4180 has it: a quote inside a field that is not quoted, text "
          + "after a closing quote, a quote that is never closed, or another number of fields than "
          + "the first line names. Such a row could be read in more than one way, so it is not "
          + "read.",
        "Mend the row at the caret. A field that holds the delimiter, a quote or a line break "
          + "stands in quotes, and a quote in it is written twice.")
    case .unknownName:
      ErrorEntry(
        self, "Name that nobody is known by",
        "A row names somebody by a name, spelling or identifier that no actor of the record "
          + "carries. Each spelling is reported once, with the number of rows.",
        "Say who is meant in a CSV file with the columns name and actor, and import again with "
          + "\(option: "aliases", "FILE"); or register the actor first. See  "
          + "\(command: "list actors")")
    case .unknownTable:
      ErrorEntry(
        self, "Table that the mapping does not know",
        "The first line of a CSV file says which kind of file it is. No kind of file of the "
          + "mapping has all of its columns there, or no mapping was named at all.",
        "Name the mapping that fits:  \(command: "import FILE --map NAME").  See  "
          + "\(command: "help mapping")")
    case .notPopolo:
      ErrorEntry(
        self, "Not a Popolo data set",
        "Nothing says of which class the objects in a file are. An object has lists named after "
          + "their classes: persons, organizations, memberships, motions, vote_events, votes, "
          + "counts. A file that is a list itself is named after its class.",
        "Rename the file or the list, or give another format with \(option: "from").")
    case .notExported:
      ErrorEntry(
        self, "Not a line of a whole export",
        "A record is restored exactly as it was from a whole export of it: every line from the "
          + "first on, each with its seq, batch, recorded, recorder, salt and leaf. The line lacks "
          + "one of them, stands out of order, or says something else than what its leaf is the "
          + "hash of.",
        "Take the file as  \(command: "export")  wrote it. Without \(option: "exact") the events "
          + "are recorded anew.")
    default:
      preconditionFailure("no entry for \(rawValue)")
    }
  }
}
