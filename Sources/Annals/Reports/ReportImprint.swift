/// By what a report was made, and how it is made again.
struct ReportImprint {
  var program: String
  var command: String
}
