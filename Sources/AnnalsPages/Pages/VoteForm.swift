import Annals
import AnnalsAnswers

/// What the forms about votes have in common.
extension QuestionForm {
  /// Which roll calls are meant.
  mutating func scope(_ scope: RollCallScope, topics: [String]) {
    text("topic", "Topic", scope.topic, hint: "roll calls linked to it", suggesting: topics)
    text("body", "Body", scope.body, hint: "who voted: un-ga, un-sc")
    text("session", "Session", scope.session, hint: "as the body writes it: ES-11, 79")
    text("period", "Period", scope.period?.text, hint: "2025, 2022-03, 2022/2025")
  }

  /// The ids of the topics that the record has, for suggestions.
  static func topics(_ record: VoteRecord, _ context: PageContext) async throws -> [String] {
    guard context.links.isServer else { return [] }
    return try await context.store.list(.topics, knownBy: record.knownBy).prefix(50).map(\.id)
  }
}
