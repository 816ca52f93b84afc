import EventLog
import Testing

@testable import Annals

/// Ids of other data sets, and names, become ids of the record.
@Suite struct PopoloIDTests {
  @Test(arguments: [
    ("party/y’people", "party/y-people"), ("Jan Dvořák", "Jan-Dvorak"), ("Ægir Þór", "AEgir-THor"),
    ("straße", "strasse"), ("Łódź", "Lodz"), ("O\u{2BC}Neil", "O-Neil"), ("a\u{200B}b", "ab"),
    ("Dvor\u{30C}a\u{301}k", "Dvorak"), ("x--y", "x--y"), (" a b ", "a-b"),
  ])
  func lettersLikeThoseOfASCIIAreKept(_ text: String, _ id: String) {
    #expect(Slug.id(from: text) == id)
    #expect(Slug.probable(from: text) == id)
  }

  @Test func otherScriptsGiveIDsOfTheirOwn() throws {
    let texts = ["Иван", "Анна", "박근혜", "김대중", "Ivan Иван", "Ivan Анна"]
    let ids = try texts.map { try #require(Slug.id(from: $0)) }
    #expect(Set(ids).count == texts.count)
    #expect(ids.allSatisfy { $0.utf8.count <= TextForm.slugLimit })
    #expect(ids[4].hasPrefix("Ivan-"))
    #expect(texts.allSatisfy { Slug.probable(from: $0) == nil })
    #expect(Slug.id(from: "’") == nil)
    #expect(Slug.id(from: "") == nil)
  }

  @Test func aDataSetWithSuchIDsIsTakenIn() async throws {
    try await withStore { store in
      let text = """
        {"organizations":[{"id":"дума","name":"Дума","classification":"chamber"}],
         "persons":[{"id":"박근혜","name":"박근혜"},{"id":9007199254740995,"name":"Nine"}],
         "memberships":[{"person_id":"박근혜","organization_id":"дума","start_date":"1998"}]}
        """
      _ = try await store.append(
        popolo: [PopoloImportTests.file(text)], PopoloOptions(source: "s"),
        options: AppendOptions(recorder: "test"))
      #expect(try await store.resolveActor("9007199254740995").id == "person-9007199254740995")
      let actor = try await store.resolveActor("박근혜")
      #expect(actor.id.hasPrefix("person-"))
      #expect(try await store.actor(actor.id).memberships.count == 1)
    }
  }

  @Test func twoIDsThatWouldBecomeOneAreTold() async throws {
    try await withStore { store in
      let found = await #expect(throws: Problems.self) {
        _ = try await store.append(
          popolo: [
            PopoloImportTests.file(
              #"{"persons":[{"id":"Zoë","name":"A"},{"id":"Zoe","name":"B"}]}"#)
          ], PopoloOptions(source: "s"), options: AppendOptions(recorder: "test"))
      }
      #expect(found?.problems.map(\.code) == [.alreadyDefined])
    }
  }
}
