#if Serve
import Annals
import AnnalsAnswers
import AnnalsPages
import EventLog
import HTTPTypes

/// Pages about the record: changes, the log, sources, actors, health, stored views.
enum RecordPageRoutes {
  static var all: [Route] {
    [
      PageRoutes.page("/log", "page-log", "The events as they were appended.") {
        try await LogPage.page($0.filled, $1)
      },
      PageRoutes.page("/changes", "page-changes", "Changes of stances.") {
        try await ChangesPage.page($0.filled, $1)
      },
      PageRoutes.page("/swings", "page-swings", "Swings between roll calls.") {
        try await SwingsPage.page($0.filled, $1)
      },
      PageRoutes.page("/difference", "page-difference", "The difference of two moments.") {
        try await DifferencePage.page($0.filled, $1)
      },
      PageRoutes.page("/source", "page-source", "A source and what rests on it.") {
        try await SourcePage.page($0.filled, $1)
      },
      PageRoutes.page("/sources", "page-sources", "The sources of the record.") {
        try await RecordLists.sources($0.filled, $1)
      },
      PageRoutes.page("/actors/{actor}", "page-actor", "Who an actor is.") {
        try await ActorPage.page($0.variables[0], $0.filled, $1)
      },
      PageRoutes.page("/actors", "page-actors", "The actors of the record.") {
        try await RecordLists.actors($0.filled, $1)
      },
      PageRoutes.page("/record", "page-health", "The state of the record.") {
        try await HealthPage.page($0.filled, $1)
      },
      find,
    ]
  }

  /// The jump box. What is named exactly is answered with its address, and so is not kept as a page.
  private static var find: Route {
    Route(
      .get, "/find", Operation(id: "page-find", summary: "What a text names.", offered: [.html])
    ) { call in
      let context = PageRoutes.context(call)
      switch try await FindPage.find(call.filled, context) {
      case .address(let address): return PageRoutes.seeOther(address.text)
      case .page(let page): return PageRoutes.html(page, context)
      }
    }
  }
}
#endif
