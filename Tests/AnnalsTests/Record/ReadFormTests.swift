import EventLog
import Testing

@testable import Annals

/// Names are compared as people read them.
@Suite struct ReadFormTests {
  @Test(arguments: [
    ("Straße", "STRASSE"), ("GROẞ", "groß"), ("ΟΔΥΣΣΕΥΣ", "Οδυσσευς"), ("Σίσυφος", "ΣΊΣΥΦΟΣ"),
    ("İstanbul", "istanbul"), ("ISTANBUL", "İstanbul"), ("Diyarbakır", "DIYARBAKIR"),
    ("I\u{307}stanbul", "istanbul"), ("ﬁnn", "FINN"),
    // Letters with accents, put together or not.
    ("Zölä", "Zo\u{308}la\u{308}"), ("Nguyễn", "Nguye\u{302}\u{303}n"),
    ("각", "\u{1100}\u{1161}\u{11A8}"),
    ("Ångström", "A\u{30A}ngstro\u{308}m"), ("ガ", "カ\u{3099}"), ("Й", "И\u{306}"),
    ("q\u{307}\u{323}", "q\u{323}\u{307}"), ("ḍ\u{307}", "d\u{307}\u{323}"),
    // Marks that look like others, or are not seen.
    ("O’Brien", "O'Brien"), ("O\u{2BC}Brien", "o'brien"), ("Jean-Luc", "Jean\u{2011}Luc"),
    ("Jean\u{AD}Luc", "JeanLuc"), ("\u{FEFF}Ann", "Ann"), ("An\u{200B}n", "Ann"),
    ("Ann\u{A0}Lee", "ann lee"), ("U.S.", "us"), ("The Hague", "hague"),
  ])
  func twoWritingsOfOneNameAreOne(_ a: String, _ b: String) {
    #expect(ActorName.folded(a).utf8.elementsEqual(ActorName.folded(b).utf8))
  }

  @Test(arguments: [
    ("Zola", "Zölä"), ("Jean-Luc", "Jean Luc"), ("Jean-Luc", "JeanLuc"), ("Ann", "Anne"),
    ("O'Brien", "OBrien"),
  ])
  func whatReadersSeeStaysApart(_ a: String, _ b: String) {
    #expect(ActorName.folded(a) != ActorName.folded(b))
  }

  @Test func theDifferenceIsNamed() {
    #expect(ReadForm.difference("ab", "AB") == "upper and lower case")
    #expect(ReadForm.difference("é", "e\u{301}") == "the encoding of accents")
    #expect(ReadForm.difference("ı", "I") == "the dot of the letter i")
    #expect(ReadForm.difference("a-b", "a\u{2010}b")?.contains("U+2010, hyphen") == true)
    #expect(ReadForm.difference("ab", "a\u{AD}b")?.contains("soft hyphen") == true)
    #expect(ReadForm.difference("ab", "ab") == nil)
    #expect(ReadForm.difference("ab", "ac") == nil)
  }

  /// A log of an earlier version has names under tags of an earlier form.
  @Test func namesThatWereFiledOtherwiseAreFound() async throws {
    try await withStore { store in
      for (number, name) in ["Straße", "O\u{2BC}Brien", "Zo\u{308}la"].enumerated() {
        let body = #"{"data":{"actor":"p\#(number)","kind":"person","name":"\#(name)"}}"#
        var event = NewEvent(
          id: EventID(high: 0, low: 0), type: EventType("actor.registered"),
          tags: [
            .actor("p\(number)"), Tag(kind: "name", value: ActorName.formerlyFolded(name)),
          ],
          body: Array(body.utf8))
        event.id = EventReader.derivedID(of: event)
        _ = try await store.log.append(
          store.log.prepare([event], recorder: "test", note: nil), if: nil)
      }
      for (name, id) in [
        ("Straße", "p0"), ("STRASSE", "p0"), ("O'Brien", "p1"), ("O\u{2BC}Brien", "p1"),
        ("Zöla", "p2"), ("Zo\u{308}la", "p2"),
      ] {
        #expect(try await store.resolveActor(name).id == id, "\(name)")
      }
      // Verification knows both forms.
      let check = try await store.checkDerived(after: .start, through: Position(3), progress: nil)
      #expect(check.faults.count == 0)
    }
  }

  @Test func afterAMergeTheNamesOfBothLeadToOne() async throws {
    try await withStore { store in
      let record = LittleRecord(store: store)
      for id in ["p1", "p2", "p3"] {
        try await record.add(
          """
          {"type":"actor.registered","data":{"actor":"\(id)","kind":"person","name":"Jane Roe"}}
          {"type":"actor.identified","data":{"actor":"\(id)","scheme":"x","value":"R1"}}
          """)
      }
      let merge = try await record.add(
        LittleRecord.line("actor.merged", #"{"winner":"p1","loser":"p2"}"#))
      await #expect(throws: Problems.self) { try await store.resolveActor("Jane Roe") }
      try await record.add(LittleRecord.line("actor.merged", #"{"winner":"p1","loser":"p3"}"#))
      for name in ["Jane Roe", "R1", "p2", "p3"] {
        #expect(try await store.resolveActor(name).id == "p1")
      }
      // As known before, they were several.
      await #expect(throws: Problems.self) {
        try await store.resolveActor("Jane Roe", through: merge)
      }
    }
  }
}
