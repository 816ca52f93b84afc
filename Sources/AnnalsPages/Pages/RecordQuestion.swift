import Annals
package import AnnalsAnswers
import EventLog

/// A question as a page asks it: read from the values of the page's address, and fixed to one state of
/// the record. So all parts of the page speak of the same state, and so do the files that it offers.
package struct RecordQuestion: Sendable {
  package typealias Item = QuestionReader.Item

  let question: Question
  /// The values of the address, as written.
  let written: [Item]
  /// The values of the question, with the state of the record among them.
  let items: [Item]
  let state: RecordState
  /// The end of the record.
  let head: RecordState

  /// Reads an address. The page has the parameters of the question and some of its `own`; those that it
  /// sets itself (`fixed`) and those that it hides are not taken from the address. Throws everything
  /// that is wrong with the values.
  init(
    _ question: Question, _ written: [Item], own: [Parameter] = [], setting fixed: [Item] = [],
    hiding hidden: Set<String> = [], _ context: PageContext,
    readingOwn read: (inout QuestionReader) -> Void = { _ in }
  ) async throws {
    let taken = Set(fixed.map(\.name)).union(hidden).union(own.map(\.name))
    let shared = question.parameters.filter { !taken.contains($0.name) }
    var reader = QuestionReader(written, of: shared + own, face: .page)
    read(&reader)
    let knownBy = reader.state()
    let names = Set(shared.map(\.name))
    let asked = written.filter { names.contains($0.name) } + fixed
    var problems = reader.problems
    do {
      _ = try question.asking(asked, face: .page)
    } catch let faults as Problems {
      // A fault of a parameter of the question is found by both readers.
      let others = faults.problems.filter { !problems.contains($0) }
      problems += others
    }
    guard problems.isEmpty else { throw Problems(problems) }
    self.question = question
    self.written = written
    head = try await context.store.recordState()
    state = try await context.store.recordState(knownBy)
    let takesState = names.contains("known_by")
    items =
      asked.filter { $0.name != "known_by" }
      + (takesState ? [(name: "known_by", text: Self.text(state.position))] : [])
  }

  /// A position as it stands in an address.
  static func text(_ position: Position) -> String { "#\(position.rawValue)" }

  /// The answer to the question.
  func ask<Kind: Answer>(as kind: Kind.Type, _ context: PageContext) async throws -> Kind {
    try await Self.ask(question, items, as: kind, context)
  }

  /// The answer to any question.
  static func ask<Kind: Answer>(
    _ question: Question, _ items: [Item], as kind: Kind.Type, _ context: PageContext
  ) async throws -> Kind {
    let answer = try await question.asking(items, face: .page)(context.store)
    guard let answer = answer as? Kind else {
      throw Problem(.internal, "the question \(question.name) was answered with something else")
    }
    return answer
  }

  // MARK: Values

  /// The first value of a parameter, as written.
  func value(_ name: String) -> String? { written.first { $0.name == name }?.text }

  /// The state of the record as written, for links to other pages.
  var moments: Moments { Moments(on: value("on"), knownBy: value("known_by")) }

  /// The address of the page with some of its values changed; nil takes one away.
  func address(_ base: Address, _ changes: KeyValuePairs<String, String?> = [:]) -> Address {
    var address = base
    for item in written where !changes.contains(where: { $0.key == item.name }) {
      address = address.with(item.name, item.text)
    }
    for (name, value) in changes { address = address.with(name, value) }
    return address
  }

  // MARK: Parts of a page

  /// On a page about an earlier state of the record: how much has come since, and the way to now.
  func banner(_ base: Address, _ context: PageContext) -> HTML {
    StateBanner(state: state, head: head.position)
      .html(now: address(base, ["known_by": nil, "after": nil]), context)
  }

  /// The same answer as files, at the state of the record that the page shows.
  func downloads(
    _ context: PageContext, at name: String? = nil, changing changes: [Item] = [],
    _ words: HTML = "The files answer the question of this page, at the same state of the record."
  ) -> HTML {
    let changed = Set(changes.map(\.name))
    let items = items.filter { !changed.contains($0.name) } + changes
    return Self.downloads(name ?? question.name, items, context, words)
  }

  static func downloads(
    _ name: String, _ items: [Item], _ context: PageContext, _ words: HTML
  ) -> HTML {
    guard context.links.isServer else { return .none }
    let values = items.map { (name: $0.name, value: Optional($0.text)) }
    func file(_ format: String, _ title: HTML) -> HTML {
      let address = Address.answer(name, values).with("format", format)
      return "<a class=\"btn\" href=\"\(address.text)\" download>\(title)</a>"
    }
    return """
      <p class="row">\(file("json", "JSON"))\(file("csv", "CSV"))\
      <span class="quiet">\(words)</span></p>
      """
  }

  /// What the page was made from.
  var foot: HTML {
    """
    <p>Known by \(state.position.description)\(state.recorded.map { ", \(Words.time($0))" }).\
    \(erased)</p>
    """
  }

  private var erased: HTML {
    state.erasedSince == 0
      ? .none
      : """
       \(Words.count(state.erasedSince, "payload")) of that state \
      \(state.erasedSince == 1 ? "was" : "were") erased since.
      """
  }
}
