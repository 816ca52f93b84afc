#if Serve
import Annals
import AnnalsAnswers
import AnnalsPages
import EventLog
import HTTPTypes

/// Pages about roll calls, agreement, and several actors side by side.
enum VotePageRoutes {
  static var all: [Route] { [rollcalls, rollcall, agreement, pair, compare] }

  private static let page = Parameter(
    "page", .count(limit: 100_000), "Which part of the list: 1 has the latest roll calls.")

  /// Parameters of a question that a page takes as well.
  private static func parameters(_ question: Question, _ names: String...) -> [Parameter] {
    question.parameters.filter { names.contains($0.name) }
  }

  /// The values of a repeated parameter, each of which may be a list with commas.
  private static func list(_ values: [String]) -> [String] {
    values.flatMap { $0.split(separator: ",") }
      .map { String($0.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }
      .filter { !$0.isEmpty }
  }

  private static var rollcalls: Route {
    PageRoutes.page("/rollcalls", "page-rollcalls", "Roll calls with their tallies.") {
      call, context in
      let parameters =
        parameters(
          .rollcalls, "period", "session", "body", "topic", "contested", "differing", "conflicts",
          "known_by") + [page]
      var read = QuestionReader(call.filled, of: parameters, face: .page)
      let scope = read.scope()
      let (differing, conflicts) = (read.flag("differing"), read.flag("conflicts"))
      if differing, conflicts {
        read.contradict(
          "\(read.name("differing")) and \(read.name("conflicts")): one of them at a time")
      }
      let page = read.count("page") ?? 1
      let knownBy = read.state()
      try read.finish()
      return try await RollCallsPage.page(
        RollCallsPage.Question(
          scope: scope, filter: differing ? .differing : conflicts ? .conflicting : .all,
          page: page, knownBy: knownBy, moments: PageRoutes.moments(call)), context)
    }
  }

  private static var rollcall: Route {
    PageRoutes.page("/rollcall", "page-rollcall", "One roll call, and who chose what.") {
      call, context in
      var read = QuestionReader(call.filled, of: Question.rollcall.parameters, face: .page)
      let (id, bloc, knownBy) = (read.text("id"), read.text("bloc"), read.state())
      try read.finish()
      return try await RollCallPage.page(
        RollCallPage.Question(
          id: id ?? "", bloc: bloc, knownBy: knownBy, moments: PageRoutes.moments(call)), context)
    }
  }

  private static var agreement: Route {
    PageRoutes.page("/agreement", "page-agreement", "How far actors voted alike.") {
      call, context in
      let parameters =
        parameters(
          .agreement, "actor", "period", "session", "body", "topic", "contested", "known_by")
        + [Parameter("bloc", .text, "The members of this group as well.", example: "g7")]
      var read = QuestionReader(call.filled, of: parameters, face: .page)
      let (actors, bloc, scope) = (list(read.texts("actor")), read.text("bloc"), read.scope())
      let knownBy = read.state()
      try read.finish()
      return try await AgreementPage.page(
        AgreementPage.Question(
          actors: actors, bloc: bloc, scope: scope, knownBy: knownBy,
          moments: PageRoutes.moments(call)), context)
    }
  }

  private static var pair: Route {
    PageRoutes.page(
      "/agreement/pair", "page-agreement-pair", "How far two actors voted alike, over time."
    ) { call, context in
      let parameters =
        parameters(
          .agreement, "period", "session", "body", "topic", "contested", "every", "known_by")
        + [
          Parameter("a", .text, required: true, "The one actor.", example: "USA"),
          Parameter("b", .text, required: true, "The other actor.", example: "RUS"), page,
        ]
      var read = QuestionReader(call.filled, of: parameters, face: .page)
      let (a, b, scope) = (read.text("a"), read.text("b"), read.scope())
      let unit = read.choice("every", "unit here", among: RollCallScope.Unit.allCases)
      let page = read.count("page") ?? 1
      let knownBy = read.state()
      try read.finish()
      return try await AgreementPairPage.page(
        AgreementPairPage.Question(
          a: a ?? "", b: b ?? "", scope: scope, every: unit ?? .year, page: page,
          knownBy: knownBy, moments: PageRoutes.moments(call)), context)
    }
  }

  private static var compare: Route {
    PageRoutes.page("/compare", "page-compare", "Several actors on one topic, side by side.") {
      call, context in
      var parameters = parameters(.comparison, "actor", "bloc", "on", "known_by")
      parameters.append(
        Parameter("topic", .text, "The topic, by its id.", example: "ukraine-integrity"))
      var read = QuestionReader(call.filled, of: parameters, face: .page)
      let viewpoint = read.viewpoint(on: read.givenMomentOrToday(), rule: .latest2)
      let (actors, bloc) = (list(read.texts("actor")), read.text("bloc"))
      let topic = read.text("topic")
      try read.finish()
      return try await ComparePage.page(
        ComparePage.Question(
          actors: actors, bloc: bloc, topic: topic, viewpoint: viewpoint,
          moments: PageRoutes.moments(call)), context)
    }
  }
}
#endif
