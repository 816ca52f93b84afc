import Annals

/// `annals help TOPIC`: what is not about one command.
enum HelpTopic: String, CaseIterable {
  case time, formats, environment, mapping
  case exitCodes = "exit-codes"

  var text: String {
    switch self {
    case .time: Self.timeText
    case .formats: Self.formatsText
    case .environment: Self.environmentText
    case .mapping: Self.mappingText
    case .exitCodes: Self.exitCodesText
    }
  }

  private static let timeText = """
    TIME: two axes, two options, the same words everywhere

      --on         how it was in the world
      --known-by   what the record contained then

    --on takes a day, month or year and asks about its end: 2022-03-02, 2022-03, 2022, today,
    yesterday. A fact counts once it has certainly happened by then; with --possibly, once it may
    have. A day is the day as written: a time with an offset, 2022-03-02T22:30:00-05:00, belongs to
    the day that its own clock showed, in the date of a fact and in --on.

    --known-by takes the same, a time with its zone (2022-03-02T14:00Z), or a position of the log,
    #412. It means an instant: its days end in UTC. Everything recorded later is ignored,
    corrections and retractions included. An answer for a position never changes. A shell takes a
    word that starts with # for a comment: write --known-by=#412, or quote it.

    The date of an event is written in EDTF (ISO 8601-2), exactly as certain as the source makes it:
      2022-03-02        that day                 2022-03            some time in that month
      2022-03-02~       about that day           2022-03-02?        that day, if the source is right
      2022-03/2022-05   one day from March to May (a stance that lasted has until)
      [2022-03-02,2022-03-03]   one of the two
      2022-33           first quarter            2022-03-02T14:00:00Z  that second
    and --basis says how it is known: explicit, derived, inferred, unknown.

      annals show USA ukraine-integrity --on 2025-02-23
      annals show USA ukraine-integrity --known-by=#40
    """

  private static let formatsText = """
    FORMATS

    For people: aligned columns, cut to the width of the screen, never cut on a pipe. This layout
    may change; for programs there is -o:
      -o json     one object with the key "schema"
      -o ndjson   one object per line; where the lines are events, in the import format
      -o csv      RFC 4180, with a line of names; an apostrophe stands before a text that a
                  spreadsheet would compute (it begins with = + - @); csv-exact adds none
      -o tsv      tabs; \\t \\n \\r \\\\ stand for themselves inside a value

    The import format: one event per line, as JSON.
      {"type":"vote.cast","on":"2025-02-24","data":{"rollcall":"un-ga/ES-11/7","voter":"USA",
       "choice":"no"},"sources":[{"source":"kremlin-praises-us","locator":"000-03"}]}
    (on one line). Fields:
      type, version   event type (annals list types); its newest version when left out
      id              a UUID; made from the content when left out, so that the same line imported
                      twice is one event
      on, basis       when it was so (annals help time), and how that is known
      data            the payload; the type's schema says what it holds
      sources         list of {source, locator, quote, relation}
      via             reporting chain, nearest first: list of {kind, name, note}
      confidence      asserted, reported, alleged, disputed
      target, reason  for events about events
      note            a remark of the recorder's
      seq, batch, recorded, recorder, salt, leaf …   added by export; import --exact reads them

    So  annals export | annals -s copy.annals import -  copies a record.

    On a pipe append and import print one receipt per line: position, id, summary, with tabs.
    """

  private static let mappingText = """
    MAPPINGS: what the columns of a CSV file mean

      annals import ballots.csv rollcalls.csv --map un-votes
      annals import votes.csv --map mine.yaml

    Shipped: \(Mapping.shippedNames.joined(separator: ", ")). Files may be named in any order; the first line of each
    says which kind of file of the mapping it is. A mapping of your own is a file of YAML:

      mapping: mine                  its name
      dataset, version, covers       for import.completed, which ends an import
      delimiter                      "," (as usual), ";" or tab
      sources                        list of {source, title, …}: captured where the store lacks them
      actors                         kind, then id: name; registered where the store lacks them and a
                                     row names them
      tables                         name, then text: meaning
      files                          name of a kind of file, then:
        columns                      names that its first line must have
        skip                         list of {when, because}: rows that give no events, counted
        join                         other kind: column or list of columns that both have
        values                       name: value, for use in the events
        events                       list of events that each row gives:
          event                      its type
          on, basis, confidence, note, data, sources      as in the import format
          when, unless               column: text, list of texts, or 1..57
          once                       value: only the first row with it gives the event
          missing-only: true         nothing that the store has already

    A value is a text with places: "record/{record_id}", "{session|roman}" by way of a table,
    "{rollcalls.date}" of the joined row. It is left out where a column in it is empty. Or it is
      {take: "{choice}", map: choices}       and more: rewrite, omit, otherwise, case, as, split,
                                             when, unless, alone
    or a list of such: the first that gives something counts.

    Names that nobody is known by are reported all at once; who is meant is said in a CSV file with
    the columns name and actor:  annals import … --aliases FILE

    Everything about it, with an example to start from: Documentation/importing.md
    """

  private static let environmentText = """
    ENVIRONMENT

      ANNALS_STORE        the store's file, where --store is not given
      ANNALS_RECORDER     who records, where --recorder is not given
      ANNALS_SCHEMAS      folder with schemas of your own event types, where --schemas is not given
      ANNALS_PROJECTIONS  folder with views of your own, where --projections is not given
      NO_COLOR            any value: no colours (--color wins)
      CLICOLOR_FORCE      any value but 0: colours on a pipe too (--color wins)
      TERM=dumb           no colours, no progress lines
      COLUMNS             width to fit tables to, on a screen
      PAGER, LESS         what shows long answers on a screen; PAGER=cat or --no-pager for none

    A file annals.yaml in the current folder says the same for everybody who works there:
      store: un.annals
      recorder: ana
      schemas: schemas
      projections: projections
    Options win over the environment, the environment wins over annals.yaml.
    """

  private static let exitCodesText = """
    EXIT CODES

        0  done; the same; verified
        1  the honest answer is "no": a view differs from the log, or has stopped; a signature, a
           proof or a checkpoint does not hold
        2  internal error: a bug, please report it
        3  conflict: the head has moved, the same id with other content, a second vote, a later
           head was cosigned
        4  not found: actor, topic, event, roll call, source, projection, error code
       64  the command line is wrong, a field=value of append and correct included
       65  the input data is wrong, or the file is not a whole store
       66  a file that was named is missing
       73  cannot create the file
       74  reading or writing failed
       75  the store is busy: try again
       78  bad configuration: annals.yaml, a schema, a projection, a template, a policy
      130  interrupted; what was acknowledged is stored

    Each error has a code of its own as well:  annals explain E1105
    A reader that goes away (annals log | head) ends the program silently.
    """
}
