#if Serve
import Annals
import AnnalsAnswers
import EventLog
import HTTPTypes

/// `GET /api/v1/report`: the report of the command line, in each of its forms.
enum ReportRoute {
  private static let formats: [(type: MediaType, format: ReportFormat)] = [
    (.html, .html), (.markdown, .md), (.svg, .svg), (.csv, .csv), (.json, .json),
  ]

  static var all: [Route] {
    [
      Route(
        .get, QuestionRoutes.base + "/report", isPinned: true,
        Operation(
          id: "get-report", summary: "A report on a topic, with a chart and footnotes.",
          parameters: ReportParameters.all, schemas: ["report.v2"], offered: formats.map(\.type),
          failures: [404, 406])
      ) { call in
        let type = try call.type(offered: formats.map(\.type))
        let pin = try await Pin("report", ReportParameters.all, call.items, type, call)
        return try await pin.reply(call) {
          let format = formats.first { $0.type == type }?.format ?? .html
          let report = try await call.store.report(
            ReportParameters.question(pin.items, face: .http))
          var reply = Reply.text(try report.written(as: format, by: call.server.program), type)
          // A report holds its own styles, and nothing else that runs or is loaded.
          reply.headers[.contentSecurityPolicy] =
            "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'"
          return reply
        }
      }
    ]
  }
}
#endif
