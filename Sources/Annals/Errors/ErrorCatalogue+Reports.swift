// MARK: E16, reports

extension ErrorCode {
  var reportEntry: ErrorEntry {
    switch self {
    case .badTemplate:
      ErrorEntry(
        self, "Faulty template",
        "A template for a report has a tag that is not understood, a section that is not closed, "
          + "or a name that reports do not have. A misspelt name is never passed over.",
        "Mend the place that is shown. The names are in Documentation/reports.md; the built-in "
          + "template is a start:  \(command: "report --print-template html")")
    case .outputExists:
      ErrorEntry(
        self, "Output file exists",
        "The answer was to be written where a file stands already.",
        "Choose another name, or replace the file with \(option: "force"). Keys are never "
          + "replaced.")
    default: preconditionFailure("no entry for \(rawValue)")
    }
  }
}
