package import Annals

/// A question that the record answers: its name, its parameters, and how it is answered.
///
/// The command line, HTTP and the tools for assistants share the list `Question.all`.
package struct Question: Sendable {
  /// Asks a store; made by reading the parameters.
  package typealias Ask = @Sendable (Store) async throws -> any Answer

  /// In kebab case; the name of the resource over HTTP.
  package let name: String
  /// What it answers, in one sentence.
  package let summary: String
  package let parameters: [Parameter]
  /// The ids of the schemas of its answers.
  package let schemas: [String]
  private let read: @Sendable (inout QuestionReader) -> Ask?

  init(
    _ name: String, _ summary: String, schemas: [String], _ parameters: [Parameter],
    read: @escaping @Sendable (inout QuestionReader) -> Ask?
  ) {
    self.name = name
    self.summary = summary
    self.schemas = schemas
    self.parameters = parameters
    self.read = read
  }

  /// Reads the parameters. Throws all problems with them.
  package func asking(
    _ items: [QuestionReader.Item], isBounded: Bool = true,
    face: Face
  ) throws -> Ask {
    var reader = QuestionReader(items, of: parameters, isBounded: isBounded, face: face)
    let ask = read(&reader)
    try reader.finish()
    guard let ask else { throw Problem(.internal, "the question \(name) cannot be asked") }
    return ask
  }

  /// All questions, in the order of the documentation.
  package static let all: [Question] = ofStances + ofVotes + ofRecord

  /// The question of a name.
  package static func named(_ name: String) -> Question? { all.first { $0.name == name } }
}
