#if Serve
import EventLog
import Foundation
import Testing

@Suite struct RowsPageTests {
  private static let path = "/record/rows"

  @Test func all_rows_are_recorded_or_none() async throws {
    let server = try await LocalServer()
    let browser = SignedIn(server: server)
    let good = "actor\tname\r\nUnited States\tColumbia\r\n\t\r\nCHN\t\"Zhong\tguo\"\r\n"
    let fields = [("type", "actor.named"), ("rows", good)]
    let part = try await browser.check(Self.path, fields)
    #expect(part.status == 200 && part.body.contains("2 events would be recorded"))
    #expect(try await server.head() == 306)
    let bad = try await browser.send(
      Self.path, [("type", "actor.named"), ("rows", good + "Nobody\tX\r\n")])
    #expect(bad.status == 422 && bad.body.contains("<td class=\"num\">5</td><td>actor</td>"))
    #expect(try await server.head() == 306)
    let recorded = try await browser.send(Self.path, fields)
    #expect(recorded.status == 303)
    #expect(recorded.headers["location"] == "/record/rows?first=307&last=308")
    for seq in [307, 308] {
      let event = try await server.get("/api/v1/events/\(seq)").json
      #expect(event["recorder"] == "Ana Sousa" && event["type"] == "actor.named")
    }
    let list = try await browser.get("/record/rows?first=307&last=308")
    #expect(list.body.contains("2 events recorded") && list.body.contains("/facts/308"))
    let again = try await browser.send(Self.path, fields)
    #expect(again.status == 200 && again.body.contains("holds 2 events of them already"))
    #expect(await server.stop() == 0)
  }

  @Test func the_faults_of_all_rows_are_told_with_row_and_column() async throws {
    let server = try await LocalServer()
    let browser = SignedIn(server: server)
    let rows = """
      type,voter,choice,rollcall,on,colour
      vote.cast,<i>X</i>,maybe,un-ga/ES-11/7,2025-02-31,red
      nonsense,USA,no,un-ga/ES-11/7,2025-02-24,red
      vote.cast,USA
      vote.cast,CHN,,un-ga/ES-11/7,2025-02-24,red
      """
    let part = try await browser.check(Self.path, [("rows", rows)])
    for cell in [
      "1</td><td>colour", "2</td><td>voter", "2</td><td>choice", "2</td><td>on", "3</td><td>type",
      "4</td><td>voter", "5</td><td>choice",
    ] {
      #expect(part.body.contains(cell), "\(cell): \(part.body)")
    }
    #expect(!part.body.contains("<i>X"))
    let empty = try await browser.check(Self.path, [("rows", "")])
    #expect(empty.body.contains("E1005"))
    let type = try await browser.check(Self.path, [("type", "vote.casts"), ("rows", rows)])
    #expect(type.body.contains("E1112"))
    #expect(try await server.head() == 306)
    #expect(await server.stop() == 0)
  }

  @Test func a_column_named_as_a_field_of_the_type_means_that_field() async throws {
    let server = try await LocalServer()
    let browser = SignedIn(server: server)
    let rows = """
      actor,topic,level,basis,assessor,on,fact.basis
      CHN,ukraine-integrity,-1,inferred,annals-editors,2025-03-02,derived
      """
    let recorded = try await browser.send(
      Self.path, [("type", "stance.changed"), ("rows", rows)])
    #expect(recorded.status == 303, "\(recorded.body)")
    let event = try await server.get("/api/v1/events/307").json
    #expect(event["basis"] == "derived")
    guard case .object(let data)? = event["data"] else { return }
    #expect(data["basis"] == "inferred" && data["level"] == -1)
    #expect(await server.stop() == 0)
  }
}
#endif
